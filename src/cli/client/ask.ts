import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { ApiKey } from "../profiles/api-key.ts";
import type { ApiRequest } from "./api-request.ts";
import { authorizationHeader } from "./oauth.ts";
import { findProxy } from "../../terminal/proxy.ts";
import { isUnknownAuthority, unreachable } from "./unreachable.ts";
import { version } from "../../terminal/version.ts";
import type { ServerAnswer, Server } from "./server.ts";

/** Asks the server on a connection of its own, signed where a key is given. Must fail in one clear line where it cannot. */
export async function ask(asked: Server, request: ApiRequest, key: ApiKey | undefined): Promise<ServerAnswer> {
  return asking(asked, request, key, receive);
}

/** The same for an answer that is read while it comes. */
export async function askForStream(
  asked: Server,
  request: ApiRequest,
  key: ApiKey | undefined,
): Promise<IncomingMessage> {
  return asking(asked, request, key, (incoming, resolve) => resolve(incoming));
}

type Receive<Answer> = (
  incoming: IncomingMessage,
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
) => void;

async function asking<Answer>(
  asked: Server,
  request: ApiRequest,
  key: ApiKey | undefined,
  take: Receive<Answer>,
): Promise<Answer> {
  const server = { ...asked, proxy: findProxy(asked.url, process.env) };
  try {
    return await exchange(server, request, key, take);
  } catch (error) {
    const canTrustMore = server.cacerts === undefined && isUnknownAuthority(error);
    if (!canTrustMore) throw unreachable(error, server);
  }
  // The request was not sent: a certificate is checked first. The system's store is slow to read, so it comes second.
  const trusting = { ...server, cacerts: knownAuthorities() };
  return exchange(trusting, request, key, take).catch((error: unknown) => {
    throw unreachable(error, server);
  });
}

function knownAuthorities(): string {
  const { getCACertificates } = process.getBuiltinModule("node:tls");
  return [...getCACertificates("default"), ...getCACertificates("system")].join("\n");
}

function exchange<Answer>(
  server: Server,
  request: ApiRequest,
  key: ApiKey | undefined,
  take: Receive<Answer>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = open(server, {
      method: request.method,
      path: request.path,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      headers: {
        "User-Agent": `ironlog/${version} (Node ${process.versions.node})`,
        "Accept-Encoding": "identity",
        ...sourceHeader(server),
        ...(key === undefined ? {} : { Authorization: authorizationHeader(key, Date.now()) }),
        ...request.headers,
      },
    });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => take(incoming, resolve, reject));
    outgoing.end(request.body);
  });
}

/** A profile that was made at `/MAAS/at/NAME/` means that mirrored MAAS on every path of the server. */
function sourceHeader({ url }: Server): Readonly<Record<string, string>> {
  const [, source] = /\/MAAS\/at\/([^/]+)\//.exec(url) ?? [];
  return source === undefined ? {} : { "X-Ironlog-Source": source };
}

/** `node:https` is only loaded for a server that speaks it: it takes as long as all the rest of a command. */
function open(server: Server, options: RequestOptions): ClientRequest {
  const { proxy } = server;
  const agentOptions = proxy === undefined ? {} : { proxyEnv: { http_proxy: proxy.url, https_proxy: proxy.url } };
  if (!server.url.startsWith("https:")) {
    const http = process.getBuiltinModule("node:http");
    return http.request(server.url, { ...options, agent: new http.Agent(agentOptions) });
  }
  const https = process.getBuiltinModule("node:https");
  return https.request(server.url, {
    ...options,
    agent: new https.Agent(agentOptions),
    rejectUnauthorized: !server.isInsecure,
    ...(server.cacerts === undefined ? {} : { ca: server.cacerts }),
  });
}

/** By events: `for await` would load a millisecond's worth of Node. A connection that breaks off is an `error`. */
function receive(
  incoming: IncomingMessage,
  resolve: (answer: ServerAnswer) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Uint8Array[] = [];
  incoming.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  incoming.on("error", reject);
  incoming.on("end", () => {
    const { statusCode = 0, statusMessage = "", rawHeaders } = incoming;
    const headers = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""] as const] : [],
    );
    resolve({ status: statusCode, reason: statusMessage, headers, body: Buffer.concat(chunks) });
  });
}
