import type { QueryCreator } from "kysely";
import type { DomainTables } from "../database/tables.ts";
import type { DomainTransaction } from "../database/writing/writer.ts";
import type { Actor } from "./actor.ts";
import type { EventDraft, MirroredDraft, ReportedDraft } from "./event-draft.ts";

/** A transaction that may change what people own. Only `perform` hands one out. */
export type Tx = DomainTransaction;

/** Whatever can be asked for what people own: the database, or a transaction that sees its own changes. */
export type Reader = Pick<QueryCreator<DomainTables>, "selectFrom">;

/**
 * One thing that can be done: how it changes the data, and what the log says of it.
 *
 * `run` may be tried again: it gets no clock, no network and no randomness but through its input. If it throws,
 * nothing happened and nothing is recorded. The first of its events will have the id `firstEventId`, the others those
 * that follow.
 */
export interface Action<Input, Result> {
  // Not methods: to those TypeScript would let an input be passed that is only like the right one.
  readonly run: (tx: Tx, input: Input, actor: Actor, firstEventId: number) => Promise<Result>;
  readonly events: (result: Result, input: Input, actor: Actor) => readonly [Draft, ...Draft[]];
}

export type Draft = EventDraft | ReportedDraft | MirroredDraft;

/**
 * Thrown by `run` where it finds, under the lock, that all of it has been done by an earlier request of the same caller:
 * whoever prepared its input should look again, and will know the answer.
 */
export class AlreadyDone extends Error {
  override readonly name = "AlreadyDone";
}

/** Gives an action its types; there is nothing else to it. */
export function defineAction<Input, Result>(action: Action<Input, Result>): Action<Input, Result> {
  return action;
}
