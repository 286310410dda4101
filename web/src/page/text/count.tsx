import { counted, grouped } from "./grouped.ts";

interface CountProps {
  /** Undefined while that isn't known. */
  readonly count: number | undefined;
  readonly noun: string;
  /** How many of them a search leaves. */
  readonly shown?: number | undefined;
  /** The server counts up to this many. */
  readonly countMax?: number;
}

/** How many there are, beside a page's title. Its place is kept while that isn't known. */
export function Count({ count, noun, shown = count, countMax = Number.POSITIVE_INFINITY }: CountProps) {
  return (
    <span className="ui-count u-text--muted" role="status">
      {count === undefined || shown === undefined ? (
        <span className="ui-unseen" aria-hidden>
          {counted(0, noun)}
        </span>
      ) : count >= countMax ? (
        `${grouped(countMax - 1)}+ ${noun}s`
      ) : shown === count ? (
        counted(count, noun)
      ) : (
        `${grouped(shown)} of ${counted(count, noun)}`
      )}
    </span>
  );
}
