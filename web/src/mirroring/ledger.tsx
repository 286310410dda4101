import { type ListColumn, List } from "../page/list/list.tsx";
import { grouped } from "../page/text/grouped.ts";
import { Time } from "../page/text/time.tsx";
import type { SourceWithLedger } from "./source.ts";
import { type DrawnRun, drawnRuns, ledgerRange, stripHeight, stripWidth } from "./ledger-strip.ts";

type Run = SourceWithLedger["runs"][number];

const kinds: Readonly<Record<Run["state"], { readonly words: string; readonly meaning: string }>> = {
  gap: { words: "gap", meaning: "The row never came: rolled back, or deleted before it could be mirrored." },
  vanished: { words: "vanished", meaning: "It was mirrored, and isn't there any more." },
  changed: { words: "changed", meaning: "It was mirrored, and says something else there now." },
};

/** Which ids of a MAAS's events are mirrored, and what became of the others: as a strip, in words, and as a table. */
export function Ledger({ source }: { readonly source: SourceWithLedger }) {
  if (source.coverage !== null) return <Coverage words={source.coverage} />;
  return <DatabaseLedger source={source} />;
}

/** What stands in place of a ledger where a MAAS is read over an API. */
function Coverage({ words }: { readonly words: string }) {
  return (
    <section className="ui-section" aria-labelledby="coverage">
      <h3 className="p-muted-heading" id="coverage">
        Coverage
      </h3>
      <p>{words}</p>
      <p className="u-text--muted">What vanishes or changes there isn't noticed. Its database shows everything.</p>
    </section>
  );
}

function DatabaseLedger({ source }: { readonly source: SourceWithLedger }) {
  const range = ledgerRange(source);
  return (
    <section className="ui-section" aria-labelledby="ledger">
      <h3 className="p-muted-heading" id="ledger">
        Ledger
      </h3>
      {range === undefined ? (
        <p>Nothing is mirrored yet.</p>
      ) : (
        <>
          <Strip label={summary(source, range.first)} runs={drawnRuns(source.runs, range)} />
          <p className="ui-ledger__ends">
            <span>
              {range.isCut && "… "}
              {grouped(range.first)}
            </span>
            <span>{grouped(range.last)}</span>
          </p>
          <ul className="ui-ledger__legend">
            <li>
              <span className="ui-ledger__key is-mirrored" aria-hidden="true" /> {grouped(source.mirrored)} mirrored
            </li>
            <Kind kind="gap" count={source.gaps} />
            <Kind kind="vanished" count={source.vanished} />
            <Kind kind="changed" count={source.changed} />
          </ul>
        </>
      )}
      {range?.isCut === true && (
        <p className="u-text--muted">Only the newest {grouped(source.runs.length)} runs are drawn and listed.</p>
      )}
      {source.runs.length > 0 && (
        <details>
          <summary>Ids that aren't simply mirrored</summary>
          <RunsTable runs={source.runs} />
        </details>
      )}
    </section>
  );
}

function Kind({ kind, count }: { readonly kind: Run["state"]; readonly count: number | null }) {
  return (
    <li title={kinds[kind].meaning}>
      <span className={`ui-ledger__key is-${kind}`} aria-hidden="true" /> {countWords(kind, count)}
    </li>
  );
}

function summary({ mirrored, gaps, vanished, changed, recorded_to: last }: SourceWithLedger, first: number): string {
  const counts = `${grouped(mirrored)} mirrored, ${countWords("gap", gaps)}`;
  const alarms = `${countWords("vanished", vanished)}, ${countWords("changed", changed)}`;
  return `Ids ${grouped(first)} to ${grouped(last)}: ${counts}, ${alarms}`;
}

function countWords(kind: Run["state"], count: number | null): string {
  return `${grouped(count ?? 0)} ${kind === "gap" && count !== 1 ? "gaps" : kinds[kind].words}`;
}

function Strip({ label, runs }: { readonly label: string; readonly runs: readonly DrawnRun[] }) {
  return (
    <svg
      className="ui-ledger"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${stripWidth} ${stripHeight}`}
      preserveAspectRatio="none"
    >
      <rect className="is-mirrored" width={stripWidth} height={stripHeight} />
      {runs.map(({ state, x, width, y, height }) => (
        <rect key={`${state} ${x} ${width}`} className={`is-${state}`} x={x} y={y} width={width} height={height} />
      ))}
    </svg>
  );
}

const columns: readonly ListColumn<Run>[] = [
  {
    title: "Ids",
    render: ({ first, last }) => (first === last ? grouped(first) : `${grouped(first)} to ${grouped(last)}`),
    sort: ({ first }) => first,
  },
  { title: "State", render: ({ state }) => kinds[state].words, sort: ({ state }) => kinds[state].words },
  { title: "Found", className: "ui-time", render: ({ noted }) => <Time value={noted} />, sort: ({ noted }) => noted },
];

function RunsTable({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <List
      label="Ids that aren't simply mirrored"
      items={runs}
      keyOf={({ state, first }) => `${state} ${first}`}
      columns={columns}
    />
  );
}
