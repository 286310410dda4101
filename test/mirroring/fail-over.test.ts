import assert from "node:assert/strict";
import { chownSync, cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import pg from "pg";
import { forEachKind } from "../support/each-kind.ts";
import type { NativeClient } from "../support/clients/native-client.ts";
import { type Cluster, startCluster } from "../support/databases/postgres-cluster.ts";
import { makeMaasDatabase, type MaasDatabaseStandIn } from "../support/maas/maas-database.ts";
import { mirroredEvents, mirrorProd, readProd, untilMirrored, untilState } from "../support/maas/mirrored.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin } from "../support/worlds/people.ts";

// What happens to a MAAS's database while it is mirrored: a fail-over, an upgrade of MAAS, a connection that is lost.

forEachKind((kind) => {
  test(`a standby is refused with the reason, and mirrored once it has taken over (${kind})`, async () => {
    const primary = await startCluster();
    await using stopping = new AsyncDisposableStack();
    stopping.defer(() => primary.stop());
    const maas = await makeMaasDatabase("3.3", primary.url);
    await using server = await startServer({ kind });
    const { native } = admin(server);
    for (let written = 0; written < 3; written += 1) await maas.write();
    await mirrorProd(native, maas);
    await untilMirrored(native, 3);
    const standby = await copyOf(primary);
    stopping.defer(() => standby.stop());
    // Committed, mirrored, and on its way to the standby when the primary died.
    const lost = await maas.write({ description: "lost in the fail-over" });
    await untilMirrored(native, lost);
    await point(native, maas, standby);
    const refused = await untilTrouble(native, /this is a standby.*enter the primary's address/);
    assert.equal(refused.recorded_to, lost);
    await ask(standby.url, "select pg_promote()");
    const next = Number((await ask(urlIn(standby, maas), writeOne))[0]?.["id"]);
    // PostgreSQL notes ids ahead, and goes on behind those that it may have given.
    assert.ok(next > lost);
    const after = await untilMirrored(native, next);
    assert.deepEqual([after.state, after.trouble, after.generation], ["mirroring", null, 1]);
    assert.deepEqual(await ids(native), [1, 2, 3, lost, next]);
    // What the fail-over has lost is told of.
    await native.ask("POST", "sources/prod/compare");
    await until(async () => (await readProd(native)).vanished === 1);
    assert.partialDeepStrictEqual((await readProd(native)).runs, [{ state: "vanished", first: lost, last: lost }]);
  });

  test(`a source whose fail-over gives ids again stops, and says so (${kind})`, async () => {
    const primary = await startCluster();
    await using stopping = new AsyncDisposableStack();
    stopping.defer(() => primary.stop());
    const maas = await makeMaasDatabase("3.3", primary.url);
    await using server = await startServer({ kind });
    const { native } = admin(server);
    for (let written = 0; written < 3; written += 1) await maas.write();
    // From here on nothing is noted ahead until the next id is given.
    await ask(primary.url, "checkpoint");
    const standby = await copyOf(primary);
    stopping.defer(() => standby.stop());
    await mirrorProd(native, maas);
    const lost = await maas.write({ description: "lost in the fail-over" });
    await untilMirrored(native, lost);
    await ask(standby.url, "select pg_promote()");
    assert.equal(Number((await ask(urlIn(standby, maas), writeOne))[0]?.["id"]), lost);
    await point(native, maas, standby);
    await untilTrouble(native, new RegExp(`event ${lost} is another one there now`));
    assert.equal((await readProd(native)).state, "set_back");
    assert.equal((await native.ask("POST", "sources/prod/continue", { new_generation: true })).status, 200);
    await untilMirrored(native, lost);
    const events = await mirroredEvents(native);
    assert.deepEqual(
      events
        .filter(({ source_event_id }) => source_event_id === lost)
        .map(({ generation, description }) => [generation, description]),
      [
        [1, "lost in the fail-over"],
        [2, "after the fail-over"],
      ],
    );
  });

  test(`an upgrade of MAAS and a lost connection are gone through, and rows that it rewrites are told of (${kind})`, async () => {
    await using maas = await makeMaasDatabase("2.7");
    await using server = await startServer({ kind });
    const { native } = admin(server);
    for (let written = 0; written < 4; written += 1) await maas.write();
    await mirrorProd(native, maas);
    await untilMirrored(native, 4);
    const upgrade = await maas.connect();
    await upgrade.query("begin");
    await upgrade.query("alter table maasserver_event add column extra text not null default ''");
    await upgrade.query("alter table maasserver_event alter column id type bigint");
    await upgrade.query("update maasserver_event set description = 'Rewritten.' where id in (2, 3)");
    await maas.write({ description: "by the upgrade" }, upgrade);
    await upgrade.query("commit");
    await untilMirrored(native, 5);
    await maas.ask(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'ironlog mirror%'",
    );
    // MAAS was started anew by its upgrade.
    await maas.write({ description: "since then" }, await maas.connect());
    const source = await untilMirrored(native, 6);
    assert.deepEqual([source.state, source.mirrored, source.gaps], ["mirroring", 6, 0]);
    assert.deepEqual(await ids(native), [1, 2, 3, 4, 5, 6]);
    await native.ask("POST", "sources/prod/compare");
    await until(async () => (await readProd(native)).changed === 2);
    const [second] = (await mirroredEvents(native)).filter(({ source_event_id }) => source_event_id === 2);
    assert.equal(second?.description, "Created token.", "what was recorded stays");
    await untilState(native, "mirroring");
  });
});

const writeOne = `insert into maasserver_event (created, updated, action, description, type_id, node_hostname, username,
    ip_address, user_agent, endpoint, node_system_id, user_id)
  select now(), now(), '', 'after the fail-over', id, '', 'johnnybegood', null, '', 0, null, 12 from maasserver_eventtype
  where name = 'AUTHORISATION' returning id`;

/** A standby that has all that the primary had written until now, and gets nothing more. */
async function copyOf(primary: Cluster): Promise<Cluster> {
  primary.freeze();
  try {
    return await startCluster({
      fill: async (data, { uid, gid }) => {
        cpSync(primary.data, data, { recursive: true });
        rmSync(path.join(data, "postmaster.pid"));
        writeFileSync(path.join(data, "standby.signal"), "");
        if (uid === undefined || gid === undefined) return;
        for (const name of readdirSync(data, { recursive: true, encoding: "utf8" })) {
          chownSync(path.join(data, name), uid, gid);
        }
      },
    });
  } finally {
    primary.goOn();
  }
}

/** Gives the source the address of another cluster. */
async function point(native: NativeClient, maas: MaasDatabaseStandIn, to: Cluster): Promise<void> {
  const database = new URL(maas.mirrorUrl);
  database.port = new URL(to.url).port;
  const answer = await native.ask("PATCH", "sources/prod", {
    database: database.href,
    database_password: maas.password,
  });
  assert.equal(answer.status, 200, answer.text);
}

/** The same database at another cluster, for whoever plays MAAS. */
function urlIn({ url }: Cluster, maas: MaasDatabaseStandIn): string {
  const database = new URL(maas.url);
  database.port = new URL(url).port;
  return database.href;
}

async function untilTrouble(native: NativeClient, wanted: RegExp) {
  await until(async () => wanted.test((await readProd(native)).trouble ?? ""));
  return readProd(native);
}

async function ids(native: NativeClient): Promise<readonly number[]> {
  return (await mirroredEvents(native)).map(({ source_event_id }) => source_event_id);
}

async function ask(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
