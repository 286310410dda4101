import { type ApiKey, parseApiKey } from "../../cli/profiles/api-key.ts";
import { findMaasTime } from "../../time.ts";
import type { MaasEvent } from "../recording/mirrored-event.ts";
import type { OpenSource } from "../sources/source-queries.ts";
import {
  type EventReader,
  shownId,
  levelOf,
  type NewestShown,
  objectsIn,
  type ShownPage,
  shownName,
  textOf,
  untold,
} from "./event-reader.ts";
import { askMaas, isSuperuserIn, type SourceAnswer } from "./maas-api.ts";
import { hidesAuditEvents, readVersion } from "./maas-version.ts";

/** As many as MAAS shows at once. */
const pageMax = 1_000;
/** API 2.0 has audit events and all others apart. */
const lists = ["AUDIT", "DEBUG"] as const;
type Level = (typeof lists)[number];

/** How far one of the two lists was read. */
interface Reading {
  readonly level: Level;
  rows: MaasEvent[];
  readTo: number;
  isAtEnd: boolean;
}

/** Reads events over API 2.0: two lists, which are joined in the order of their ids. */
export class Api2Reader implements EventReader {
  readonly precision = 1_000_000;
  readonly #url: string;
  readonly #key: ApiKey;
  readonly #hidesAuditEvents: boolean;
  #reading: readonly Reading[] = [];
  #next = -1;

  private constructor(url: string, key: ApiKey, version: string) {
    this.#url = url;
    this.#key = key;
    this.#hidesAuditEvents = hidesAuditEvents(version);
  }

  /** Throws where that MAAS can't be read, or only in part: another user's key would show that user's events alone. */
  static async open(source: OpenSource): Promise<Api2Reader> {
    const { url } = source;
    const key = parseApiKey(source.secret("apiKey") ?? "");
    if (url === null || key === undefined) throw new Error(`source '${source.name}' has no API key`);
    const version = await readVersion(url);
    refuseUnlessAdministrator(await askMaas(url, key, "users/?op=whoami"));
    return new Api2Reader(url, key, version);
  }

  async readAfter(id: number, signal: AbortSignal): Promise<ShownPage> {
    if (id !== this.#next) {
      this.#reading = lists.map((level) => ({ level, rows: [], readTo: id, isAtEnd: false }));
    }
    for (const reading of this.#reading) {
      if (reading.rows.length > 0 || reading.isAtEnd) continue;
      // One at a time: that MAAS has other things to do.
      const { rows, isAtEnd } = await this.#read(reading.level, reading.readTo, signal);
      reading.rows = rows;
      reading.readTo = rows.at(-1)?.id ?? reading.readTo;
      reading.isAtEnd = isAtEnd;
    }
    const known = Math.min(...this.#reading.map(({ isAtEnd, readTo }) => (isAtEnd ? Infinity : readTo)));
    const rows = this.#reading
      .flatMap((reading) => reading.rows.filter((row) => row.id <= known))
      .toSorted((one, other) => one.id - other.id);
    for (const reading of this.#reading) reading.rows = reading.rows.filter((row) => row.id > known);
    const isLast = known === Infinity;
    // At its end the lists begin anew: later ones may have come.
    this.#next = isLast ? -1 : (rows.at(-1)?.id ?? id);
    return { rows, isLast };
  }

  async newest(): Promise<NewestShown | undefined> {
    const answers: SourceAnswer[] = [];
    for (const level of lists) answers.push(await this.#ask(level, "limit=1"));
    // One that can't be shown is none; where that is so of both, nothing is known.
    const shown = answers.filter(({ status }, at) => status !== 500 || answers[1 - at]?.status === 500);
    const rows = shown.flatMap((answer) => rowsIn(answer));
    return rows.toSorted((one, other) => other.id - one.id)[0];
  }

  async wouldShow({ level, node }: { readonly level: number; readonly node: string | null }): Promise<boolean> {
    if (level === 0 && !this.#hidesAuditEvents) return true;
    // The events of a node are hidden once it is deleted.
    if (node === null) return false;
    return (await askMaas(this.#url, this.#key, `nodes/${encodeURIComponent(node)}/`)).status === 200;
  }

  /**
   * A page of a list. MAAS can't show an event with a percent sign in the wrong place, and answers 500 for the whole page: then less
   * is asked for, until that event alone is left out.
   */
  async #read(level: Level, after: number, signal: AbortSignal): Promise<{ rows: MaasEvent[]; isAtEnd: boolean }> {
    let [from, limit] = [after, pageMax];
    let end: number | undefined;
    for (;;) {
      signal.throwIfAborted();
      const answer = await this.#ask(level, `limit=${limit}&after=${from}`);
      if (answer.status !== 500) {
        const rows = rowsIn(answer).toSorted((one, other) => one.id - other.id);
        return { rows, isAtEnd: rows.length < limit };
      }
      if (limit > 1) {
        limit = Math.floor(limit / 2);
        continue;
      }
      end ??= (await this.newest())?.id ?? 0;
      if (from >= end) throw refused(answer);
      from += 1;
    }
  }

  #ask(level: Level, query: string): Promise<SourceAnswer> {
    return askMaas(this.#url, this.#key, `events/?op=query&level=${level}&${query}`);
  }
}

function rowsIn(answer: SourceAnswer): readonly MaasEvent[] {
  if (answer.status !== 200) throw refused(answer);
  return objectsIn((answer.body as { readonly events?: unknown } | undefined)?.events).map((event) => ({
    ...untold,
    id: shownId(event),
    created: timeOf(event),
    type: null,
    typeWords: textOf(event, "type"),
    level: levelOf(event["level"]),
    description: textOf(event, "description"),
    systemId: typeof event["node"] === "string" ? event["node"] : null,
    hostname: shownName(event["hostname"]),
    username: shownName(event["username"]),
  }));
}

function timeOf(event: Readonly<Record<string, unknown>>): number {
  const time = findMaasTime(textOf(event, "created"));
  if (time === undefined) throw new Error("that MAAS shows an event with a time that can't be read");
  return time;
}

function refuseUnlessAdministrator(answer: SourceAnswer): void {
  if (answer.status !== 200) throw refused(answer);
  if (isSuperuserIn(answer.body) !== true) {
    throw new Error("the API key isn't an administrator's, who alone sees all events: enter another apikey");
  }
}

/** Says nothing of the body: it can contain the key. */
function refused({ status }: SourceAnswer): Error {
  if (status === 401 || status === 403) {
    return new Error(`that MAAS refuses the API key (${status}): enter a new one as apikey`);
  }
  return new Error(`that MAAS answers ${status} where its events should be`);
}
