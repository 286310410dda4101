import { setImmediate as afterInput, setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../database/database.ts";
import { databaseRefusal, failureKind } from "../database/failures.ts";
import { CommitUnknown, type WriteTransaction, writerOf } from "../database/writing/writer.ts";
import { Refusal } from "../refusal.ts";
import type { Action } from "./action.ts";
import type { Actor } from "./actor.ts";
import { commitState } from "./state.ts";
import { withoutEndedCredential } from "./ended-credential.ts";
import { growLog, nextTime, statedEntries } from "./growth.ts";

/** One commit serves so many actions: more would make the first wait for the last. */
const groupActionsMax = 64;
/** Beyond it the server is drowning, and a quick "try again" helps more than a place in the queue. */
const waitingActionsMax = 2_000;
/** Whoever has waited for so long for a place in a group is refused: the database has stopped, or is slower than it is asked. */
const waitMsMax = 15_000;
const waitLookMs = 1_000;
const actionsLookMs = 5;
/** A group that met another transaction is tried again as a whole, so often. */
const groupAttemptsMax = 5;

/**
 * The one way to change anything: runs the action and records its events in one transaction, and returns its result
 * once both are on disk. Actions that wait at the same time share a commit.
 *
 * Throws whatever the action throws; then nothing was changed and nothing recorded. Throws `Refusal`
 * `database_away`, `overloaded` or `storage_full` for a failure of the database, `queue_full` where too many wait, `stopping` at the
 * server's end, `moved` for a log that goes on elsewhere, and `outcome_unknown` where nobody knows whether it was committed.
 */
export function perform<Input, Result>(
  db: Database,
  actor: Actor,
  action: Action<Input, Result>,
  input: Input,
): Promise<Result> {
  return queueOf(db).add(actor, action, input);
}

/**
 * Lets actions go first that wait or are being committed, for at most so many milliseconds: whoever does what can wait in the thread that
 * records asks before each part of it.
 */
export async function afterActions(db: Database, patienceMs: number): Promise<void> {
  const end = performance.now() + patienceMs;
  while (queueOf(db).isBusy && performance.now() < end) await sleep(actionsLookMs);
}

/** An action that waits, and how to tell its caller. */
interface Waiting {
  readonly actor: Actor;
  readonly since: number;
  /** Runs the action in `group` and sends its events on their way. */
  attempt(group: WriteTransaction, head: Head): Promise<Attempted>;
  fail(error: unknown): void;
}

/** An action that has run. */
interface Attempted {
  /** Where the log will be when it has ended. */
  readonly head: Head;
  /** Settles when the database has taken its events. */
  readonly closed: Promise<void>;
  /** Tells its caller, once the group has committed. */
  answer(): void;
}

type Head = WriteTransaction["head"];

const queues = new WeakMap<Database, ActionQueue>();

function queueOf(db: Database): ActionQueue {
  let queue = queues.get(db);
  if (queue === undefined) {
    queue = new ActionQueue(db);
    queues.set(db, queue);
  }
  return queue;
}

class ActionQueue {
  readonly #db: Database;
  #waiting: Waiting[] = [];
  #isDraining = false;

  constructor(db: Database) {
    this.#db = db;
  }

  get isBusy(): boolean {
    return this.#isDraining;
  }

  add<Input, Result>(actor: Actor, action: Action<Input, Result>, input: Input): Promise<Result> {
    if (this.#waiting.length >= waitingActionsMax) {
      return Promise.reject(tooMany(1));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.push({
      actor,
      since: performance.now(),
      async attempt(group, head) {
        const { value, ...attempted } = await runAction(group, head, actor, action, input);
        return { ...attempted, answer: () => resolve(value) };
      },
      fail: reject,
    });
    if (!this.#isDraining) void this.#drain();
    return promise;
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    // Beside the group that is on its way, which may take as long as the database does.
    const look = setInterval(() => this.#refuseLate(), waitLookMs);
    while (this.#waiting.length > 0) {
      // A commit of SQLite lets nothing in: what came meanwhile waits in the sockets, and shares the next one.
      await afterInput();
      const group = this.#waiting.slice(0, groupActionsMax);
      this.#waiting = this.#waiting.slice(groupActionsMax);
      await commitGroup(this.#db, group);
    }
    clearInterval(look);
    this.#isDraining = false;
  }

  /** The oldest stand first. */
  #refuseLate(): void {
    const earliest = performance.now() - waitMsMax;
    while ((this.#waiting[0]?.since ?? Infinity) < earliest) this.#waiting.shift()?.fail(tooMany(5));
  }
}

function tooMany(retryAfterSeconds: number): Refusal {
  return new Refusal("queue_full", "Too many changes are waiting. Nothing was changed; try again.", {
    retryAfterSeconds,
  });
}

/** Commits the group, and tells every caller. Never throws. */
async function commitGroup(db: Database, group: readonly Waiting[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const outcomes = await attemptGroup(db, group);
      for (const tell of outcomes) tell();
      return;
    } catch (error) {
      if (failureKind(error) === "retry" && attempt < groupAttemptsMax) {
        // A different pause in each process, or they would meet again.
        await sleep(Math.random() * 20 * attempt);
        continue;
      }
      const reason = asRefusal(error);
      for (const waiting of group) waiting.fail(reason);
      return;
    }
  }
}

/** One transaction for the whole group. Returns what to tell each caller; throws if the group failed as a whole. */
async function attemptGroup(db: Database, group: readonly Waiting[]): Promise<readonly (() => void)[]> {
  const transaction = await writerOf(db).begin();
  try {
    const outcomes: (() => void)[] = [];
    let { head } = transaction;
    let ending: Ending | undefined;
    for (const waiting of group) {
      // Where the database allows it an action begins while the one before it is still on its way to its end.
      let attempted = await settled(waiting.attempt(transaction, head));
      if (ending !== undefined && !(await hasEnded(transaction, ending, outcomes))) {
        head = ending.before;
        attempted = await settled(waiting.attempt(transaction, head));
      }
      ending = undefined;
      if (attempted.status === "rejected") {
        await undo(transaction, waiting, attempted.reason, outcomes);
        continue;
      }
      const next = { waiting, before: head, attempted: attempted.value };
      if (transaction.overlaps) ending = next;
      if (transaction.overlaps || (await hasEnded(transaction, next, outcomes))) ({ head } = attempted.value);
    }
    if (ending !== undefined) await hasEnded(transaction, ending, outcomes);
    await transaction.commit();
    return outcomes;
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}

/** An action whose events are on their way, and where the log was before it. */
interface Ending {
  readonly waiting: Waiting;
  readonly before: Head;
  readonly attempted: Attempted;
}

/** Waits for the end of an action; false if it failed and was taken back. Throws if the group failed with it. */
async function hasEnded(
  transaction: WriteTransaction,
  { waiting, attempted }: Ending,
  outcomes: (() => void)[],
): Promise<boolean> {
  const closed = await settled(attempted.closed);
  if (closed.status === "rejected") {
    await undo(transaction, waiting, closed.reason, outcomes);
    return false;
  }
  outcomes.push(() => attempted.answer());
  return true;
}

async function undo(
  transaction: WriteTransaction,
  waiting: Waiting,
  error: unknown,
  outcomes: (() => void)[],
): Promise<void> {
  if (failureKind(error) !== "other") throw error;
  await transaction.undoAction();
  outcomes.push(() => waiting.fail(error));
}

async function settled<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const [outcome] = await Promise.allSettled([promise]);
  return outcome;
}

async function runAction<Input, Result>(
  group: WriteTransaction,
  head: Head,
  actor: Actor,
  action: Action<Input, Result>,
  input: Input,
): Promise<Omit<Attempted, "answer"> & { readonly value: Result }> {
  const { tx, opened, end } = await group.openAction(head.last_event_id + 1);
  const { created, step } = nextTime(head.last_created);
  let value: Result;
  let acting: Actor;
  try {
    acting = await withoutEndedCredential(tx, actor);
    value = await action.run(tx, input, acting, head.last_event_id + (step === undefined ? 1 : 2));
  } catch (error) {
    // Where it could not even be opened, that is the reason, and not what its statements then met.
    await opened;
    throw error;
  } finally {
    end();
  }
  const firstId = head.last_event_id + (step === undefined ? 1 : 2);
  const drafts = action.events(value, input, acting);
  const place = { eventId: firstId, eventCount: drafts.length };
  const state = commitState(await group.changes(), place, (change) => group.keys.isAuthenticChange(change));
  const entries = statedEntries(drafts, acting, firstId, state);
  const grown = growLog(head, created, step === undefined ? entries : [step, ...entries]);
  const closed = group.closeAction(grown.head, grown.rows, grown.nodes, state.rows);
  // Whoever waits for it comes later; until then its failure is nobody's.
  closed.catch(() => {});
  return { head: grown.head, closed, value };
}

/** Says of a failed transaction what its callers may be told. */
function asRefusal(error: unknown): unknown {
  if (error instanceof Refusal) return error;
  if (error instanceof CommitUnknown) {
    return new Refusal(
      "outcome_unknown",
      "The database was lost while saving. It may have happened: look before you try again.",
      {
        retryAfterSeconds: 10,
        cause: error,
      },
    );
  }
  return databaseRefusal(error) ?? error;
}
