import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../support/each-kind.ts";
import { type Ask, send, sendRaw } from "../support/clients/http-client.ts";
import { newestEventId, logIn } from "../support/clients/native-client.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { sharedServers } from "../support/server.ts";

// A page elsewhere that points a name of its own at this server (DNS rebinding) gets nothing from it.

const serverOf = sharedServers({ args: ["--allowed-host", "audit.example,proxy.example", "--allowed-host", "third"] });

/** Something below each API. */
const apis: readonly (readonly [path: string, ask?: Ask])[] = [
  ["/"],
  ["/login"],
  ["/assets/nothing.js"],
  ["/MAAS/"],
  ["/MAAS/api/2.0/version/"],
  ["/MAAS/accounts/login/", { method: "POST", body: "" }],
  ["/api/v1/openapi.json"],
  ["/api/v1/session", { method: "POST", body: "{}" }],
  ["/log/checkpoint"],
  ["/log/tile/0/000", { method: "POST", body: "x" }],
  ["/metrics"],
  ["/nothing"],
];

forEachKind((kind) => {
  test(`a name that isn't this server's is refused in every API, with the mend (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const before = await newestEventId(native);
    for (const [path, ask] of apis) {
      for (const host of ["rebound.example", "rebound.example:5240", "localhost.rebound.example"]) {
        const headers = { host, authorization: `Bearer ${server.firstLogin.apiKey}` };
        const answer = await send(server.url, path, { ...ask, headers });
        assert.equal(answer.status, 421, `${path} of '${host}': ${answer.text}`);
        assert.match(answer.text, /start it with --allowed-host (rebound\.example|localhost\.rebound\.example)\./);
        assert.equal(answer.headers["set-cookie"], undefined);
        if (path.startsWith("/api/")) assert.equal(answer.json<{ code: string }>().code, "misdirected");
      }
    }
    assert.match(await sendRaw(server.url, "GET /metrics HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n"), / 421 /);
    assert.equal(await newestEventId(native), before);
  });

  test(`neither a second Host nor a whole address in the request line is a way around (${kind})`, async () => {
    const server = await serverOf(kind);
    const ask = (target: string, ...hosts: readonly string[]): Promise<string> =>
      sendRaw(
        server.url,
        `GET ${target} HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join("")}Connection: close\r\n\r\n`,
      );
    assert.match(await ask("/metrics", "127.0.0.1", "rebound.example"), /^HTTP\/1\.1 400 [^]*Send one Host header\./);
    assert.match(await ask("http://rebound.example/metrics", "localhost"), /^HTTP\/1\.1 421 /);
    assert.match(await ask("http://localhost/metrics", "rebound.example"), /^HTTP\/1\.1 421 /);
    assert.doesNotMatch(await ask("http://rebound.example/healthz", "rebound.example"), /^HTTP\/1\.1 421 /);
  });

  test(`whoever watches the server may call it as they like (${kind})`, async () => {
    const server = await serverOf(kind);
    for (const path of ["/healthz", "/readyz"]) {
      assert.equal((await send(server.url, path, { headers: { host: "probe.example" } })).status, 200, path);
    }
  });

  test(`addresses, localhost and what was allowed are answered in every API (${kind})`, async () => {
    const server = await serverOf(kind);
    for (const host of [
      "192.0.2.1",
      "[2001:db8::1]:5240",
      "localhost:1",
      "audit.example:5240",
      "Proxy.Example",
      "third",
    ]) {
      for (const [path, ask] of apis) {
        assert.notEqual(
          (await send(server.url, path, { ...ask, headers: { host } })).status,
          421,
          `${path} of ${host}`,
        );
      }
    }
  });

  test(`/readyz tells anybody the states alone, and administrators the rest (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const person = await makePerson(server);
    const narrow = await root.native.ask("POST", "account/tokens", { name: "collector", scopes: ["events:read"] });
    const session = await logIn(server, server.firstLogin);
    const read = async (headers: Record<string, string>): Promise<string> =>
      (await send(server.url, "/readyz", { headers })).text;
    const states =
      /^(ready|degraded: [a-z, ]+)\nsigning: (yes|no|NO)\nlast checkpoint: (yes|never)\nlast verification: (none yet|[a-z]+, [a-z]+)\n(worker [a-z-]+: [a-zA-Z ]+\n)+$/;
    for (const headers of [
      {},
      { authorization: `Bearer ${person.apiKey}` },
      { authorization: `Bearer ${narrow.json<{ api_key: string }>().api_key}` },
      { authorization: "Bearer a:b:c" },
    ]) {
      assert.match(await read(headers), states);
    }
    for (const headers of [{ authorization: `Bearer ${server.firstLogin.apiKey}` }, { cookie: session.cookies }]) {
      assert.match(await read(headers), /^last checkpoint: (\d+ events at \S+|never)$/m);
      assert.match(await read(headers), /^worker signer: running; done by this server; \d+ turns, 0 failed$/m);
    }
  });

  test(`a key's scopes count for /metrics too (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const status = async (scopes: readonly string[] | undefined): Promise<readonly [number, string]> => {
      const made = await native.ask("POST", "account/tokens", { name: "scraper", ...(scopes && { scopes }) });
      const { api_key } = made.json<{ api_key: string }>();
      // What an undeclared proxy passes on doesn't count as this machine's.
      const headers = { authorization: `Bearer ${api_key}`, "x-forwarded-for": "203.0.113.9" };
      const answer = await send(server.url, "/metrics", { headers });
      return [answer.status, answer.text];
    };
    assert.equal((await status(undefined))[0], 200);
    assert.equal((await status(["admin"]))[0], 200);
    for (const scopes of [["events:read"], ["events:write"], ["events:read", "events:write"]]) {
      const [code, text] = await status(scopes);
      assert.equal(code, 403);
      assert.match(text, /This API key may only do what its scopes say/);
    }
  });
});
