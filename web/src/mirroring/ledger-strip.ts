import type { SourceWithLedger } from "./source.ts";

type Run = SourceWithLedger["runs"][number];

/** The strip's size in its own units; it is stretched to the room that it has. */
export const stripWidth = 1_000;
export const stripHeight = 20;
/** One id of a million still shows. */
const widthMin = 3;
/** As many runs as the server lists. */
const runsMax = 1_000;

/** Which ids the strip is of. */
export interface LedgerRange {
  readonly first: number;
  readonly last: number;
  /** True where it doesn't begin with the first id, since older runs aren't listed. */
  readonly isCut: boolean;
}

/** The ids that are drawn; undefined where there are none. Those that MAAS had deleted before the first import are left out. */
export function ledgerRange({
  runs,
  recorded_to: last,
}: Pick<SourceWithLedger, "runs" | "recorded_to">): LedgerRange | undefined {
  if (last === 0) return undefined;
  const oldest = runs.at(-1);
  if (oldest === undefined) return { first: 1, last, isCut: false };
  if (runs.length === runsMax) return { first: oldest.first, last, isCut: true };
  const isLeading = oldest.state === "gap" && oldest.first === 1 && oldest.last < last;
  return { first: isLeading ? oldest.last + 1 : 1, last, isCut: false };
}

/** A run in the strip's units. */
export interface DrawnRun {
  readonly state: Run["state"];
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly height: number;
}

/** Where each state is drawn, so that it shows without its colour: gaps below, alarms above, what vanished as a whole. */
const places: Readonly<Record<Run["state"], Pick<DrawnRun, "y" | "height">>> = {
  gap: { y: 12, height: 8 },
  changed: { y: 0, height: 12 },
  vanished: { y: 0, height: stripHeight },
};
const order = ["gap", "changed", "vanished"] as const;

/** The runs as they are drawn: alarms last, above all others. */
export function drawnRuns(runs: readonly Run[], { first, last }: LedgerRange): readonly DrawnRun[] {
  const perId = stripWidth / (last - first + 1);
  return order.flatMap((state) =>
    runs
      .filter((run) => run.state === state && run.last >= first)
      .map((run) => {
        const width = Math.max(widthMin, (run.last - run.first + 1) * perId);
        const x = Math.min((run.first - first) * perId, stripWidth - width);
        return { state, x, width, ...places[state] };
      }),
  );
}
