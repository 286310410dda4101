import assert from "node:assert/strict";
import { test } from "node:test";
import { openLog } from "../../src/audit/open-log.ts";
import { perform } from "../../src/audit/perform.ts";
import { findTrusted } from "../../src/audit/row-trust.ts";
import { openCopy, openDatabase } from "../../src/database/opening.ts";
import { renameToken } from "../../src/tokens/actions.ts";
import { migratedLocation, kinds } from "../support/databases/databases.ts";
import { afterReading } from "../support/meanwhile.ts";
import { databaseWorld, machine } from "../support/worlds/database-world.ts";

// A row that lets somebody in changes between any two looks of whoever checks it: no reason to refuse anybody.

for (const kind of kinds) {
  test(`a row that changes while its log is read on for an earlier reader is no forged one (${kind})`, async () => {
    await using fresh = await migratedLocation(kind);
    await using open = await openLog(fresh.location, machine, openCopy);
    const { bob } = await databaseWorld(open.db);
    const change = async (name: string) =>
      perform(open.db, bob.actor, renameToken, { tokenKey: bob.tokenKey, userId: bob.user.id, name });
    await using other = await openDatabase(fresh.location);
    const [{ id } = { id: 0 }] = await open.db.selectFrom("token").select("id").execute();
    assert.ok(await findTrusted(other.db, "token", id));
    await change("one");
    let later: ReturnType<typeof findTrusted> | undefined;
    let looks = 0;
    // The second look at the head is that of the reader of events.
    const db = afterReading(other.db, "log_head", async () => {
      looks += 1;
      if (looks !== 2) return;
      await change("two");
      const seen = Promise.withResolvers<void>();
      later = findTrusted(
        afterReading(other.db, "log_head", async () => seen.resolve()),
        "token",
        id,
      );
      await seen.promise;
    });
    assert.ok(await findTrusted(db, "token", id));
    assert.ok(later !== undefined && (await later));
    const { alarms } = await open.db
      .selectFrom("event")
      .select(({ fn }) => fn.countAll<number>().as("alarms"))
      .where("action", "=", "state.mismatch")
      .executeTakeFirstOrThrow();
    assert.equal(alarms, 0);
  });
}
