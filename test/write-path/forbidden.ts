// Attempts to change something without an event. None of them compiles: `tsc` fails where one does, since nothing is
// left to be expected. This file is never run.

import type { Transaction } from "kysely";
import { createUser } from "../../src/accounts/users/user-actions.ts";
import { parsePassword, PasswordHasher } from "../../src/accounts/passwords/password.ts";
import { type Action, defineAction, type Reader, type Tx } from "../../src/audit/action.ts";
import type { Actor } from "../../src/audit/actor.ts";
import { draftEvent, type EventDraft } from "../../src/audit/event-draft.ts";
import { perform } from "../../src/audit/perform.ts";
import { keepBooks } from "../../src/database/writing/bookkeeping.ts";
import type { Database } from "../../src/database/database.ts";
import type { BookkeepingTables } from "../../src/database/tables.ts";
import { type Call, command } from "../../src/http/operations/operation.ts";
import { newUser } from "../support/worlds/database-world.ts";

const passwords = new PasswordHasher();

const told = draftEvent("token.create", undefined);

/** A database is for reading. */
export function writeWithoutPerform(db: Database): void {
  // @ts-expect-error -- There is no insert.
  db.insertInto("user").values({ username: "eve" });
  // @ts-expect-error -- There is no update.
  db.updateTable("user").set({ is_superuser: 1 });
  // @ts-expect-error -- There is no deletion.
  db.deleteFrom("event").where("id", "=", 1);
  // @ts-expect-error -- There is no replacement.
  db.replaceInto("user").values({ username: "eve" });
  // @ts-expect-error -- There is no merge.
  db.mergeInto("user").using("session", "session.user_id", "user.id");
  // @ts-expect-error -- Tables are made by migrations.
  db.schema.dropTable("event");
  // @ts-expect-error -- A query that reads can't write in passing.
  db.with("gone", (inner) => inner.deleteFrom("event").returningAll()).selectFrom("gone");
  // @ts-expect-error -- Its transaction only reads.
  db.transaction().execute((tx) => tx.insertInto("user").values({ username: "eve" }).execute());
  // @ts-expect-error -- So does its connection.
  db.connection().execute((one) => one.deleteFrom("event").execute());
}

/** What takes a transaction takes no database, and no reader. */
export async function passForATransaction(db: Database, reader: Reader, actor: Actor): Promise<void> {
  // @ts-expect-error -- An action runs in the transaction of `perform` alone.
  await createUser.run(db, newUser("eve"), actor, 1);
  // @ts-expect-error -- Whoever may read may not write.
  await createUser.run(reader, newUser("eve"), actor, 1);
  // @ts-expect-error -- Nor is there any way to write through a reader.
  reader.insertInto("user");
}

/** Every action tells of itself. */
export const untold: readonly Action<undefined, void>[] = [
  // @ts-expect-error -- No events at all.
  defineAction({ async run() {} }),
  defineAction({
    async run() {},
    // @ts-expect-error -- An empty list of events.
    events: () => [],
  }),
  defineAction({
    async run() {},
    // @ts-expect-error -- A list that might be empty.
    events: () => [told].filter(() => Math.random() < 0.5),
  }),
  defineAction({
    async run() {},
    // @ts-expect-error -- An event that isn't in the closed list.
    events: () => [{ ...told, action: "user.forget" }],
  }),
  defineAction({
    async run() {},
    // @ts-expect-error -- Events are told when the action has run, not later.
    events: async (): Promise<readonly [EventDraft]> => [told],
  }),
];

/** An action changes what people own, and nothing else. */
export async function reachBeyondTheDomain(tx: Tx): Promise<void> {
  // @ts-expect-error -- The log is appended to by `perform`.
  await tx.insertInto("event").values({ id: 1 }).execute();
  // @ts-expect-error -- The log is not rewritten.
  await tx.updateTable("event").set({ description: "" }).execute();
  // @ts-expect-error -- The log is not cut.
  await tx.deleteFrom("event").execute();
  // @ts-expect-error -- Nor is it read: what an action decides by is the data.
  await tx.selectFrom("event").selectAll().execute();
  // @ts-expect-error -- The head moves with the event.
  await tx.updateTable("log_head").set({ last_event_id: 0 }).execute();
  // @ts-expect-error -- Bookkeeping is not an act.
  await tx.insertInto("session_use").values({ session_id: 1, last_used: 1 }).execute();
}

/** Bookkeeping, which leaves no event, changes nothing that people own, and not the log. */
export async function disguiseAsBookkeeping(db: Database, tx: Transaction<BookkeepingTables>): Promise<void> {
  // @ts-expect-error -- A user is nobody's note.
  await keepBooks(db, (books) => books.updateTable("user").set({ is_superuser: 1 }).execute());
  // @ts-expect-error -- A session is an act; only its last use is a note.
  await keepBooks(db, (books) => books.deleteFrom("session").execute());
  // @ts-expect-error -- A token is an act.
  await keepBooks(db, (books) => books.deleteFrom("token").execute());
  // @ts-expect-error -- The log is out of reach.
  await keepBooks(db, (books) => books.deleteFrom("event").execute());
  // @ts-expect-error -- A transaction for notes is none for actions.
  const action: Tx = tx;
  return void action;
}

/** What is stored and what is typed can't be confused. */
export async function confusePasswords(db: Database, actor: Actor): Promise<void> {
  const password = parsePassword("correct horse", "password");
  // @ts-expect-error -- A user is stored with a hash, not with a password.
  await perform(db, actor, createUser, { ...newUser("eve"), passwordHash: "correct horse" });
  // An operation can't either, whatever the request was.
  command({
    action: createUser,
    // @ts-expect-error -- The password itself.
    input: async ({ request }: Call<{ password: string }>) => ({ ...newUser("eve"), passwordHash: request.password }),
    output: () => "created",
  });
  // @ts-expect-error -- Not with a checked one either.
  await perform(db, actor, createUser, { ...newUser("eve"), passwordHash: password });
  // @ts-expect-error -- Only what was checked is hashed.
  await passwords.hash("correct horse");
  // @ts-expect-error -- A password is compared with a hash, not with a password.
  await passwords.verify("correct horse", "correct horse");
  // @ts-expect-error -- `perform` does not wait for what would be done in the dark: it takes an action.
  await perform(db, actor, async (tx: Tx) => tx.deleteFrom("user").execute(), undefined);
}
