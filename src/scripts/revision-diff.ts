import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";

/** How one text becomes another, as `diff -u` prints it. */
export interface RevisionDiff {
  readonly text: string;
  /** True if the texts differ so much that one replaces the other as a whole, without looking for what they share. */
  readonly isWhole: boolean;
}

// Both bound the work: it is done while nobody else can write. They count lines, not time, since the same texts must
// always give the same difference: the log holds its size.
const linesMax = 20_000;
const changedLinesMax = 1_000;

const names = ["before", "after"] as const;

/** The unified diff from `before` to `after`; the empty text where they are the same. */
export function unifiedDiff(before: string, after: string): RevisionDiff {
  if (before === after) return { text: "", isWhole: false };
  if (before === "" || after === "") return { text: wholeDiff(before, after), isWhole: false };
  const isBeyond = Math.max(lineCount(before), lineCount(after)) > linesMax;
  const patch = isBeyond
    ? undefined
    : structuredPatch(...names, before, after, undefined, undefined, { context: 3, maxEditLength: changedLinesMax });
  if (patch === undefined) return { text: wholeDiff(before, after), isWhole: true };
  return { text: formatPatch(patch, FILE_HEADERS_ONLY), isWhole: false };
}

function wholeDiff(before: string, after: string): string {
  const [oldLines, newLines] = [marked(before, "-"), marked(after, "+")];
  const hunk = {
    oldStart: 1,
    oldLines: lineCount(before),
    newStart: 1,
    newLines: lineCount(after),
    lines: [...oldLines, ...newLines],
  };
  const patch = { oldFileName: names[0], newFileName: names[1], oldHeader: undefined, newHeader: undefined };
  return formatPatch({ ...patch, hunks: [hunk] }, FILE_HEADERS_ONLY);
}

function marked(text: string, mark: "-" | "+"): readonly string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  const isEnded = lines.at(-1) === "";
  if (isEnded) lines.pop();
  return [...lines.map((line) => `${mark}${line}`), ...(isEnded ? [] : ["\\ No newline at end of file"])];
}

function lineCount(text: string): number {
  if (text === "") return 0;
  let count = text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
