import { parseApiKey, printApiKey } from "./api-key.ts";
import type { ApiKey } from "./api-key.ts";
import type { Api } from "../client/api.ts";

/** A server that somebody logged in to, under a name of their own. */
export interface Profile {
  readonly name: string;
  /** The API's root, such as `http://localhost:5240/MAAS/api/2.0/`. */
  readonly url: string;
  /** `undefined` for one that sends no credentials. */
  readonly key: ApiKey | undefined;
  /** The certificate authorities to trust instead of the usual ones, as PEM text. */
  readonly cacerts: string | undefined;
  readonly api: Api;
}

/** What is wrong with a profile's name, as a sentence, or `undefined` where nothing is. It becomes a file's name. */
export function findNameFault(name: string, takenNames: Iterable<string>): string | undefined {
  if (name === "") return "A profile needs a name.";
  if (/^[-.]/.test(name)) return `A profile's name cannot begin with '${name[0]}'.`;
  if (/[\p{Cc}/\\]/u.test(name)) return "A profile's name cannot contain slashes or control characters.";
  if (Buffer.byteLength(name) > nameBytesMax) return `A profile's name can have ${nameBytesMax} bytes at most.`;
  if ([...takenNames].includes(name)) return `'${name}' is a command: give the profile another name.`;
  return undefined;
}

/** File systems allow 255; the rest is left for the file's ending and for the name it is written under first. */
const nameBytesMax = 200;

/** The profile that a file's text holds. Throws where the text is no profile. */
export function parseProfile(name: string, text: string): Profile {
  const fields: unknown = JSON.parse(text);
  if (typeof fields !== "object" || fields === null) throw new Error("it is no object");
  if (!("url" in fields) || typeof fields.url !== "string" || !URL.canParse(fields.url))
    throw new Error("it has no URL");
  if (!("api" in fields) || !isApi(fields.api)) throw new Error("it does not say what the server can do");
  const keyText = "key" in fields ? fields.key : null;
  const key = typeof keyText === "string" ? parseApiKey(keyText) : undefined;
  if (keyText !== null && key === undefined) throw new Error("its API key is malformed");
  const cacerts = "cacerts" in fields && typeof fields.cacerts === "string" ? fields.cacerts : undefined;
  return { name, url: fields.url, key, cacerts, api: fields.api };
}

/** Looks no deeper: the rest was checked when it came from the server, and checking it again would slow every command. */
function isApi(value: unknown): value is Api {
  return typeof value === "object" && value !== null && "resources" in value && typeof value.resources === "object";
}

/** A profile as the text of its file. */
export function printProfile({ url, key, cacerts, api }: Profile): string {
  return `${JSON.stringify({ url, key: key ? printApiKey(key) : null, cacerts, api })}\n`;
}
