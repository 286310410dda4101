import type { RefusalCode } from "../../refusal.ts";

/** Which refusal is which HTTP status, in every API. `docs/api/errors.md` lists them. */
export const refusalStatus = {
  invalid: 400,
  unauthenticated: 401,
  password_changed: 401,
  factor_needed: 403,
  enrolment_needed: 403,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  too_many_requests: 429,
  damaged: 500,
  storage_full: 507,
  database_away: 503,
  source_away: 503,
  overloaded: 503,
  queue_full: 503,
  stopping: 503,
  moved: 503,
  append_key: 503,
  forged_head: 503,
  secrets_key: 503,
  not_yet_sealed: 503,
  outcome_unknown: 503,
} as const satisfies Readonly<Record<RefusalCode, number>>;
