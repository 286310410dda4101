import assert from "node:assert/strict";
import { test } from "node:test";
import { freshLocation, type FreshLocation, kinds } from "../../../test/support/databases/databases.ts";
import { assertSoundLog } from "../../../test/write-path/sound-log.ts";
import { createPerson } from "../../../test/support/worlds/database-world.ts";
import { perform } from "../../audit/perform.ts";
import { recordReport } from "../../events/reporting/report-actions.ts";
import { parseReport } from "../../events/reporting/report.ts";
import { parseReportedEvent } from "../../events/reporting/reported-event.ts";
import { openDatabase } from "../opening.ts";

for (const kind of kinds) {
  test(`a log that is older than its tree gets the tree that it would have grown (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    {
      await using open = await openDatabase(fresh.location);
      const { actor } = await createPerson(open.db, { username: "ada", isAdministrator: true });
      const event = parseReportedEvent({ type: "A", action: "a", description: "a" }, 1);
      // Past one full tile, so that there is a node.
      const report = parseReport(
        Array.from({ length: 299 }, () => event),
        undefined,
      );
      await perform(open.db, actor, recordReport, report);
    }
    await undoStep(fresh);
    await using open = await openDatabase(fresh.location);
    assert.deepEqual(open.migrated, [
      "0007-tree",
      "0008-postgres-guards",
      "0009-postgres-head",
      "0010-password-ends",
      "0011-events-stay",
      "0014-nonces",
      "0016-node-details",
      "0017-workers",
    ]);
    assert.equal((await fresh.meddle("select * from tree_node")).length, 1);
    await createPerson(open.db, { username: "bob" });
    await assertSoundLog({ db: open.db, location: fresh.location });
  });
}

const nodeColumns = [
  "osystem",
  "distro_series",
  "hwe_kernel",
  "min_hwe_kernel",
  "swap_size_bytes",
  "cpu_count",
  "memory_mib",
  "parent_system_id",
];

/** The database as it was before the step. */
async function undoStep({ meddle, location }: FreshLocation): Promise<void> {
  const added = [
    "tree_node",
    "checkpoint",
    "log_identity",
    "log_move",
    "verification",
    "session_ended_by_password",
    "early_nonce",
    "worker_cursor",
  ];
  for (const table of added) {
    await meddle(`drop table ${table}`);
  }
  if (location.kind === "postgres") await meddle("drop table nonce, nonce_start, worker_lease");
  await meddle("drop index node_of_parent");
  for (const column of nodeColumns) await meddle(`alter table node drop column ${column}`);
  await meddle("alter table log_head drop column edge");
  await meddle("drop index event_target_id");
  if (location.kind === "postgres") {
    await meddle("drop function ironlog_close_action");
    for (const name of ["ironlog_checkpoint_insert", "ironlog_checkpoint_update", "ironlog_tree_grows"]) {
      await meddle(`drop function ${name}()`);
    }
  }
  if (location.kind === "postgres") {
    await meddle("drop trigger event_moves_head on event");
    await meddle("create function ironlog_event_update() returns trigger language plpgsql as 'begin return new; end'");
  } else {
    await meddle("drop trigger event_never_changes");
    await meddle("create trigger event_erasure_only before update on event begin select 1; end");
  }
  await meddle("delete from kysely_migration where name >= '0007'");
}
