import { query } from "../operations/operation.ts";
import { bareJson } from "./answer.ts";
import type { Description } from "./description.ts";
import type { MaasOperation } from "./operation.ts";

/** `describe/`: what clients make their commands from. It doesn't describe itself. */
export function describeOperation(description: Description): MaasOperation {
  return {
    resource: null,
    path: "api/2.0/describe/",
    method: "GET",
    op: null,
    who: "anyone",
    title: "Describe the API",
    description: "",
    parameters: {},
    does: query(async ({ request }) => bareJson(description.documentFor(request.baseUrl))),
  };
}
