import { invalidField } from "../../refusal.ts";
import { isOneLine } from "../../http/request/text.ts";

/** Somebody who can log in. Times are microseconds since 1970 UTC. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly lastName: string;
  readonly email: string;
  readonly isSuperuser: boolean;
  readonly isAuditor: boolean;
  /** Whether their password goes on where password login is closed. */
  readonly isBreakGlass: boolean;
  /** Whether somebody set their password. A sign-in provider makes accounts with one that nobody knows. */
  readonly hasPassword: boolean;
  readonly isActive: boolean;
  readonly created: number;
  /** Since when they have a second factor; null for none. */
  readonly factorSince: number | null;
  /** When they got their role; null where it is their first. */
  readonly roleSince: number | null;
}

const usernameLengthMax = 150;
const lastNameLengthMax = 150;
/** RFC 5321 section 4.5.3.1.3, less the angle brackets. */
const emailLengthMax = 254;

/** Names that stand for nobody or for MAAS itself, and so can't be anybody's. */
const reservedUsernames = new Set(["unknown", "MAAS", "maas-init-node"]);

/** A name as MAAS allows it: 1 to 150 letters, digits and `@.+-_`, case-sensitive. */
export function parseUsername(text: string, field = "username"): string {
  if (text === "") throw invalidField(field, "This field is required.");
  if (text.length > usernameLengthMax) {
    throw invalidField(field, `Ensure this value has at most ${usernameLengthMax} characters (it has ${text.length}).`);
  }
  // A name that another spelling can stand for, or that a path swallows, could not be told apart in the log.
  if (!/^[\p{L}\p{N}@.+_-]+$/u.test(text) || text !== text.normalize("NFKC") || /^\.{1,2}$/.test(text)) {
    throw invalidField(
      field,
      "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.",
    );
  }
  if (reservedUsernames.has(text)) throw invalidField(field, `'${text}' is reserved: choose another username.`);
  return text;
}

/** An e-mail address, as far as it can be told without writing to it. Never empty. */
export function parseEmail(text: string, field = "email"): string {
  if (text === "") throw invalidField(field, "This field is required.");
  if (text.length > emailLengthMax || !/^[^\s@<>()",;:]+@[^\s@<>()",;:]+$/u.test(text) || !isOneLine(text)) {
    throw invalidField(field, "Enter a valid email address.");
  }
  return text;
}

/** How addresses are compared: nobody has two that differ in case alone. Null for none. */
export function emailKey(email: string): string | null {
  return email === "" ? null : email.normalize("NFC").toLowerCase();
}

/** A family name, or the whole name: MAAS has one field. May be empty. */
export function parseLastName(text: string, field = "last_name"): string {
  if (text.length > lastNameLengthMax) {
    throw invalidField(field, `Ensure this value has at most ${lastNameLengthMax} characters (it has ${text.length}).`);
  }
  if (!isOneLine(text)) throw invalidField(field, "Enter text without control characters.");
  return text;
}
