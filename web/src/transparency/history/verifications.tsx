import { useQuery } from "@tanstack/react-query";
import { type Item, request } from "../../api/request.ts";
import { type ListColumn, List } from "../../page/list/list.tsx";
import { Loaded } from "../../page/states.tsx";
import { Alarm } from "../../page/text/alarm.tsx";
import { grouped } from "../../page/text/grouped.ts";
import { Time } from "../../page/text/time.tsx";

type Verification = Item<"GET /log/verifications">;

const columns: readonly ListColumn<Verification>[] = [
  {
    title: "Finished",
    className: "ui-time",
    render: ({ finished }) => <Time value={finished} />,
    sort: ({ finished }) => finished,
  },
  {
    title: "Events",
    className: "u-align--right",
    render: ({ size }) => grouped(size),
    sort: ({ size }) => size,
  },
  { title: "Integrity", render: ({ reason, integrity }) => (reason === null ? integrity : "could not verify") },
  { title: "Completeness", render: ({ completeness }) => completeness },
  {
    title: "Faults",
    className: "u-align--right",
    render: ({ fault_count: count }) => <Alarm count={count} />,
    sort: ({ fault_count: count }) => count,
  },
];

/** Full passes over the log, newest first, and since when each of them found it good. */
export function Verifications({ finished }: { readonly finished: string | undefined }) {
  const verifications = useQuery({
    queryKey: ["log", "verifications", finished],
    queryFn: ({ signal }) => request("GET /log/verifications", { signal }),
    placeholderData: (before) => before,
  });
  return (
    <section aria-labelledby="history-heading">
      <h2 id="history-heading" className="p-heading--5">
        Verifications
      </h2>
      <Loaded query={verifications}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="u-text--muted">There was none yet.</p>
          ) : (
            <>
              <SinceWhen items={items} />
              <List label="Verifications" items={items} keyOf={({ id }) => id ?? "unrecorded"} columns={columns} />
            </>
          )
        }
      </Loaded>
    </section>
  );
}

/** Since when all has been good, or has not: what the newest of them say alike. */
function SinceWhen({ items }: { readonly items: readonly Verification[] }) {
  const [newest] = items;
  if (newest === undefined) return null;
  const other = items.findIndex(({ is_good: isGood }) => isGood !== newest.is_good);
  const alike = other < 0 ? items : items.slice(0, other);
  const first = alike.at(-1) ?? newest;
  const before = other < 0 ? undefined : items[other];
  const count = alike.length === 1 ? "The last one" : `Each of the last ${alike.length}`;
  return (
    <p>
      {newest.is_good ? `${count} found the log good, since ` : `${count} did not find the log good, since `}
      <Time value={first.finished} />.
      {before !== undefined && (
        <>
          {" "}
          The one before, <Time value={before.finished} />, {before.is_good ? "did." : "did not."}
        </>
      )}
    </p>
  );
}
