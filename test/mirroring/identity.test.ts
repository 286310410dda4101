import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { forEachKind } from "../support/each-kind.ts";
import { send } from "../support/clients/http-client.ts";
import { type MaasPage, oauthHeader } from "../support/clients/maas-client.ts";
import { allEvents, eventsSince, newestEventId } from "../support/clients/native-client.ts";
import { openAnswer } from "../support/clients/open-answer.ts";
import { openBundle } from "../../src/transparency/bundles/bundle-source.ts";
import { freshFolder } from "../support/databases/databases.ts";
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
import { admin } from "../support/worlds/people.ts";

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

  test(`a bundle holds a mirrored person's own events, and an administrator's those of that MAAS, all with their proofs (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server } = world;
    const { native } = admin(server);
    const { log_key } = (await native.ask("GET", "log")).json<{ readonly log_key: string }>();
    using shell = openShell();
    using outer = freshFolder();
    const bundled = async (key: string, query = ""): Promise<readonly MirroredEvent[]> => {
      const archive = path.join(outer.folder, "evidence.tar");
      const answer = await nativeAt(server, key).ask("GET", `events/evidence${query}`);
      assert.equal(answer.status, 200, answer.text);
      writeFileSync(archive, answer.body);
      const checked = await shell.ironlog(["log", "check-bundle", archive, "--key", log_key]);
      assert.equal(checked.code, 0, checked.stdout + checked.stderr);
      using source = openBundle(archive);
      return [...source.lines("events.ndjson")].map((line) => JSON.parse(line) as MirroredEvent);
    };
    const mine = await bundled(johnny);
    assert.deepEqual(mine.map(({ description }) => description).toReversed(), own);
    assert.deepEqual(await bundled(johnny, "?owner=boss"), []);
    const all = await bundled(boss);
    const seen = (await nativeAt(server, boss).ask("GET", "events")).json<{ items: readonly MirroredEvent[] }>().items;
    assert.deepEqual(all, seen.toReversed());
    assert.deepEqual(new Set(all.map(({ source }) => source)), new Set(["maas:prod"]), "and nothing of Ironlog's own");
    const told = await allEvents(native, { action: "log.export" });
    assert.deepEqual(
      told.map(({ username, details }) => [username, details?.["format"]]),
      [
        ["boss", "bundle"],
        ["johnnybegood", "bundle"],
        ["johnnybegood", "bundle"],
      ],
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
