import { parseCheckpoint } from "../../verifiable-log/checkpoint.ts";
import { checkNote, parseNote } from "../../verifiable-log/signed-note.ts";
import type { Dated } from "./checkpoint-order.ts";
import type { LogKey } from "./log-key.ts";

/** Whether a key has signed a note. */
export function isSignedBy(note: string, { log }: LogKey): boolean {
  try {
    return checkNote(parseNote(note), [log]).length > 0;
  } catch {
    return false;
  }
}

/** Size and time of a checkpoint that this key has signed; undefined where it is none. */
export function datedBy(note: string, { log, cosigner }: LogKey): Dated | undefined {
  try {
    const signed = parseNote(note);
    const { origin, size } = parseCheckpoint(signed.text);
    const [cosigned] = checkNote(signed, [cosigner]);
    return origin === log.name && cosigned !== undefined
      ? { size, signed: (cosigned.seconds ?? 0) * 1_000_000 }
      : undefined;
  } catch {
    return undefined;
  }
}
