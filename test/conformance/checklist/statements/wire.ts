import http from "node:http";
import https from "node:https";
import zlib from "node:zlib";

/** A request as it goes out: every header in this order and spelling, and no other but `Connection: close`. */
export interface WireRequest {
  readonly method: string;
  /** From the first slash on, with the query. */
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string | Buffer;
}

/** An answer as it came. */
export interface WireAnswer {
  /** What was asked, for reports: method, path and client. */
  readonly asked: string;
  readonly status: number;
  /** The header as it is, undefined where there is none. */
  readonly type: string | undefined;
  readonly body: Buffer;
  readonly text: string;
  /** Headers that are repeated are joined by a comma and a blank. */
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
  /** The body as the shape that a check expects; what isn't JSON throws. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a cast, said once
  json<Body = unknown>(): Body;
}

/** A server that says nothing for so long has failed the statement: the run must not hang on it. */
const answerTimeoutMs = 30_000;

/**
 * Sends one request on a connection of its own, as the clients do. `fetch` would add headers, change their spelling and
 * hide what is missing; this sends what it is given.
 */
export function exchange(origin: string, request: WireRequest): Promise<WireAnswer> {
  const base = new URL(origin);
  const given = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const headers = [
    ...(given.has("host") ? [] : [["Host", base.host] as const]),
    ...request.headers,
    ...(request.body === undefined || given.has("content-length")
      ? []
      : [["Content-Length", String(Buffer.byteLength(request.body))] as const]),
  ];
  const options = {
    method: request.method,
    host: base.hostname.replace(/^\[|\]$/g, ""),
    port: base.port,
    path: request.path,
    headers: headers.flat(),
    agent: false,
    timeout: answerTimeoutMs,
  } as const;
  const asked = `${request.method} ${request.path}`;
  return new Promise((resolve, reject) => {
    const sent = (base.protocol === "https:" ? https : http).request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve(answerOf(asked, response, Buffer.concat(chunks))));
    });
    sent.on("timeout", () => sent.destroy(new Error(`${asked}: no answer within ${answerTimeoutMs / 1000} seconds`)));
    sent.on("error", reject);
    sent.end(request.body);
  });
}

function answerOf(asked: string, response: http.IncomingMessage, received: Buffer): WireAnswer {
  const header = (name: string): string | undefined => response.headersDistinct[name.toLowerCase()]?.join(", ");
  const body = unpacked(received, header("content-encoding"));
  const text = body.toString();
  return {
    asked,
    status: response.statusCode ?? 0,
    type: header("content-type"),
    body,
    text,
    header,
    cookie: (name) =>
      (response.headers["set-cookie"] ?? [])
        .map((cookie) => cookie.match(/^([^=]+)=([^;]*)/))
        .find((cookie) => cookie?.[1] === name)?.[2],
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
    json: <Body>() => JSON.parse(text) as Body,
  };
}

/** Three of the four clients offer to unpack, so servers may pack. */
function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined || encoding === "identity") return body;
  if (encoding === "gzip") return zlib.gunzipSync(body);
  if (encoding === "deflate") return zlib.inflateSync(body);
  throw new Error(`an answer came with Content-Encoding '${encoding}', which nobody asked for`);
}
