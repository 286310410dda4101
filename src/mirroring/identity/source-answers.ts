import { hash } from "node:crypto";
import type { ForeignKey } from "../../http/authentication/caller.ts";
import { Refusal } from "../../refusal.ts";
import type { RunningServer } from "../../slice.ts";
import type { OpenSource } from "../sources/source-queries.ts";
import { askPerson, askPersonById, type FoundPerson } from "./person.ts";

/** For so long a MAAS's word counts, good or bad: whoever is deactivated there is out here after it. */
const goodMs = 120_000;
const badMs = 10_000;
/** Some 200 bytes each. */
const rememberedMax = 10_000;

/** Questions to MAASes at once: each is a connection, for as long as ten seconds. */
const underWayMax = 50;

interface Remembered {
  readonly untilMs: number;
  readonly found: FoundPerson;
}

/** What MAASes said of people lately. Keeps no key, but a hash of it. */
export class SourceAnswers {
  readonly #log: RunningServer["log"];
  readonly #remembered = new Map<string, Remembered>();
  readonly #asked = new Map<string, Promise<FoundPerson>>();
  /** Until when a source isn't asked again. */
  readonly #awayUntilMs = new Map<string, number>();
  #underWay = 0;

  constructor(log: RunningServer["log"]) {
    this.#log = log;
  }

  /**
   * Who has the key. `isNew` where the MAAS was asked for it: then `admit` was called before, and what it gave once the key has turned out
   * not to be wrong. Refuses with `source_away` where that can't be done.
   */
  byKey(source: OpenSource, url: string, key: ForeignKey, admit: () => () => void = () => () => {}): Promise<Answer> {
    const { consumerKey, tokenKey, secret } = key;
    return this.#find(source, ["key", consumerKey, tokenKey, secret], async () => {
      const giveBack = admit();
      let isWrong = false;
      try {
        const found = await this.#ask(source, () => askPerson(source, url, key));
        isWrong = !("person" in found);
        return found;
      } finally {
        if (!isWrong) giveBack();
      }
    });
  }

  /** Who has that id there. Refuses with `source_away`. */
  async byId(source: OpenSource, id: number): Promise<FoundPerson> {
    const ask = () => this.#ask(source, () => askPersonById(source, id));
    return (await this.#find(source, ["id", id], ask)).found;
  }

  async #find(
    source: OpenSource,
    what: readonly (string | number)[],
    ask: () => Promise<FoundPerson>,
  ): Promise<Answer> {
    // Changes with the source, so that nothing is known of anybody once it has changed.
    const { uuid, updated, generation } = source;
    const id = hash("sha256", JSON.stringify([uuid, updated, generation, ...what]), "base64");
    const remembered = this.#remembered.get(id);
    if (remembered !== undefined && remembered.untilMs > performance.now()) {
      return { found: remembered.found, isNew: false };
    }
    const underWay = this.#asked.get(id);
    if (underWay !== undefined) return { found: await underWay, isNew: false };
    const asked = ask();
    this.#asked.set(id, asked);
    try {
      const found = await asked;
      this.#remember(id, found);
      return { found, isNew: true };
    } finally {
      this.#asked.delete(id);
    }
  }

  /** Asks a MAAS, if it wasn't away just now: strangers must not make a log of that, nor many connections to it. */
  async #ask({ uuid, updated, name }: OpenSource, ask: () => Promise<FoundPerson>): Promise<FoundPerson> {
    const place = `${uuid} ${updated}`;
    if ((this.#awayUntilMs.get(place) ?? 0) > performance.now()) throw sourceAway(name);
    if (this.#underWay >= underWayMax) {
      throw new Refusal("queue_full", "Too many API keys are being asked about. Try again.", { retryAfterSeconds: 1 });
    }
    this.#underWay += 1;
    try {
      return await ask();
    } catch (error) {
      if ((this.#awayUntilMs.get(place) ?? 0) <= performance.now()) {
        this.#log.warn({ err: error }, `could not ask source '${name}' who somebody is`);
      }
      this.#awayUntilMs.set(place, performance.now() + badMs);
      throw sourceAway(name);
    } finally {
      this.#underWay -= 1;
    }
  }

  #remember(id: string, found: FoundPerson): void {
    // Deleted first, so that the oldest stand first.
    this.#remembered.delete(id);
    this.#remembered.set(id, { found, untilMs: performance.now() + ("person" in found ? goodMs : badMs) });
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > rememberedMax && oldest !== undefined) this.#remembered.delete(oldest);
  }
}

interface Answer {
  readonly found: FoundPerson;
  readonly isNew: boolean;
}

/** Nothing is known of the person, good or bad. */
export function sourceAway(name: string): Refusal {
  return new Refusal("source_away", `MAAS '${name}' can't be asked who you are. Try again.`, {
    retryAfterSeconds: badMs / 1_000,
  });
}
