import type { Database } from "../../database/database.ts";
import type { AppendKeys } from "../../database/writing/append-keys.ts";
import { Refusal } from "../../refusal.ts";
import { readRoot } from "../../verifiable-log/proof.ts";
import { GrowingTree } from "../../verifiable-log/tree.ts";
import { LostHashes, subtreeReader } from "../queries.ts";
import { readHead } from "../../database/writing/read-head.ts";

/** The tree as somebody with the log's append key has left it. Refuses with `forged_head` or `append_key` where nobody has. */
export async function readAuthenticTree(db: Database, keys: AppendKeys): Promise<GrowingTree> {
  const head = await readHead(db);
  if (head === undefined) throw new Error("log_head has no row: the database is damaged");
  const doubt = head.last_event_id === 0 ? undefined : keys.doubtOf(head);
  if (doubt !== undefined) throw doubt;
  return GrowingTree.from(head.last_event_id, head.frontier);
}

/** True of what `readAuthenticTree` refuses with. */
export function isHeadDoubt(error: unknown): error is Refusal {
  return error instanceof Refusal && (error.code === "forged_head" || error.code === "append_key");
}

/**
 * How the log differs from what this place has itself appended last: an older state of it came back, from a copy or by a fail-over,
 * and its head is as authentic as it was then. Undefined where the log has grown from it.
 */
export async function findSetBack(db: Database, keys: AppendKeys): Promise<string | undefined> {
  const { seen } = keys;
  const head = await readHead(db);
  if (seen === undefined || head === undefined) return undefined;
  if (head.last_event_id < seen.size) {
    return `this server has seen ${seen.size} events, and the log has ${head.last_event_id}`;
  }
  const root = await readRoot(seen.size, subtreeReader(db)).catch(lostWords);
  if (typeof root === "string")
    return `the first ${seen.size} events can't be held against what this server has seen: ${root}`;
  if (root.toString("base64") === seen.root) return undefined;
  return `the first ${seen.size} events are not those that this server has seen`;
}

/** What is missing; where events are, that they are is what a server tells and a verification goes on from. */
function lostWords(error: unknown): string {
  if (error instanceof LostHashes) return error.message;
  throw error;
}
