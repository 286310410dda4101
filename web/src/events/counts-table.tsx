import { localTime } from "../page/text/time.tsx";
import { grouped } from "../page/text/grouped.ts";
import { type Counts, extentOf } from "./histogram-words.ts";

/** The bars in numbers. Bins in which nothing was recorded are left out; those that weren't counted say so. */
export function CountsTable({ counts }: { readonly counts: Counts | undefined }) {
  const rows = counts?.bins.map(({ start, count, failures }, at) => ({
    start,
    events: cell(count, extentOf(counts, at, counts.counted_since)),
    failures: cell(failures, extentOf(counts, at, counts.failures_counted_since)),
  }));
  return (
    <div className="ui-histogram__table" tabIndex={0} role="region" aria-label="Events over time, as a table">
      <table>
        <thead>
          <tr>
            <th>From</th>
            <th>Events</th>
            <th>Failures</th>
          </tr>
        </thead>
        <tbody>
          {rows
            ?.filter(({ events }) => events !== "0")
            .map(({ start, events, failures }) => (
              <tr key={start}>
                <td>{localTime(start)}</td>
                <td>{events}</td>
                <td>{failures}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

function cell(count: number, extent: ReturnType<typeof extentOf>): string {
  if (extent === "nothing") return "not counted";
  return extent === "part" ? `at least ${grouped(count)}` : grouped(count);
}
