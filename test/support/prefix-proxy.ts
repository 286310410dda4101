import http from "node:http";
import { freePort, portOf } from "./ports.ts";
import { startServer, type TestServer } from "./server.ts";

/** A reverse proxy that serves another server below a path. */
interface PrefixProxy extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly origin: string;
}

/**
 * Listens on a free port, and passes requests on to another on this machine. With `keeps` the path goes on as it came (nginx's `proxy_pass http://host;`, Caddy's `handle`);
 * else what stands in front is taken away (`proxy_pass http://host/;`, `handle_path`). Everything else is a 404.
 */
async function startPrefixProxy(prefix: string, keeps: boolean, targetPort: number): Promise<PrefixProxy> {
  const server = http.createServer((request, response) => {
    const { url = "/" } = request;
    if (url !== prefix && !url.startsWith(`${prefix}/`)) {
      response.writeHead(404).end("not here");
      return;
    }
    const stripped = url.slice(prefix.length);
    const passed = http.request(
      {
        host: "127.0.0.1",
        port: targetPort,
        method: request.method,
        path: keeps ? url : stripped === "" ? "/" : stripped,
        headers: { ...request.headers, "x-forwarded-for": request.socket.remoteAddress ?? "" },
        agent: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    passed.on("error", () => response.destroy());
    response.on("close", () => passed.destroy());
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${portOf(server.address())}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A server below `/audit` behind such a proxy. */
export interface ServerBelow extends AsyncDisposable {
  readonly server: TestServer;
  readonly proxy: PrefixProxy;
  /** The address that people use. */
  readonly url: string;
}

export async function startBelow(keeps: boolean): Promise<ServerBelow> {
  const port = await freePort();
  const proxy = await startPrefixProxy("/audit", keeps, port);
  const url = `${proxy.origin}/audit`;
  const args = ["--url", url, "--port", String(port), "--trusted-proxy", "127.0.0.1"];
  const server = await startServer({ kind: "sqlite", args });
  return {
    server,
    proxy,
    url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}
