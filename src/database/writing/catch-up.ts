import type { Database } from "../database.ts";
import { parseState } from "../../verifiable-log/row-digest.ts";
import { type AppendKeys, forgedHead, type StoredHead } from "./append-keys.ts";
import { newestMac, rowName, type StatedRow } from "./newest-states.ts";
import type { TransactionFactory } from "./action-transaction.ts";
import type { Tables } from "../tables.ts";
import { readHead } from "./read-head.ts";
import { trustedTables } from "./trusted-tables.ts";

/** More events than these take longer to read than what stands beside the rows. */
const followedEventsMax = 1_000;
/** Events read at a time. */
const chunkSize = 1_000;

const underWay = new WeakMap<AppendKeys, Promise<void>>();
/** The code of the last head that vouches for something else: all events are read once for it. */
const refusedHeads = new WeakMap<AppendKeys, string>();

/**
 * Brings what `keys.newest` knows up to the head of the log, which vouches for it. Refuses with `forged_head` or `append_key` where nobody
 * with the log's key has left it so: then somebody has written to the database.
 */
export async function catchUp(db: Database, keys: AppendKeys): Promise<void> {
  // What is under way may have read the head before the caller has: then it doesn't know what the caller has seen.
  await underWay.get(keys);
  const running = underWay.get(keys) ?? findNewest(db, keys).finally(() => underWay.delete(keys));
  underWay.set(keys, running);
  return running;
}

/** The same for the sake of one row: events that no head vouches for keep nobody out whom they don't name. */
export async function catchUpFor(
  db: Database,
  keys: AppendKeys,
  { table, key }: Pick<StatedRow, "table" | "key">,
): Promise<void> {
  const { size } = keys.newest;
  try {
    await catchUp(db, keys);
  } catch (error) {
    let count = 0;
    for await (const row of statedRows(db, size, Number.MAX_SAFE_INTEGER)) {
      count += 1;
      if ((row.table === table && row.key === key) || count > followedEventsMax) throw error;
    }
  }
}

/** The same in a transaction that holds the log's lock, behind the head that it has found. */
export async function catchUpLocked(
  transactions: TransactionFactory,
  keys: AppendKeys,
  head: StoredHead,
): Promise<void> {
  if (keys.newest.isAt(head.newest_mac)) return keys.newest.advance(head.last_event_id);
  const { tx, end } = transactions.open<Tables>();
  // The same object behind a type that can't write.
  await findNewest(tx as unknown as Database, keys).finally(end);
}

async function findNewest(db: Database, keys: AppendKeys): Promise<void> {
  if (await readOn(db, keys)) return;
  for (const read of [readBesideRows, readAllEvents]) {
    const { size } = keys.newest;
    const { newest, head } = await read(db, keys);
    // What an operator has vouched for is what the events say.
    if (!isVouched(keys, head, newest) && !(keys.isAccepted && read === readAllEvents)) continue;
    // A group of this process has been committed meanwhile, and is known.
    if (keys.newest.size !== size && head.last_event_id < keys.newest.size) return;
    const key = keyOf(keys, head);
    keys.newest.take(newest, head.last_event_id, { mac: head.newest_mac, ...(key !== undefined && { key }) });
    return;
  }
  refusedHeads.set(keys, nameOf(await readSoundHead(db, keys)));
  throw forgedHead();
}

/** Takes the events since what is known; false where that isn't enough. */
async function readOn(db: Database, keys: AppendKeys): Promise<boolean> {
  const { newest } = keys;
  const { size } = newest;
  const head = await readSoundHead(db, keys);
  const key = keyOf(keys, head);
  const count = head.last_event_id - size;
  if (count >= 0 && newest.isAt(head.newest_mac)) {
    newest.advance(head.last_event_id);
    return true;
  }
  if (key === undefined || count < 0 || count > followedEventsMax) return false;
  const stated: StatedRow[] = [];
  for await (const row of statedRows(db, size, head.last_event_id)) stated.push(row);
  // Another has read on meanwhile, perhaps not as far.
  if (newest.size !== size) return newest.size >= head.last_event_id || readOn(db, keys);
  const next = newest.begin(key).with(stated);
  if (head.newest_mac === null || !next.mac.equals(head.newest_mac)) return false;
  next.commit(head.last_event_id);
  return true;
}

interface Found {
  readonly newest: Map<string, number>;
  /** What it is to be held against. */
  readonly head: StoredHead;
}

/** What stands beside the rows, and the events that have come while it was read. */
async function readBesideRows(db: Database, keys: AppendKeys): Promise<Found> {
  const { last_event_id: before } = await readSoundHead(db, keys);
  const newest = await newestBesideRows(db);
  const head = await readSoundHead(db, keys);
  return { newest: await follow(db, newest, before, head.last_event_id), head };
}

/** Which event has stated each trusted row last, by what stands beside them. */
export async function newestBesideRows(db: Database): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom("row_mac")
    .select(["table_name", "key", "event_id"])
    .where("table_name", "in", Object.keys(trustedTables))
    .execute();
  return new Map(rows.map(({ table_name, key, event_id }) => [rowName(table_name, key), event_id]));
}

/** What the events have stated: where somebody has set back what stands beside a row, it is still known which that is. */
async function readAllEvents(db: Database, keys: AppendKeys): Promise<Found> {
  const head = await readSoundHead(db, keys);
  if (refusedHeads.get(keys) === nameOf(head)) throw forgedHead();
  return { newest: await follow(db, new Map(), 0, head.last_event_id), head };
}

async function follow(db: Database, newest: Map<string, number>, after: number, upTo: number): Promise<typeof newest> {
  for await (const { table, key, event_id, digest } of statedRows(db, after, upTo)) {
    if (digest === null) newest.delete(rowName(table, key));
    else newest.set(rowName(table, key), event_id);
  }
  return newest;
}

/** What the events behind `after` state of trusted rows, oldest first. */
async function* statedRows(db: Database, after: number, upTo: number): AsyncGenerator<StatedRow> {
  for (let last = after; last < upTo;) {
    const events = await db
      .selectFrom("event")
      .select(["id", "state"])
      .where("id", ">", last)
      .where("id", "<=", upTo)
      .orderBy("id")
      .limit(chunkSize)
      .execute();
    for (const { id, state } of events) {
      for (const [table, key, , digest] of state === null ? [] : statedIn(state)) {
        if (Object.hasOwn(trustedTables, table)) yield { table, key, event_id: id, digest };
      }
    }
    last = events.at(-1)?.id ?? upTo;
  }
}

/** What somebody has written there instead states nothing: the head vouches for something else then. */
function statedIn(state: string): ReturnType<typeof parseState> {
  try {
    return parseState(state);
  } catch {
    return [];
  }
}

/** The head. Refuses one that nobody with the key has left, and an older one beside newer events. */
async function readSoundHead(db: Database, keys: AppendKeys): Promise<StoredHead> {
  const { last } = await db
    .selectFrom("event")
    .select(({ fn }) => fn.max("id").as("last"))
    .executeTakeFirstOrThrow();
  // After it: the head moves with the events.
  const head = await readHead(db);
  if (head === undefined) throw forgedHead();
  const doubt = keys.forgeryOf(head);
  if (doubt !== undefined) throw doubt;
  if (!keys.isAccepted && last > head.last_event_id) throw forgedHead();
  return head;
}

function keyOf(keys: AppendKeys, { key_id }: StoredHead): ReturnType<AppendKeys["find"]> {
  return key_id === null ? undefined : keys.find(key_id);
}

/** Whether the head says of the newest rows what was found. */
export function isVouched(keys: AppendKeys, head: StoredHead, newest: ReadonlyMap<string, number>): boolean {
  const key = keyOf(keys, head);
  if (head.newest_mac === null || key === undefined) return head.last_event_id === 0;
  return newestMac(key, newest).equals(head.newest_mac);
}

function nameOf({ mac }: StoredHead): string {
  return Buffer.from(mac ?? []).toString("hex");
}
