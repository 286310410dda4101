import { type Viewer, viewerKey } from "../../audit/actor.ts";
import { Refusal } from "../../refusal.ts";
import type { StreamedBody, StreamEnds } from "./streamed-body.ts";

/** Counts the answers that are made or being sent for a long time, so that nobody takes all there is. */
export class OpenAnswers {
  readonly #what: string;
  readonly #limits: { readonly perUserMax: number; readonly max: number };
  readonly #byUser = new Map<string, number>();
  #count = 0;

  /** `what` is what they are called, in the plural. */
  constructor(what: string, limits: { readonly perUserMax: number; readonly max: number }) {
    this.#what = what;
    this.#limits = limits;
  }

  /**
   * Makes an answer that has its place from now on: those that come together don't pass the limit together. The place is free again when nothing
   * more can be sent, or the answer was not made. Refuses one more with `too_many_requests` where the user has enough, with
   * `queue_full` where all have.
   */
  async hold<Answer extends { readonly stream?: StreamedBody }>(
    viewer: Viewer,
    make: () => Promise<Answer>,
  ): Promise<Answer> {
    this.#refuseIfFull(viewer);
    const key = viewerKey(viewer);
    this.#add(key, 1);
    let isHeld = true;
    const giveBack = (): void => {
      if (isHeld) this.#add(key, -1);
      isHeld = false;
    };
    try {
      const answer = await make();
      const { stream } = answer;
      if (stream === undefined) {
        giveBack();
        return answer;
      }
      const chunks = (ends: StreamEnds): AsyncIterable<string> => {
        ends.gone.addEventListener("abort", giveBack, { once: true });
        return stream.chunks(ends);
      };
      return { ...answer, stream: { ...stream, chunks } };
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  #refuseIfFull(viewer: Viewer): void {
    const { perUserMax, max } = this.#limits;
    if ((this.#byUser.get(viewerKey(viewer)) ?? 0) >= perUserMax) {
      throw new Refusal("too_many_requests", `You have ${perUserMax} open ${this.#what}: close one of them first.`, {
        retryAfterSeconds,
      });
    }
    if (this.#count >= max) {
      throw new Refusal("queue_full", `There are ${max} open ${this.#what}: try again later.`, { retryAfterSeconds });
    }
  }

  #add(key: string, change: 1 | -1): void {
    this.#count += change;
    const ofUser = (this.#byUser.get(key) ?? 0) + change;
    if (ofUser === 0) this.#byUser.delete(key);
    else this.#byUser.set(key, ofUser);
  }
}

/** Nobody knows when one will be closed: soon enough to be of use, not so soon as to be a burden. */
const retryAfterSeconds = 10;
