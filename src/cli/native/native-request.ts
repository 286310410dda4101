import type { ApiRequest } from "../client/api-request.ts";
import { type Argument, isPair, parseArguments } from "../client/operation-arguments.ts";
import { percentEncode } from "../client/percent-encoding.ts";
import { didYouMean } from "../help/suggest.ts";
import { misuse } from "../../terminal/exit.ts";
import type { Field, NativeCommand } from "./native-api.ts";
import { jsonValue, timeValue } from "./native-values.ts";

/** The key whose file is sent as it is, where an operation takes many objects. */
export const wholeBody = "body";

/** What the words after a native operation ask for. Refuses (misuse) unknown names and values that aren't of their types. */
export function nativeRequest(command: NativeCommand, words: readonly string[], nowMs: number): ApiRequest {
  const { resource, method, query, body, params } = command;
  const named = withNamedWords(command, words);
  const { positionals, pairs: given } = parseArguments(resource, { name: command.name, params }, named);
  const pairs = given.map((pair) => ({ ...pair, key: ownName(command, pair.key) }));
  const path = fillIn(command, positionals);
  const sent = pairs.find(({ key, kind }) => key === wholeBody && kind === "file" && command.takesMany);
  if (sent !== undefined) {
    if (pairs.length > 1) throw misuse(`Give ${wholeBody}@=FILE alone: the file holds all that is sent.`);
    return { method, path, headers: { "Content-Type": mediaTypeOf(sent.value) }, body: Buffer.from(sent.value) };
  }
  for (const { key } of pairs) refuseUnknown(command, key);
  refuseMissing(command, pairs);
  const inQuery = pairs.filter(({ key }) => query.some(({ name }) => name === key));
  const search = new URLSearchParams(inQuery.map((pair) => [pair.key, textFor(fieldOf(query, pair), pair, nowMs)]));
  const address = search.size === 0 ? path : `${path}?${search.toString()}`;
  if (body.length === 0) return { method, path: address, headers: lengthOf(method), body: undefined };
  const inBody = pairs.filter(({ key }) => !query.some(({ name }) => name === key));
  const json = JSON.stringify(bodyOf(body, inBody, nowMs));
  return { method, path: address, headers: { "Content-Type": "application/json" }, body: Buffer.from(json) };
}

/** Words without a name as the value of the parameter that takes them. One with blanks in it was quoted: it is a phrase. */
function withNamedWords({ query, params }: NativeCommand, words: readonly string[]): readonly string[] {
  const field = query.find(({ takesWords }) => takesWords);
  if (field === undefined) return words;
  const rest = words.slice(params.length);
  const loose = rest.filter((word) => !isPair(word));
  if (loose.length === 0) return words;
  const text = loose.map((word) => (/\s/.test(word) && !word.includes('"') ? `"${word}"` : word)).join(" ");
  return [...words.slice(0, params.length), `${field.name}=${text}`, ...rest.filter(isPair)];
}

/** A body that isn't there has a length too. */
function lengthOf(method: string): Readonly<Record<string, string>> {
  return method === "GET" || method === "DELETE" ? {} : { "Content-Length": "0" };
}

function fillIn({ path, params }: NativeCommand, positionals: readonly string[]): string {
  const words = new Map(params.map((param, at) => [param, positionals[at] ?? ""]));
  return path.replaceAll(/\{(\w+)\}/g, (_, param: string) => percentEncode(words.get(param) ?? ""));
}

/** An array, or an object on each line. */
function mediaTypeOf(bytes: string | Uint8Array): string {
  try {
    JSON.parse(Buffer.from(bytes).toString("utf8"));
    return "application/json";
  } catch {
    return "application/x-ndjson";
  }
}

/** What people write for a parameter that is called otherwise. */
const otherNames: Readonly<Record<string, string>> = { username: "owner", user: "owner" };

function ownName({ query, body }: NativeCommand, key: string): string {
  const other = otherNames[key];
  const has = (name: string | undefined): boolean => [...query, ...body].some((field) => field.name === name);
  return other === undefined || has(key) || !has(other) ? key : other;
}

function refuseUnknown(command: NativeCommand, key: string): void {
  const names = [...command.query, ...command.body].map(({ name }) => name);
  if (names.includes(key)) return;
  const close = didYouMean(key, names);
  throw misuse(`'${command.resource} ${command.name}' has no parameter '${key}'.${close}`);
}

function refuseMissing(command: NativeCommand, pairs: readonly Argument[]): void {
  const given = new Set(pairs.map(({ key }) => key));
  const missing = [...command.query, ...command.body].filter(({ name, isRequired }) => isRequired && !given.has(name));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => `${name}=`).join(", ");
  throw misuse(`too few arguments: '${command.resource} ${command.name}' also needs ${names}`);
}

function fieldOf(fields: readonly Field[], { key }: Argument): Field | undefined {
  return fields.find(({ name }) => name === key);
}

/** A file's value is its text without the line end behind its last line. */
function textOf(pair: Argument): string {
  return pair.kind === "text"
    ? pair.value
    : Buffer.from(pair.value)
        .toString("utf8")
        .replace(/\r?\n$/, "");
}

function textFor(field: Field | undefined, pair: Argument, nowMs: number): string {
  return field?.type === "time" ? timeValue(textOf(pair), nowMs) : textOf(pair);
}

function bodyOf(fields: readonly Field[], pairs: readonly Argument[], nowMs: number): unknown {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const values = pairs.filter(({ key }) => key === field.name).map((pair) => jsonValue(field, textOf(pair), nowMs));
    if (values.length > 1 && !field.isList) throw misuse(`'${field.name}' is given more than once.`);
    // An empty value of a list is a list without any.
    if (values.length > 0) body[field.name] = field.isList ? values.filter((value) => value !== "") : values[0];
  }
  return body;
}
