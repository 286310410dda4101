import type { Reported } from "../reported.ts";

/** What another program wrote, and what the journal knows of it, where it comes from there. */
export interface Written {
  readonly text: string;
  readonly entry?: JournalEntry;
}

/** An entry of systemd's journal. */
export interface JournalEntry {
  /** Its text fields by their names; of one that is there several times the first. */
  readonly fields: ReadonlyMap<string, string>;
  readonly cursor: string | undefined;
  /** RFC 3339. */
  readonly occurred: string | undefined;
  readonly hostname: string | undefined;
}

/** Makes an event of what was written; undefined where that tells of none. Throws `UnfitLine`. */
export type Format = (written: Written) => Reported | undefined;

/** A line that isn't in its format; the message says why. */
export class UnfitLine extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnfitLine";
  }
}
