import type { SessionTable, SessionUseTable } from "../tables.ts";
import type { Worker } from "../../following/worker.ts";

/** Sessions whose use waits to be noted; each is noted once in a while. Beyond it a use is not noted. */
const waitingMax = 10_000;
/** Sessions that are noted in one statement. */
const batchMax = 500;
/** After a failure. */
const pauseMs = 1_000;

/** Notes which sessions are in use. No request waits for it; what can't be noted waits, and is noted before the server stops. */
export class SessionUses {
  readonly #waiting = new Map<number, number>();
  #wake: () => void = () => {};

  /** `now` is in microseconds. */
  note(sessionId: number, now: number): void {
    if (this.#waiting.size >= waitingMax && !this.#waiting.has(sessionId)) return;
    this.#waiting.set(sessionId, now);
    this.#wake();
  }

  readonly worker: Worker = {
    name: "session-uses",
    runs: "everyServer",
    pauseMs,
    complaint: "could not note the use of sessions",
    hasFinalTurn: true,
    turn: async ({ keepBooks }) => {
      const batch = [...this.#waiting].slice(0, batchMax);
      if (batch.length > 0) {
        await keepBooks(async (tx) => {
          // A session may have ended since.
          const reader = tx.withTables<{ session: SessionTable; session_use: SessionUseTable }>();
          const ids = batch.map(([id]) => id);
          const found = await reader.selectFrom("session").select("id").where("id", "in", ids).execute();
          const rows = found.map(({ id }) => ({ session_id: id, last_used: this.#waiting.get(id) ?? 0 }));
          if (rows.length === 0) return;
          await tx
            .insertInto("session_use")
            .values(rows)
            .onConflict((conflict) =>
              conflict.column("session_id").doUpdateSet(({ ref }) => ({ last_used: ref("excluded.last_used") })),
            )
            .execute();
        });
        // A use that was noted meanwhile waits on.
        for (const [id, used] of batch) if (this.#waiting.get(id) === used) this.#waiting.delete(id);
      }
      return this.#waiting.size > 0 ? "more" : "until woken";
    },
    connect: (wake) => void (this.#wake = wake),
  };
}
