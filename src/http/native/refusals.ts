import { STATUS_CODES } from "node:http";
import type { Refusal } from "../../refusal.ts";
import { refusalStatus } from "../operations/refusal-status.ts";

/** A problem as RFC 9457 describes it. `errors` has a list of sentences for each field. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: Readonly<Record<string, readonly string[]>>;
  readonly trace_id: string;
}

export function problem(refusal: Refusal, traceId: string): Problem {
  const status = refusalStatus[refusal.code];
  return {
    ...refusal.members,
    ...bareProblem(status, refusal.code, refusal.message, traceId),
    ...(refusal.fields !== undefined && { errors: refusal.fields }),
  };
}

export function bareProblem(status: number, code: string, detail: string, traceId: string): Problem {
  return { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail, code, trace_id: traceId };
}
