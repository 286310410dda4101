import type { Refusal } from "../../refusal.ts";
import { refusalStatus } from "../operations/refusal-status.ts";
import { indentedJson, type MaasAnswer, plainText } from "./answer.ts";

/** Says no as MAAS does: a dictionary of fields where it is about fields, else the sentence. */
export function maasRefusal(refusal: Refusal): MaasAnswer {
  const status = refusalStatus[refusal.code];
  const answer =
    refusal.fields === undefined ? plainText(refusal.message, status) : indentedJson(refusal.fields, status);
  if (refusal.retryAfterSeconds === undefined) return answer;
  return { ...answer, headers: { "retry-after": String(refusal.retryAfterSeconds) } };
}
