import type { OperationCommand } from "./api.ts";
import type { Argument, OperationArguments } from "./operation-arguments.ts";
import { encodeMultipart } from "./multipart.ts";
import { percentEncode, queryEncode } from "./percent-encoding.ts";

/** One request to a server's API, but for who asks. */
export interface ApiRequest {
  readonly method: string;
  /** From the root of the host, encoded, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  /** Gives it up. */
  readonly signal?: AbortSignal;
}

/**
 * The request that asks for an operation, as MAAS's client would: `op` always in the query and first; arguments in the
 * query for GET and DELETE, else as multipart/form-data.
 */
export function requestFor(operation: OperationCommand, { positionals, pairs }: OperationArguments): ApiRequest {
  const { method, op } = operation;
  const path = fillIn(operation, positionals);
  const opPair: readonly Argument[] = op === null ? [] : [{ key: "op", kind: "text", value: op }];
  if (method === "GET" || method === "DELETE") {
    return { method, path: path + queryOf([...opPair, ...pairs]), headers: {}, body: undefined };
  }
  return { method, path: path + queryOf(opPair), ...bodyOf(pairs) };
}

function fillIn({ path, params }: OperationCommand, positionals: readonly string[]): string {
  const words = new Map(params.map((param, index) => [param, positionals[index] ?? ""]));
  return path.replaceAll(/\{(\w+)\}/g, (placeholder, param: string) => {
    const word = words.get(param);
    return word === undefined ? placeholder : percentEncode(word);
  });
}

function queryOf(pairs: readonly Argument[]): string {
  if (pairs.length === 0) return "";
  return `?${pairs.map((pair) => `${queryEncode(pair.key)}=${queryEncode(valueOf(pair))}`).join("&")}`;
}

/** A file's value is its text without the line end behind its last line. In a body the server takes that away itself. */
function valueOf(pair: Argument): string | Uint8Array {
  if (pair.kind === "text") return pair.value;
  const { value } = pair;
  const end = value.at(-1) === newline ? (value.at(-2) === carriageReturn ? -2 : -1) : value.length;
  return value.subarray(0, end);
}

const [newline, carriageReturn] = [10, 13];

/** With nothing to say there is no body and no Content-Type, but the length is said all the same. */
function bodyOf(pairs: readonly Argument[]): Pick<ApiRequest, "headers" | "body"> {
  if (pairs.length === 0) return { headers: { "Content-Length": "0" }, body: undefined };
  const { contentType, body } = encodeMultipart(pairs);
  return { headers: { "Content-Type": contentType, "Content-Length": String(body.length) }, body };
}
