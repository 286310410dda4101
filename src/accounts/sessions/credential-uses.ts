import type { Transaction } from "kysely";
import type { BookkeepingTables } from "../../database/tables.ts";
import type { Worker } from "../../following/worker.ts";
import type { TokenTable, TokenUseTable } from "../../tokens/tables.ts";
import type { SessionTable, SessionUseTable } from "../tables.ts";

/** Sessions or API keys whose use waits to be noted; each is noted once in a while. Beyond it a use is not noted. */
const waitingMax = 10_000;
/** Uses that are noted in one statement. */
const batchMax = 500;
/** After a failure. */
const pauseMs = 1_000;

/** When which credentials were used last: microseconds, by their ids. */
type LastUses = ReadonlyMap<number, number>;

/** Credentials whose use is noted. */
export interface UsedCredentials {
  /** The name of the worker that notes it. */
  readonly worker: string;
  readonly plural: string;
  /** Writes down those that are still there: one may have ended since. */
  write(tx: Transaction<BookkeepingTables>, uses: LastUses): Promise<void>;
}

export const usedSessions: UsedCredentials = {
  worker: "session-uses",
  plural: "sessions",
  async write(tx, uses) {
    const reader = tx.withTables<{ session: SessionTable; session_use: SessionUseTable }>();
    const found = await reader
      .selectFrom("session")
      .select("id")
      .where("id", "in", [...uses.keys()])
      .execute();
    const rows = found.map(({ id }) => ({ session_id: id, last_used: uses.get(id) ?? 0 }));
    if (rows.length === 0) return;
    await tx
      .insertInto("session_use")
      .values(rows)
      .onConflict((conflict) =>
        conflict.column("session_id").doUpdateSet(({ ref }) => ({ last_used: ref("excluded.last_used") })),
      )
      .execute();
  },
};

export const usedTokens: UsedCredentials = {
  worker: "token-uses",
  plural: "API keys",
  async write(tx, uses) {
    const reader = tx.withTables<{ token: TokenTable; token_use: TokenUseTable }>();
    const found = await reader
      .selectFrom("token")
      .select("id")
      .where("id", "in", [...uses.keys()])
      .execute();
    const rows = found.map(({ id }) => ({ token_id: id, last_used: uses.get(id) ?? 0 }));
    if (rows.length === 0) return;
    await tx
      .insertInto("token_use")
      .values(rows)
      .onConflict((conflict) =>
        conflict.column("token_id").doUpdateSet(({ ref }) => ({ last_used: ref("excluded.last_used") })),
      )
      .execute();
  },
};

/** Notes which credentials are in use. No request waits for it; what can't be noted waits, and is noted before the server stops. */
export class CredentialUses {
  readonly worker: Worker;
  readonly #waiting = new Map<number, number>();
  #wake: () => void = () => {};

  constructor({ worker, plural, write }: UsedCredentials) {
    this.worker = {
      name: worker,
      runs: "everyServer",
      pauseMs,
      complaint: `could not note the use of ${plural}`,
      hasFinalTurn: true,
      turn: async ({ keepBooks }) => {
        const batch = new Map([...this.#waiting].slice(0, batchMax));
        if (batch.size > 0) {
          await keepBooks((tx) => write(tx, batch));
          // A use that was noted meanwhile waits on.
          for (const [id, used] of batch) if (this.#waiting.get(id) === used) this.#waiting.delete(id);
        }
        return this.#waiting.size > 0 ? "more" : "until woken";
      },
      connect: (wake) => void (this.#wake = wake),
    };
  }

  /** `now` is in microseconds. */
  note(id: number, now: number): void {
    if (this.#waiting.size >= waitingMax && !this.#waiting.has(id)) return;
    this.#waiting.set(id, now);
    this.#wake();
  }
}
