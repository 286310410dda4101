import type { Progress, Rest, Turn } from "../../following/worker.ts";
import { nowMicros } from "../../time.ts";
import { movePosition, readPosition, type SourcePosition } from "../ledger/position.ts";
import { readNoteMicros, recordRows } from "../recording/record-rows.ts";
import type { MaasEvent } from "../recording/mirrored-event.ts";
import { type MirrorParts, stopSetBack } from "../recording/stop-set-back.ts";
import { openSource } from "../sources/source-queries.ts";
import type { Source } from "../sources/source.ts";
import type { EventReader } from "./event-reader.ts";
import { openReader } from "./open-reader.ts";
import { countRecorded, findRecorded, newestRecorded, type RecordedId } from "../recording/recorded-ids.ts";
import { Horizon } from "./horizon.ts";

/** With so many events in the last ten minutes they aren't read at every poll. */
const rereadRowsMax = 500;
/** But at one poll of so many. */
const rereadEvery = 10;

/** One reading of what is shown, from an id to the newest. */
interface Pass {
  readonly isReread: boolean;
  /** What it has read up to. */
  readonly cursor: number;
  /** How many events that were. */
  readonly rows: number;
}

/**
 * A source while it is read over an API, and what is known of its ids.
 *
 * Transactions end in another order than that of their ids, and an API tells nothing of those that are open. So what was shown in
 * the last ten minutes is read again and again: an older id may have appeared among it.
 */
export class ApiMirrorSession {
  readonly #parts: MirrorParts;
  readonly #source: Source;
  readonly #reader: EventReader;
  readonly #horizon: Horizon;
  readonly #importTo: number;
  #position: SourcePosition;
  /** The pass over what is shown that is under way; undefined between two. */
  #pass: Pass | undefined;
  #passes = 0;
  /** What is shown behind this id is read again. */
  #rereadFrom: number;
  /** How many events that was the last time. */
  #rereadRows = 0;
  #hasCaughtUp = false;

  private constructor(begun: {
    readonly parts: MirrorParts;
    readonly source: Source;
    readonly reader: EventReader;
    readonly position: SourcePosition;
    readonly newest: { readonly id: number; readonly created: number } | undefined;
    readonly rereadFrom: number;
  }) {
    const { parts, source, reader, position, newest, rereadFrom } = begun;
    this.#parts = parts;
    this.#source = source;
    this.#reader = reader;
    this.#position = position;
    this.#horizon = new Horizon(newest?.created ?? 0);
    this.#importTo = newest?.id ?? 0;
    this.#rereadFrom = rereadFrom;
  }

  /** Asks the API for the first time. Throws where the source can't be read, and `GaveUp` where it was set back. */
  static async begin(parts: MirrorParts, source: Source, turn: Turn): Promise<ApiMirrorSession> {
    const { db, secrets } = parts;
    const reader = await openReader(await openSource(db, secrets, source.name));
    const stored = await readPosition(db, source);
    // Counted anew: a crash may have come between the events and the position.
    const { shown, first, last } = await countRecorded(db, source);
    const position = { ...stored, shown, first_id: first, recorded_to: Math.max(stored.recorded_to, last ?? 0) };
    const newest = await reader.newest();
    const ours = await newestRecorded(db, source);
    const [ourNewest] = ours;
    if (ourNewest !== undefined && (newest?.id ?? 0) < ourNewest.id && (await reader.wouldShow(ourNewest))) {
      const reason = `its newest event is ${newest?.id ?? 0} now, and it was ${ourNewest.id}`;
      await stopSetBack(parts, source, { ...position, set_back: reason }, stored, turn);
    }
    // Compared first with what was recorded last: other events under the same ids are those of another past.
    const comparedFrom = (ours.at(-1)?.id ?? 1) - 1;
    const rereadFrom = Math.min(comparedFrom, stored.reread_from ?? 0, newest?.id ?? 0);
    return new ApiMirrorSession({ parts, source, reader, position, newest, rereadFrom });
  }

  /** How far the first import is; undefined once it is done. */
  progress(): Progress | undefined {
    return this.#hasCaughtUp ? undefined : { done: this.#position.recorded_to, size: this.#importTo };
  }

  /** Reads what one answer has, and records what is new of it. */
  async step(turn: Turn): Promise<Rest> {
    this.#pass ??= this.#beginPass();
    const pass = this.#pass;
    const { rows, isLast } = await this.#reader.readAfter(pass.cursor, turn.signal);
    turn.signal.throwIfAborted();
    await this.#take(rows, turn);
    this.#pass = { ...pass, cursor: rows.at(-1)?.id ?? pass.cursor, rows: pass.rows + rows.length };
    if (!isLast) return "more";
    await this.#endPass(this.#pass, turn);
    return "pause";
  }

  #beginPass(): Pass {
    const isSmall = this.#rereadRows <= rereadRowsMax;
    const isReread = !this.#hasCaughtUp || isSmall || this.#passes % rereadEvery === 0;
    this.#passes += 1;
    return { isReread, cursor: isReread ? this.#rereadFrom : this.#position.recorded_to, rows: 0 };
  }

  async #take(rows: readonly MaasEvent[], turn: Turn): Promise<void> {
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) return;
    const known = await findRecorded(this.#parts.db, this.#source, first.id, last.id);
    await this.#refuseOthers(rows, known, turn);
    const fresh = rows.filter(({ id }) => !known.has(id));
    await recordRows(this.#parts, this.#source, fresh, turn.signal);
    const { shown, first_id, recorded_to, reread_from, grown_at } = this.#position;
    const settled = this.#horizon.settledAmong(rows);
    if (fresh.length === 0 && settled <= (reread_from ?? 0)) return;
    const now = nowMicros();
    await this.#move(turn, {
      shown: (shown ?? 0) + fresh.length,
      first_id: Math.min(first_id ?? Infinity, first.id),
      recorded_to: Math.max(recorded_to, last.id),
      reread_from: Math.max(reread_from ?? 0, settled),
      // Before the first import is done nothing says that all of it was read.
      ...(this.#hasCaughtUp && { read_at: now }),
      grown_at: fresh.length > 0 ? now : grown_at,
    });
  }

  /** Stops where the same id is another event now. */
  async #refuseOthers(rows: readonly MaasEvent[], known: ReadonlyMap<number, RecordedId>, turn: Turn): Promise<void> {
    const { precision } = this.#reader;
    const exact = (micros: number): number => Math.floor(micros / precision);
    const other = rows.find(({ id, created }) => {
      const event = known.get(id);
      return event !== undefined && exact(event.occurred) !== exact(created);
    });
    if (other === undefined) return;
    const now = { ...this.#position, set_back: `event ${other.id} is another one there now` };
    await stopSetBack(this.#parts, this.#source, now, this.#position, turn);
  }

  async #endPass({ isReread, cursor, rows }: Pass, turn: Turn): Promise<void> {
    this.#pass = undefined;
    this.#hasCaughtUp = true;
    const { recorded_to, reread_from, read_at, set_back } = this.#position;
    const settled = Math.max(reread_from ?? 0, this.#horizon.settled(recorded_to));
    const now = nowMicros();
    const isNoteDue = read_at === null || now - read_at >= readNoteMicros;
    if (isNoteDue || settled !== reread_from || set_back !== null) {
      await this.#move(turn, { reread_from: settled, read_at: now, set_back: null });
    }
    if (!isReread) return;
    this.#rereadRows = rows;
    // At least the newest one that is shown, so that another one under its id is noticed; what is newer here may be hidden there.
    this.#rereadFrom = Math.max(0, Math.min(settled, recorded_to - 1, cursor - 1));
  }

  async #move(turn: Turn, changes: Partial<SourcePosition>): Promise<void> {
    const position = { ...this.#position, ...changes };
    await movePosition(turn.keepBooks, this.#source, { position });
    this.#position = position;
  }
}
