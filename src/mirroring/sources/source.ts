import { parsePostgresUrl } from "../../database/dialects/postgres-url.ts";
import { isSafeAddress } from "../../http/safe-address.ts";
import { invalidField } from "../../refusal.ts";
import { sourceNamePattern } from "../../verifiable-log/event-source.ts";

/** Another MAAS, as the settings of an administrator have it. */
export interface SourceSettings {
  /** Stands in its events, and so never changes. */
  readonly name: string;
  /** A URL of PostgreSQL without a password. */
  readonly database: string;
  /** Where that MAAS answers; null where only its database is known. */
  readonly url: string | null;
  /** Whether its key may go over a connection that isn't encrypted. */
  readonly allowsPlainHttp: boolean;
  readonly isEnabled: boolean;
}

export type SourceSecret = "databasePassword" | "apiKey";

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

/** The name in events and addresses. Refuses with `invalid`. */
export function parseSourceName(text: string): string {
  if (sourceNamePattern.test(text)) return text;
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

/** A role's password. Refuses with `invalid`. */
export function parseSourcePassword(text: string): string {
  refuseUnlessLine("database_password", text);
  return text;
}

/** Refuses a key that nobody would use. */
export function refuseUselessKey({ url }: SourceSettings, has: Secrecy<boolean>): void {
  if (url === null && has.apiKey) throw invalidField("url", "Enter where that MAAS answers: the key is used there.");
}

function refuseUnlessLine(field: string, text: string): void {
  const isLine = text !== "" && text.isWellFormed() && !/\p{Cc}/u.test(text);
  if (isLine && text.length <= textLengthMax) return;
  throw invalidField(field, `Enter one line of 1 to ${textLengthMax} characters.`);
}
