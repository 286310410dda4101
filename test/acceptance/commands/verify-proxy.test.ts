import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { openShell } from "../../support/processes/command.ts";
import { freePort, portOf } from "../../support/ports.ts";
import { sharedServerProcesses } from "../../support/server.ts";
import { until } from "../../support/until.ts";

// `log verify --url` takes the way that the environment names, and blames whom it concerns. No storage is in it.

const serverOf = sharedServerProcesses();

test("log verify --url goes through http_proxy, and past it where no_proxy says so", async () => {
  const server = await serverOf("sqlite");
  const asked: string[] = [];
  const proxy = http.createServer((request, response) => {
    const url = new URL(request.url ?? "");
    asked.push(url.pathname);
    // The name is the proxy's to know.
    const { port } = new URL(server.url);
    http.get({ host: "127.0.0.1", port, path: url.pathname }, (answer) => {
      response.writeHead(answer.statusCode ?? 502);
      answer.pipe(response);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  using shell = openShell();
  const env = { http_proxy: `127.0.0.1:${portOf(proxy.address())}` };
  const verify = (more: Readonly<Record<string, string>>, url: string) =>
    shell.ironlog(["log", "verify", "--url", url], { env: { ...env, ...more } });
  await until(async () => (await fetch(`${server.url}/log/checkpoint`)).status === 200);
  const through = await verify({}, "http://log.example.invalid");
  assert.equal(through.code, 0, through.stderr);
  assert.ok(asked.includes("/log/checkpoint") && asked.length > 1, asked.join());
  const before = asked.length;
  assert.equal((await verify({ no_proxy: "127.0.0.0/8" }, server.url)).code, 0);
  assert.equal(asked.length, before);
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));

  const dead = `http://127.0.0.1:${await freePort()}`;
  const failed = await verify({ http_proxy: dead }, "http://log.example.invalid");
  assert.notEqual(failed.code, 0);
  assert.ok(failed.stderr.includes(`through the proxy ${dead}, which http_proxy names`), failed.stderr);
  const socks = await verify({ http_proxy: "socks5://127.0.0.1:1" }, "http://log.example.invalid");
  assert.match(socks.stderr, /socks5 is not supported/);
});
