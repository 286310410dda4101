import assert from "node:assert/strict";
import { test } from "node:test";
import type { NativeClient } from "../support/clients/native-client.ts";
import { forEachKind } from "../support/each-kind.ts";
import { nodeEvent, standInEvent } from "../support/maas/maas-events.ts";
import { type MaasServerStandIn, startMaasServer } from "../support/maas/maas-server.ts";
import { mirroredEvents, readProd, untilMirrored, untilState } from "../support/maas/mirrored.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin } from "../support/worlds/people.ts";

// A MAAS without its database, read over API v3.

const password = "password-of-boss";

async function startMaas(): Promise<MaasServerStandIn> {
  const maas = await startMaasServer("3.6.1");
  maas.people.set("a:b:c", { username: "boss", isSuperuser: true });
  maas.logins.set("boss", password);
  return maas;
}

async function mirrorByV3(native: NativeClient, { url }: MaasServerStandIn, more: object = {}): Promise<void> {
  const answer = await native.ask("POST", "sources", { name: "prod", url, username: "boss", password, ...more });
  assert.equal(answer.status, 201, answer.text);
}

async function untilCount(native: NativeClient, count: number): Promise<readonly number[]> {
  await until(async () => (await readProd(native)).mirrored >= count);
  return (await mirroredEvents(native)).map(({ source_event_id: id }) => id);
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);

forEachKind((kind) => {
  test(`a MAAS 3.6 is mirrored over API v3 with types, addresses and user ids (${kind})`, async () => {
    await using maas = await startMaas();
    maas.state.events.push(standInEvent({ id: 3, created: Date.UTC(2024, 4, 6, 7, 8, 9, 123), action: "login" }));
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorByV3(native, maas);
    await untilMirrored(native, 3);
    // Tokens end by themselves.
    maas.tokens.clear();
    maas.state.events.push(nodeEvent({ id: 5, node: "gone99", type: "NODE_POWER_ON", level: 10 }));
    const source = await untilMirrored(native, 5);
    assert.partialDeepStrictEqual(source, { state: "mirroring", way: "v3", username: "boss", mirrored: 2, gaps: null });
    const [audit, node] = await mirroredEvents(native);
    assert.partialDeepStrictEqual(audit, {
      level: "AUDIT",
      type: "AUTHORISATION",
      source_type: "AUTHORISATION",
      source_type_words: "Authorisation",
      occurred: "2024-05-06T07:08:09.123456Z",
      username: "johnnybegood",
      realm: "prod",
      realm_user_id: 12,
      ip: "192.0.2.7",
      user_agent: "curl",
      endpoint: null,
      details: { action: "login" },
    });
    const about = { level: "DEBUG", type: "NODE_POWER_ON", username: null, realm: null, ip: null, node: "gone99" };
    assert.partialDeepStrictEqual(node, { ...about, hostname: "gone99.maas" });
  });

  test(`a long history is imported whole and in order while its pages shift, and goes on after a stop (${kind})`, async () => {
    await using maas = await startMaas();
    const old = 3_300;
    for (const id of upTo(old)) maas.state.events.push(standInEvent({ id }));
    let next = old + 1;
    maas.onAnswer = () => {
      for (let more = 0; more < 7; more += 1) maas.state.events.push(standInEvent({ id: next++ }));
    };
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorByV3(native, maas);
    await untilMirrored(native, 900);
    await native.ask("PATCH", "sources/prod", { is_enabled: false });
    await until(async () => !(await native.ask("GET", "server/workers")).text.includes("mirror prod"));
    await native.ask("PATCH", "sources/prod", { is_enabled: true });
    await untilMirrored(native, old + 50);
    maas.onAnswer = undefined;
    const ids = await untilCount(native, next - 1);
    assert.deepEqual(ids, upTo(next - 1));
  });

  test(`an id that appears late over API v3, behind newer ones, is mirrored once (${kind})`, async () => {
    await using maas = await startMaas();
    maas.state.events.push(standInEvent({ id: 10 }), standInEvent({ id: 14 }));
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorByV3(native, maas);
    await untilMirrored(native, 14);
    maas.state.events.push(standInEvent({ id: 12 }), standInEvent({ id: 15 }));
    assert.deepEqual(await untilCount(native, 4), [10, 14, 12, 15]);
  });

  test(`a wrong password, a user who is no administrator and a MAAS without v3 are trouble that says so (${kind})`, async () => {
    await using maas = await startMaas();
    maas.state.events.push(standInEvent({ id: 1 }));
    maas.logins.set("boss", "another");
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorByV3(native, maas);
    const told = async (what: RegExp): Promise<void> => {
      await until(async () => what.test((await readProd(native)).trouble ?? ""));
      assert.doesNotMatch((await readProd(native)).trouble ?? "", /password-of-boss/);
    };
    const check = async () =>
      (await native.ask("POST", "sources/prod/check")).json<{ ways: readonly Record<string, unknown>[] }>().ways;
    await told(/^that MAAS refuses the user name or the password \(401\)/);
    assert.partialDeepStrictEqual(await check(), [{ way: "v3", is_usable: false }]);
    maas.logins.set("boss", password);
    maas.people.clear();
    await told(/^that user isn't an administrator there/);
    maas.people.set("a:b:c", { username: "boss", isSuperuser: true });
    maas.state.version = "3.5.2";
    await told(/has no API v3, which MAAS 3\.6 and newer have/);
    maas.state.version = "3.6.1";
    await untilMirrored(native, 1);
    const [way] = await check();
    assert.partialDeepStrictEqual(way, { way: "v3", is_usable: true, version: "3.6.1", rows: 1 });
  });

  test(`a MAAS that was set back stops over API v3, and another way begins a new generation (${kind})`, async () => {
    await using maas = await startMaas();
    maas.state.nodes.add("abc123");
    for (const id of upTo(10)) maas.state.events.push(standInEvent({ id, node: "abc123" }));
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorByV3(native, maas);
    await untilMirrored(native, 10);
    await native.ask("PATCH", "sources/prod", { is_enabled: false });
    await until(async () => !(await native.ask("GET", "server/workers")).text.includes("mirror prod"));
    maas.state.events = maas.state.events.filter(({ id }) => id <= 7);
    await native.ask("PATCH", "sources/prod", { is_enabled: true });
    const stopped = await untilState(native, "set_back");
    assert.equal(stopped.trouble, "its newest event is 7 now, and it was 10");
    const changed = await native.ask("PATCH", "sources/prod", { username: "", apikey: "a:b:c" });
    assert.equal(changed.status, 200, changed.text);
    assert.partialDeepStrictEqual(changed.json(), { way: "api2", generation: 2, has_password: false });
    const source = await untilMirrored(native, 7);
    assert.deepEqual([source.generation, source.mirrored, source.state], [2, 7, "mirroring"]);
  });
});
