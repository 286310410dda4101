import type { Reported } from "../reported.ts";

/** Makes an event of a line; undefined where the line tells of none. Throws `UnfitLine`. */
export type Format = (line: string) => Reported | undefined;

/** A line that isn't in its format; the message says why. */
export class UnfitLine extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnfitLine";
  }
}
