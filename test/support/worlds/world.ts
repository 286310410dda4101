import { hash, randomBytes } from "node:crypto";

// What a world consists of, in the words of all tests: people, their API keys, machines. Start here. To make what is
// described here, take `people.ts` for a server, `server-world.ts` for a server whose secrets and events are looked at as
// a whole, `database-world.ts` for a database without a server. `over-http.ts` is for any client of MAAS's API.

/** What a test says of a person. The rest is made up. */
export interface WantedPerson {
  readonly username?: string;
  readonly password?: string;
  readonly lastName?: string;
  readonly isAdministrator?: boolean;
  readonly isAuditor?: boolean;
}

/** Everything that is known of a person before they have an account. */
export interface PersonDescription extends Required<WantedPerson> {
  readonly email: string;
}

export function describePerson({
  username = freshName(),
  password = `password of ${username}`,
  lastName = "",
  isAdministrator = false,
  isAuditor = false,
}: WantedPerson = {}): PersonDescription {
  return { username, password, email: `${username}@example.com`, lastName, isAdministrator, isAuditor };
}

/** A machine by the parameters of MAAS's API. The rest is made up. */
export type WantedMachine = Readonly<Record<string, string>>;

export function describeMachine(wanted: WantedMachine = {}): WantedMachine {
  return { architecture: "amd64/generic", mac_addresses: freshMac(), hostname: freshName("host"), ...wanted };
}

let namesGiven = 0;

/** A name that nobody in this process has. */
export function freshName(word = "user"): string {
  namesGiven += 1;
  return `${word}-${process.pid}-${namesGiven}`;
}

/** A MAC address that is nobody's: locally administered. */
export function freshMac(): string {
  return `52:54:${randomBytes(4).toString("hex").match(/../g)?.join(":")}`;
}

/** The part of an API key that is secret. */
export function secretOf(apiKey: string): string {
  return apiKey.split(":")[2] ?? "";
}

/** How the log names an API key. */
export function fingerprintOf({ apiKey }: { readonly apiKey: string }): string {
  return `sha256:${hash("sha256", apiKey.split(":")[1] ?? "", "hex").slice(0, 16)}`;
}
