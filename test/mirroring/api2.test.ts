import assert from "node:assert/strict";
import { test } from "node:test";
import { allEvents, type NativeClient } from "../support/clients/native-client.ts";
import { forEachKind } from "../support/each-kind.ts";
import { nodeEvent, standInEvent } from "../support/maas/maas-events.ts";
import { type MaasServerStandIn, startMaasServer } from "../support/maas/maas-server.ts";
import { mirroredEvents, readProd, untilMirrored, untilState } from "../support/maas/mirrored.ts";
import { descriptions, maasEvents } from "../support/maas/mirrored-world.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin } from "../support/worlds/people.ts";

// A MAAS without its database, read over API 2.0.

const key = "consumer:token:secret-of-boss";

async function startMaas(version: string): Promise<MaasServerStandIn> {
  const maas = await startMaasServer(version);
  maas.people.set(key, { username: "boss", isSuperuser: true });
  maas.state.nodes.add("abc123");
  return maas;
}

async function mirrorByApi(native: NativeClient, { url }: MaasServerStandIn): Promise<void> {
  const answer = await native.ask("POST", "sources", { name: "prod", url, apikey: key });
  assert.equal(answer.status, 201, answer.text);
}

const enable = (native: NativeClient, isEnabled: boolean) =>
  native.ask("PATCH", "sources/prod", { is_enabled: isEnabled });

/** Stops the source, and returns when it is read by nobody. */
async function pause(native: NativeClient): Promise<void> {
  await enable(native, false);
  await until(async () => !(await native.ask("GET", "server/workers")).text.includes("mirror prod"));
}

async function mirroredIds(native: NativeClient): Promise<readonly number[]> {
  return (await mirroredEvents(native)).map(({ source_event_id: id }) => id);
}

/** Waits until so many events are recorded; gives their ids in the order in which they were. */
async function untilIds(native: NativeClient, count: number): Promise<readonly number[]> {
  await until(async () => (await readProd(native)).mirrored >= count);
  return mirroredIds(native);
}

forEachKind((kind) => {
  test(`a MAAS 2.9 is mirrored over its API with what that shows, and nothing made up (${kind})`, async () => {
    await using maas = await startMaas("2.9.2");
    const templated = { description: "%(username)s logged in.", created: Date.UTC(2024, 4, 6, 7, 8, 9, 123) };
    maas.state.events.push(standInEvent({ id: 3, ...templated, action: "login" }));
    maas.state.events.push(nodeEvent({ id: 5, node: "abc123", description: "From Ready to Deploying" }));
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorByApi(native, maas);
    await untilMirrored(native, 5);
    maas.state.events.push(standInEvent({ id: 6, username: "", userId: null }));
    const source = await untilMirrored(native, 6);
    assert.partialDeepStrictEqual(source, { state: "mirroring", way: "api2", database: null, trouble: null });
    assert.partialDeepStrictEqual(source, {
      mirrored: 3,
      gaps: null,
      vanished: null,
      changed: null,
      first_id: 3,
      runs: [],
    });
    assert.match(source.coverage ?? "", /^It showed 3 of 4 ids between 3 and 6\. An API doesn't prove absence/);
    const [audit, node, nobody] = await mirroredEvents(native);
    const untold = { ip: null, user_agent: null, endpoint: null, realm: null, realm_user_id: null, details: null };
    assert.partialDeepStrictEqual(audit, {
      ...untold,
      source: "maas:prod",
      outcome: "success",
      level: "AUDIT",
      type: "AUTHORISATION",
      type_words: "Authorisation",
      source_type: null,
      source_type_words: "Authorisation",
      action: "maas.authorisation",
      source_event_id: 3,
      generation: 1,
      occurred: "2024-05-06T07:08:09.000000Z",
      username: "johnnybegood",
      description: "johnnybegood logged in.",
      node: null,
      hostname: null,
    });
    assert.partialDeepStrictEqual(node, {
      ...untold,
      level: "INFO",
      type: "NODE_CHANGED_STATUS",
      action: "maas.node_changed_status",
      source_event_id: 5,
      username: null,
      node: "abc123",
      hostname: "abc123.maas",
    });
    assert.equal(nobody?.username, null);
    const compared = await native.ask("POST", "sources/prod/compare");
    assert.equal(compared.status, 409, compared.text);
  });

  test(`of a MAAS 3.3 only what it shows is mirrored, and no alarm is made of what it hides (${kind})`, async () => {
    await using maas = await startMaas("3.3.11");
    maas.state.nodes.add("gone99");
    maas.state.events.push(
      standInEvent({ id: 1, description: "Logged in." }),
      standInEvent({ id: 2, node: "abc123" }),
      nodeEvent({ id: 3, node: "abc123" }),
      nodeEvent({ id: 4, node: "gone99" }),
    );
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorByApi(native, maas);
    await untilMirrored(native, 4);
    await pause(native);
    // The node with the newest event is deleted, and its history goes out of sight.
    maas.state.nodes.delete("gone99");
    await enable(native, true);
    // It asks whether that node still exists.
    await until(() => maas.paths.includes("/MAAS/api/2.0/nodes/gone99/"));
    maas.state.events.push(nodeEvent({ id: 6, node: "abc123" }));
    const source = await untilMirrored(native, 6);
    assert.deepEqual(await mirroredIds(native), [2, 3, 4, 6]);
    assert.deepEqual([source.state, source.mirrored], ["mirroring", 4]);
    assert.match(source.coverage ?? "", /^It showed 4 of 5 ids between 2 and 6\./);
    assert.deepEqual(await allEvents(native, { action: "source.vanish" }), []);
    assert.deepEqual(await allEvents(native, { action: "source.set_back" }), []);
  });

  test(`a long history is imported in the order of its ids, also when it is stopped halfway (${kind})`, async () => {
    await using maas = await startMaas("2.9.2");
    const count = 5_000;
    for (let id = 1; id <= count; id += 1) {
      // Of different density, so that pages of the two lists end at different ids.
      const isAudit = id % 7 === 0 || (id > 2_000 && id < 3_500);
      maas.state.events.push(isAudit ? standInEvent({ id }) : nodeEvent({ id, node: "abc123" }));
    }
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorByApi(native, maas);
    await untilMirrored(native, 1_000);
    await pause(native);
    const asked = maas.paths.length;
    await enable(native, true);
    await untilIds(native, count);
    assert.deepEqual(
      await mirroredIds(native),
      Array.from({ length: count }, (_, at) => at + 1),
    );
    assert.ok(!maas.paths.slice(asked).some((path) => path.endsWith("&after=0")), "it goes on where it stopped");
  });

  test(`an id that appears late, behind newer ones, is mirrored once (${kind})`, async () => {
    await using maas = await startMaas("2.9.2");
    maas.state.events.push(standInEvent({ id: 10 }), standInEvent({ id: 14 }));
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorByApi(native, maas);
    await untilMirrored(native, 14);
    maas.state.events.push(standInEvent({ id: 12 }), standInEvent({ id: 15 }));
    assert.deepEqual(await untilIds(native, 4), [10, 14, 12, 15]);
    await pause(native);
    maas.state.events.push(nodeEvent({ id: 11, node: "abc123" }));
    await enable(native, true);
    assert.deepEqual(await untilIds(native, 5), [10, 14, 12, 15, 11]);
    assert.match((await readProd(native)).coverage ?? "", /^It showed 5 of 6 ids between 10 and 15\./);
  });

  test(`an event that MAAS itself can't show is left out, and none beside it (${kind})`, async () => {
    await using maas = await startMaas("2.9.2");
    const broken = [17, 18, 21];
    for (let id = 1; id <= 40; id += 1) {
      maas.state.events.push(standInEvent({ id, ...(broken.includes(id) && { description: "disk 50% full" }) }));
    }
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorByApi(native, maas);
    await untilMirrored(native, 40);
    const source = await untilState(native, "mirroring");
    assert.equal(source.mirrored, 37);
    const ids = Array.from({ length: 40 }, (_, at) => at + 1).filter((id) => !broken.includes(id));
    assert.deepEqual(await mirroredIds(native), ids);
  });

  test(`a MAAS that is away, or doesn't take the key, is trouble until it does (${kind})`, async () => {
    await using maas = await startMaas("2.9.2");
    maas.state.events.push(standInEvent({ id: 1 }));
    await using server = await startServer({ kind });
    const { native } = admin(server);
    maas.people.delete(key);
    await mirrorByApi(native, maas);
    const told = async (what: RegExp): Promise<void> => {
      await until(async () => what.test((await readProd(native)).trouble ?? ""));
      const { state, trouble } = await readProd(native);
      assert.equal(state, "failing");
      assert.doesNotMatch(trouble ?? "", /secret-of-boss/);
    };
    await told(/^that MAAS refuses the API key \(401\)/);
    maas.people.set(key, { username: "johnnybegood", isSuperuser: false });
    await told(/^the API key isn't an administrator's/);
    maas.people.set(key, { username: "boss", isSuperuser: true });
    await untilMirrored(native, 1);
    maas.instead = { status: 502, body: "Bad gateway, secret-of-boss" };
    await told(/^(?:http:\S+ doesn't answer like a MAAS|that MAAS answers 502)/);
    maas.instead = { status: 302, headers: { location: "http://192.0.2.1/" }, body: "" };
    await told(/redirect, which isn't followed/);
    maas.instead = undefined;
    maas.state.events.push(standInEvent({ id: 2 }));
    const source = await untilMirrored(native, 2);
    assert.deepEqual([source.trouble, await mirroredIds(native)], [null, [1, 2]]);
  });

  for (const grown of [3, 0]) {
    test(`a MAAS that was set back${grown > 0 ? ", and has grown since," : ""} stops until a new generation begins (${kind})`, async () => {
      await using maas = await startMaas("2.9.2");
      for (let id = 1; id <= 10; id += 1) maas.state.events.push(standInEvent({ id }));
      await using server = await startServer({ kind });
      const { native } = admin(server);
      await mirrorByApi(native, maas);
      await untilMirrored(native, 10);
      await pause(native);
      maas.state.events = maas.state.events.filter(({ id }) => id <= 7);
      for (let id = 8; id < 8 + grown; id += 1) {
        maas.state.events.push(standInEvent({ id, created: Date.UTC(2025, 0, 1) + id * 1_000 }));
      }
      await enable(native, true);
      const stopped = await untilState(native, "set_back");
      assert.match(
        stopped.trouble ?? "",
        grown > 0 ? /^event 8 is another one there now$/ : /^its newest event is 7 now, and it was 10$/,
      );
      assert.equal((await allEvents(native, { action: "source.set_back" })).length, 1);
      assert.equal((await mirroredIds(native)).length, 10);
      assert.equal((await native.ask("POST", "sources/prod/continue", { new_generation: true })).status, 200);
      const source = await untilMirrored(native, 7 + grown);
      assert.deepEqual([source.generation, source.mirrored], [2, 7 + grown]);
    });
  }

  test(`a check says what the API of that version hides, and whose key it needs (${kind})`, async () => {
    await using maas = await startMaas("3.3.11");
    maas.state.events.push(standInEvent({ id: 1 }));
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await native.ask("POST", "sources", { name: "prod", url: maas.url, apikey: key, is_enabled: false });
    const check = async () =>
      (await native.ask("POST", "sources/prod/check")).json<{ ways: readonly Record<string, unknown>[] }>().ways;
    const [way, ...others] = await check();
    assert.partialDeepStrictEqual(way, { way: "api2", is_usable: true, problems: [], version: "3.3.11" });
    assert.match(String(way?.["notes"]), /none of logins, passwords, tokens/);
    assert.deepEqual(others, []);
    maas.state.version = "2.9.2";
    assert.match(String((await check())[0]?.["notes"]), /all audit events/);
    maas.people.set(key, { username: "johnnybegood", isSuperuser: false });
    assert.equal((await check())[0]?.["is_usable"], false);
  });

  test(`without its database its administrators read all of it here, and nobody else anything (${kind})`, async () => {
    await using maas = await startMaas("2.9.2");
    const johnny = "consumer1:token1:secret1";
    maas.people.set(johnny, { username: "johnnybegood", isSuperuser: false });
    maas.state.events.push(standInEvent({ id: 1 }));
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorByApi(native, maas);
    await untilMirrored(native, 1);
    assert.deepEqual(await descriptions(server, key, "level=AUDIT&owner=johnnybegood"), ["Did thing number 1."]);
    const refused = await maasEvents(server, johnny, "level=AUDIT&owner=johnnybegood");
    assert.deepEqual(
      [refused.status, refused.text],
      [
        403,
        "Nothing tells which events of MAAS 'prod' are yours: it is mirrored without its database, which alone has the ids of its users.",
      ],
    );
  });
});
