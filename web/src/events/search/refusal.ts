import { ApiProblem } from "../../api/request.ts";
import type { FilterError } from "../filter/filter-language.ts";

/** What the server finds wrong with a filter that the page could read; undefined for any other failure. */
export function refusalOf(error: unknown): FilterError | undefined {
  if (!(error instanceof ApiProblem) || error.code !== "invalid") return undefined;
  const [message = error.message] = Object.values(error.fields).flat();
  return { term: "", start: 0, end: 0, message };
}
