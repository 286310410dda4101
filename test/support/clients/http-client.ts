import http from "node:http";
import https from "node:https";
import net from "node:net";

/** An answer as it came, with its body's bytes. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  readonly type: string;
  /** The body as the shape that the test expects: what isn't so fails where it is used. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a cast, said once
  json<Body = unknown>(): Body;
  /** The value of a cookie that it sets. */
  cookie(name: string): string | undefined;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The address to come from, in 127.0.0.0/8: each test has its own, so that no limiter knows it. */
  readonly from?: string | undefined;
  /** Takes no more than the head of an answer that is a stream of events, and breaks it off. */
  readonly headOfStream?: boolean;
  /** Takes any certificate. */
  readonly insecure?: boolean;
}

/** For what only reads, as most requests of most tests do: making a connection costs as much as many an answer. */
const kept = new http.Agent({ keepAlive: true });

/** Sends one request, on a connection of its own unless it only reads. The path goes out as it is given. */
export function send(url: string, path: string, ask: Ask = {}): Promise<Answer> {
  const base = new URL(url);
  const isKept = (ask.method ?? "GET") === "GET" && base.protocol === "http:" && ask.headOfStream !== true;
  const options: https.RequestOptions = {
    method: ask.method ?? "GET",
    host: base.hostname.replace(/^\[|\]$/g, ""),
    port: base.port,
    path,
    headers: { ...(ask.body === undefined ? {} : { "content-length": Buffer.byteLength(ask.body) }), ...ask.headers },
    agent: isKept && kept,
    ...(ask.from === undefined ? {} : { localAddress: ask.from }),
    ...(ask.insecure === true ? { rejectUnauthorized: false } : {}),
  };
  return new Promise((resolve, reject) => {
    const request = (base.protocol === "https:" ? https : http).request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve(answerOf(response, Buffer.concat(chunks))));
      if (ask.headOfStream === true && response.headers["content-type"]?.startsWith("text/event-stream") === true) {
        resolve(answerOf(response, Buffer.alloc(0)));
        request.destroy();
      }
    });
    request.on("error", (error) => {
      // The server had closed it meanwhile.
      if (request.reusedSocket && "code" in error && error.code === "ECONNRESET") resolve(send(url, path, ask));
      else reject(error);
    });
    request.end(ask.body);
  });
}

function answerOf(response: http.IncomingMessage, body: Buffer): Answer {
  const text = body.toString();
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body,
    text,
    type: response.headers["content-type"] ?? "",
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
    json: <Body>() => JSON.parse(text) as Body,
    cookie: (name) =>
      (response.headers["set-cookie"] ?? [])
        .map((cookie) => cookie.match(/^([^=]+)=([^;]*)/))
        .find((cookie) => cookie?.[1] === name)?.[2],
  };
}

/**
 * Sends bytes as they are, and reads until the server closes the connection: they must ask it to. Gives what it answered
 * as Latin-1.
 */
export function sendRaw(url: string, bytes: Buffer | string, from?: string): Promise<string> {
  const base = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const place = {
      port: Number(base.port),
      host: base.hostname,
      ...(from === undefined ? {} : { localAddress: from }),
    };
    const socket = net.connect(place, () => socket.write(bytes));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.on("error", ({ code, message }: NodeJS.ErrnoException) => {
      // Refused in the middle of what was being sent: what it answered counts.
      if (code !== "ECONNRESET" && code !== "EPIPE") reject(new Error(message));
    });
  });
}

let addressesGiven = 0;

/** An address on loopback that nobody came from before in this process. */
export function freshAddress(): string {
  addressesGiven += 1;
  return `127.${1 + (process.pid % 200)}.${Math.floor(addressesGiven / 250)}.${1 + (addressesGiven % 250)}`;
}
