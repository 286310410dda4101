import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { forEachKind } from "../../support/each-kind.ts";
import { send } from "../../support/clients/http-client.ts";
import { oauthHeader } from "../../support/clients/maas-client.ts";
import { bearer, logIn, type NativeEvent, type SessionClient } from "../../support/clients/native-client.ts";
import { openAnswer, type OpenAnswer, sentEvents } from "../../support/clients/open-answer.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { eventOf, lastId, powerFailure, report } from "../../support/reports.ts";
import { sharedServers, startServerProcess, type TestServer } from "../../support/server.ts";

// The log as it grows: GET /api/v1/events/stream.

const serverOf = sharedServers();

const byKey = (apiKey: string) => ({ authorization: `Bearer ${apiKey}` });
const bySession = ({ cookies }: SessionClient) => ({ cookie: cookies });

async function follow(server: TestServer, headers: Readonly<Record<string, string>>, query = ""): Promise<OpenAnswer> {
  const stream = await openAnswer(server.url, `events/stream?${query}`, headers);
  if (stream.status === 200) await stream.until((text) => text.startsWith("retry: "));
  return stream;
}

const idsIn = (stream: OpenAnswer): readonly number[] => sentEvents(stream.text).map(({ id }) => id);

/** Waits for the end that the server gives, and gives its reason. */
async function reasonOf(stream: OpenAnswer): Promise<unknown> {
  assert.equal(await stream.ended, "whole");
  const end = sentEvents(stream.text).at(-1);
  assert.equal(end?.event, "end");
  return end.data["reason"];
}

async function newKey(person: Person, body: object): Promise<{ readonly api_key: string; readonly token_key: string }> {
  const answer = await person.native.ask("POST", "account/tokens", body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json();
}

forEachKind((kind) => {
  test(`nobody, and a key that may only report, get no stream; a bad Last-Event-ID is a 400 (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server, { isAdministrator: true });
    assert.equal((await send(server.url, "/api/v1/events/stream")).status, 401);
    const { api_key } = await newKey(person, { scopes: ["events:write"] });
    assert.equal((await bearer(server, api_key).ask("GET", "events/stream")).status, 403);
    for (const id of ["x", "-1", "1.5", "1e3", "9".repeat(16)]) {
      const answer = await person.native.ask("GET", "events/stream", undefined, { headers: { "last-event-id": id } });
      assert.equal(answer.status, 400, id);
      assert.match(answer.text, /last-event-id/);
    }
  });

  test(`an event comes with its id, its name and its JSON; without after, from now on (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const person = await makePerson(server, { isAdministrator: true });
    const { api_key } = await newKey(person, { scopes: ["events:read"] });
    const action = `stream.${freshName("a")}`;
    await report(native, { ...powerFailure, action });
    using stream = await follow(server, byKey(api_key), `action=${action}`);
    assert.equal(stream.headers["content-type"], "text/event-stream; charset=utf-8");
    assert.equal(stream.headers["cache-control"], "no-store");
    const [item] = await report(native, {
      ...powerFailure,
      action,
      description: "Two\nlines.",
      details: { a: "\u2028" },
    });
    await stream.until((text) => sentEvents(text).length > 0);
    const [sent, ...more] = sentEvents(stream.text);
    assert.deepEqual(more, []);
    assert.equal(sent?.event, "event");
    assert.equal(sent.id, item?.id);
    assert.deepEqual(sent.data, await eventOf(native, sent.id));
  });

  test(`after and Last-Event-ID go on from there, and the header counts (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey } = server.firstLogin;
    const { native } = admin(server);
    const action = `stream.${freshName("a")}`;
    const items = await report(
      native,
      Array.from({ length: 5 }, () => ({ ...powerFailure, action })),
    );
    const ids = items.map(({ id }) => id);
    using all = await follow(server, byKey(apiKey), `action=${action}&after=0`);
    await all.until((text) => sentEvents(text).length >= 5);
    assert.deepEqual(idsIn(all), ids);
    using rest = await follow(server, byKey(apiKey), `action=${action}&after=${ids[1]}`);
    await rest.until((text) => sentEvents(text).length >= 3);
    assert.deepEqual(idsIn(rest), ids.slice(2));
    using again = await follow(
      server,
      { ...byKey(apiKey), "last-event-id": String(ids[2]) },
      `action=${action}&after=0`,
    );
    await again.until((text) => sentEvents(text).length >= 2);
    assert.deepEqual(idsIn(again), ids.slice(3));
  });

  test(`by MAAS's signature, whose nonce is good only once, a stream goes on all the same (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey } = server.firstLogin;
    const { native } = admin(server);
    using stream = await follow(server, { authorization: oauthHeader(apiKey) });
    for (let turn = 1; turn <= 3; turn += 1) {
      const [item] = await report(native, powerFailure);
      await stream.until((text) => sentEvents(text).some(({ id }) => id === item?.id));
    }
  });

  test(`nothing is missed, twice or out of order while four clients record as fast as they can (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const person = await makePerson(server, { isAdministrator: true });
    const action = `stream.${freshName("a")}`;
    const afterId = await lastId(native);
    using steady = await follow(server, byKey(person.apiKey), `after=${afterId}`);
    using filtered = await follow(server, byKey(person.apiKey), `after=${afterId}&action=${action}`);
    const ids: number[] = [];
    const reporters = Array.from({ length: 4 }, async (_, reporter) => {
      for (let turn = 0; turn < 60; turn += 1) {
        const more = turn % 10 === 9 ? 90 : 3;
        const events = Array.from({ length: more }, () => ({ ...powerFailure, action }));
        ids.push(
          ...(await report(native, reporter === 0 && turn % 2 === 0 ? { ...powerFailure, action } : events)).map(
            ({ id }) => id,
          ),
        );
      }
    });
    await Promise.all(reporters);
    assert.ok(ids.length > 2_500, `${ids.length} events`);
    const last = Math.max(...ids);
    await steady.until((text) => text.includes(`id: ${last}\n`));
    await filtered.until((text) => text.includes(`id: ${last}\n`));
    assert.deepEqual(
      idsIn(filtered),
      ids.toSorted((one, other) => one - other),
    );
    const all = idsIn(steady).filter((id) => id <= last);
    assert.deepEqual(
      all,
      Array.from({ length: last - afterId }, (_, at) => afterId + 1 + at),
    );
  });

  test(`B7: a user's stream has their own events alone, whatever is asked for (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const [ann, ben] = [await makePerson(server), await makePerson(server)];
    using own = await follow(server, byKey(ann.apiKey), "after=0");
    using others = await follow(server, byKey(ann.apiKey), `after=0&owner=${ben.username}`);
    using excluding = await follow(server, byKey(ann.apiKey), `after=0&exclude=owner:${ann.username}`);
    await ben.native.ask("POST", "account/tokens", { name: "of ben" });
    await report(native, { ...powerFailure, level: "AUDIT", username: ann.username });
    await report(native, { ...powerFailure, node: "nosuch" });
    await ann.native.ask("POST", "account/tokens", { name: "the last one" });
    const text = await own.until((sofar) => sofar.includes("the last one"));
    const names = sentEvents(text).map(({ data }) => data["username"]);
    assert.deepEqual([...new Set(names)], [ann.username]);
    assert.deepEqual([...idsIn(others), ...idsIn(excluding)], []);
  });

  const person = (server: TestServer, isAdministrator = false) => makePerson(server, { isAdministrator });
  const root = (server: TestServer) => admin(server).native;
  for (const [what, reason, end] of [
    [
      "the password is changed",
      "session_ended",
      (_s, p, session) =>
        session.ask("PUT", "account/password", { old_password: p.password, new_password: "a new password" }),
    ],
    [
      "an administrator sets the password",
      "session_ended",
      (s, p) => root(s).ask("PUT", `users/${p.username}/password`, { new_password: "a new password" }),
    ],
    ["its user logs out", "session_ended", (_s, _p, session) => session.ask("DELETE", "session")],
    [
      "an administrator ends the sessions",
      "session_ended",
      (s, p) => root(s).ask("DELETE", `users/${p.username}/sessions`),
    ],
    [
      "its user is deactivated",
      "session_ended",
      (s, p) => root(s).ask("PATCH", `users/${p.username}`, { is_active: false }),
    ],
    ["its user is deleted", "session_ended", (s, p) => root(s).ask("DELETE", `users/${p.username}`)],
    ["its user is demoted", "demoted", (s, p) => root(s).ask("PATCH", `users/${p.username}`, { is_superuser: false })],
  ] as readonly (readonly [
    string,
    string,
    (server: TestServer, person: Person, session: SessionClient) => Promise<{ readonly status: number }>,
  ])[]) {
    test(`D1: a stream by session ends when ${what}, and has nothing of what comes then (${kind})`, async () => {
      const server = await serverOf(kind);
      const who = await person(server, true);
      const session = await logIn(server, who, { from: who.from });
      using stream = await follow(server, bySession(session));
      assert.ok((await end(server, who, session)).status < 300);
      const [item] = await report(root(server), powerFailure);
      assert.equal(await reasonOf(stream), reason);
      assert.ok(!idsIn(stream).includes(item?.id ?? 0));
    });
  }

  for (const [what, reason, end] of [
    ["its key is deleted", "token_ended", (_s, p, key) => p.native.ask("DELETE", `account/tokens/${key}`)],
    [
      "its user is deactivated",
      "user_deactivated",
      (s, p) => root(s).ask("PATCH", `users/${p.username}`, { is_active: false }),
    ],
    ["its user is deleted", "token_ended", (s, p) => root(s).ask("DELETE", `users/${p.username}`)],
    ["its user is demoted", "demoted", (s, p) => root(s).ask("PATCH", `users/${p.username}`, { is_superuser: false })],
  ] as readonly (readonly [
    string,
    string,
    (server: TestServer, person: Person, tokenKey: string) => Promise<{ readonly status: number }>,
  ])[]) {
    test(`D1: a stream by API key ends when ${what} (${kind})`, async () => {
      const server = await serverOf(kind);
      const who = await person(server, true);
      const { api_key, token_key } = await newKey(who, { name: "for a stream" });
      using stream = await follow(server, byKey(api_key));
      assert.ok((await end(server, who, token_key)).status < 300);
      assert.equal(await reasonOf(stream), reason);
    });
  }

  test(`D1: a stream by API key outlives the password, and ends when the key has expired (${kind})`, async () => {
    const server = await serverOf(kind);
    const who = await person(server);
    const { api_key } = await newKey(who, { expires: new Date(Date.now() + 3_000).toISOString() });
    using stream = await follow(server, byKey(api_key));
    const passwords = { old_password: who.password, new_password: "a new password" };
    assert.equal((await who.native.ask("PUT", "account/password", passwords)).status, 204);
    await who.native.ask("POST", "account/tokens", { name: "afterwards" });
    await stream.until((text) => text.includes("afterwards"));
    while (!stream.isOver) {
      await report(root(server), powerFailure);
      await sleep(100);
    }
    assert.equal(await reasonOf(stream), "token_ended");
    const uses = await root(server).ask("GET", `events?action=token.refuse&owner=`);
    const refused = uses.json<{ items: readonly NativeEvent[] }>().items;
    assert.ok(
      refused.every(({ target_name }) => target_name !== who.username),
      "waiting is no use of a key",
    );
  });

  test(`a user has so many streams and no more, and one that was closed makes room (${kind})`, async () => {
    const server = await serverOf(kind);
    const who = await person(server);
    using open = new DisposableStack();
    const streams: OpenAnswer[] = [];
    let refused: OpenAnswer | undefined;
    while (refused === undefined) {
      const stream = open.use(await follow(server, byKey(who.apiKey)));
      if (stream.status === 200) streams.push(stream);
      else refused = stream;
      assert.ok(streams.length < 50);
    }
    assert.ok(streams.length >= 6);
    assert.equal(refused.status, 429);
    assert.match(refused.headers["retry-after"] ?? "", /^\d+$/);
    assert.equal((await who.native.ask("GET", "events")).status, 200);
    streams[0]?.[Symbol.dispose]();
    let status = 0;
    while (status !== 200) status = open.use(await follow(server, byKey(who.apiKey))).status;
  });

  test(`a comment comes where there is nothing to tell (${kind})`, async () => {
    const server = await serverOf(kind);
    using stream = await follow(server, byKey((await person(server)).apiKey));
    await stream.until((text) => /\n: /.test(text));
    assert.deepEqual(sentEvents(stream.text), []);
  });

  test(`a server that stops says so, and does not wait for its streams (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    using stream = await follow(server, byKey(server.firstLogin.apiKey));
    assert.equal((await server.stop()).code, 0);
    // One whose connection was cut would have heard no reason.
    assert.equal(await reasonOf(stream), "server_stopped");
  });
});
