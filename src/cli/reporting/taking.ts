import { hash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Format, type JournalEntry, UnfitLine, type Written } from "./formats/format.ts";
import type { Reported } from "./reported.ts";
import type { Line } from "./sources/lines.ts";
import { isFullDisk } from "./spool/full-disk.ts";
import type { SpoolRecord } from "./spool/segments.ts";
import type { Spool } from "./spool/spool.ts";
import type { Wake } from "./wake.ts";

/** A full disk, or what was put aside, may be cleared by people: nobody tells this process. */
const lookAgainMs = 1_000;
/** More than the server takes of one event. */
const reportLengthMax = 256 * 1024;
/** After so many entries of the journal that are no events its place is kept, so that a restart doesn't read all of them again. */
const skippedMax = 1_000;

export interface TakingParts {
  readonly groups: AsyncIterable<readonly Line[]>;
  readonly unwrap: (line: string) => Written;
  readonly format: Format;
  /** `maas:NAME`, where the events are said to come from there. */
  readonly source: string | undefined;
  readonly spool: Spool;
  readonly taken: Wake;
  readonly gone: Wake;
  readonly stop: AbortSignal;
  readonly tell: (text: string) => Promise<void>;
}

/** Reads, and spools what is read, for as long as there is something and room for it. Gives how many lines were no events. */
export async function takeAll(parts: TakingParts): Promise<number> {
  const taking = new Taking(parts);
  for await (const lines of parts.groups) await taking.take(lines);
  return taking.refused;
}

class Taking {
  readonly #parts: TakingParts;
  /** Makes keys unlike those of any other run. */
  readonly #run = randomBytes(16).toString("hex");
  #count = 0;
  /** Lines without an event since the last one with one. */
  #skipped = 0;
  refused = 0;
  #isFull = false;

  constructor(parts: TakingParts) {
    this.#parts = parts;
  }

  async take(lines: readonly Line[]): Promise<void> {
    const { spool, taken, tell } = this.#parts;
    await this.#untilRoom();
    const records: SpoolRecord[] = [];
    for (const line of lines) {
      let written: Written | undefined;
      try {
        written = this.#unwrap(line);
        const record = this.#read(written, line.text);
        if (record !== undefined) records.push(record);
      } catch (error) {
        if (!(error instanceof UnfitLine)) throw error;
        await this.#withRoom(() =>
          spool.putAside({ at: new Date().toISOString(), reason: error.message, line: line.text }),
        );
        if (written?.entry?.cursor !== undefined) records.push({ cursor: written.entry.cursor });
        this.refused += 1;
        await tell(`${error.message}. It was put aside, into ${spool.refusedFile}.\n`);
      }
    }
    if (records.length === 0) return;
    await this.#withRoom(() => spool.append(records));
    taken.now();
  }

  #unwrap({ text, isCut }: Line): Written {
    if (isCut) throw new UnfitLine("The line is longer than an event can be");
    return this.#parts.unwrap(text);
  }

  #read(written: Written, line: string): SpoolRecord | undefined {
    const cursor = written.entry?.cursor;
    const place = cursor === undefined ? {} : { cursor };
    const report = this.#parts.format(written);
    if (report === undefined) return this.#skip(place);
    this.#skipped = 0;
    this.#refuseOtherSource(report);
    const record = { report: this.#completed(report, line, written.entry), ...place };
    if (JSON.stringify(record.report).length > reportLengthMax) {
      throw new UnfitLine("The line makes a larger event than the log can take");
    }
    return record;
  }

  /** The command says whose events these are: the server's refusal of a line's source would stop the others behind it. */
  #refuseOtherSource({ source }: Reported): void {
    const own = this.#parts.source ?? "external";
    if (source === undefined || source === own) return;
    throw new UnfitLine(`The line names a source other than '${own}': --source says whose events these are`);
  }

  /** Notes from time to time how far the journal was read, where that holds no events. */
  #skip(place: SpoolRecord): SpoolRecord | undefined {
    this.#skipped += 1;
    if (place.cursor === undefined || this.#skipped % skippedMax !== 0) return undefined;
    return place;
  }

  /** With a key, so that sending it again is harmless; with the time, since it may be sent much later. */
  #completed(report: Reported, line: string, entry: JournalEntry | undefined): Reported {
    const { source } = this.#parts;
    const own = source === undefined ? report : { ...report, source };
    const known = {
      ...(entry?.occurred !== undefined && { occurred: entry.occurred }),
      ...(entry?.hostname !== undefined && { hostname: entry.hostname }),
    };
    if (entry?.cursor !== undefined) return { ...known, ...own, key: entry.cursor };
    if (report.key !== undefined) return own;
    this.#count += 1;
    const key = hash("sha256", `${this.#run} ${this.#count} ${line}`);
    return { ...own, occurred: report.occurred ?? new Date().toISOString(), key };
  }

  /** Waits while the spool is full. What isn't read stays where it is, and nothing is dropped. */
  async #untilRoom(): Promise<void> {
    const { gone, spool, stop, tell } = this.#parts;
    while (spool.isFull && !stop.aborted) {
      const woken = gone.wait();
      if (!this.#isFull)
        await tell(
          `The spool ${spool.folder} is full: reading stops until events are delivered or refused.jsonl is moved away.\n`,
        );
      this.#isFull = true;
      await Promise.race([woken, sleep(lookAgainMs, undefined, { signal: stop }).catch(() => undefined)]);
    }
    this.#isFull = false;
  }

  /** Tries again for as long as the disk is full. */
  async #withRoom(write: () => void): Promise<void> {
    const { spool, stop, tell } = this.#parts;
    for (let isTold = false; ; isTold = true) {
      try {
        return write();
      } catch (error) {
        if (!isFullDisk(error) || stop.aborted) throw error;
        if (!isTold) await tell(`No room for the spool ${spool.folder}: make room. Reading stops until then.\n`);
        await sleep(lookAgainMs, undefined, { signal: stop }).catch(() => undefined);
      }
    }
  }
}
