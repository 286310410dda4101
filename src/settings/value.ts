import { isIP } from "node:net";
import { invalidField, type Refusal } from "../refusal.ts";
import { hidden, hideSecretValues, holdsUser, quoteOrHide } from "./hidden.ts";

/** What a setting holds: JSON's plain values. */
export type SettingValue = string | number | boolean | null;

/** Reads what somebody typed for a setting of that name. Refuses with MAAS's sentence, under the setting's name. */
export type SettingParser = (text: string, name: string) => SettingValue;

const integerMax = 2 ** 31 - 1;

interface LineOptions {
  readonly isRequired?: boolean;
  readonly lengthMax?: number;
  readonly empty?: "" | null;
}

/** Text of one line for everybody to read: what sounds like a secret isn't kept, and users before an `@` are refused. */
export function text(options: LineOptions = {}): SettingParser {
  const parse = line(options);
  return (given, name) => {
    const value = parse(given, name);
    if (typeof value !== "string") return value;
    if (holdsUser(value)) {
      throw invalidField(name, "Enter text without a user, password or token before an @: everybody could read it.");
    }
    // The stars may be longer than what they stand for.
    return parse(hideSecretValues(value), name);
  };
}

/** Any text of one line, without the blanks around it, as Django reads it; empty is null where the setting may be unset. */
export function line(options: LineOptions = {}): SettingParser {
  const { isRequired = false, lengthMax = 1_024, empty = null } = options;
  return (untrimmed, name) => {
    const given = untrimmed.trim();
    if (given === "" && isRequired) throw invalidField(name, "This field is required.");
    if (given.length > lengthMax) {
      throw invalidField(name, `Ensure this value has at most ${lengthMax} characters (it has ${given.length}).`);
    }
    if (/\p{Cc}/u.test(given)) throw invalidField(name, "Enter text without control characters.");
    return given === "" ? empty : given;
  };
}

/** A whole number. */
export function integer(min: number, max = integerMax): SettingParser {
  return (given, name) => {
    if (given.trim() === "") throw invalidField(name, "This field is required.");
    if (!/^\s*[+-]?\d{1,15}\s*$/.test(given)) throw invalidField(name, "Enter a whole number.");
    const number = Number(given);
    if (number < min) throw invalidField(name, `Ensure this value is greater than or equal to ${min}.`);
    if (number > max) throw invalidField(name, `Ensure this value is less than or equal to ${max}.`);
    return number;
  };
}

/** A port that neither the system nor MAAS keeps for itself, but for `exception`. */
export function port(exception?: number): SettingParser {
  return (given, name) => {
    const number = integer(-integerMax)(given, name);
    const refuse = (reason: string): Refusal =>
      invalidField(name, `Unable to change port number. Port number ${reason}.`);
    if (typeof number !== "number" || number < 0 || number > 65_535) throw refuse("is not between 0 - 65535");
    if (number <= 1023) throw refuse("is reserved for system services");
    if (number >= 5240 && number <= 5270 && number !== exception) throw refuse("is reserved for MAAS services");
    return number;
  };
}

/** One of a few words. MAAS's sentence has two blanks. */
export function choice(...choices: readonly string[]): SettingParser {
  return (given, name) => {
    if (choices.includes(given)) return given;
    throw notAChoice(given, name, choices);
  };
}

/** One of a few numbers. */
export function numberChoice(...choices: readonly number[]): SettingParser {
  return (given, name) => {
    const number = choices.find((candidate) => String(candidate) === given.trim());
    if (number === undefined) throw notAChoice(given, name, choices.map(String));
    return number;
  };
}

function notAChoice(given: string, name: string, choices: readonly string[]): Refusal {
  const list = choices.map((one) => `'${one}'`).join(", ");
  return invalidField(name, `'${quoteOrHide(given)}' is not a valid ${name}.  It should be one of: ${list}.`);
}

/** A name to log in with, and no password beside it. Empty is `""`. */
export function loginName(given: string, name: string): SettingValue {
  if (/^(?:[\p{L}\p{N}._+$\\-]+(?:@[\p{L}\p{N}.-]+)?)?$/u.test(given)) return line({ empty: "" })(given, name);
  throw invalidField(name, "Enter a name such as administrator@vsphere.local, without a password.");
}

/** The same, of which only whether there is one is kept. */
export function withoutSecret(parse: SettingParser): SettingParser {
  return (given, name) => {
    const value = parse(given, name);
    return value === "" || value === null ? value : hidden;
  };
}

/** IP addresses, separated by blanks or commas, stored with blanks. Empty is null. */
export function addressList(given: string, name: string): SettingValue {
  return listOf(given, (word) => {
    if (isIP(word) === 0) {
      throw invalidField(
        name,
        `Invalid IP address: ${quoteOrHide(word, given)}; provide a list of space-separated IP addresses`,
      );
    }
  });
}

/** IP addresses, networks and names of access lists, separated by blanks or commas. Empty is null. */
export function accessList(given: string, name: string): SettingValue {
  return listOf(given, (word) => {
    const [address = "", prefix] = word.split("/");
    const version = isIP(address);
    const isNetwork =
      version !== 0 &&
      (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128)));
    if (!isNetwork && !/^[A-Za-z][A-Za-z0-9_-]*$/.test(word)) {
      throw invalidField(
        name,
        `Failed to detect a valid IP address, network or ACL name from '${quoteOrHide(word, given)}'.`,
      );
    }
  });
}

/** Host names or IP addresses, separated by blanks or commas. Empty is null. */
export function hostList(given: string, name: string): SettingValue {
  return listOf(given, (word) => {
    if (isIP(word) === 0 && !isHostname(word)) {
      throw invalidField(
        name,
        `Invalid hostname: ${quoteOrHide(word, given)}; provide a list of space-separated hosts`,
      );
    }
  });
}

/** A domain name. */
export function domainName(given: string, name: string): SettingValue {
  if (given === "") throw invalidField(name, "This field is required.");
  if (!isHostname(given)) throw invalidField(name, `Invalid domain name: ${quoteOrHide(given)}.`);
  return given;
}

function listOf(given: string, check: (word: string) => void): SettingValue {
  const words = given.split(/[\s,]+/).filter((word) => word !== "");
  for (const word of words) check(word);
  return words.length === 0 ? null : words.join(" ");
}

/** Labels of letters, digits and hyphens. */
export function isHostname(word: string): boolean {
  return word.length <= 253 && word.split(".").every((label) => /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/.test(label));
}
