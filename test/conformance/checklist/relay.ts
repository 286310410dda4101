import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import { portOf } from "../../support/ports.ts";

/** Stands between a client and the server, and keeps what went through. */
export interface Relay extends AsyncDisposable {
  readonly url: string;
  /** Since it was started, oldest first. */
  readonly passed: readonly Passed[];
}

export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly sent: string;
  readonly status: number;
  readonly body: Buffer;
}

interface Replacement {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RelayOptions {
  /** Answers a request itself, so that the server never sees it. */
  readonly instead?: (request: { readonly method: string; readonly path: string }) => Replacement | undefined;
  /** Changes the headers of an answer, by names in small letters: how a test makes a server that is wrong. */
  readonly alter?: (path: string, headers: http.IncomingHttpHeaders) => http.IncomingHttpHeaders;
}

/** Passes everything on to a server as it came, the header `Host` too. */
export async function startRelay(origin: string, { instead, alter }: RelayOptions = {}): Promise<Relay> {
  const passed: Passed[] = [];
  const server = http.createServer((request, response) => {
    void answer(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const sent = await bytesOf(request);
    const [method = "", path = ""] = [request.method, request.url];
    const keep = (status: number, body: Buffer): void => {
      const type = request.headers["content-type"] ?? "";
      passed.push({ method, path, type, sent: sent.toString("latin1"), status, body });
    };
    const own = instead?.({ method, path });
    if (own !== undefined) {
      keep(own.status, Buffer.from(own.body));
      response.writeHead(own.status, own.headers).end(own.body);
      return;
    }
    const received = await passOn(origin, request, sent);
    const body = await bytesOf(received);
    const status = received.statusCode ?? 0;
    keep(status, body);
    response.writeHead(status, alter === undefined ? received.rawHeaders : alter(path, received.headers)).end(body);
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    passed,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function passOn(
  origin: string,
  { method, url, rawHeaders }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const base = new URL(origin);
  const place = { host: base.hostname.replace(/^\[|\]$/g, ""), port: base.port, agent: false } as const;
  const options = { ...place, method, path: url, headers: rawHeaders };
  const request = (base.protocol === "https:" ? https : http).request(options);
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
