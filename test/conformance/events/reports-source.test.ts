import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { bearer, type NativeClient } from "../../support/clients/native-client.ts";
import { run } from "../../support/processes/command.ts";
import { ironlogWords } from "../../support/processes/program.ts";
import { haveSource } from "../../support/maas/mirrored.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { fingerprintOf } from "../../support/worlds/world.ts";
import { eventOf, powerFailure, report } from "../../support/reports.ts";
import { takeGuardsOff } from "../../support/databases/guards.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

// Events that a program reports as those of a MAAS: `source` of POST /api/v1/events.

const serverOf = sharedServers();

interface MadeKey {
  readonly api_key: string;
  readonly token_key: string;
  readonly source: string | null;
}

/** A key by which a program reports what happens at that MAAS, which is a source here. */
async function keyFor(server: TestServer, source: string) {
  await haveSource(server, source.slice("maas:".length));
  const robot = await makePerson(server);
  const values = { name: "robot", scopes: ["events:write"], source };
  const made = await admin(server).native.ask("POST", `users/${robot.username}/tokens`, values);
  assert.equal(made.status, 201, made.text);
  const key = made.json<MadeKey>();
  return { robot, key, client: bearer(server, key.api_key) };
}

async function refusedAs(client: NativeClient, source: string): Promise<string> {
  const answer = await client.ask("POST", "events", { ...powerFailure, source });
  assert.equal(answer.status, 403, answer.text);
  return answer.json<{ detail: string }>().detail;
}

forEachKind((kind) => {
  test(`a key that was made for a MAAS reports as it, and the event says who reported it (${kind})`, async () => {
    const server = await serverOf(kind);
    const { robot, key, client } = await keyFor(server, "maas:prod");
    const [item] = await report(client, {
      ...powerFailure,
      level: "AUDIT",
      username: "ada",
      source: "maas:prod",
      key: "prod/1",
    });
    const event = await eventOf(admin(server).native, item?.id ?? 0);
    assert.partialDeepStrictEqual(event, {
      source: "maas:prod",
      reporter: robot.username,
      key: fingerprintOf({ apiKey: key.api_key }),
      username: "ada",
      user_id: null,
      source_event_id: null,
      generation: 1,
      realm: null,
      realm_user_id: null,
    });
    // It is no mirrored event, and nobody's own: MAAS's API says that others tell of it.
    const { events } = await admin(server).maas.events([
      ["level", "AUDIT"],
      ["owner", "ada"],
    ]);
    assert.equal(events.find(({ id }) => id === event.id)?.type, "NODE_POWER_FAILURE (external)");
    const ada = await makePerson(server);
    const theirs = await ada.native.ask("GET", "events?level=AUDIT&source=maas:prod");
    assert.deepEqual(theirs.json<{ items: unknown[] }>().items, []);
    // Without a source it is external, as ever.
    const [other] = await report(client, powerFailure);
    assert.equal((await eventOf(admin(server).native, other?.id ?? 0)).source, "external");
  });

  test(`any other key is refused, an administrator's too, and nothing is recorded of the report (${kind})`, async () => {
    const server = await serverOf(kind);
    const { client, robot } = await keyFor(server, "maas:prod");
    const plain = await admin(server).native.ask("POST", `users/${robot.username}/tokens`, {
      scopes: ["events:write"],
    });
    for (const [who, source] of [
      [admin(server).native, "maas:prod"],
      [bearer(server, plain.json<MadeKey>().api_key), "maas:prod"],
      [client, "maas:other"],
    ] as const) {
      assert.match(await refusedAs(who, source), new RegExp(`This API key may not report as '${source}'`));
    }
    const among = await client.ask("POST", "events", [powerFailure, { ...powerFailure, source: "maas:other" }]);
    assert.equal(among.status, 403);
    for (const source of ["ironlog", "maas:", "maas:Prod", "maas:a b", ""]) {
      const answer = await client.ask("POST", "events", { ...powerFailure, source });
      assert.equal(answer.status, 400, source);
      assert.deepEqual(Object.keys(answer.json<{ errors: object }>().errors), ["source"]);
    }
  });

  test(`the source of a key is recorded, listed and an administrator's to give (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const { key, robot } = await keyFor(server, "maas:prod");
    const listed = (await native.ask("GET", `users/${robot.username}/tokens`)).json<{ items: MadeKey[] }>().items;
    assert.equal(listed.find(({ token_key }) => token_key === key.token_key)?.source, "maas:prod");
    const own = (await robot.native.ask("GET", "account/tokens")).json<{ items: MadeKey[] }>().items;
    assert.deepEqual(new Set(own.map(({ source }) => source)), new Set([null, "maas:prod"]));
    const events = await native.ask("GET", "events?action=token.create&limit=1");
    const [created] = events.json<{ items: readonly { details: object }[] }>().items;
    assert.deepEqual(created?.details, {
      user: robot.username,
      scopes: ["events:write"],
      source: "maas:prod",
    });
    const values = { scopes: ["events:write"], source: "maas:prod" };
    assert.equal((await native.ask("POST", "account/tokens", values)).status, 400);
    assert.equal((await robot.native.ask("POST", `users/${robot.username}/tokens`, values)).status, 403);
    for (const wrong of [
      { scopes: ["events:write"], source: "external" },
      { scopes: ["events:read"], source: "maas:prod" },
    ]) {
      const answer = await native.ask("POST", `users/${robot.username}/tokens`, wrong);
      assert.deepEqual(Object.keys(answer.json<{ errors: object }>().errors), ["source"]);
    }
  });

  test(`what is told of a MAAS that isn't mirrored is refused, and another one of its name shows nothing of it (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const { client } = await keyFor(server, "maas:old");
    const [item] = await report(client, { ...powerFailure, source: "maas:old" });
    assert.equal((await native.ask("DELETE", "sources/old")).status, 204);
    const refused = await client.ask("POST", "events", { ...powerFailure, source: "maas:old" });
    assert.equal(refused.status, 409, refused.text);
    await haveSource(server, "old");
    const [later] = await report(client, { ...powerFailure, source: "maas:old" });
    const events = await Promise.all([item, later].map((one) => eventOf(native, one?.id ?? 0)));
    assert.deepEqual(
      events.map((event) => (event as unknown as { generation: number }).generation),
      [1, 2],
    );
  });

  test(`what was reported as a MAAS's is verified as what others reported (${kind})`, async () => {
    const server = await serverOf(kind);
    const { client } = await keyFor(server, "maas:prod");
    await report(client, { ...powerFailure, source: "maas:prod" });
    const { code, stdout, stderr } = await run(ironlogWords[0], [
      ...ironlogWords.slice(1),
      "log",
      "verify",
      ...server.databaseArgs,
    ]);
    assert.equal(code, 0, stdout + stderr);
  });

  test(`a key whose source was changed by SQL lets nobody in (${kind})`, async () => {
    const server = await serverOf(kind);
    const { key, client } = await keyFor(server, "maas:prod");
    const guardAgain = await takeGuardsOff(server, "token");
    await server.meddle(`update token set source = 'maas:other' where token_key = '${key.token_key}'`);
    await guardAgain();
    const answer = await client.ask("POST", "events", { ...powerFailure, source: "maas:other" });
    assert.equal(answer.status, 401, answer.text);
  });
});
