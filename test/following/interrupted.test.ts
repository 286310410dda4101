import assert from "node:assert/strict";
import { postgresAt } from "../support/databases/locations.ts";
import path from "node:path";
import { test } from "node:test";
import { refuseOperation } from "../../src/audit/machine-actions.ts";
import { perform } from "../../src/audit/perform.ts";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/opening.ts";
import { type FreshDatabase, freshDatabase, kinds } from "../support/databases/databases.ts";
import { startCluster } from "../support/databases/postgres-cluster.ts";
import { startStandby } from "../support/databases/postgres-standby.ts";
import { startProcess, type TestProcess } from "../support/processes/program.ts";
import { machine } from "../support/worlds/database-world.ts";
import { until } from "../support/until.ts";

// What a follower does again after it was killed or frozen in the middle of its work: at most one batch, and it skips none.

async function record({ db }: { readonly db: Database }, count: number): Promise<void> {
  const acts = Array.from({ length: count }, () =>
    perform(db, machine, refuseOperation, { operation: "x", path: "/" }),
  );
  await Promise.all(acts);
}

function startFollower({ location }: Pick<FreshDatabase, "location">): TestProcess {
  const place = location.kind === "postgres" ? location.url : location.file;
  const program = path.join(import.meta.dirname, "follower-program.ts");
  return startProcess({ args: [program, location.kind, place], hasInput: true });
}

/** Lets it do the batches, one after the other; gives them. */
async function work(follower: TestProcess, batches: readonly string[]): Promise<void> {
  for (const batch of batches) {
    await follower.until(new RegExp(`^working ${batch}$`, "m"));
    follower.write("\n");
    await follower.until(new RegExp(`^worked ${batch}$`, "m"));
  }
}

const workedOn = ({ stdout }: TestProcess): readonly string[] =>
  [...stdout.matchAll(/^worked (\S+)$/gm)].map(([, batch = ""]) => batch);

async function cursorOf(fresh: FreshDatabase): Promise<unknown> {
  const [row] = await fresh.meddle("select event_id from worker_cursor where worker = 'test'");
  return row === undefined ? undefined : Number(row["event_id"]);
}

async function untilCursor(fresh: FreshDatabase, eventId: number): Promise<void> {
  await until(async () => (await cursorOf(fresh)) === eventId);
}

for (const kind of kinds) {
  test(`a follower that is killed in the middle of its work does that batch again, and no other (${kind})`, async () => {
    await using fresh = await freshDatabase(kind);
    await record(fresh, 25);
    await using killed = startFollower(fresh);
    await work(killed, ["1-10"]);
    await killed.until(/^working 11-20$/m);
    killed.signal("SIGKILL");
    await killed.ended;
    await using next = startFollower(fresh);
    await work(next, ["11-20", "21-25"]);
    await record(fresh, 1);
    await work(next, ["26-26"]);
    await untilCursor(fresh, 26);
    next.signal("SIGTERM");
    assert.equal((await next.ended).code, 0);
    await using last = startFollower(fresh);
    await last.until(/^started$/m);
    await record(fresh, 1);
    await work(last, ["27-27"]);
    assert.deepEqual([workedOn(next), workedOn(last)], [["11-20", "21-25", "26-26"], ["27-27"]]);
  });
}

test("of two followers on one PostgreSQL the frozen one loses its lease, and can't move the cursor when it is thawed", async () => {
  await using fresh = await freshDatabase("postgres");
  await record(fresh, 25);
  await using frozen = startFollower(fresh);
  await frozen.until(/^working 1-10$/m);
  await using other = startFollower(fresh);
  await other.until(/^standing by$/m);
  frozen.signal("SIGSTOP");
  await work(other, ["1-10", "11-20", "21-25"]);
  await untilCursor(fresh, 25);
  frozen.signal("SIGCONT");
  // Its work is done, and too late.
  await frozen.until(/^told to end$/m);
  frozen.write("\n");
  await frozen.until(/^worked 1-10$/m);
  await frozen.until(/^standing by$/m);
  assert.equal(await cursorOf(fresh), 25);
  // It goes on as a follower, which takes over where the other one ends.
  await record(fresh, 1);
  await work(other, ["26-26"]);
  await untilCursor(fresh, 26);
  other.signal("SIGKILL");
  await other.ended;
  await record(fresh, 1);
  await work(frozen, ["27-27"]);
  await untilCursor(fresh, 27);
  assert.deepEqual(
    [workedOn(frozen), workedOn(other)],
    [
      ["1-10", "27-27"],
      ["1-10", "11-20", "21-25", "26-26"],
    ],
  );
});

test("of two followers on one PostgreSQL the second goes on where the first was killed", async () => {
  await using fresh = await freshDatabase("postgres");
  await record(fresh, 15);
  await using killed = startFollower(fresh);
  await work(killed, ["1-10"]);
  await killed.until(/^working 11-15$/m);
  await using other = startFollower(fresh);
  await other.until(/^standing by$/m);
  killed.signal("SIGKILL");
  await work(other, ["11-15"]);
  await untilCursor(fresh, 15);
  assert.deepEqual(workedOn(other), ["11-15"]);
});

test("a follower whose PostgreSQL fails over in the middle of its work does that batch again, and skips none", async () => {
  const primary = await startCluster();
  const standby = await startStandby(primary);
  try {
    {
      await using open = await openDatabase(postgresAt(primary.url));
      await record(open, 25);
    }
    const hosts = [primary, standby].map(({ url }) => new URL(url).host);
    const url = `postgres://ironlog@${hosts.join(",")}/postgres`;
    await using follower = startFollower({ location: postgresAt(url) });
    await work(follower, ["1-10"]);
    await follower.until(/^working 11-20$/m);
    await standby.untilEven();
    await primary.stop();
    await follower.until(/^told to end$/m);
    await standby.promote();
    follower.write("\n");
    await follower.until(/^worked 11-20$/m);
    await follower.until(/^working 11-20$[^]*^working 11-20$/m);
    follower.write("\n");
    await work(follower, ["21-25"]);
    assert.deepEqual(workedOn(follower), ["1-10", "11-20", "11-20", "21-25"]);
  } finally {
    await standby.stop();
    await primary.stop();
  }
});
