import assert from "node:assert/strict";
import { test } from "node:test";
import { createRule } from "../../src/alerting/rules/rule-actions.ts";
import { getRule } from "../../src/alerting/rules/rule-queries.ts";
import { tryRule } from "../../src/alerting/rules/trial.ts";
import { draftEvent, type ReportedDraft } from "../../src/audit/event-draft.ts";
import { perform } from "../../src/audit/perform.ts";
import { alerting, deleteTag, deletions, raised, tell } from "../support/alerting/alerting.ts";
import { type FreshDatabase, freshDatabase } from "../support/databases/databases.ts";
import { forEachKind } from "../support/each-kind.ts";
import { FastTiming } from "../support/forwarding/delivering.ts";
import { actorFor, machine, now } from "../support/worlds/database-world.ts";

forEachKind((kind) => {
  const testIt = (what: string, run: (fresh: FreshDatabase, timing: FastTiming) => Promise<void>) =>
    test(what, async () => {
      await using fresh = await freshDatabase(kind);
      await run(fresh, new FastTiming());
    });

  testIt("what the log has seen before a rule was made is not new to it", async ({ db }, timing) => {
    timing.nowMicros = Date.now() * 1000;
    await deleteTag(db, "old");
    const first = { ...deletions, kind: "first" as const, count: null, windowSeconds: null };
    await perform(db, machine, createRule, { settings: first, now });
    await alerting(db, timing, async () => {});
    for (const name of ["old", "new", "new"]) await deleteTag(db, name);
    await alerting(db, timing, async () => {});
    assert.deepEqual(
      (await raised(db)).map(({ description }) => description),
      ["Alert: Many deletions: tag/new."],
    );
  });

  testIt("what others report as blocked logins stops no rule, and counts as one event", async ({ db }, timing) => {
    const settings = { ...deletions, filter: ["action:auth.login.blocked"], groupBy: [], count: 3 };
    await perform(db, machine, createRule, { settings, now });
    await alerting(db, timing, async () => {});
    const told: ReportedDraft = {
      source: "external",
      level: 0,
      type: "X",
      action: "auth.login.blocked",
      outcome: "failure",
      occurred: null,
      username: null,
      description: "told",
      details: { accounts: 5, addresses: [null], attempts: 1_000 },
      target: null,
      node: null,
      hostname: null,
    };
    for (let at = 0; at < 2; at += 1) await perform(db, machine, tell, told);
    await alerting(db, timing, async () => {});
    assert.deepEqual(await raised(db), []);
    await perform(db, machine, tell, told);
    await alerting(db, timing, async () => {});
    assert.equal((await raised(db)).length, 1);
  });

  testIt("a rule about one account counts the blocked logins of that account alone", async ({ db }, timing) => {
    const settings = { ...deletions, filter: ["owner:alice"], groupBy: ["user" as const], count: 5 };
    await perform(db, machine, createRule, { settings, now });
    await alerting(db, timing, async () => {});
    const accounts = [
      { name: "alice", attempts: 1 },
      { name: "bob", attempts: 29 },
    ];
    const details = { accounts, addresses: [], attempts: 30 };
    await perform(db, machine, tell, draftEvent("auth.login.blocked", { attempts: 30 }, { details }));
    await alerting(db, timing, async () => {});
    assert.deepEqual(await raised(db), []);
  });

  testIt("failed logins from one IPv6 network count together with the blocked ones", async ({ db }, timing) => {
    await alerting(db, timing, async () => {});
    const actor = actorFor({ id: 1, username: "ada", isSuperuser: true });
    const failed = draftEvent("auth.login.failure", { username: null }, { outcome: "failure", as: "nobody" });
    for (const ip of ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4", "2001:db8::5"]) {
      await perform(db, { ...actor, user: null, origin: { ...actor.origin, ip } }, tell, failed);
    }
    const details = { accounts: [], addresses: [{ address: "2001:db8::/64", attempts: 15 }], attempts: 15 };
    await perform(db, machine, tell, draftEvent("auth.login.blocked", { attempts: 15 }, { details }));
    await alerting(db, timing, async () => {});
    assert.equal((await raised(db, "failed-logins-from-address")).length, 1);
  });

  testIt("a trial of an absence says what the rule would have said, and when", async ({ db }) => {
    const absence = { ...deletions, kind: "absence" as const, count: null, groupBy: [], windowSeconds: 3_600 };
    await perform(db, machine, createRule, { settings: { ...absence, isEnabled: false }, now });
    const hours = (count: number): number => Date.now() * 1000 + count * 3_600_000_000;
    const trial = await tryRule(db, await getRule(db, "deletions"), 0, hours(5));
    assert.deepEqual([trial.alertCount, trial.alerts[0]?.events], [1, []]);
    const first = await db.selectFrom("event").select("created").where("id", "=", 1).executeTakeFirstOrThrow();
    assert.equal(trial.alerts[0]?.at, first.created + 3_600_000_001);
  });
});
