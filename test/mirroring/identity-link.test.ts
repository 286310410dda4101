import assert from "node:assert/strict";
import { test } from "node:test";
import { takeGuardsOff } from "../support/databases/guards.ts";
import { forEachKind } from "../support/each-kind.ts";
import type { NativeClient } from "../support/clients/native-client.ts";
import { boss, johnny, mirroredWorld, own } from "../support/maas/mirrored-world.ts";
import { makeMaasDatabase } from "../support/maas/maas-database.ts";
import { startMaasServer } from "../support/maas/maas-server.ts";
import { mirrorProd, untilMirrored } from "../support/maas/mirrored.ts";
import { startServer } from "../support/server.ts";
import { admin, makePerson } from "../support/worlds/people.ts";

// An account here that is linked to who its owner is at a mirrored MAAS.

/** Their events of that MAAS, newest first. */
async function mirrored(client: NativeClient, query = "level=AUDIT"): Promise<readonly string[]> {
  const answer = await client.ask("GET", `events?${query}`);
  assert.equal(answer.status, 200, answer.text);
  const { items } = answer.json<{ items: { source: string; description: string }[] }>();
  return items.filter(({ source }) => source === "maas:prod").map(({ description }) => description);
}

forEachKind((kind) => {
  test(`a linked account sees its own events of both places, and no others (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server, maas } = world;
    const { native: root } = admin(server);
    const person = await makePerson(server);
    assert.deepEqual(await mirrored(person.native), []);
    const link = async (api_key: string) =>
      person.native.ask("POST", "account/maas-identities", { api_key, source: "prod" });
    const linked = await link(johnny);
    assert.equal(linked.status, 201, linked.text);
    assert.partialDeepStrictEqual(linked.json(), {
      source: "prod",
      username: "johnnybegood",
      realm_user_id: 12,
      generation: 1,
    });
    assert.deepEqual(await mirrored(person.native), own);
    assert.deepEqual(await mirrored(person.native, "level=AUDIT&owner=johnnybegood"), own);
    assert.deepEqual(await mirrored(person.native, "level=AUDIT&owner=boss"), []);
    assert.deepEqual(await mirrored(person.native, "limit=100"), own, "of all levels");
    const everything = (await person.native.ask("GET", "events?level=AUDIT")).json<{ items: { username: string }[] }>();
    assert.deepEqual(
      [...new Set(everything.items.map(({ username }) => username))].toSorted(),
      ["johnnybegood", person.username].toSorted(),
    );
    const page = await person.maas.events([["level", "AUDIT"]]);
    assert.ok(page.events.some(({ description }) => description === "Deleted token."));
    assert.equal((await link(boss)).status, 409, "one person there is enough");
    // Once that MAAS was set back, the id may be somebody else's.
    assert.equal((await root.ask("POST", "sources/prod/continue", { new_generation: true })).status, 200);
    await untilMirrored(root, 5);
    await maas.write({ description: "Since it was set back." });
    await untilMirrored(root, 6);
    assert.deepEqual(await mirrored(person.native), own);
    assert.equal((await link(johnny)).status, 201);
    assert.deepEqual(await mirrored(person.native), ["Since it was set back.", ...own]);
    const { items } = (await person.native.ask("GET", "account/maas-identities")).json<{ items: { id: number }[] }>();
    assert.equal(items.length, 1);
    assert.equal((await person.native.ask("DELETE", `account/maas-identities/${items[0]?.id}`)).status, 204);
    assert.deepEqual(await mirrored(person.native), []);
  });

  test(`a link goes with its source, and no generation comes twice (${kind})`, async () => {
    await using maas = await makeMaasDatabase();
    await using other = await makeMaasDatabase();
    await using api = await startMaasServer();
    await using server = await startServer({ kind });
    const { native: root } = admin(server);
    await maas.addUser({ id: 12, username: "johnnybegood" });
    api.people.set(johnny, { username: "johnnybegood", isSuperuser: false });
    const person = await makePerson(server);
    // Of a MAAS that has recorded nothing yet.
    await mirrorProd(root, maas, { url: api.url });
    const linked = await person.native.ask("POST", "account/maas-identities", { api_key: johnny, source: "prod" });
    assert.equal(linked.status, 201, linked.text);
    assert.equal((await root.ask("DELETE", "sources/prod")).status, 204);
    await other.write({ userId: 12, username: "victim", description: "The victim's own." });
    await mirrorProd(root, other, { url: api.url });
    const source = await untilMirrored(root, 1);
    assert.equal(source.generation, 2);
    assert.deepEqual(await mirrored(person.native), []);
    assert.deepEqual(
      (await person.native.ask("GET", "account/maas-identities")).json<{ items: unknown[] }>().items,
      [],
    );
  });

  test(`a link that was made or bent by SQL shows nothing (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server } = world;
    const [person, thief] = [await makePerson(server), await makePerson(server)];
    const linked = await person.native.ask("POST", "account/maas-identities", { api_key: johnny, source: "prod" });
    assert.equal(linked.status, 201, linked.text);
    const idOf = (username: string) => `(select id from "user" where username = '${username}')`;
    await takeGuardsOff(server, "realm_identity");
    await server.meddle("update realm_identity set realm_user_id = 13");
    await server.meddle(
      `insert into realm_identity (user_id, realm, generation, realm_user_id, realm_username, created)
       values (${idOf(thief.username)}, 'prod', 1, 12, 'johnnybegood', 1)`,
    );
    // The log's version moves, so that nothing is remembered of before.
    await person.native.ask("PATCH", "account", { last_name: "Later" });
    assert.deepEqual(await mirrored(person.native), []);
    assert.deepEqual(await mirrored(thief.native), []);
  });
});
