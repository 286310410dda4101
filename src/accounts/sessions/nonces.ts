import { keepBooks } from "../../database/writing/bookkeeping.ts";
import type { Database, OpenDatabase } from "../../database/database.ts";
import { nonceRememberSeconds, noncesForgottenMax, type SharedNonces } from "../../database/nonces.ts";
import { type NonceMemory, nonceId } from "../../http/authentication/nonce-memory.ts";

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
  /** Nonces, in base64, of requests that came before that time and were dated ahead. */
  readonly before: ReadonlySet<string>;
}

/** Uses a request's nonce up. `forgotten`: nobody can say whether it was used, so it must not count. */
export async function useNonce(
  { db, memory, shared, sinceSeconds, before }: NonceParts,
  request: SignedRequest,
  nowSeconds: number,
): Promise<"new" | "used" | "forgotten"> {
  const { consumerKey, tokenKey, nonce, timestampSeconds } = request;
  if (timestampSeconds < sinceSeconds) return "forgotten";
  if (!memory.use(consumerKey, tokenKey, nonce, nowSeconds)) return "used";
  const isEarly = timestampSeconds > nowSeconds;
  if (shared === undefined && !isEarly && before.size === 0) return "new";
  const id = nonceId(consumerKey, tokenKey, nonce);
  const elsewhere = await shared?.use({ id, timestampSeconds, nowSeconds });
  if (elsewhere !== undefined && elsewhere !== "new") return elsewhere;
  if (before.has(id.toString("base64"))) return "used";
  // After a restart it would pass for one that was signed since then.
  return !isEarly || (await keepEarly(db, id, nowSeconds)) ? "new" : "used";
}

/**
 * What a server needs to know whose memory is empty: since when requests must have been signed (0 where there is no API key
 * yet, nor a mirrored MAAS with keys), and those of before that were dated ahead. The server must not answer before that second: the one before it may have
 * answered until now.
 */
export async function openNonces(
  { db, nonces: shared }: Pick<OpenDatabase, "db" | "nonces">,
  nowSeconds: number,
): Promise<Pick<NonceParts, "shared" | "sinceSeconds" | "before">> {
  // The servers' common table says of itself since when it counts.
  if (shared !== undefined) return { shared, sinceSeconds: 0, before: new Set() };
  const token = await db.selectFrom("token").select("id").limit(1).executeTakeFirst();
  const source = await db.selectFrom("source").select("id").limit(1).executeTakeFirst();
  const early = await db.selectFrom("early_nonce").select("id").execute();
  return {
    shared,
    sinceSeconds: token === undefined && source === undefined ? 0 : Math.floor(nowSeconds) + 1,
    before: new Set(early.map(({ id }) => Buffer.from(id).toString("base64"))),
  };
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
