import type { Transaction } from "kysely";
import type { BookkeepingTables } from "../../database/tables.ts";
import type { Worker } from "../../following/worker.ts";
import type { SessionTable, SessionUseTable } from "../tables.ts";

/** Sessions or API keys whose use waits to be noted; each is noted once in a while. Beyond it a use is not noted. */
const waitingMax = 10_000;
/** Uses that are noted in one statement. */
const batchMax = 500;
/** After a failure. */
const pauseMs = 1_000;

/** A use of credentials: when, in microseconds, and from where. */
interface Use {
  readonly at: number;
  readonly ip: string | null;
}

/** The last use of credentials, by their ids. */
type LastUses = ReadonlyMap<number, Use>;

/** Credentials whose use is noted. */
export interface UsedCredentials {
  /** The name of the worker that notes it. */
  readonly worker: string;
  readonly plural: string;
  /** Writes down those that are still there: one may have ended since. */
  write(tx: Transaction<BookkeepingTables>, uses: LastUses): Promise<void>;
}

export const usedSessions = usedOf("session", "sessions");
export const usedTokens = usedOf("token", "API keys");

function usedOf(owner: "session" | "token", plural: string): UsedCredentials {
  // Both pairs of tables have the same form; the compiler is told of one.
  const [table, uses, id] = [owner as "session", `${owner}_use` as "session_use", `${owner}_id` as "session_id"];
  return {
    worker: `${owner}-uses`,
    plural,
    async write(tx, lastUses) {
      const reader = tx.withTables<{ session: SessionTable; session_use: SessionUseTable }>();
      const found = await reader
        .selectFrom(table)
        .select("id")
        .where("id", "in", [...lastUses.keys()])
        .execute();
      const there = new Set(found.map((row) => row.id));
      const rows = [...lastUses].flatMap(([one, { at, ip }]) =>
        there.has(one) ? [{ [id]: one, last_used: at, ip }] : [],
      );
      if (rows.length === 0) return;
      await tx
        .insertInto(uses)
        .values(rows)
        .onConflict((conflict) =>
          conflict
            .column(id)
            .doUpdateSet(({ ref }) => ({ last_used: ref("excluded.last_used"), ip: ref("excluded.ip") }))
            // Another server may have noted a later one.
            .whereRef(`${uses}.last_used`, "<", "excluded.last_used"),
        )
        .execute();
    },
  };
}

/** Notes which credentials are in use. No request waits for it; what can't be noted waits, and is noted before the server stops. */
export class CredentialUses {
  readonly worker: Worker;
  readonly #waiting = new Map<number, Use>();
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

  /** `at` is in microseconds. */
  note(id: number, at: number, ip: string | null): void {
    if (this.#waiting.size >= waitingMax && !this.#waiting.has(id)) return;
    this.#waiting.set(id, { at, ip });
    this.#wake();
  }
}
