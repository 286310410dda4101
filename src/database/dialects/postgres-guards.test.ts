import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { freshLocation } from "../../../test/support/databases/databases.ts";
import { machineActor } from "../../audit/actor.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { eventRow } from "../../audit/event-row.ts";
import { openDatabase } from "../opening.ts";
import { appendEvents } from "./postgres-writing.ts";

// What PostgreSQL itself refuses of whoever has the serving role's password, and may set the marker to anything.

test("an action may have several events and nodes, and a transaction several actions", async () => {
  await using log = await freshLog();
  await log.query("begin");
  await log.open(1);
  await log.change("ada");
  await log.record(1);
  await log.record(2, 3);
  await log.query("insert into tree_node values (0, 0, '')");
  await log.close();
  await log.open(4);
  await log.query("insert into tree_node values (0, 1, '')");
  await log.change("bob");
  await log.record(4);
  await log.close();
  await log.moveHead(4);
  await log.query("commit");
  assert.deepEqual(await log.query('select username from "user" order by id'), [
    { username: "ada" },
    { username: "bob" },
  ]);
  // What a copy is loaded with: one action for the whole, whose marker stays.
  await log.query("begin");
  await log.open(5);
  await log.change("cleo");
  await log.record(5, 6);
  await log.query("insert into tree_node values (0, 2, '')");
  await log.moveHead(6);
  await log.query("commit");
});

const noAction = /needs an open action/;
const noEvent = /an action ends with its event, and this one has none/;

test("without an action nothing is changed, recorded or grown", async () => {
  await using log = await logWith(2);
  for (const marker of ["", "1", "2", "4", "-1"]) {
    await log.query("begin");
    await log.query(`select set_config('ironlog.event_id', '${marker}', true)`);
    await log.refuses(() => log.change("ada"), noAction);
    await log.refuses(() => log.record(3), noAction);
    await log.refuses(() => log.query("insert into tree_node values (0, 0, '')"), noAction);
    await log.refuses(() => log.query("update event set node = null"), /the log can only be appended to/);
    await log.query("rollback");
  }
  await log.refuses(() => log.record(3), noAction);
});

test("an action ends with an event that its own transaction has written", async () => {
  await using log = await logWith(2);
  for (const marker of ["", "1", "2", "3", "4"]) {
    await log.query("begin");
    await log.query(`select set_config('ironlog.event_id', '${marker}', true)`);
    await log.refuses(() => log.close(), noEvent);
    await log.query("rollback");
  }
  await log.query("begin");
  await log.open(3);
  await log.change("ada");
  // Somebody else's event is none, and there is no other way to the commit.
  await log.query("select set_config('ironlog.event_id', '2', true)");
  await assert.rejects(log.query("commit"), noEvent);
  assert.deepEqual(await log.query(`select * from "user"`), []);
});

test("an open action may not change an event either", async () => {
  await using log = await logWith(1);
  await log.query("begin");
  await log.open(2);
  const erasure = "update event set username = null, user_id = null, actor_salt = null";
  await log.refuses(() => log.query(erasure), /the log can only be appended to/);
});

test("what comes after an action's event is another action, with an event of its own", async () => {
  await using log = await logWith(0);
  await log.query("begin");
  await log.open(1);
  await log.change("ada");
  await log.record(1);
  await log.refuses(() => log.change("bob"), noAction);
  await log.close();
  await log.refuses(() => log.change("bob"), noAction);
  await log.query("savepoint second");
  await log.open(2);
  await log.change("bob");
  await log.refuses(() => log.close(), noEvent);
  await log.query("savepoint unclosed");
  await log.moveHead(1);
  await log.refuses(() => log.query("set constraints all immediate"), noEvent);
  await log.query("rollback to second");
  await log.moveHead(1);
  await log.query("commit");
  assert.deepEqual(await log.query(`select username from "user"`), [{ username: "ada" }]);
});

test("a commit that leaves the head of the log behind is refused", async () => {
  await using log = await logWith(1);
  for (const marker of ["2", "02", " 2 "]) {
    await log.query("begin");
    await log.query(`select set_config('ironlog.event_id', '${marker}', true)`);
    await log.record(2);
    await log.record(3);
    await log.close();
    await assert.rejects(log.query("commit"), /the head of the log is its last event/);
  }
  await log.query("begin");
  await log.open(2);
  await log.record(2);
  await log.moveHead(2);
  await log.record(3);
  await assert.rejects(log.query("commit"), /the head of the log is its last event/);
  assert.deepEqual(await log.query("select id from event"), [{ id: "1" }]);
});

test("nobody's temporary tables and paths stand in for the log", async () => {
  await using log = await logWith(1);
  await log.query("create temporary table event as select 7 as id");
  await log.query("create temporary table log_head as select 7 as last_event_id");
  await log.query("set search_path = pg_temp, public");
  await log.query("begin");
  await log.open(8);
  await log.refuses(() => log.change("ada"), noAction);
  await log.refuses(() => log.close(), noEvent);
  await log.query("rollback");
});

interface Log extends AsyncDisposable {
  query(statement: string): Promise<readonly unknown[]>;
  open(eventId: number): Promise<unknown>;
  change(username: string): Promise<unknown>;
  record(...ids: number[]): Promise<void>;
  close(): Promise<unknown>;
  moveHead(last: number): Promise<unknown>;
  /** Fails unless it's refused; the transaction goes on. */
  refuses(attempt: () => Promise<unknown>, message: RegExp): Promise<void>;
}

async function freshLog(): Promise<Log> {
  const fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  await (await openDatabase(fresh.location))[Symbol.asyncDispose]();
  const client = new pg.Client({ connectionString: fresh.location.url });
  await client.connect();
  const query = async (statement: string) => (await client.query<Record<string, unknown>>(statement)).rows;
  return {
    query,
    open: (eventId) => query(`select set_config('ironlog.event_id', '${eventId}', true)`),
    change: (username) =>
      query(`insert into public."user" (username, last_name, email, password_hash, is_superuser, is_active, created, updated)
        values ('${username}', '', '', 'x', 1, 1, 1, 1)`),
    record: async (...ids) => {
      const draft = draftEvent("token.create", undefined);
      await appendEvents(
        client,
        ids.map((id) => eventRow(id, 1, draft, machineActor("tester"))),
      );
    },
    close: () => query("select public.ironlog_close_action()"),
    moveHead: (last) => query(`update log_head set last_event_id = ${last}`),
    async refuses(attempt, message) {
      const isOpen = (await query("select now() <> statement_timestamp() as open")).some(({ open }) => open === true);
      if (isOpen) await query("savepoint attempt");
      await assert.rejects(attempt(), message);
      if (isOpen) await query("rollback to attempt");
    },
    async [Symbol.asyncDispose]() {
      await client.end();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

/** A log of so many events, each of an action and a transaction of its own. */
async function logWith(events: number): Promise<Log> {
  const log = await freshLog();
  for (let id = 1; id <= events; id += 1) {
    await log.query("begin");
    await log.open(id);
    await log.record(id);
    await log.close();
    await log.moveHead(id);
    await log.query("commit");
  }
  return log;
}
