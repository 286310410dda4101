import assert from "node:assert/strict";
import { test } from "node:test";
import { createRule, updateRule } from "../../src/alerting/rules/rule-actions.ts";
import { getRule } from "../../src/alerting/rules/rule-queries.ts";
import { tryRule } from "../../src/alerting/rules/trial.ts";
import { draftEvent, type ReportedDraft } from "../../src/audit/event-draft.ts";
import { perform } from "../../src/audit/perform.ts";
import { alerting, caughtUp, deleteTag, deletions, raised, tell } from "../support/alerting/alerting.ts";
import { type FreshDatabase, freshDatabase } from "../support/databases/databases.ts";
import { takeGuardsOff } from "../support/databases/guards.ts";
import { forEachKind } from "../support/each-kind.ts";
import { FastTiming } from "../support/forwarding/delivering.ts";
import { until } from "../support/until.ts";
import { actorFor, machine, now } from "../support/worlds/database-world.ts";

forEachKind((kind) => {
  const testIt = (what: string, run: (fresh: FreshDatabase, timing: FastTiming) => Promise<void>) =>
    test(what, async () => {
      await using fresh = await freshDatabase(kind);
      await run(fresh, new FastTiming());
    });

  testIt(
    "so many events of one group raise an alert that names them, and as many again raise the next",
    async ({ db }, timing) => {
      await perform(db, machine, createRule, { settings: deletions, now });
      await alerting(db, timing, async () => {});
      for (const name of ["a", "b", "a", "a", "a", "b", "a", "a"]) await deleteTag(db, name);
      await alerting(db, timing, async () => {});
      assert.deepEqual(await raised(db), [
        { rule: "deletions", events: [2, 4, 5], description: "Alert: Many deletions: tag/a." },
        { rule: "deletions", events: [6, 8, 9], description: "Alert: Many deletions: tag/a." },
      ]);
      const alerts = await db.selectFrom("alert").select(["rule", "group_key", "last_id", "acknowledged"]).execute();
      assert.deepEqual(
        alerts.map(({ last_id: last }) => last),
        [5, 9],
      );
    },
  );

  testIt("a restart forgets no half-full window, and raises nothing twice", async ({ db, meddle }, timing) => {
    await perform(db, machine, createRule, { settings: deletions, now });
    await alerting(db, timing, async (workers) => {
      await deleteTag(db, "a");
      await deleteTag(db, "a");
      await caughtUp(workers);
    });
    assert.deepEqual(await raised(db), []);
    await deleteTag(db, "a");
    await alerting(db, timing, async () => {});
    assert.equal((await raised(db)).length, 1);
    // As after a crash between the alert and the cursor, with and without what the rule remembered.
    await meddle("update worker_cursor set event_id = 1, leaf_hash = (select leaf_hash from event where id = 1)");
    await alerting(db, timing, async () => {});
    await meddle("delete from rule_state");
    await meddle("update worker_cursor set event_id = 1, leaf_hash = (select leaf_hash from event where id = 1)");
    await alerting(db, timing, async () => {});
    assert.equal((await raised(db)).length, 1);
  });

  testIt("what couldn't be remembered is counted once when it can be", async ({ db, meddle }, timing) => {
    await perform(db, machine, createRule, { settings: deletions, now });
    await alerting(db, timing, async (workers) => {
      await deleteTag(db, "a");
      await caughtUp(workers);
      await meddle("alter table rule_state rename to rule_state_away");
      await deleteTag(db, "a");
      await until(async () => (await workers.list()).some(({ trouble }) => trouble !== null));
      await meddle("alter table rule_state_away rename to rule_state");
      await caughtUp(workers);
      assert.deepEqual(await raised(db), []);
      await deleteTag(db, "a");
      await caughtUp(workers);
    });
    assert.deepEqual(
      (await raised(db)).map(({ events }) => events),
      [[2, 3, 4]],
    );
  });

  testIt("events that are too far apart, or told too late, raise nothing", async ({ db }, timing) => {
    await perform(db, machine, createRule, { settings: { ...deletions, windowSeconds: 1, count: 2 }, now });
    const hourAgo = Date.now() * 1000 - 3_700_000_000;
    const told: ReportedDraft = {
      source: "external",
      level: 0,
      type: "X",
      action: "tag.delete",
      outcome: "success",
      occurred: hourAgo,
      username: null,
      description: "told",
      details: null,
      node: null,
      hostname: null,
      target: { kind: "tag", id: null, name: "a" },
    };
    await alerting(db, timing, async (workers) => {
      await perform(db, machine, tell, told);
      await perform(db, machine, tell, told);
      await caughtUp(workers);
      assert.deepEqual(await raised(db), []);
      await perform(db, machine, tell, { ...told, occurred: null });
      await perform(db, machine, tell, { ...told, occurred: null });
      await caughtUp(workers);
    });
    assert.equal((await raised(db)).length, 1);
  });

  testIt("a quiet period holds for the group that raised an alert alone", async ({ db }, timing) => {
    await perform(db, machine, createRule, { settings: { ...deletions, count: 1, quietSeconds: 3_600 }, now });
    await alerting(db, timing, async () => {});
    for (const name of ["a", "a", "b", "a"]) await deleteTag(db, name);
    await alerting(db, timing, async () => {});
    assert.deepEqual(
      (await raised(db)).map(({ events }) => events),
      [[2], [4]],
    );
  });

  testIt("blocked logins count with all their attempts, by account and by address", async ({ db }, timing) => {
    const details = {
      accounts: [
        { name: "bob", attempts: 4 },
        { name: "ada", attempts: 5 },
      ],
      addresses: [{ address: "2001:db8::/64", attempts: 30 }],
    };
    await alerting(db, timing, async (workers) => {
      await perform(db, machine, tell, draftEvent("auth.login.blocked", { attempts: 30 }, { details }));
      await caughtUp(workers);
      const failed = draftEvent("auth.login.failure", { username: "bob" }, { as: { userId: 7, username: "bob" } });
      await perform(db, machine, tell, failed);
      await caughtUp(workers);
    });
    assert.deepEqual(
      (await raised(db, "failed-logins-of-account")).map(({ description }) => description),
      ["Alert: Failed logins of one account: ada.", "Alert: Failed logins of one account: bob."],
    );
    assert.deepEqual(
      (await raised(db, "failed-logins-from-address")).map(({ description }) => description),
      ["Alert: Failed logins from one address: 2001:db8::/64."],
    );
  });

  testIt("an address that is new for an administrator who is known raises an alert", async ({ db }, timing) => {
    const login = (role: string, ip: string) => {
      const actor = actorFor({ id: 1, username: "ada", isSuperuser: true });
      const draft = draftEvent(
        "auth.login",
        { username: "ada" },
        { details: { role }, as: { userId: 1, username: "ada" } },
      );
      return perform(db, { ...actor, user: null, origin: { ...actor.origin, ip } }, tell, draft);
    };
    await alerting(db, timing, async (workers) => {
      for (const ip of ["192.0.2.1", "192.0.2.1", "192.0.2.2"]) await login("admin", ip);
      await login("user", "192.0.2.3");
      await login("admin", "192.0.2.2");
      await caughtUp(workers);
    });
    assert.deepEqual(
      (await raised(db, "administrator-from-new-address")).map(({ events }) => events),
      [[3]],
    );
  });

  testIt("silence raises one alert, by the clock and not by events", async ({ db }, timing) => {
    timing.nowMicros = Date.now() * 1000;
    const absence = { ...deletions, kind: "absence" as const, count: null, groupBy: [], windowSeconds: 3_600 };
    await perform(db, machine, createRule, { settings: absence, now });
    await alerting(db, timing, async (workers) => {
      await deleteTag(db, "a");
      await caughtUp(workers);
      timing.nowMicros += 3_601_000_000;
      await workers.request("alerts");
      await until(async () => (await raised(db)).length > 0);
      await caughtUp(workers);
      timing.nowMicros += 10_000_000_000;
      const turns = async () => (await workers.list()).find(({ name }) => name === "alerts")?.turns ?? 0;
      const before = await turns();
      await workers.request("alerts");
      await until(async () => (await turns()) > before);
    });
    assert.deepEqual(
      (await raised(db)).map(({ events }) => events),
      [[2]],
    );
  });

  testIt("a changed rule holds of what comes after its change", async ({ db }, timing) => {
    await perform(db, machine, createRule, { settings: { ...deletions, isEnabled: false }, now });
    await alerting(db, timing, async (workers) => {
      for (let at = 0; at < 3; at += 1) await deleteTag(db, "a");
      await caughtUp(workers);
      const changes = { isEnabled: true, count: 2 };
      await perform(db, machine, updateRule, { name: "deletions", changes, now: now + 1 });
      await caughtUp(workers);
      await deleteTag(db, "a");
      await deleteTag(db, "a");
      await caughtUp(workers);
    });
    assert.deepEqual(
      (await raised(db)).map(({ events }) => events),
      [[6, 7]],
    );
  });

  testIt("a trial says what a rule would have raised, and changes nothing", async ({ db }) => {
    await perform(db, machine, createRule, { settings: { ...deletions, isEnabled: false }, now });
    for (let at = 0; at < 7; at += 1) await deleteTag(db, "a");
    const trial = await tryRule(db, await getRule(db, "deletions"), 0, Date.now() * 1000);
    assert.deepEqual(
      trial.alerts.map(({ events }) => events),
      [
        [2, 3, 4],
        [5, 6, 7],
      ],
    );
    assert.deepEqual([trial.alertCount, trial.looked, trial.isComplete], [2, 8, true]);
    assert.deepEqual(await raised(db), []);
  });

  testIt(
    "a rule that SQL has switched off is looked by all the same, and the log tells of it",
    async (fresh, timing) => {
      const { db } = fresh;
      await perform(db, machine, createRule, { settings: { ...deletions, count: 1 }, now });
      const changes = { severity: "medium" as const };
      await perform(db, machine, updateRule, { name: "signing-stopped", changes, now: now + 1 });
      const guardAgain = await takeGuardsOff({ kind, meddle: fresh.meddle }, "rule");
      await fresh.meddle("update rule set is_enabled = 0, count = 1000");
      await guardAgain();
      await alerting(db, timing, async () => {});
      await deleteTag(db, "a");
      await perform(db, machine, tell, draftEvent("log.sign.stop", { reason: "a test" }));
      await alerting(db, timing, async () => {});
      assert.equal((await raised(db, "signing-stopped")).length, 1);
      const told = await db.selectFrom("event").select("id").where("action", "=", "state.mismatch").execute();
      assert.ok(told.length > 0);
    },
  );

  testIt(
    "whoever becomes an administrator raises an alert, but for the first account of all",
    async ({ db }, timing) => {
      await alerting(db, timing, async () => {});
      const made = (id: string, username: string) =>
        draftEvent(
          "user.create",
          { username, isSuperuser: true },
          {
            target: { kind: "user", id, name: username },
            details: { is_superuser: true },
          },
        );
      for (const [id, username] of [
        ["1", "admin"],
        ["2", "eve"],
      ] as const)
        await perform(db, machine, tell, made(id, username));
      await alerting(db, timing, async () => {});
      assert.deepEqual(
        (await raised(db, "new-administrator")).map(({ description }) => description),
        ["Alert: Somebody became an administrator: user/eve."],
      );
    },
  );
});
