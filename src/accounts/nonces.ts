import { keepBooks } from "../database/bookkeeping.ts";
import type { Database } from "../database/database.ts";
import { nonceRememberSeconds, noncesForgottenMax, type SharedNonces } from "../database/nonces.ts";
import { type NonceMemory, nonceId } from "../http/nonce-memory.ts";

/** Older signed requests are not believed; younger than now by more than this neither: somebody's clock is wrong. */
export const timestampToleranceSeconds = 300;

/** A signed request, as far as a replay is concerned. */
export interface SignedRequest {
  readonly consumerKey: string;
  readonly tokenKey: string;
  readonly nonce: string;
  /** When the client says that it signed it. */
  readonly timestampSeconds: number;
}

export interface NonceParts {
  readonly db: Database;
  readonly memory: NonceMemory;
  /** What other servers on the same database have seen; undefined where there are none. */
  readonly shared: SharedNonces | undefined;
  /** Requests that were signed before may have been used already, when nobody remembered it. */
  readonly sinceSeconds: number;
}

/** Uses a request's nonce up. `forgotten`: nobody can say whether it was used, so it must not count. */
export async function useNonce(
  { db, memory, shared, sinceSeconds }: NonceParts,
  request: SignedRequest,
  nowSeconds: number,
): Promise<"new" | "used" | "forgotten"> {
  const { consumerKey, tokenKey, nonce, timestampSeconds } = request;
  if (timestampSeconds < sinceSeconds) return "forgotten";
  if (!memory.use(consumerKey, tokenKey, nonce, nowSeconds)) return "used";
  const id = nonceId(consumerKey, tokenKey, nonce);
  const elsewhere = await shared?.use({ id, timestampSeconds, nowSeconds });
  if (elsewhere !== undefined && elsewhere !== "new") return elsewhere;
  // After a restart it would pass for one that was signed since then.
  if (timestampSeconds > nowSeconds) return (await keepEarly(db, id, nowSeconds)) ? "new" : "used";
  const mayHaveBeenEarly = timestampSeconds <= sinceSeconds + timestampToleranceSeconds;
  return mayHaveBeenEarly && (await wasEarly(db, id)) ? "used" : "new";
}

/**
 * Since when requests must have been signed that come to a server whose memory is empty. 0 where there is no API key yet.
 * The server must not answer before that time: the one before it may have answered until now.
 */
export async function memorySince(db: Database, nowSeconds: number): Promise<number> {
  const token = await db.selectFrom("token").select("id").limit(1).executeTakeFirst();
  return token === undefined ? 0 : Math.floor(nowSeconds) + 1;
}

/** On disk on return. False if it was there. */
async function keepEarly(db: Database, id: Uint8Array, nowSeconds: number): Promise<boolean> {
  const used = Math.floor(nowSeconds);
  return keepBooks(db, async (tx) => {
    const old = tx
      .selectFrom("early_nonce")
      .select("id")
      .where("used", "<", used - nonceRememberSeconds);
    await tx.deleteFrom("early_nonce").where("id", "in", old.limit(noncesForgottenMax)).execute();
    const kept = await tx
      .insertInto("early_nonce")
      .values({ id: Buffer.from(id), used })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return kept.numInsertedOrUpdatedRows === 1n;
  });
}

async function wasEarly(db: Database, id: Uint8Array): Promise<boolean> {
  const kept = await db.selectFrom("early_nonce").select("id").where("id", "=", Buffer.from(id)).executeTakeFirst();
  return kept !== undefined;
}
