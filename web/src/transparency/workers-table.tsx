import { useQuery } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";
import { MaybeTime } from "../page/field-list.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
import { State, type StateWords } from "../page/list/state.tsx";
import { Loaded } from "../page/states.tsx";
import { Alarm } from "../page/text/alarm.tsx";
import { Time } from "../page/text/time.tsx";
import { counted, grouped } from "../page/text/grouped.ts";

type Worker = Item<"GET /server/workers">;

const refetchMs = 10_000;

/** What the names of workers mean to somebody who reads them for the first time. */
const meanings: Readonly<Record<string, string>> = {
  "blocked-logins": "records how many logins were blocked",
  leases: "decides with the other servers which of them does what",
  deliver: "sends events to a destination",
  "log-watch": "tells live pages of new events",
  mirror: "records the events of a mirrored MAAS",
  search: "keeps the index of this server's searches",
  standby: "looks at the hot standby that long reads are answered from",
  reads: "records how often the log was read, where that is recorded",
  "session-uses": "notes when sessions were used",
  "token-uses": "notes when API keys were used",
  signer: "signs checkpoints",
  "signing-events": "records when signing stops and goes on",
  sources: "gives each mirrored source a worker",
  alerts: "looks at every event with the rules, and raises alerts",
  destinations: "gives each destination a worker",
  verifier: "verifies the whole log",
};

const states: Readonly<Record<Worker["state"], StateWords>> = {
  running: ["good", "Running"],
  failing: ["bad", "Failing"],
  gave_up: ["bad", "Gave up"],
  standby: ["off", "Standing by"],
  unable: ["caution", "Not possible here"],
  stopped: ["off", "Stopped"],
};

const columns: readonly ListColumn<Worker>[] = [
  { title: "Worker", render: (worker) => <Named worker={worker} />, sort: ({ name }) => name },
  { title: "Server", render: (worker) => <Holder worker={worker} />, sort: ({ holder }) => holder?.host ?? "" },
  { title: "State", render: (worker) => <Now worker={worker} />, sort: ({ state }) => states[state][1] },
  {
    title: "Last turn",
    className: "ui-time",
    render: ({ last_turn: at }) => <MaybeTime value={at} />,
    sort: ({ last_turn: at }) => at ?? "",
  },
  {
    title: "Turns",
    className: "u-align--right ui-less-wide",
    render: ({ turns }) => grouped(turns),
    sort: ({ turns }) => turns,
  },
  {
    title: "Failed",
    className: "u-align--right",
    render: ({ failures }) => <Alarm count={failures} />,
    sort: ({ failures }) => failures,
  },
];

/** What the servers do by themselves, which of them does it, and how it goes. For administrators. */
export function WorkersTable() {
  const workers = useQuery({
    queryKey: ["server", "workers"],
    queryFn: ({ signal }) => request("GET /server/workers", { signal }),
    refetchInterval: refetchMs,
  });
  return (
    <section aria-labelledby="workers-heading">
      <h2 id="workers-heading" className="p-heading--5">
        Background workers
      </h2>
      <Loaded query={workers}>
        {({ items }) => <List label="Background workers" items={items} keyOf={({ name }) => name} columns={columns} />}
      </Loaded>
    </section>
  );
}

function Named({ worker: { name, behind } }: { readonly worker: Worker }) {
  const [kind = name] = name.split(" ");
  const meaning = meanings[kind];
  return (
    <>
      {name}
      {meaning !== undefined && <div className="u-text--muted">{meaning}</div>}
      {behind !== null && behind > 0 && <div>{counted(behind, "event")} behind</div>}
    </>
  );
}

function Holder({ worker: { holder, runs } }: { readonly worker: Worker }) {
  if (holder === null) return "None at the moment";
  const { host, pid, address, since, is_this_server: isHere } = holder;
  return (
    <>
      {isHere ? "This server" : host}
      {runs === "once" && isHere && <> ({host})</>}
      <div className="u-text--muted">
        {isHere || address === null ? "" : `${address}, `}process {pid}
      </div>
      <div className="u-text--muted">
        since <Time value={since} />
      </div>
    </>
  );
}

function Now({ worker: { state, trouble, trouble_since: since } }: { readonly worker: Worker }) {
  return (
    <>
      <State state={states[state]} />
      {trouble !== null && (
        <div>
          {trouble}
          {since !== null && (
            <>
              {" "}
              <span className="u-text--muted">
                (since <Time value={since} />)
              </span>
            </>
          )}
        </div>
      )}
    </>
  );
}
