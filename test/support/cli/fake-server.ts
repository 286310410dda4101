import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Server } from "node:net";
import { fakeDescription } from "./fake-description.ts";

/** What a server was asked. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a server is to answer. */
export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A server of MAAS's API that remembers what it was asked. */
export interface FakeServer extends AsyncDisposable {
  /** What people give to `login`. */
  readonly url: string;
  readonly asked: ReceivedRequest[];
  /** Answers by the path below the API's root, such as `describe/`; `*` for all that are not named. */
  readonly answers: Map<string, FakeAnswer>;
}

/** Starts one that lets everybody in, describes itself and answers all else with an empty page of events. */
export async function startFakeServer(): Promise<FakeServer> {
  const asked: ReceivedRequest[] = [];
  const answers = new Map<string, FakeAnswer>([
    ["users/?op=whoami", json({ username: "ada" })],
    ["describe/", json(fakeDescription())],
    ["*", json({ count: 0, events: [] })],
  ]);
  const server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    void readBody(request).then((body) => {
      asked.push({ method, url, headers, body });
      const answer = answers.get(url.replace("/MAAS/api/2.0/", "")) ?? answers.get("*") ?? {};
      response.writeHead(answer.status ?? 200, answer.headers ?? {});
      return response.end(answer.body ?? "");
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/MAAS`,
    asked,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Lets a server listen on a free port of this machine, and gives the port. */
export async function listen(server: Server): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

/** A JSON answer, as MAAS's `describe/` sends it. */
export function json(value: unknown): FakeAnswer {
  return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(value, undefined, 4) };
}

/** A plain answer, such as MAAS's refusals. */
export function textAnswer(status: number, body: string): FakeAnswer {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8" }, body };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("latin1");
}
