import { parsePostgresUrl } from "../../database/dialects/postgres-url.ts";
import { isSafeAddress } from "../../http/safe-address.ts";
import { invalidField } from "../../refusal.ts";
import { shortNamePattern } from "../../verifiable-log/short-name.ts";
import { isOneLine } from "../../http/request/text.ts";

/** Another MAAS, as the settings of an administrator have it. */
export interface SourceSettings {
  /** Stands in its events, and so never changes. */
  readonly name: string;
  /** A URL of PostgreSQL without a password; null where that MAAS is read over an API. */
  readonly database: string | null;
  /** Where that MAAS answers; null where only its database is known. */
  readonly url: string | null;
  /** Who logs in to its API v3; null where nobody does. */
  readonly username: string | null;
  /** Whether its key and password may go over a connection that isn't encrypted. */
  readonly allowsPlainHttp: boolean;
  readonly isEnabled: boolean;
}

export type SourceSecret = "databasePassword" | "apiKey" | "password";

/** How a source is read, the one that shows most first. */
export const ways = ["database", "v3", "api2"] as const;
export type Way = (typeof ways)[number];

/** A source's secrets by their names. */
export type Secrecy<Value> = Readonly<Record<SourceSecret, Value>>;

export interface Source extends SourceSettings {
  readonly id: number;
  readonly uuid: string;
  readonly generation: number;
  readonly has: Secrecy<boolean>;
  readonly created: number;
  readonly updated: number;
}

const textLengthMax = 500;

/** The way that shows most of what the settings allow. */
export function wayOf({ database, username }: Pick<SourceSettings, "database" | "username">): Way {
  if (database !== null) return "database";
  return username === null ? "api2" : "v3";
}

/** The name in events and addresses. Refuses with `invalid`. */
export function parseSourceName(text: string): string {
  if (shortNamePattern.test(text)) return text;
  throw invalidField(
    "name",
    "Enter 1 to 40 small letters, digits and hyphens: the name stands in the source's events.",
  );
}

/** The URL of a database and the password that stood in it, if any. Refuses with `invalid`. */
export function parseSourceDatabase(text: string): {
  readonly database: string;
  readonly password: string | undefined;
} {
  refuseUnlessLine("database", text);
  parsePostgresUrl(text, "database");
  const [, before = "", user = "", password, behind = ""] =
    /^([a-z]+:\/\/)([^:@/?#]*)(?::([^@/?#]*))?(@.*)$/s.exec(text) ?? [];
  if (user === "")
    throw invalidField("database", "Enter the role too, as in postgres://ironlog_mirror@maas-db/maasdb.");
  if (/[?&](?:password|user)=/.test(behind)) {
    throw invalidField("database", "Enter the role before the host, and the password as database_password.");
  }
  if (!/@[^/]+\/[^?#]+/.test(behind)) {
    throw invalidField("database", "Enter the database's name too, as in postgres://ironlog_mirror@maas-db/maasdb.");
  }
  return { database: `${before}${user}${behind}`, password: password && decodeURIComponent(password) };
}

/** Where a MAAS answers, without a slash at its end. Refuses with `invalid`. */
export function parseSourceUrl(text: string, allowsPlainHttp: boolean): string {
  const url = URL.canParse(text) && text.length <= textLengthMax ? new URL(text) : undefined;
  const isPlain =
    url !== undefined && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  if (!isPlain || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw invalidField("url", "Enter where that MAAS answers, such as https://maas.example.com/MAAS.");
  }
  if (!isSafeAddress(url) && !allowsPlainHttp) {
    throw invalidField(
      "url",
      "Over http:// keys can be read on the way: enter an https:// address, or plain_http=true if that network is safe.",
    );
  }
  return url.href.replace(/\/+$/, "").replace(/\/api(?:\/2\.0)?$/, "");
}

/** An API key as MAAS prints it. Refuses with `invalid`. */
export function parseSourceKey(text: string): string {
  if (/^[^\s:]{1,200}:[^\s:]{1,200}:[^\s:]{1,200}$/.test(text)) return text;
  throw invalidField("apikey", "Enter the API key as MAAS shows it: three parts with colons between them.");
}

/** A password or a user's name. Refuses with `invalid`. */
export function parseSourceLine(field: "database_password" | "username" | "password", text: string): string {
  refuseUnlessLine(field, text);
  return text;
}

/** Refuses settings by which a source can't be read, and secrets that nobody would use. */
export function refuseUnreadable({ database, url, username }: SourceSettings, has: Secrecy<boolean>): void {
  if (username !== null && !has.password) throw invalidField("password", "Enter the password of that user too.");
  if (username === null && has.password) throw invalidField("username", "Enter whose password this is.");
  const hasLogin = username !== null || has.apiKey;
  if (url === null && hasLogin) {
    const what = has.apiKey ? "the key" : "the password";
    throw invalidField("url", `Enter where that MAAS answers: ${what} is used there.`);
  }
  if (database === null && has.databasePassword) {
    throw invalidField("database", "Enter the database that the password is for.");
  }
  if (database !== null || hasLogin) return;
  if (url !== null) {
    throw invalidField(
      "apikey",
      "Enter an administrator's API key, or their name and password as username and password: without its database that MAAS is read as this administrator.",
    );
  }
  throw invalidField(
    "database",
    "Enter the URL of that MAAS's database, or where it answers as url with an administrator's API key as apikey.",
  );
}

function refuseUnlessLine(field: string, text: string): void {
  if (text !== "" && isOneLine(text) && text.length <= textLengthMax) return;
  throw invalidField(field, `Enter one line of 1 to ${textLengthMax} characters.`);
}
