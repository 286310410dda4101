import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { startOn } from "../../crash/load.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import { oauthHeader } from "../../support/clients/maas-client.ts";
import { startCluster } from "../../support/databases/postgres-cluster.ts";
import { startSecondServer, startServerProcess } from "../../support/server.ts";

// A signed request counts once, also where the server that took it isn't the one that is asked again.

const ask = (url: string, authorization: string): Promise<Answer> =>
  send(url, "/MAAS/api/2.0/users/?op=whoami", { headers: { authorization } });

function assertReplay(answer: Answer): void {
  assert.equal(answer.status, 401, answer.text);
  assert.match(answer.text, /^Authorization Error: '(Nonce already used|Expired timestamp): /);
}

const nowSeconds = (): number => Date.now() / 1000;

/** Waits for the clock, which decides here. */
async function untilSecond(seconds: number): Promise<void> {
  while (nowSeconds() < seconds) await sleep(50);
}

forEachKind((kind) => {
  test(`a signed request isn't taken again after a restart, however the server ended (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    const { apiKey } = server.firstLogin;
    for (const end of ["stop", "kill"] as const) {
      const used = oauthHeader(apiKey);
      // As a client signs whose clock is behind.
      const late = oauthHeader(apiKey, { timestamp: Math.floor(nowSeconds()) - 1, nonce: `late-${end}` });
      assert.equal((await ask(server.url, used)).status, 200);
      if (end === "stop") assert.equal((await ask(server.url, late)).status, 200);
      await server[end]();
      await server.start();
      assertReplay(await ask(server.url, used));
      if (end === "stop") assertReplay(await ask(server.url, late));
      assert.equal((await ask(server.url, oauthHeader(apiKey))).status, 200);
    }
  });

  test(`nor is one that was dated ahead of the server's clock (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    const { apiKey } = server.firstLogin;
    const soon = Math.floor(nowSeconds()) + 4;
    const [near, far] = [oauthHeader(apiKey, { timestamp: soon }), oauthHeader(apiKey, { timestamp: soon + 200 })];
    for (const header of [near, far]) assert.equal((await ask(server.url, header)).status, 200);
    await server.kill();
    await server.start();
    assertReplay(await ask(server.url, far));
    await untilSecond(soon + 1);
    assertReplay(await ask(server.url, near));
    assert.equal((await ask(server.url, oauthHeader(apiKey))).status, 200);
  });
});

test("what one server took, another one on the same database doesn't", async () => {
  await using server = await startServerProcess({ kind: "postgres" });
  await using second = await startSecondServer(server);
  const { apiKey } = server.firstLogin;
  for (const [first, then] of [
    [server.url, second.url],
    [second.url, server.url],
  ] as const) {
    const used = oauthHeader(apiKey);
    assert.equal((await ask(first, used)).status, 200);
    assertReplay(await ask(then, used));
    assertReplay(await ask(first, used));
  }
  // Many at once, each to both.
  const headers = Array.from({ length: 40 }, () => oauthHeader(apiKey));
  const answers = await Promise.all(
    headers.map(async (header) => {
      const both = await Promise.all([ask(server.url, header), ask(second.url, header)]);
      return both.map(({ status }) => status).toSorted((a, b) => a - b);
    }),
  );
  for (const statuses of answers) assert.deepEqual(statuses, [200, 401]);
});

test("a crash of PostgreSQL, which empties the shared nonces, lets nothing be taken again", async () => {
  const cluster = await startCluster();
  try {
    await using server = await startOn(cluster.url);
    await using second = await startOn(cluster.url, server);
    const { apiKey } = server.firstLogin;
    const used = oauthHeader(apiKey);
    const ahead = oauthHeader(apiKey, { timestamp: Math.floor(nowSeconds()) + 200 });
    for (const header of [used, ahead]) assert.equal((await ask(server.url, header)).status, 200);
    await cluster.crash();
    for (const header of [used, ahead]) {
      let answer = await ask(second.url, header);
      // The connections of before are gone.
      while (answer.status === 503) answer = await ask(second.url, header);
      assertReplay(answer);
    }
    await untilSecond(nowSeconds() + 1);
    assert.equal((await ask(second.url, oauthHeader(apiKey))).status, 200);
  } finally {
    await cluster.stop();
  }
});
