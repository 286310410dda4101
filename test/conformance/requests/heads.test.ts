import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { send } from "../../support/clients/http-client.ts";
import { newestEventId } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { until } from "../../support/until.ts";
import { sharedServers } from "../../support/server.ts";

// What HTTP and time have at their edges.

const serverOf = sharedServers();

forEachKind((kind) => {
  test(`HEAD answers as GET does, without the body (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey, native } = await makePerson(server);
    const headers = { authorization: `Bearer ${apiKey}` };
    const own = await newestEventId(native);
    await until(async () => (await send(server.url, "/log/checkpoint")).status === 200);
    for (const where of [
      "/",
      "/healthz",
      "/readyz",
      "/metrics",
      "/log/checkpoint",
      "/MAAS/",
      "/MAAS/accounts/login/",
      "/api/v1/openapi.json",
      "/api/v1/account",
      "/api/v1/events?limit=1",
      "/api/v1/events/999999",
      `/api/v1/events/${own}`,
      `/api/v1/events/${own}/proof`,
      "/api/v1/nosuch",
      "/nosuch",
    ]) {
      const [get, head] = [
        await send(server.url, where, { headers }),
        await send(server.url, where, { headers, method: "HEAD" }),
      ];
      assert.deepEqual([head.status, head.type, head.text], [get.status, get.type, ""], where);
    }
  });

  test(`HEAD is refused where an answer lasts or is recorded, and in MAAS's API (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey } = await makePerson(server);
    const root = admin(server);
    const headers = { authorization: `Bearer ${apiKey}` };
    const before = await newestEventId(root.native);
    for (const where of ["stream", "export", "evidence"]
      .map((last) => `/api/v1/events/${last}`)
      .concat("/MAAS/api/2.0/events/?op=query")) {
      const head = await send(server.url, where, { headers, method: "HEAD" });
      assert.deepEqual([head.status, head.text], [405, ""], where);
      assert.match(String(head.headers["allow"]), /^GET/);
      assert.doesNotMatch(String(head.headers["allow"]), /HEAD/);
    }
    assert.equal(await newestEventId(root.native), before);
    const post = await send(server.url, "/api/v1/account", { headers, method: "POST" });
    assert.equal(post.headers["allow"], "GET, PATCH, HEAD");
  });

  test(`the scheme of an API key may be written in any case (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey, username } = await makePerson(server);
    for (const scheme of ["Bearer", "bearer", "BEARER", "bEaReR"]) {
      const answer = await send(server.url, "/api/v1/account", { headers: { authorization: `${scheme} ${apiKey}` } });
      assert.equal(answer.status, 200, scheme);
      assert.equal(answer.json<{ username: string }>().username, username);
    }
  });

  test(`since and until at the edge of all times are no bounds; a lost plus is named (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = await makePerson(server);
    const all = (await native.ask("GET", "events")).json<{ items: unknown[] }>().items.length;
    assert.ok(all > 0);
    for (const [query, count] of [
      ["since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z", all],
      ["since=9999-12-31T23:59:59Z", 0],
      ["until=0001-01-01T00:00:00Z", 0],
      ["since=2016-12-31T23:59:60Z", all],
    ] as const) {
      const answer = await native.ask("GET", `events?${query}`);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json<{ items: unknown[] }>().items.length, count, query);
    }
    const lost = await native.ask("GET", "events?since=2026-01-01T00:00:00+02:00");
    assert.equal(lost.status, 400);
    assert.match(lost.text, /became a blank .*%2B/);
  });
});
