import assert from "node:assert/strict";
import { test } from "node:test";
import { freshDatabase, kinds } from "../../../test/support/databases/databases.ts";
import { databaseWorld, machine, newSession, rightPassword } from "../../../test/support/worlds/database-world.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { Workers } from "../../following/workers.ts";
import { logIn } from "./session-actions.ts";
import { CredentialUses, usedSessions } from "./credential-uses.ts";
import { until } from "../../../test/support/until.ts";

const log = { info() {}, error() {} };

for (const kind of kinds) {
  test(`the use of sessions is noted soon, the latest wins, and one that has ended harms no other (${kind})`, async () => {
    await using fresh = await freshDatabase(kind);
    const { db } = fresh;
    const { bob } = await databaseWorld(db);
    const one = bob.sessionId;
    const attempt = rightPassword(bob.user);
    const { sessionId: other = 0 } = await perform(db, machine, logIn, { attempt, session: newSession("bob-2") });
    const uses = new CredentialUses(usedSessions);
    await using workers = new Workers({ db, leases: undefined, log });
    workers.add(uses.worker);
    await workers.start("nowhere");
    uses.note(one, 5, null);
    uses.note(12_345, 5, null);
    uses.note(other, 6, null);
    await until(async () => (await usesIn(db)).size >= 2);
    uses.note(one, 9, "192.0.2.9");
    await until(async () => (await usesIn(db)).get(one)?.[0] === 9);
    // As another server may note what was before.
    uses.note(one, 8, "192.0.2.8");
    uses.note(other, 7, null);
    await until(async () => (await usesIn(db)).get(other)?.[0] === 7);
    assert.deepEqual(
      await usesIn(db),
      new Map([
        [one, [9, "192.0.2.9"]],
        [other, [7, null]],
      ]),
    );
  });

  test(`what couldn't be noted is noted later, at the latest when the server stops (${kind})`, async () => {
    await using fresh = await freshDatabase(kind);
    const { db } = fresh;
    const { sessionId: id } = (await databaseWorld(db)).bob;
    const uses = new CredentialUses(usedSessions);
    await using workers = new Workers({ db, leases: undefined, log });
    workers.add(uses.worker);
    await fresh.meddle("alter table session_use rename to away");
    await workers.start("nowhere");
    uses.note(id, 7, null);
    const state = async () => (await workers.list())[0]?.state;
    await until(async () => (await state()) === "failing");
    await fresh.meddle("alter table away rename to session_use");
    await workers.stop();
    assert.deepEqual(await usesIn(db), new Map([[id, [7, null]]]));
  });
}

async function usesIn(db: Database): Promise<ReadonlyMap<number, readonly [at: number, ip: string | null]>> {
  const rows = await db.selectFrom("session_use").selectAll().orderBy("session_id").execute();
  return new Map(rows.map(({ session_id, last_used, ip }) => [session_id, [last_used, ip]]));
}
