import { invalidField } from "../../refusal.ts";

/** A physical zone. */
export interface Zone {
  readonly id: number;
  readonly name: string;
  readonly description: string;
}

/** A resource pool. */
export interface Pool {
  readonly id: number;
  readonly name: string;
  readonly description: string;
}

export interface Domain {
  readonly id: number;
  readonly name: string;
  readonly isAuthoritative: boolean;
  /** Null where the server's own counts. */
  readonly ttlSeconds: number | null;
}

/** What there is from the start, and can't be deleted: MAAS's names and ids. */
export const defaultZoneId = 1;
export const defaultPoolId = 0;
export const defaultDomainId = 0;

const nameLengthMax = 256;
const ttlSecondsMax = 604_800;

/** The name of a zone or a pool: MAAS's `^\w[ \w-]*$`. */
export function parsePlaceName(text: string, field = "name"): string {
  if (text === "") throw invalidField(field, "This field is required.");
  if (text.length > nameLengthMax) {
    throw invalidField(field, `Ensure this value has at most ${nameLengthMax} characters (it has ${text.length}).`);
  }
  if (!/^[\p{L}\p{N}_][ \p{L}\p{N}_-]*$/u.test(text) || text !== text.normalize("NFC")) {
    throw invalidField(field, "Invalid entity name: use letters, digits, blanks, - and _.");
  }
  return text;
}

/** The name of a tag. */
export function parseTagName(text: string, field = "name"): string {
  if (text === "") throw invalidField(field, "This field is required.");
  if (text.length > nameLengthMax || !/^[a-zA-Z0-9_-]+$/.test(text)) {
    throw invalidField(field, "Enter a valid value: at most 256 letters, digits, - and _.");
  }
  return text;
}

/** Seconds, or nothing for the server's own. */
export function parseTtl(text: string, field = "ttl"): number | null {
  const word = text.trim();
  if (word === "") return null;
  if (!/^[+-]?\d{1,12}$/.test(word)) throw invalidField(field, "Enter a whole number.");
  const seconds = Number(word);
  if (seconds < 1) throw invalidField(field, "Ensure this value is greater than or equal to 1.");
  if (seconds > ttlSecondsMax)
    throw invalidField(field, `Ensure this value is less than or equal to ${ttlSecondsMax}.`);
  return seconds;
}
