import { perform } from "../../audit/perform.ts";
import { realTiming } from "../../following/timing.ts";
import type { Progress, Rest, Turn } from "../../following/worker.ts";
import { nowMicros } from "../../time.ts";
import { comparePage } from "../ledger/comparison.ts";
import { isPassDue, isPassUnderWay, passBegun } from "../ledger/pass.ts";
import { type FoundInState, movePosition, type SourcePosition, readPosition } from "../ledger/position.ts";
import type { Run } from "../ledger/run.ts";
import { type MirrorParts, stopSetBack } from "../recording/stop-set-back.ts";
import { recordDifference } from "../recording/mirror-actions.ts";
import { onceForGood, readNoteMicros, recordRows } from "../recording/record-rows.ts";
import type { MaasEvent } from "../recording/mirrored-event.ts";
import { openSource } from "../sources/source-queries.ts";
import type { Source } from "../sources/source.ts";
import { IdTracker } from "./id-tracker.ts";
import { MaasDatabase, type Polled } from "./maas-database.ts";
import { findReasonSetBack } from "./set-back.ts";

/** Rows of one poll: twice as many are in memory, since the next ones come while these are recorded. */
const polledRowsMax = 500;
/** Rows that wait for an older gap; with more of them no further ones are read. */
const waitingRowsMax = 20_000;
/** Between two pages of a comparison: a MAAS is asked for at most 2,000 rows a second. */
const comparePauseMs = 500;

/**
 * A source's database while it is connected, and what is known of its ids.
 *
 * Rows are recorded before the position moves: what a crash interrupts comes again, and the action records no row twice.
 */
export class MirrorSession implements AsyncDisposable {
  readonly #parts: MirrorParts;
  readonly #source: Source;
  readonly #maas: MaasDatabase;
  readonly #tracker: IdTracker;
  readonly #lastId: number;
  #position: SourcePosition;
  /** Rows that an open gap holds back, by id. */
  #waiting: readonly MaasEvent[] = [];
  /** Gaps that were closed, above the position. */
  #closed: readonly Run[] = [];
  /** The next poll, where it was begun while rows of the last one are recorded. */
  #polling: Promise<Polled> | undefined;
  #hasCaughtUp = false;
  #comparesFrom = -Infinity;

  private constructor(
    parts: MirrorParts,
    source: Source,
    maas: MaasDatabase,
    position: SourcePosition,
    lastId: number,
  ) {
    this.#parts = parts;
    this.#source = source;
    this.#maas = maas;
    this.#position = position;
    this.#tracker = new IdTracker(position.recorded_to);
    this.#lastId = lastId;
  }

  /** Connects. Throws where the source can't be read, and `GaveUp` where it was set back, which an event tells of. */
  static async begin(parts: MirrorParts, source: Source, turn: Turn): Promise<MirrorSession> {
    const { db, secrets } = parts;
    const opened = await openSource(db, secrets, source.name);
    const maas = await MaasDatabase.connect(opened);
    try {
      const place = await maas.place();
      const position = await readPosition(db, source);
      const { lastId } = await maas.summary();
      const reason = await findReasonSetBack({ db, maas, source, position, place, lastId: lastId ?? 0 });
      const now = { ...position, place: JSON.stringify(place), set_back: reason ?? null };
      // With the old place: a server that starts again must find the same.
      if (reason !== undefined) await stopSetBack(parts, source, { ...now, place: position.place }, position, turn);
      return new MirrorSession(parts, source, maas, now, lastId ?? 0);
    } catch (error) {
      await maas[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** True while rows wait for a gap to be filled or closed. */
  get isWaiting(): boolean {
    return this.#tracker.gaps.length > 0;
  }

  /** Rows that were read and can't be recorded yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** How far the first import is; undefined once it is done. */
  progress(): Progress | undefined {
    return this.#hasCaughtUp ? undefined : { done: this.#position.recorded_to, size: this.#lastId };
  }

  /** Returns when MAAS has told of an event since the last step began, or when the time is up. */
  async untilNews(ms: number, woken: AbortSignal): Promise<void> {
    await Promise.race([this.#maas.news, realTiming.sleep(ms, woken)]);
  }

  /** Reads what there is, at most some thousand rows, and records it. */
  async step(turn: Turn): Promise<Rest> {
    this.#maas.forgetNews();
    const hasMore = await this.#poll();
    await this.#record(turn);
    if (hasMore) return "more";
    this.#hasCaughtUp = true;
    await this.#compare(turn);
    return "pause";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#maas[Symbol.asyncDispose]();
  }

  /** True if there is more to read at once. */
  async #poll(): Promise<boolean> {
    const { rows, writing } = await (this.#polling ?? this.#ask());
    this.#polling = undefined;
    const ids = rows.map(({ id }) => id);
    const hasMore = rows.length === polledRowsMax;
    const lookedTo = hasMore ? ids.at(-1) : undefined;
    const closed = this.#tracker.take({ ids, writing, ...(lookedTo !== undefined && { lookedTo }) });
    this.#closed = [...this.#closed, ...closed];
    if (rows.length > 0) this.#waiting = [...this.#waiting, ...rows].toSorted((one, other) => one.id - other.id);
    if (hasMore) {
      this.#polling = this.#ask();
      // Whoever waits for it learns of its failure; nobody may come to that.
      this.#polling.catch(() => {});
    }
    return hasMore;
  }

  #ask(): Promise<Polled> {
    const isFull = this.#waiting.length >= waitingRowsMax;
    const above = isFull ? Number.MAX_SAFE_INTEGER : this.#tracker.highest;
    return this.#maas.poll(above, this.#tracker.gaps, polledRowsMax);
  }

  /** Records what no open gap holds back, then moves the position. */
  async #record(turn: Turn): Promise<void> {
    const { settledTo } = this.#tracker;
    const ready = this.#waiting.filter(({ id }) => id <= settledTo);
    await recordRows(this.#parts, this.#source, ready, turn.signal);
    this.#waiting = this.#waiting.slice(ready.length);
    const now = nowMicros();
    const { recorded_to, read_at, grown_at } = this.#position;
    if (settledTo === recorded_to && read_at !== null && now - read_at < readNoteMicros) return;
    const runs = this.#closed.filter(({ last }) => last <= settledTo);
    const grown = ready.length > 0 ? now : grown_at;
    await this.#move(turn, { recorded_to: settledTo, read_at: now, grown_at: grown }, [
      { state: "gap", runs, noted: now },
    ]);
    this.#closed = this.#closed.filter(({ last }) => last > settledTo);
  }

  /** Compares a page of rows with what was mirrored, where it is time for that. */
  async #compare(turn: Turn): Promise<void> {
    if (!isPassUnderWay(this.#position)) {
      const isAsked = turn.takeRequest();
      if (!isAsked && !isPassDue(this.#position, nowMicros())) return;
      await this.#move(turn, passBegun(nowMicros()));
    }
    const steady = performance.now();
    if (steady < this.#comparesFrom) return;
    this.#comparesFrom = steady + comparePauseMs;
    const { db, actor } = this.#parts;
    const source = this.#source;
    const page = await comparePage({ db, maas: this.#maas, source, position: this.#position });
    turn.signal.throwIfAborted();
    await recordRows(this.#parts, source, page.late, turn.signal);
    for (const { state, runs } of page.found) {
      const [first, ...others] = runs;
      if (state !== "gap" && first !== undefined) {
        await onceForGood(perform(db, actor, recordDifference, { source, state, runs: [first, ...others] }));
      }
    }
    const late = page.late.map(({ id }) => id);
    await this.#move(turn, page.position, page.found, late);
  }

  async #move(
    turn: Turn,
    changes: Partial<SourcePosition>,
    found: readonly FoundInState[] = [],
    late: readonly number[] = [],
  ) {
    const position = { ...this.#position, ...changes };
    await movePosition(turn.keepBooks, this.#source, { position, found, late });
    this.#position = position;
  }
}
