import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../support/each-kind.ts";
import { freshAddress, send } from "../support/clients/http-client.ts";
import { type MaasPage, oauthHeader } from "../support/clients/maas-client.ts";
import { allEvents, eventsSince, newestEventId } from "../support/clients/native-client.ts";
import { openAnswer } from "../support/clients/open-answer.ts";
import { takeGuardsOff } from "../support/databases/guards.ts";
import { mirroredMaas } from "../support/maas/mirrored-maas.ts";
import { openShell } from "../support/processes/command.ts";
import type { MirroredEvent } from "../support/maas/mirrored.ts";
import {
  boss,
  descriptions,
  johnny,
  maasEvents,
  mirroredWorld,
  nativeAt,
  own,
} from "../support/maas/mirrored-world.ts";
import { admin, makePerson } from "../support/worlds/people.ts";

// People of a mirrored MAAS read their own events here, with the key that they have there, and nothing else.

forEachKind((kind) => {
  test(`by the very command of the specification everybody reads what is theirs, and an administrator all of that MAAS (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server } = world;
    assert.deepEqual(await descriptions(server, johnny, "level=AUDIT&owner=johnnybegood"), own);
    assert.deepEqual(await descriptions(server, johnny, "level=AUDIT"), own);
    assert.deepEqual(await descriptions(server, johnny, "level=AUDIT&owner=boss"), []);
    assert.deepEqual(await descriptions(server, johnny, "level=AUDIT&zone=default"), []);
    assert.deepEqual(await descriptions(server, johnny, "level=DEBUG"), []);
    assert.deepEqual(await descriptions(server, boss, "level=AUDIT&owner=johnnybegood"), [
      "Of another johnnybegood.",
      ...own,
    ]);
    assert.equal((await descriptions(server, boss, "level=AUDIT")).length, 4, "and nothing of Ironlog's own");
    const [powered] = (await maasEvents(server, boss, "level=DEBUG")).json<MaasPage>().events;
    assert.deepEqual([powered?.node, powered?.hostname], ["abc123", "node-1"], "nodes as their own MAAS shows them");
    // A key is good at its own MAAS, and shows nothing of others.
    assert.equal((await maasEvents(server, boss, "level=AUDIT", "at/nowhere/")).status, 401);
    const neighbour = await (await mirroredMaas(server, "other")).makePerson({ isAdministrator: true });
    assert.equal((await maasEvents(server, boss, "level=AUDIT", "at/other/")).status, 401);
    const seen = await send(server.url, "/api/v1/events", { headers: neighbour.headers });
    assert.deepEqual(seen.json<{ items: unknown[] }>().items, []);
    // Pages lead on at the same place.
    const page = (await maasEvents(server, boss, "level=AUDIT&limit=2")).json<MaasPage>();
    assert.match(page.prev_uri ?? "", /^\/MAAS\/at\/prod\/api\/2\.0\/events\/\?op=query&/);
    const next = await send(server.url, page.prev_uri ?? "", { headers: { authorization: oauthHeader(boss) } });
    assert.equal(next.json<MaasPage>().events.length, 2, next.text);
    // What a client's login asks for.
    const headers = { authorization: oauthHeader(johnny) };
    const who = await send(server.url, "/MAAS/at/prod/api/2.0/users/?op=whoami", { headers });
    assert.partialDeepStrictEqual(who.json(), { username: "johnnybegood", is_superuser: false, is_local: false });
    const described = (await send(server.url, "/MAAS/at/prod/api/2.0/describe/", {})).text;
    assert.match(described, /"uri": "http:\/\/[^"]*\/MAAS\/at\/prod\/api\/2\.0\/events\/"/);
    assert.doesNotMatch(described, /"uri": "[^"]*\/MAAS\/api\//);
  });

  test(`without a name in the address the source is the setting's, and without that setting there is none (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server, api } = world;
    const { native } = admin(server);
    assert.equal((await maasEvents(server, johnny, "level=AUDIT", "")).status, 401);
    assert.deepEqual(api.asked, [], "a key is sent nowhere that nobody has named");
    const set = await native.ask("PUT", "settings/ironlog_default_source", { value: "prod" });
    assert.equal(set.status, 200, set.text);
    assert.deepEqual(await descriptions(server, johnny, "level=AUDIT", ""), own);
    // Changed by SQL, it is none.
    await native.ask("PUT", "settings/ironlog_default_source", { value: "" });
    const guardAgain = await takeGuardsOff(server, "setting");
    await server.meddle(`update setting set value = '"prod"' where name = 'ironlog_default_source'`);
    await guardAgain();
    const asked = api.asked.length;
    const refused = await maasEvents(server, "another:of:johnny", "level=AUDIT", "");
    assert.deepEqual([refused.status, api.asked.length], [401, asked], refused.text);
  });

  test(`the native API shows the same, and all else is for those who have an account (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server } = world;
    const { native } = admin(server);
    const from = await newestEventId(native);
    const person = nativeAt(server, johnny);
    const page = (await person.ask("GET", "events")).json<{ items: { id: number; description: string }[] }>();
    assert.deepEqual(
      page.items.map(({ description }) => description),
      own,
    );
    const [newest] = page.items;
    const histogram = (await person.ask("GET", "events/histogram")).json<{ counted: number }>();
    assert.equal(histogram.counted, 2);
    assert.equal((await nativeAt(server, boss).ask("GET", "events/histogram")).json<{ counted: number }>().counted, 5);
    assert.equal((await person.ask("GET", `events/${newest?.id}`)).status, 200);
    assert.equal((await person.ask("GET", "events/1")).status, 404, "Ironlog's own event");
    const exported = await person.ask("GET", "events/export?format=jsonl");
    assert.deepEqual(
      exported.text
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { description: string }).description),
      own,
    );
    for (const [method, path, body] of [
      ["GET", "users", undefined],
      ["GET", "account", undefined],
      ["GET", "sources", undefined],
      ["GET", "settings", undefined],
      ["POST", "events", { type: "X", action: "x", description: "d" }],
      ["POST", "account/tokens", { name: "mine" }],
    ] as const) {
      for (const key of [johnny, boss]) {
        const refused = await nativeAt(server, key).ask(method, path, body);
        assert.equal(refused.status, 403, `${method} ${path}: ${refused.text}`);
      }
    }
    const events = (await eventsSince(native, from)) as readonly MirroredEvent[];
    const told = events.map(({ action, username, ...event }) => [
      action,
      username,
      event.realm,
      event.realm_user_id,
      event.generation,
    ]);
    using shell = openShell();
    const verified = await shell.ironlog(["log", "verify", ...server.databaseArgs]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    assert.deepEqual(told[0], ["log.export", "johnnybegood", "prod", 12, 1]);
    assert.deepEqual(told[1], ["operation.refuse", "johnnybegood", "prod", 12, 1]);
    assert.ok(told.some(([action, username]) => action === "operation.refuse" && username === "boss"));
  });

  test(`a key that Ironlog ever issued is sent nowhere, nor is a request that was sent before (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server, api } = world;
    const person = await makePerson(server);
    const [consumer = "", token = "", secret = ""] = person.apiKey.split(":");
    const other = (await person.native.ask("POST", "account/tokens", { name: "second" })).json<{
      id: number;
      api_key: string;
    }>();
    assert.ok((await person.native.ask("DELETE", `account/tokens/${other.api_key.split(":")[1]}`)).status < 300);
    const [goneConsumer = "", goneToken = "", goneSecret = ""] = other.api_key.split(":");
    for (const key of [
      `x${consumer}:${token}:${secret}`,
      `${consumer}:x${token}:${secret}`,
      `${consumer}:${token}:x${secret}`,
      other.api_key,
      `x${goneConsumer}:${goneToken}:${goneSecret}`,
      `${goneConsumer}:x${goneToken}:${goneSecret}`,
      `${token}:${consumer}:${secret}`,
      `${secret}:${token}:${consumer}`,
      `a:b:${secret}`,
      `a:b:${goneSecret}`,
    ]) {
      assert.equal((await maasEvents(server, key, "level=AUDIT")).status, 401, key);
    }
    assert.deepEqual(api.asked, []);
    assert.equal(
      (
        await send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", {
          headers: { authorization: oauthHeader(person.apiKey) },
        })
      ).status,
      200,
    );
    const authorization = oauthHeader(johnny);
    // Where mirrored people have nothing to ask, their keys are nobody's.
    await admin(server).native.ask("PUT", "settings/ironlog_default_source", { value: "prod" });
    for (const path of ["/readyz", "/metrics", "/v1/logs"]) {
      const headers = { authorization: `Bearer ${johnny}`, "x-forwarded-for": "192.0.2.1" };
      await send(server.url, path, { method: path === "/v1/logs" ? "POST" : "GET", headers });
    }
    assert.deepEqual(api.asked, []);
    const once = () => send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", { headers: { authorization } });
    assert.equal((await once()).status, 200);
    const again = await once();
    assert.deepEqual([again.status, again.text.includes("Nonce already used")], [401, true], again.text);
    const old = await send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", {
      headers: { authorization: oauthHeader(johnny, { timestamp: "1000000000" }) },
    });
    assert.deepEqual([old.status, old.text.includes("Expired timestamp")], [401, true], old.text);
    assert.deepEqual(api.asked, [johnny], "and the MAAS was asked once");
  });

  test(`who is out there is out here once the source has changed, and who never was in is recorded (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server, api, maas } = world;
    const { native } = admin(server);
    assert.deepEqual(await descriptions(server, johnny, "level=AUDIT"), own);
    const before = await newestEventId(native);
    await maas.ask("update auth_user set is_active = false where id = 12");
    assert.deepEqual(await descriptions(server, johnny, "level=AUDIT"), own, "the MAAS's word counts for a while");
    const changed = await native.ask("PATCH", "sources/prod", { plain_http: true });
    assert.equal(changed.status, 200, changed.text);
    const out = await maasEvents(server, johnny, "level=AUDIT");
    assert.deepEqual([out.status, out.text], [403, "User is not allowed access to this API."]);
    const stranger = await maasEvents(server, "some:body:else", "level=AUDIT");
    assert.deepEqual([stranger.status, stranger.text.includes("else")], [401, false], stranger.text);
    // The same key again is not asked about, and not recorded, again.
    assert.equal((await maasEvents(server, "some:body:else", "level=AUDIT")).status, 401);
    assert.deepEqual(api.asked, [johnny, johnny, "some:body:else"]);
    const told = (await eventsSince(native, before)).filter(({ action }) => action === "auth.key.failure");
    assert.deepEqual(
      told.map(({ username, outcome, details, target_name }) => [username, outcome, details, target_name]),
      [
        [null, "failure", { reason: "deactivated", username: "johnnybegood" }, "prod"],
        [null, "failure", { reason: "refused" }, "prod"],
      ],
    );
    // Deleted there and made anew, it is somebody else.
    await maas.ask("delete from auth_user where id = 12");
    await maas.addUser({ id: 40, username: "johnnybegood" });
    assert.equal((await native.ask("PATCH", "sources/prod", { plain_http: false })).status, 200);
    assert.deepEqual(await descriptions(server, johnny, "level=AUDIT"), []);
  });

  test(`where people's ids are hidden its administrators alone read, and a MAAS that can't be asked lets nobody in (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server, api, maas } = world;
    const { native } = admin(server);
    await maas.hidePeople();
    const hidden = await maasEvents(server, johnny, "level=AUDIT");
    assert.deepEqual(
      [hidden.status, hidden.text.includes("GRANT SELECT (id, username, is_active, is_superuser) ON auth_user")],
      [403, true],
      hidden.text,
    );
    assert.equal((await descriptions(server, boss, "level=AUDIT")).length, 4);
    const unknown = "not:asked:before";
    for (const instead of [
      { status: 302, headers: { location: `${api.url}/elsewhere` }, body: "" },
      { status: 500, body: "a page with secret1" },
      { status: 200, body: "<html>" },
      { status: 200, body: JSON.stringify({ username: "johnnybegood" }) },
    ]) {
      api.instead = instead;
      const away = await maasEvents(server, unknown, "level=AUDIT");
      assert.deepEqual([away.status, away.headers["retry-after"]], [503, "10"], away.text);
      assert.doesNotMatch(away.text, /secret1/);
      // Known to be away, it isn't asked again at once, whatever key comes.
      const asked = api.asked.length;
      assert.equal((await maasEvents(server, "yet:another:key", "level=AUDIT")).status, 503);
      assert.equal(api.asked.length, asked);
      assert.equal((await native.ask("PATCH", "sources/prod", { is_enabled: true })).status, 200);
    }
    api.instead = undefined;
    // A wrong key is paid for by its address.
    const from = freshAddress();
    const statuses = new Set<number>();
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const headers = { authorization: oauthHeader(`wrong:key:${attempt}`) };
      statuses.add((await send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", { headers, from })).status);
    }
    assert.deepEqual([...statuses], [401, 429]);
    // A key that is known to be good isn't paid for by what its neighbours try.
    const known = { authorization: oauthHeader(boss) };
    assert.equal((await send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", { headers: known })).status, 200);
    assert.equal(
      (
        await send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", {
          headers: { authorization: oauthHeader(boss) },
          from,
        })
      ).status,
      200,
    );
  });

  test(`the command line logs in at a source, and asks both APIs there (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server } = world;
    using shell = openShell();
    const login = await shell.ironlog(["login", "me", `${server.url}/MAAS/at/prod/`, johnny]);
    assert.equal(login.code, 0, login.stderr);
    const queried = await shell.ironlog(["me", "events", "query", "level=AUDIT", "owner=johnnybegood"]);
    assert.equal(queried.code, 0, queried.stderr);
    const { events } = JSON.parse(queried.stdout) as MaasPage;
    assert.deepEqual(
      events.map(({ description }) => description),
      own,
    );
    const searched = await shell.ironlog(["me", "events", "search", "--output", "jsonl"]);
    assert.equal(searched.code, 0, searched.stderr);
    const found = searched.stdout.trim().split("\n");
    assert.deepEqual(
      found.map((line) => (JSON.parse(line) as { description: string }).description),
      own,
    );
    const refused = await shell.ironlog(["me", "users", "read"]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stdout + refused.stderr, /this takes an account of this server/);
  });

  test(`a stream of theirs ends once their MAAS no longer vouches for them (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server, api, maas } = world;
    const { native } = admin(server);
    using stream = await openAnswer(server.url, "events/stream?after=0", {
      authorization: `Bearer ${johnny}`,
      "x-ironlog-source": "prod",
    });
    await stream.until((text) => text.includes("Deleted token."));
    api.people.delete(johnny);
    assert.equal((await native.ask("PATCH", "sources/prod", { plain_http: true })).status, 200);
    await maas.write({ username: "boss", userId: 13, description: "Not for johnny." });
    await stream.until((text) => text.includes("token_ended"));
    assert.doesNotMatch(stream.text, /boss|another johnnybegood|Not for johnny/);
    const [read] = (await allEvents(native, { action: "log.read" })).filter(
      ({ username }) => username === "johnnybegood",
    );
    assert.equal(read, undefined, "one's own events are read without a trace");
  });
});
