import { isUtf8 } from "node:buffer";
import { invalidField, Refusal } from "../../../refusal.ts";
import { assertText, findFormDecoded, wellFormed } from "../../request/text.ts";
import { findHeaderValue, type HeaderValue } from "./header-value.ts";
import { parseJsonMembers } from "./json-members.ts";
import { parseMultipart } from "./multipart.ts";

/** A file in a `multipart/form-data` body. */
export interface Upload {
  readonly name: string;
  /** What the client called the file, perhaps empty: never to be used as a path. */
  readonly filename: string;
  readonly contentType: string;
  /** May share memory with all of the request's body. */
  readonly content: Buffer;
}

/** Fields and uploads of one query string or body. The longest MAAS call has some thirty. */
export const parameterCountMax = 1_000;

/** In UTF-16 code units; MAAS's longest is about forty. */
const nameLengthMax = 256;

const acceptedTypes = "application/x-www-form-urlencoded, multipart/form-data or application/json";

/**
 * The parameters of a query string or a body, in the order they came: names and values are well-formed text without
 * NUL, and their number and the names' length are bounded. Names compare exactly.
 */
export class Parameters {
  static readonly none = new Parameters([], []);

  /** Fields alone, without the uploads. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly uploads: readonly Upload[];
  readonly #values = new Map<string, string[]>();

  /** Refuses (`invalid`) what breaks the promises above, naming the field. */
  constructor(pairs: Parameters["pairs"], uploads: readonly Upload[]) {
    if (pairs.length + uploads.length > parameterCountMax) throw tooManyParameters();
    for (const [name, value] of pairs) {
      checkName(name);
      assertText(name, value);
      const values = this.#values.get(name);
      if (values === undefined) this.#values.set(name, [value]);
      else values.push(value);
    }
    for (const upload of uploads) {
      checkName(upload.name);
      assertText(upload.name, upload.filename);
      assertText(upload.name, upload.contentType);
    }
    this.pairs = pairs;
    this.uploads = uploads;
  }

  /** What is given, fields and files, each once. */
  get names(): readonly string[] {
    return [...new Set([...this.#values.keys(), ...this.uploads.map(({ name }) => name)])];
  }

  /** The value that counts where one is wanted: the last one given. A file counts where no field has the name. */
  last(name: string): string | undefined {
    const value = this.#values.get(name)?.at(-1);
    if (value !== undefined) return value;
    const upload = this.upload(name);
    return upload === undefined ? undefined : textOf(upload);
  }

  /** Every value given, in order, and those of files behind them; none is the empty list. */
  all(name: string): readonly string[] {
    const files = this.uploads.filter((upload) => upload.name === name);
    return [...(this.#values.get(name) ?? []), ...files.map(textOf)];
  }

  /** The last file sent under this name. */
  upload(name: string): Upload | undefined {
    return this.uploads.findLast((upload) => upload.name === name);
  }
}

/** A file's text as a field's value: without the line end that editors put behind the last line. */
function textOf({ name, content }: Upload): string {
  if (!isUtf8(content)) throw badName(name, "Send text as UTF-8.");
  const text = content.toString("utf8").replace(/\r?\n$/, "");
  assertText(name, text);
  return text;
}

/**
 * The parameters of a query string, which is what follows the `?` as Node hands it over. Decoded as browsers do (`+` is a
 * blank, a `%` that starts no escape stays), but refuses (`invalid`) what is not UTF-8 and what `Parameters` refuses.
 */
export function parseQuery(query: string): Parameters {
  return new Parameters(urlencodedPairs(query), []);
}

/**
 * The parameters of a request's body, in one of the three types that MAAS takes (docs/contract.md, 2.2). No body is
 * no parameters, whatever the type. Refuses (`invalid`) other types, malformed bodies and what `Parameters` refuses.
 */
export function parseBody(contentType: string | undefined, body: Buffer | undefined): Parameters {
  if (body === undefined || body.length === 0) return Parameters.none;
  const type = findHeaderValue(contentType ?? "");
  switch (type?.value) {
    case undefined:
      throw new Refusal("invalid", "Send a well-formed Content-Type.");
    case "application/x-www-form-urlencoded":
      return new Parameters(urlencodedPairs(body.toString("latin1")), []);
    case "multipart/form-data":
      return parseForm(body, type);
    case "application/json":
      return new Parameters(parseJsonMembers(body, parameterCountMax), []);
    default:
      throw new Refusal("invalid", `Send the body as ${acceptedTypes}, and say which in its Content-Type.`);
  }
}

function urlencodedPairs(byteText: string): [string, string][] {
  const pairs: [string, string][] = [];
  let start = 0;
  for (let pieces = 1; start < byteText.length; pieces += 1) {
    // Empty ones count too: megabytes of them take long.
    if (pieces > parameterCountMax) throw tooManyParameters();
    const ampersand = byteText.indexOf("&", start);
    const end = ampersand < 0 ? byteText.length : ampersand;
    if (end > start) pairs.push(urlencodedPair(byteText.slice(start, end)));
    start = end + 1;
  }
  return pairs;
}

function urlencodedPair(piece: string): [string, string] {
  const equals = piece.indexOf("=");
  const rawName = equals < 0 ? piece : piece.slice(0, equals);
  const name = findFormDecoded(rawName);
  if (name === undefined) throw badName(rawName, "Send parameter names as percent-encoded UTF-8.");
  const value = equals < 0 ? "" : findFormDecoded(piece.slice(equals + 1));
  if (value === undefined) throw badName(name, "Send text as percent-encoded UTF-8.");
  return [name, value];
}

function parseForm(body: Buffer, contentType: HeaderValue): Parameters {
  const pairs: [string, string][] = [];
  const uploads: Upload[] = [];
  for (const { name, filename, contentType: type, content } of parseMultipart(body, contentType, parameterCountMax)) {
    if (filename !== undefined) {
      uploads.push({ name, filename, contentType: type ?? "application/octet-stream", content });
    } else if (isUtf8(content)) {
      pairs.push([name, content.toString("utf8")]);
    } else {
      throw badName(name, "Send text as UTF-8, and files with a filename.");
    }
  }
  return new Parameters(pairs, uploads);
}

function checkName(name: string): void {
  if (name.length > nameLengthMax) throw badName(name, `Use names of at most ${nameLengthMax} characters.`);
  if (!name.isWellFormed() || name.includes("\0")) {
    throw badName(name, "Use names of well-formed Unicode text without NUL characters.");
  }
}

function tooManyParameters(): Refusal {
  return new Refusal("invalid", `Send at most ${parameterCountMax} parameters.`);
}

/** Names a field whose name may itself be what is wrong. */
function badName(name: string, message: string): Refusal {
  return invalidField(wellFormed(name, nameLengthMax), message);
}
