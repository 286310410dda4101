/** Why something was refused, for programs. Listed with its HTTP statuses in `docs/api/errors.md`. */
export type RefusalCode =
  | "invalid"
  | "unauthenticated"
  | "password_changed"
  | "factor_needed"
  | "enrolment_needed"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "too_large"
  | "too_many_requests"
  | "storage_full"
  | "database_away"
  | "source_away"
  | "overloaded"
  | "queue_full"
  | "stopping"
  | "moved"
  | "append_key"
  | "forged_head"
  | "secrets_key"
  | "not_yet_sealed"
  | "damaged"
  | "outcome_unknown";

export interface RefusalExtras {
  /** What is wrong with each field, by the name the caller used for it. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** When it is worth asking again. */
  readonly retryAfterSeconds?: number;
  /** True where only administrators might: whoever isn't one is recorded as refused (contract A5). */
  readonly isForAdministrators?: true;
  /** What else the native API's answer says, for programs. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An expected "no" that the caller is to know of: a code for programs, a sentence for people. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly fields: Readonly<Record<string, readonly string[]>> | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly isForAdministrators: boolean;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: RefusalCode, message: string, extras: RefusalExtras = {}) {
    super(message, { cause: extras.cause });
    this.name = "Refusal";
    this.code = code;
    this.fields = extras.fields;
    this.retryAfterSeconds = extras.retryAfterSeconds;
    this.isForAdministrators = extras.isForAdministrators ?? false;
    this.members = extras.members ?? {};
  }
}

/** The refusal of a form in which fields are missing, with MAAS's sentence for each. */
export function requiredFields(names: readonly string[]): Refusal {
  const message = "This field is required.";
  return new Refusal("invalid", message, { fields: Object.fromEntries(names.map((name) => [name, [message]])) });
}

/** The refusal of one field: `{"email": ["…"]}` for programs, the same sentence for people. */
export function invalidField(field: string, message: string): Refusal {
  return new Refusal("invalid", message, { fields: { [field]: [message] } });
}
