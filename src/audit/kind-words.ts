/** A node by its name, or anything else that has one. */
export interface Hosted {
  readonly hostname: string;
}
export interface Called {
  readonly name: string;
}
export interface Changed {
  readonly changed: readonly string[];
}

export interface Named {
  readonly username: string;
}
export interface NamedRole extends Named {
  readonly isSuperuser: boolean;
  readonly isAuditor?: boolean;
}

/** Somebody as a provider knows them. */
export interface Identified extends Named {
  readonly issuer: string;
}

/** Rows of a source, by their ids there. */
export interface Rows {
  readonly first: number;
  readonly last: number;
}

/** Up to which event a destination has got all that it should. */
export interface DeliveredTo {
  readonly event: number;
}

/** An event that a destination refused, or null for all. */
export interface DeadLetters {
  readonly event: number | null;
}

/** How a verification ended: with so many faults, or why it could not be done. */
export interface Verified {
  readonly size: number;
  readonly faults: number;
  readonly reason: string | null;
}

/** What events leave the log as. */
export const exportFormatWords = { csv: "CSV", jsonl: "JSON Lines", bundle: "a bundle with proofs" } as const;

/** What somebody is, in the words of the log. */
export type RoleName = "admin" | "auditor" | "user";

export function roleName({ isSuperuser, isAuditor }: Omit<NamedRole, "username">): RoleName {
  if (isSuperuser) return "admin";
  return isAuditor === true ? "auditor" : "user";
}

/** `3 queries, 1 proof`. */
export function readInWords({ query, proof, stream }: Readonly<Record<"query" | "proof" | "stream", number>>): string {
  const words = [
    [query, "query", "queries"],
    [proof, "proof", "proofs"],
    [stream, "stream", "streams"],
  ] as const;
  return words
    .flatMap(([count, one, more]) => (count === 0 ? [] : [`${count} ${count === 1 ? one : more}`]))
    .join(", ");
}

export function rowsInWords({ first, last }: Rows): string {
  return first === last ? `event ${first}` : `events ${first} to ${last}`;
}

export function deadLettersInWords({ event }: DeadLetters): string {
  return event === null ? "all dead letters" : `dead letter ${event}`;
}

/** What was changed, or that nothing was. */
export function list(changed: readonly string[]): string {
  return changed.length === 0 ? "no change" : changed.join(", ");
}
