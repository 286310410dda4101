import assert from "node:assert/strict";
import { test } from "node:test";
import { openShell } from "../support/processes/command.ts";
import { send } from "../support/clients/http-client.ts";
import { oauthHeader } from "../support/clients/maas-client.ts";
import { startBelow } from "../support/prefix-proxy.ts";
import { refusedStart, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

// Behind a proxy that serves it below a path, whichever way it passes that on. No storage is in it.

for (const keeps of [true, false]) {
  const how = keeps ? "keeps" : "takes away";
  test(`--url with a path: every link leads through it, where the proxy ${how} it`, async () => {
    await using below = await startBelow(keeps);
    const { server, proxy, url } = below;
    const { apiKey, username, password } = server.firstLogin;
    const maas = async (path: string) => {
      const answer = await send(proxy.origin, path, { headers: { authorization: oauthHeader(apiKey) } });
      assert.equal(answer.status, 200, `${path}: ${answer.text}`);
      return answer;
    };
    const page = (await maas("/audit/MAAS/api/2.0/events/?op=query&level=AUDIT&limit=1")).json<{
      next_uri: string;
      prev_uri: string;
    }>();
    assert.match(page.next_uri, /^\/audit\/MAAS\/api\/2\.0\/events\/\?/);
    assert.match(page.prev_uri, /^\/audit\/MAAS\/api\/2\.0\/events\/\?/);
    const older = (await maas(page.prev_uri)).json<{ events: readonly { description: string }[] }>();
    assert.equal(older.events.length, 1);
    const [user] = (await maas("/audit/MAAS/api/2.0/users/")).json<{ resource_uri: string }[]>();
    assert.equal(user?.resource_uri, "/audit/MAAS/api/2.0/users/admin/");
    await maas(user.resource_uri);
    const described = (await maas("/audit/MAAS/api/2.0/describe/")).json<{
      resources: { auth: { path: string; uri: string } | null }[];
    }>();
    for (const { auth } of described.resources) {
      if (auth === null) continue;
      assert.match(auth.path, /^\/audit\/MAAS\/api\/2\.0\//);
      assert.equal(auth.uri, `${proxy.origin}${auth.path}`);
    }

    const openapi = (await send(proxy.origin, "/audit/api/v1/openapi.json")).json<{ servers: unknown }>();
    assert.deepEqual(openapi.servers, [{ url: "/audit" }]);
    const native = (path: string) => send(proxy.origin, path, { headers: { authorization: `Bearer ${apiKey}` } });
    const { older: next } = (await native("/audit/api/v1/events?limit=1")).json<{ older: string }>();
    assert.match(next, /^\/audit\/api\/v1\/events\?/);
    assert.equal((await native(next)).status, 200);
    // The first checkpoint is signed within a second.
    await until(async () => (await send(proxy.origin, "/audit/log/checkpoint")).status === 200);
    for (const [path, location] of [
      ["/audit/MAAS/", "/audit/"],
      ["/audit/MAAS/r/machines", "/audit/machines"],
    ] as const) {
      const led = await send(proxy.origin, path);
      assert.deepEqual([led.status, led.headers.location], [302, location]);
    }
    const login = await send(proxy.origin, "/audit/api/v1/session", {
      method: "POST",
      headers: { "content-type": "application/json", origin: proxy.origin },
      body: JSON.stringify({ username, password }),
    });
    assert.equal(login.status < 300, true, login.text);
    for (const cookie of login.headers["set-cookie"] ?? []) assert.match(cookie, /; Path=\/audit;/);

    using shell = openShell();
    assert.equal((await shell.ironlog(["login", "p", `${url}/MAAS/`, apiKey])).code, 0);
    const asked = await shell.ironlog(["p", "events", "query", "level=AUDIT"]);
    assert.equal(asked.code, 0, asked.stderr);
    assert.match(asked.stdout, /User 'admin' logged in\./);
    const verified = await shell.ironlog(["log", "verify", "--url", url]);
    assert.equal(verified.code, 0, verified.stderr);
  });
}

for (const [given, mend] of [
  ["https://example.com/MAAS", /can't have a path that begins with \/MAAS/],
  ["https://example.com/api/x", /can't have a path that begins with \/api/],
  ["https://example.com/a%20b", /letters, digits/],
  ["https://example.com/a/../..//b", /letters, digits/],
  ["https://example.com/audit?x=1", /takes an address such as/],
] as const) {
  test(`--url ${given} is refused`, async () => {
    const refused = await refusedStart(["--url", given]);
    assert.match(refused, mend);
    assert.match(refused, /--url/);
  });
}

test("MAAS's own pages lead to ours", async () => {
  await using server = await startServer({ kind: "sqlite" });
  for (const [path, location] of [
    ["/MAAS", "/"],
    ["/MAAS/", "/"],
    ["/MAAS/r", "/"],
    ["/MAAS/r/", "/"],
    ["/MAAS/r/machine/abc123?x=1", "/machine/abc123?x=1"],
    ["/MAAS/r/settings/user-management/users", "/settings/user-management/users"],
    ["/MAAS/l/machines", "/machines"],
    ["/MAAS/l/nosuch", "/"],
    ["/MAAS/r//evil.example", "/"],
  ] as const) {
    for (const method of ["GET", "HEAD"]) {
      const { status, headers } = await send(server.url, path, { method });
      assert.deepEqual([status, headers.location], [302, location], `${method} ${path}`);
    }
  }
});
