import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../support/each-kind.ts";
import { makeMaasDatabase, maasVersions } from "../support/maas/maas-database.ts";
import { mirroredEvents, mirrorProd, readProd, untilMirrored, untilState } from "../support/maas/mirrored.ts";
import { allEvents, type NativeClient } from "../support/clients/native-client.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin } from "../support/worlds/people.ts";

/** How often the source's worker has looked. */
async function turnsOf(native: NativeClient): Promise<number> {
  const { items } = (await native.ask("GET", "server/workers")).json<{ items: { name: string; turns: number }[] }>();
  return items.find(({ name }) => name === "mirror prod")?.turns ?? 0;
}

forEachKind((kind) => {
  for (const version of maasVersions) {
    test(`a MAAS ${version} is mirrored whole, then as it grows, in the order of its ids (${kind})`, async () => {
      await using maas = await makeMaasDatabase(version);
      await maas.write({ action: "login", ip: "2001:db8::7" });
      const nodeEvent = { type: "NODE_POWER_ON", userId: null, username: "", systemId: "abc123", hostname: "node-1" };
      await maas.write({ ...nodeEvent, ip: null, endpoint: 2, userAgent: "" });
      await using server = await startServer({ kind });
      const { native } = admin(server);
      await mirrorProd(native, maas);
      await untilMirrored(native, 2);
      await maas.write({ endpoint: 1, description: "disk 50% full" });
      const source = await untilMirrored(native, 3);
      assert.deepEqual([source.state, source.mirrored, source.gaps, source.trouble], ["mirroring", 3, 0, null]);
      const [first, second, third] = await mirroredEvents(native);
      assert.ok(first !== undefined && second !== undefined && third !== undefined);
      const about = { outcome: "success", source: "maas:prod", occurred: "2024-05-06T07:08:09.123456Z", generation: 1 };
      const authorisation = { type: "AUTHORISATION", type_words: "Authorisation", action: "maas.authorisation" };
      const user = { username: "johnnybegood", user_id: null, realm: "prod", realm_user_id: 12 };
      assert.partialDeepStrictEqual(first, {
        ...about,
        ...authorisation,
        ...user,
        level: "AUDIT",
        source_event_id: 1,
        source_type: "AUTHORISATION",
        source_type_words: "Authorisation",
        description: "Created token.",
        details: { action: "login" },
        ip: "2001:db8::7",
        user_agent: "Python-httplib2/0.20.2",
        endpoint: "API",
        node: null,
        hostname: null,
        session: null,
        key: null,
        trace_id: null,
      });
      assert.partialDeepStrictEqual(second, {
        ...about,
        level: "DEBUG",
        type: "NODE_POWER_ON",
        type_words: "Node powered on",
        source_event_id: 2,
        action: "maas.node_power_on",
        username: null,
        realm: null,
        realm_user_id: null,
        ip: null,
        user_agent: null,
        endpoint: "CLI",
        node: "abc123",
        hostname: "node-1",
        details: null,
      });
      assert.partialDeepStrictEqual(third, { source_event_id: 3, endpoint: "UI", description: "disk 50% full" });
    });
  }

  test(`a check tells what a source shows, or why it can't be read (${kind})`, async () => {
    await using maas = await makeMaasDatabase();
    await maas.writeMany(3);
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorProd(native, maas, { is_enabled: false });
    const check = async () =>
      (await native.ask("POST", "sources/prod/check")).json<{ ways: readonly Record<string, unknown>[] }>().ways;
    const [way, ...others] = await check();
    const times = { first: "2024-01-01T00:00:01.000000Z", last: "2024-01-01T00:00:03.000000Z" };
    // PostgreSQL hasn't counted the table yet.
    assert.partialDeepStrictEqual(way, { way: "database", is_usable: true, problems: [], rows: null, ...times });
    assert.deepEqual(others, []);
    await maas.ask("analyze maasserver_event");
    assert.equal((await check())[0]?.["rows"], 3);
    const told = () => check().then(([{ notes } = {}]) => String(notes));
    assert.doesNotMatch(await told(), /hidden/);
    await maas.hidePeople();
    assert.match(
      await told(),
      /people's ids are hidden.*GRANT SELECT \(id, username, is_active, is_superuser\) ON auth_user/,
    );
    await maas.ask("alter table maasserver_event rename to another");
    const [broken] = await check();
    assert.equal(broken?.["is_usable"], false);
    assert.match(String(broken?.["problems"]), /maasserver_event.*this isn't the database of a MAAS/);
  });

  test(`ids that were rolled back are gaps, and an open transaction holds back what comes behind it (${kind})`, async () => {
    await using maas = await makeMaasDatabase();
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorProd(native, maas);
    await maas.write();
    await untilMirrored(native, 1);
    const [undone, slow] = [await maas.connect(), await maas.connect()];
    await undone.query("begin");
    await maas.write({}, undone);
    await undone.query("rollback");
    await slow.query("begin");
    assert.equal(await maas.write({ description: "slow" }, slow), 3);
    await maas.write({ description: "quick" });
    const before = await turnsOf(native);
    await until(async () => (await turnsOf(native)) > before + 2);
    assert.equal((await mirroredEvents(native)).length, 1);
    await slow.query("commit");
    const source = await untilMirrored(native, 4);
    const order = (await mirroredEvents(native)).map(({ description }) => description);
    assert.deepEqual(order, ["Created token.", "slow", "quick"]);
    assert.deepEqual(
      source.runs.map(({ state, first, last }) => [state, first, last]),
      [["gap", 2, 2]],
    );
    assert.deepEqual([source.mirrored, source.gaps], [3, 1]);
  });

  test(`what vanished and what changed at a source is recorded once, by its ids (${kind})`, async () => {
    await using maas = await makeMaasDatabase();
    await maas.writeMany(20);
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorProd(native, maas);
    await untilMirrored(native, 20);
    const compare = async (): Promise<void> => {
      await until(async () => (await readProd(native)).comparison_ended !== null);
      const before = (await readProd(native)).comparison_ended;
      const asked = await native.ask("POST", "sources/prod/compare");
      assert.equal(asked.status, 202, asked.text);
      await until(async () => ![null, before].includes((await readProd(native)).comparison_ended));
    };
    await maas.ask("delete from maasserver_event where id in (4, 5, 6, 11)");
    await maas.ask("update maasserver_event set username = 'somebody else' where id = 9");
    // What MAAS itself does when a node is deleted.
    await maas.ask("update maasserver_event set node_id = null, node_hostname = 'gone', updated = now() where id = 2");
    await compare();
    const source = await readProd(native);
    assert.deepEqual([source.vanished, source.changed, source.mirrored, source.state], [4, 1, 20, "mirroring"]);
    await compare();
    const told = (await allEvents(native, { action: "source.vanish" })).map(({ description, outcome }) => [
      description,
      outcome,
    ]);
    assert.deepEqual(told.toReversed(), [
      ["Vanished at source 'prod': events 4 to 6.", "failure"],
      ["Vanished at source 'prod': event 11.", "failure"],
    ]);
    const [change, ...others] = await allEvents(native, { action: "source.change" });
    assert.equal(change?.description, "Changed at source 'prod': event 9.");
    assert.partialDeepStrictEqual(change?.details, { first: 9, generation: 1, last: 9 });
    assert.deepEqual(others, []);
  });

  test(`a source that was set back isn't read on until an administrator begins a new generation (${kind})`, async () => {
    await using maas = await makeMaasDatabase();
    await maas.writeMany(10);
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorProd(native, maas);
    await untilMirrored(native, 10);
    const disable = (isEnabled: boolean) => native.ask("PATCH", "sources/prod", { is_enabled: isEnabled });
    await disable(false);
    await until(async () => !(await native.ask("GET", "server/workers")).text.includes("mirror prod"));
    // Restored to an older state, and grown since: the same ids are other events.
    await maas.ask("delete from maasserver_event where id > 7");
    await maas.ask("select setval(pg_get_serial_sequence('maasserver_event', 'id'), 7)");
    for (let n = 0; n < 4; n += 1) await maas.write({ description: `another ${n}` });
    await disable(true);
    const stopped = await untilState(native, "set_back");
    assert.match(stopped.trouble ?? "", /^event 10 is another one there now$/);
    const [told, ...others] = await allEvents(native, { action: "source.set_back" });
    assert.equal(told?.description, "Source 'prod' was set back: event 10 is another one there now.");
    assert.deepEqual(others, []);
    const refused = await native.ask("POST", "sources/prod/continue", { new_generation: false });
    assert.equal(refused.status, 400);
    assert.equal((await native.ask("POST", "sources/prod/continue", { new_generation: true })).status, 200);
    const source = await untilMirrored(native, 11);
    assert.deepEqual([source.generation, source.mirrored, source.state], [2, 11, "mirroring"]);
    const generations = (await mirroredEvents(native)).map(({ generation }) => generation);
    assert.deepEqual(generations, [...Array<number>(10).fill(1), ...Array<number>(11).fill(2)]);
  });
});
