import http from "node:http";
import { portOf } from "./ports.ts";

/** A reverse proxy that serves another server below a path. */
export interface PrefixProxy extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly origin: string;
}

/**
 * Listens on a free port, and passes requests on to another on this machine. With `keeps` the path goes on as it came (nginx's `proxy_pass http://host;`, Caddy's `handle`);
 * else what stands in front is taken away (`proxy_pass http://host/;`, `handle_path`). Everything else is a 404.
 */
export async function startPrefixProxy(prefix: string, keeps: boolean, targetPort: number): Promise<PrefixProxy> {
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
