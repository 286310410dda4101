import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import type { TlsOptions } from "node:tls";
import { portOf } from "../ports.ts";

/** A request as it came. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What an HTTP receiver answers. */
export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What it does where it doesn't answer: hangs, resets the connection, ends its answer half-way, says what isn't HTTP. */
export type HttpMisbehaviour = "hangs" | "breaks-off" | "ends-half-way" | "garbage";

/** A receiver of HTTP requests, which remembers them. */
export interface HttpReceiver extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Those that came whole, in order. */
  readonly requests: HttpRequest[];
  /** How many connections there were. */
  connections: number;
  /** Answers the requests to come. */
  reply: (request: HttpRequest) => HttpReply | HttpMisbehaviour;
  /** Closes the connections that nothing goes over. */
  closeIdle(): void;
  /** Ends it as a kill does. */
  kill(): Promise<void>;
}

/** Starts one that says 200 to everything, on this port of this machine or a free one. */
export async function startHttpReceiver(
  given: { readonly port?: number; readonly tls?: TlsOptions } = {},
): Promise<HttpReceiver> {
  const sockets = new Set<Socket>();
  const take: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const received = { method, url, headers, body: Buffer.concat(chunks) };
      receiver.requests.push(received);
      answer(response, receiver.reply(received));
    });
  };
  const server = given.tls === undefined ? createServer(take) : createSecureServer(given.tls, take);
  server.on("connection", (socket: Socket) => {
    receiver.connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  server.listen(given.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const kill = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await once(server, "close");
  };
  const port = portOf(server.address());
  const receiver: HttpReceiver = {
    port,
    url: given.tls === undefined ? `http://127.0.0.1:${port}/` : `https://localhost:${port}/`,
    requests: [],
    connections: 0,
    reply: () => ({ status: 200 }),
    closeIdle: () => server.closeIdleConnections(),
    kill,
    [Symbol.asyncDispose]: kill,
  };
  return receiver;
}

function answer(response: ServerResponse, reply: HttpReply | HttpMisbehaviour): void {
  if (reply === "hangs") return;
  if (reply === "garbage") return void response.socket?.end("220 mail.example ESMTP\r\n");
  if (reply === "breaks-off") return void response.socket?.destroy();
  if (reply === "ends-half-way") {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.socket?.destroy());
    return;
  }
  response.writeHead(reply.status, reply.headers).end(reply.body);
}
