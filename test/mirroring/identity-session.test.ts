import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../support/each-kind.ts";
import { freshAddress, send } from "../support/clients/http-client.ts";
import { eventsSince, newestEventId, sessionClient, type SessionClient } from "../support/clients/native-client.ts";
import { openAnswer } from "../support/clients/open-answer.ts";
import { boss, johnny, mirroredWorld, own } from "../support/maas/mirrored-world.ts";
import type { MirroredEvent } from "../support/maas/mirrored.ts";
import { openShell } from "../support/processes/command.ts";
import type { TestServer } from "../support/server.ts";
import { admin } from "../support/worlds/people.ts";

// A browser's session that was opened with a key of a mirrored MAAS.

async function logInWith(server: TestServer, api_key: string): Promise<SessionClient> {
  const answer = await tryKey(server, api_key);
  assert.equal(answer.status, 200, answer.text);
  return sessionClient(server, answer.cookie("sessionid") ?? "", answer.cookie("csrftoken") ?? "");
}

function tryKey(server: TestServer, api_key: string, source = "prod") {
  return send(server.url, "/api/v1/session/source", {
    method: "POST",
    from: freshAddress(),
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ api_key, source }),
  });
}

async function descriptions(session: SessionClient): Promise<readonly string[]> {
  const answer = await session.ask("GET", "events");
  assert.equal(answer.status, 200, answer.text);
  return answer.json<{ items: { description: string }[] }>().items.map(({ description }) => description);
}

forEachKind((kind) => {
  test(`a session reads what the key does, says who it is, and can be logged out (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server } = world;
    const { native } = admin(server);
    const before = await newestEventId(native);
    const session = await logInWith(server, johnny);
    assert.deepEqual(await descriptions(session), own);
    assert.partialDeepStrictEqual((await session.ask("GET", "session")).json(), {
      username: "johnnybegood",
      is_superuser: false,
      realm: "prod",
      reads_realm: false,
    });
    const administrator = await logInWith(server, boss);
    assert.equal((await descriptions(administrator)).length, 5);
    assert.partialDeepStrictEqual((await administrator.ask("GET", "session")).json(), { reads_realm: true });
    for (const path of ["users", "account", "settings", "sources", "nodes", "sessions"]) {
      assert.equal((await session.ask("GET", path)).status, 403, path);
    }
    const cookie = `sessionid=${session.sessionId}`;
    const elsewhere = await send(server.url, "/MAAS/at/nowhere/api/2.0/events/?op=query", { headers: { cookie } });
    assert.equal(elsewhere.status, 401, "an address that names another MAAS");
    assert.equal((await session.ask("DELETE", "session")).status, 204);
    assert.equal((await session.ask("GET", "events")).status, 401);
    const told = ((await eventsSince(native, before)) as readonly MirroredEvent[]).filter(
      ({ username }) => username === "johnnybegood",
    );
    assert.deepEqual(
      told.map(({ action, source, user_id, realm, realm_user_id, generation }) => [
        action,
        source,
        user_id,
        realm,
        realm_user_id,
        generation,
      ]),
      ["auth.login", ...Array.from({ length: 6 }, () => "operation.refuse"), "auth.logout"].map((action) => [
        action,
        "ironlog",
        null,
        "prod",
        12,
        1,
      ]),
    );
    assert.notEqual(told[0]?.session, null);
    assert.ok(told.every(({ session: fingerprint }) => fingerprint === told[0]?.session));
    using shell = openShell();
    const verified = await shell.ironlog(["log", "verify", ...server.databaseArgs]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  });

  test(`while a MAAS is away its people wait, and others log in with the same browser (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server, maas } = world;
    const session = await logInWith(server, johnny);
    await server.stop();
    await server.start();
    await maas.ask("alter table auth_user rename to another");
    assert.equal((await session.ask("GET", "events")).status, 503);
    const headers = { cookie: `sessionid=${session.sessionId}`, "content-type": "application/json" };
    assert.equal((await send(server.url, "/api/v1/sign-in", { headers })).status, 200);
    const { username, password } = server.firstLogin;
    const other = await send(server.url, "/api/v1/session", {
      method: "POST",
      headers,
      body: JSON.stringify({ username, password }),
    });
    assert.equal(other.status, 200, other.text);
  });

  test(`a session ends with what its source was, and follows its person's state there (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server, maas } = world;
    const { native } = admin(server);
    const session = await logInWith(server, johnny);
    using stream = await openAnswer(server.url, "events/stream", { cookie: `sessionid=${session.sessionId}` });
    assert.equal(stream.status, 200);
    assert.equal((await native.ask("PATCH", "sources/prod", { plain_http: true })).status, 200);
    assert.equal((await session.ask("GET", "events")).status, 401);
    await stream.until((text) => text.includes("session_ended"));
    const ended = await logInWith(server, johnny);
    assert.equal((await native.ask("DELETE", "sources/prod/sessions")).status, 204);
    assert.equal((await ended.ask("GET", "events")).status, 401);
    // Deactivated there since the login: the server asks when nothing is remembered of it.
    const second = await logInWith(server, johnny);
    await maas.ask("update auth_user set is_active = false where id = 12");
    await server.stop();
    await server.start();
    assert.equal((await second.ask("GET", "events")).status, 401);
    await maas.ask("update auth_user set is_active = true where id = 12");
    await maas.hidePeople();
    await server.stop();
    await server.start();
    assert.equal((await second.ask("GET", "events")).status, 401, "who they are is hidden by now");
    const hidden = await tryKey(server, boss);
    assert.deepEqual([hidden.status, hidden.text.includes("ON auth_user")], [403, true], hidden.text);
    // Of a new generation, the same id is another person.
    assert.equal((await native.ask("POST", "sources/prod/continue", { new_generation: true })).status, 200);
    assert.equal((await second.ask("GET", "events")).status, 401);
  });
});
