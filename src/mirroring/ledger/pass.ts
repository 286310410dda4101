import type { SourcePosition } from "./position.ts";

/** Between the beginnings of two passes that compare what is at a source with what was mirrored. */
const passIntervalMicros = 24 * 3_600 * 1_000_000;

/** True if another pass should begin. */
export function isPassDue({ pass_started, recorded_to }: SourcePosition, now: number): boolean {
  return recorded_to > 0 && (pass_started === null || now - pass_started >= passIntervalMicros);
}

/** True while a pass has rows left to compare. */
export function isPassUnderWay({ pass_started, pass_ended }: SourcePosition): boolean {
  return pass_started !== null && pass_ended === null;
}

/** The position of a pass that begins: nothing was compared so far. */
export function passBegun(now: number): Pick<SourcePosition, "compared_to" | "pass_started" | "pass_ended"> {
  return { compared_to: 0, pass_started: now, pass_ended: null };
}
