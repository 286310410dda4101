import { setTimeout as sleep } from "node:timers/promises";
import { backOffMs } from "../../../back-off.ts";
import type { Reported } from "../reported.ts";
import { isFullDisk } from "../spool/full-disk.ts";
import type { Spool, Waiting } from "../spool/spool.ts";
import type { Wake } from "../wake.ts";
import type { Post } from "./post.ts";

/** How long to wait before trying again, at first and at most. */
const pauseMs = { first: 250, most: 60_000 };
/** No server makes us wait longer. */
const afterMsMax = 300_000;

export interface DeliveryParts {
  readonly spool: Spool;
  readonly post: Post;
  /** Wakes the delivery when something was spooled or nothing more will be. */
  readonly taken: Wake;
  /** Is woken when the spool has become smaller. */
  readonly gone: Wake;
  /** True when nothing more will be spooled. */
  readonly isLast: () => boolean;
  readonly stop: AbortSignal;
  readonly tell: (text: string) => Promise<void>;
}

/** Delivers what is spooled, in its order, until all is and nothing more comes, or until it is stopped. Gives how many events were refused. */
export async function deliver(parts: DeliveryParts): Promise<number> {
  const { spool, taken, isLast, stop } = parts;
  const delivery = new Delivery(parts);
  while (!stop.aborted) {
    const woken = taken.wait();
    const isAll = isLast();
    const waiting = spool.next();
    if (waiting.length > 0) await delivery.settle(waiting);
    else if (isAll) break;
    else await woken;
  }
  return delivery.refused;
}

class Delivery {
  readonly #parts: DeliveryParts;
  refused = 0;
  #failures = 0;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Has all of it recorded or put aside; what is refused as a whole is tried in parts. */
  async settle(waiting: readonly Waiting[]): Promise<void> {
    const { stop } = this.#parts;
    if (waiting.length === 0 || stop.aborted) return;
    const reports = waiting.flatMap(({ record: { report } }, at) => (report === undefined ? [] : [{ report, at }]));
    const refusal = await this.#post(reports.map(({ report }) => report));
    if (stop.aborted) return;
    if (refusal === undefined) return this.#finish(waiting);
    if (waiting.length === 1) return this.#finish(waiting, refusal.why);
    const wrong = refusal.index === undefined ? undefined : reports[refusal.index]?.at;
    const cuts = wrong === undefined ? [Math.ceil(waiting.length / 2)] : [wrong, wrong + 1];
    let from = 0;
    for (const to of [...cuts, waiting.length]) {
      await this.settle(waiting.slice(from, to));
      from = to;
    }
  }

  /** Posts until the server has recorded or refused it. */
  async #post(
    reports: readonly Reported[],
  ): Promise<{ readonly why: string; readonly index: number | undefined } | undefined> {
    const { post, spool, stop, tell } = this.#parts;
    while (reports.length > 0 && !stop.aborted) {
      const posted = await post(reports);
      if (stop.aborted) break;
      if (posted.state === "later") {
        await this.#rest(`${asSentence(posted.why)} Events wait in ${spool.folder}.`, posted.afterMs);
        continue;
      }
      if (this.#failures > 0) await tell("The server is back.\n");
      this.#failures = 0;
      return posted.state === "refused" ? posted : undefined;
    }
    return undefined;
  }

  /** Forgets what was recorded, and keeps aside what can't be. */
  async #finish(waiting: readonly Waiting[], why?: string): Promise<void> {
    const { gone, spool, stop, tell } = this.#parts;
    for (let isDone = false; !isDone && !stop.aborted;) {
      try {
        for (const { record } of waiting) {
          const reason = record.damaged === undefined ? why : "This line of the spool was damaged";
          if (reason === undefined) continue;
          spool.putAside({ at: new Date().toISOString(), reason, ...record });
          this.refused += 1;
          await tell(`${asSentence(reason)} The event was put aside, into ${spool.refusedFile}.\n`);
        }
        spool.advance(waiting);
        isDone = true;
      } catch (error) {
        if (!isFullDisk(error)) throw error;
        await this.#rest(`No room for the spool ${spool.folder}: make room.`, 0);
      }
    }
    gone.now();
  }

  /** Waits, longer after each failure in a row, and says why once. */
  async #rest(why: string, afterMs: number): Promise<void> {
    const { stop, tell } = this.#parts;
    this.#failures += 1;
    if (this.#failures === 1) await tell(`${why}\n`);
    const ms = Math.max(
      backOffMs(this.#failures, pauseMs.first, pauseMs.most, Math.random()),
      Math.min(afterMs, afterMsMax),
    );
    await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
  }
}

function asSentence(text: string): string {
  return text.endsWith(".") ? text : `${text}.`;
}
