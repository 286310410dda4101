import type { Event } from "./event.ts";

/** What a field was and what it became. */
export interface Change {
  readonly field: string;
  readonly old: unknown;
  readonly new: unknown;
}

/** Divides an event's details into the fields that changed (`{old, new}`) and the rest. */
export function divideDetails(details: Event["details"]): {
  readonly changes: readonly Change[];
  readonly rest: readonly (readonly [string, unknown])[];
} {
  const changes: Change[] = [];
  const rest: (readonly [string, unknown])[] = [];
  for (const [field, value] of Object.entries(details ?? {})) {
    if (isChange(value)) changes.push({ field, old: value.old, new: value.new });
    else rest.push([field, value]);
  }
  return { changes, rest };
}

function isChange(value: unknown): value is { readonly old: unknown; readonly new: unknown } {
  if (typeof value !== "object" || value === null) return false;
  return Object.keys(value).toSorted().join() === "new,old";
}

/** A value of an event's details in one piece of text. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "—";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The lines of a value: a list has one for each thing, a text its own. */
export function valueLines(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(valueText);
  return valueText(value).split("\n");
}

/** One line of a comparison. */
export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

const linesMax = 2_000;

/** Compares two lists of lines: what they share stands once, the rest as removed and added (longest common subsequence). */
export function diffLines(old: readonly string[], now: readonly string[]): readonly DiffLine[] {
  // The table below has a cell for each pair: beyond this the two stand one after the other.
  if (old.length > linesMax || now.length > linesMax) {
    return [
      ...old.map((text) => ({ kind: "removed" as const, text })),
      ...now.map((text) => ({ kind: "added" as const, text })),
    ];
  }
  const width = now.length + 1;
  const shared = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      shared[i * width + j] =
        old[i] === now[j]
          ? (shared[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(shared[(i + 1) * width + j] ?? 0, shared[i * width + j + 1] ?? 0);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [was, is] = [old[i], now[j]];
    if (was !== undefined && was === is) {
      lines.push({ kind: "same", text: was });
      i += 1;
      j += 1;
    } else if (
      was !== undefined &&
      (is === undefined || (shared[(i + 1) * width + j] ?? 0) >= (shared[i * width + j + 1] ?? 0))
    ) {
      lines.push({ kind: "removed", text: was });
      i += 1;
    } else {
      lines.push({ kind: "added", text: is ?? "" });
      j += 1;
    }
  }
  return lines;
}
