import assert from "node:assert/strict";
import { existsSync, mkdirSync, renameSync, rmdirSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { machineActor } from "../../src/audit/actor.ts";
import { eventRow } from "../../src/audit/event-row.ts";
import { Findings } from "../../src/transparency/verification/verification-report.ts";
import { verdictOf } from "../../src/transparency/verdicts/verdict.ts";
import { recordVerdict } from "../../src/transparency/verdicts/verify-actions.ts";
import { send } from "../support/clients/http-client.ts";
import { kinds } from "../support/databases/databases.ts";
import { takeGuardsOff } from "../support/databases/guards.ts";
import { report } from "../support/reports.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { until } from "../support/until.ts";
import { logOf, type ShownVerdict, stateOf } from "./shown-state.ts";

// Verdicts are events: nobody can forge one, switch them off or keep them away unseen.

interface VerdictEvent {
  readonly id: number;
  readonly description: string;
  readonly outcome: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Asks for a verification, and waits for its end. */
async function verify(server: TestServer): Promise<ShownVerdict> {
  const asked = await admin(server).native.ask("POST", "log/verifications");
  assert.equal(asked.status, 202, asked.text);
  let last: ShownVerdict | null = null;
  await until(async () => {
    const { verification } = await logOf(server);
    last = verification.running === null ? verification.last : null;
    return last !== null;
  });
  assert(last !== null);
  return last;
}

async function verdicts(server: TestServer): Promise<readonly VerdictEvent[]> {
  const answer = await admin(server).native.ask("GET", "events?action=log.verify&source=ironlog");
  return answer.json<{ readonly items: readonly VerdictEvent[] }>().items;
}

for (const kind of kinds) {
  test(`a verification is one event, which says what it has found and against what (${kind})`, async () => {
    await using server = await startServer({ kind });
    assert.deepEqual((await stateOf(server)).told, []);
    const last = await verify(server);
    await verify(server);
    const [second, first, ...others] = await verdicts(server);
    assert.ok(first !== undefined && second !== undefined);
    assert.deepEqual([others.length, second.id], [0, first.id + 1], "one event each, whatever they verify");
    assert.deepEqual([last.id, last.is_good, last.reason], [first.id, true, null]);
    assert.equal(first.description, `Verified ${first.id - 1} events: no fault.`);
    assert.equal(first.outcome, "success");
    const { size, integrity, completeness, root, faults, gaps, keys_are_trusted } = first.details;
    assert.deepEqual(
      { size, integrity, completeness, faults, gaps, keys_are_trusted },
      {
        size: first.id - 1,
        integrity: "intact",
        completeness: "complete",
        faults: [],
        gaps: [],
        keys_are_trusted: true,
      },
    );
    assert.equal(Buffer.from(String(root), "base64").length, 32);
    assert.ok(Number.isSafeInteger(first.details["duration_ms"]));
    const { told, isGood } = await stateOf(server);
    assert.deepEqual([told, isGood], [[], true]);
    const person = await makePerson(server);
    assert.equal(
      (await person.native.ask("GET", `events/${first.id}`)).status,
      404,
      "it is the administrators' to see",
    );
  });

  test(`the faults of a verdict name the events that are missing (${kind})`, async () => {
    await using server = await startServer({ kind });
    const guardAgain = await takeGuardsOff(server, "event");
    await server.meddle("delete from event where id = 2");
    await guardAgain();
    const { faults, fault_count: count } = await verify(server);
    assert.equal(faults.length, count);
    assert.deepEqual(
      faults.filter(({ layer }) => layer === "events"),
      [{ layer: "events", event: null, what: "event 2 is missing" }],
    );
  });

  test(`a verdict that was changed is no verdict, and the next one finds it as any event (${kind})`, async () => {
    await using server = await startServer({ kind });
    await takeGuardsOff(server, "event");
    await server.meddle("update event set type = 'FORGED' where id = 2");
    await verify(server);
    const [bad] = await verdicts(server);
    assert.match(bad?.description ?? "", /^Verified \d+ events: \d+ faults\.$/);
    assert.equal(bad?.outcome, "failure");
    assert.deepEqual(
      (bad.details["faults"] as ShownVerdict["faults"]).some(({ event }) => event === 2),
      true,
    );
    const found = await stateOf(server);
    assert.deepEqual([found.told.includes("damage"), found.isGood], [true, false]);
    const details = JSON.stringify({ ...bad.details, integrity: "intact", faults: [], fault_count: 0 });
    await server.meddle(
      `update event set outcome = 'success', description = 'Verified 7 events: no fault.', details = '${details}' where id = ${bad.id}`,
    );
    const { told, isGood, text } = await stateOf(server);
    assert.deepEqual([told.includes("damage"), isGood], [true, false]);
    assert.match(text, new RegExp(`^damage: the last verdict, event ${bad.id}, is not what was recorded`, "m"));
    const changed = (await logOf(server)).verification.last;
    assert.equal(changed?.is_as_recorded, false);
    const isFailed = ({ verdict }: { readonly verdict: string }): boolean => verdict === "failed";
    assert.deepEqual(
      changed.layers.filter(isFailed).map(({ name, faults }) => [name, faults]),
      [["events", changed.faults.length]],
    );
    await verify(server);
    // The verdict before it may be shown until the work has begun.
    await until(async () => (await logOf(server)).verification.last?.id !== bad.id);
    const next = (await logOf(server)).verification.last;
    assert.equal(
      next?.faults.some(({ event }) => event === bad.id),
      true,
    );
  });

  test(`a verdict that Ironlog did not record counts for nothing: a row behind the log, a report of that name (${kind})`, async () => {
    await using server = await startServer({ kind });
    await takeGuardsOff(server, "event");
    await server.meddle("update event set type = 'FORGED' where id = 2");
    await verify(server);
    const reported = { type: "SETTINGS", action: "log.verify", description: "Verified 7 events: no fault." };
    await report(admin(server).native, reported);
    await server.meddle(insertOf(forgedVerdict(1_000), kind));
    assert.deepEqual([(await stateOf(server)).told.includes("damage"), (await stateOf(server)).isGood], [true, false]);
    const { faults } = await verify(server);
    assert.match(faults.find(({ event }) => event === 1_000)?.what ?? "", /stands outside the log/);
  });

  test(`verifications that are turned off are said to be, and are no absence (${kind})`, async () => {
    await using server = await startServer({ kind });
    await takeGuardsOff(server, "event");
    await server.meddle(`update event set created = created - ${30 * 86_400_000_000} where id = 1`);
    const pace = async (): Promise<readonly string[]> =>
      (await stateOf(server)).told.filter((name) => name.startsWith("verification"));
    assert.deepEqual(await pace(), ["verification absent"], "without a verdict the first event counts");
    const off = await admin(server).native.ask("PUT", "settings/ironlog_verify_interval_hours", { value: 0 });
    assert.equal(off.status, 200, off.text);
    assert.deepEqual(await pace(), ["verification off"]);
    assert.match((await stateOf(server)).text, /^verification off: set ironlog_verify_interval_hours to 1 or more/m);
    const on = await admin(server).native.ask("PUT", "settings/ironlog_verify_interval_hours", { value: 1_000 });
    assert.equal(on.status, 200, on.text);
    assert.deepEqual(await pace(), []);
  });

  test(`a setting that was changed by SQL doesn't turn verifications off: an event tells of it (${kind})`, async () => {
    await using server = await startServer({ kind });
    await takeGuardsOff(server, "event", "setting");
    await server.meddle(`update event set created = created - ${30 * 86_400_000_000} where id = 1`);
    for (const [value, insert] of [
      ["0", true],
      ["1000000000", false],
    ] as const) {
      await server.meddle(
        insert
          ? `insert into setting (name, value, updated) values ('ironlog_verify_interval_hours', '${value}', 1)`
          : `update setting set value = '${value}'`,
      );
      const { told } = await stateOf(server);
      assert.deepEqual(
        told.filter((name) => name.startsWith("verification")),
        ["verification absent"],
        "the pace is the initial one",
      );
    }
    const page = await admin(server).native.ask("GET", "events?action=state.mismatch");
    const { items } = page.json<{ items: readonly { readonly details: { readonly key: string } }[] }>();
    assert.deepEqual(
      items.map(({ details }) => details.key),
      ["ironlog_verify_interval_hours"],
    );
  });

  test(`a log that could not be verified is red, and not as it was before (${kind})`, async () => {
    await using server = await startServer({ kind });
    assert.equal((await verify(server)).is_good, true);
    const key = path.join(server.data, "log.key");
    renameSync(key, `${key}.away`);
    mkdirSync(key);
    const last = await verify(server);
    assert.deepEqual([last.is_good, last.faults], [false, []]);
    assert.match(last.reason ?? "", /log\.key/);
    const [event] = await verdicts(server);
    assert.deepEqual([event?.outcome, event?.description], ["failure", `Could not verify the log: ${last.reason}.`]);
    const { told, isGood } = await stateOf(server);
    assert.deepEqual([told, isGood], [["not verified"], false]);
    const plain = await send(server.url, "/readyz");
    assert.match(plain.text, /^degraded: not verified\n[^]*^last verification: COULD NOT VERIFY$/m);
    assert.ok(!plain.text.includes("log.key"), "files are the administrators' to know");
    rmdirSync(key);
    renameSync(`${key}.away`, key);
    assert.equal((await verify(server)).is_good, true);
    assert.deepEqual((await stateOf(server)).told, []);
  });

  test(`a verdict that the log can't take waits in a file, is shown, and goes with the next one (${kind})`, async () => {
    await using server = await startServer({ kind });
    const file = path.join(server.data, "unrecorded-verdict.json");
    for (const statement of refusal[kind].made) await server.meddle(statement);
    const last = await verify(server);
    assert.equal(last.id, null);
    assert.deepEqual(await verdicts(server), []);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const { told, isGood } = await stateOf(server);
    assert.deepEqual([told.length, isGood], [1, false]);
    await server.meddle("alter table log_head rename to log_head_away");
    const away = await send(server.url, "/readyz");
    assert.deepEqual([away.status, away.text.startsWith("not ready: ")], [503, true]);
    assert.match(away.text, /^last verification: .*not recorded in the log$/m);
    await server.meddle("alter table log_head_away rename to log_head");
    assert.ok(existsSync(file));
    // With a trigger that isn't Ironlog's it wouldn't start; with SQLite's words for a table that was renamed neither.
    if (kind === "postgres") await server.stop();
    assert.ok(existsSync(file), "also when the server has stopped");
    for (const statement of refusal[kind].undone) await server.meddle(statement);
    if (kind === "postgres") await server.start();
    await until(async () => (await verify(server)).id !== null);
    assert.ok(!existsSync(file));
    assert.ok((await verdicts(server)).length >= 1);
  });

  test(`a log that is shorter than this server has seen it is told to be behind (${kind})`, async () => {
    await using server = await startServer({ kind });
    assert.deepEqual((await stateOf(server)).told, []);
    if (kind === "postgres") await server.meddle("alter table log_head disable trigger user");
    else {
      const triggers = await server.meddle(
        "select name from sqlite_master where type = 'trigger' and tbl_name = 'log_head'",
      );
      for (const { name } of triggers) await server.meddle(`drop trigger "${String(name)}"`);
    }
    await server.meddle("update log_head set last_event_id = last_event_id - 1");
    assert.ok((await stateOf(server)).told.includes("log behind"));
  });
}

/** What keeps a verdict out of the log, as a full disk would. */
const refusal = {
  sqlite: {
    made: [
      `create trigger no_room before insert on event when new.action = 'log.verify' begin select raise(abort, 'no room'); end`,
    ],
    undone: ["drop trigger no_room"],
  },
  postgres: {
    made: [
      `create function no_room() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$`,
      `create trigger no_room before insert on event for each row when (new.action = 'log.verify') execute function no_room()`,
    ],
    undone: ["drop trigger no_room on event", "drop function no_room"],
  },
} as const;

/** A verdict as somebody writes it who knows how rows are hashed. */
function forgedVerdict(id: number): ReturnType<typeof eventRow> {
  const verdict = verdictOf(new Findings().report(), 7);
  const machine = machineActor("ironlog");
  const [draft] = recordVerdict.events(verdict, verdict, machine);
  return eventRow(id, Date.now() * 1000, draft, machine);
}

function insertOf(row: ReturnType<typeof eventRow>, kind: (typeof kinds)[number]): string {
  const values = Object.values(row).map((value) => {
    if (value === null) return "null";
    if (typeof value === "number") return String(value);
    if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
    const hex = Buffer.from(value).toString("hex");
    return kind === "sqlite" ? `x'${hex}'` : `'\\x${hex}'`;
  });
  return `insert into event (${Object.keys(row).join(", ")}) values (${values.join(", ")})`;
}
