import { Type } from "typebox";
import { listOf, nativeList } from "../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { rfc3339Micros, rfc3339OrNull } from "../time.ts";
import type { ShownWorker, WorkerDesk } from "./workers.ts";
import { timeOrNull } from "../http/native/time.ts";

const numberOrNull = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });

const workerSchema = Type.Object({
  name: Type.String(),
  runs: Type.Enum(["once", "every_server"], {
    description: "once: of all servers on one database one does it at a time. every_server: this one does its own.",
  }),
  holder: Type.Union(
    [
      Type.Object({
        host: Type.String({ description: "The name of its machine." }),
        pid: Type.Integer({ description: "Its process there." }),
        address: Type.Union([Type.String(), Type.Null()], { description: "Where it listens." }),
        since: Type.String({ format: "date-time" }),
        is_this_server: Type.Boolean(),
      }),
      Type.Null(),
    ],
    { description: "The server that does it; null where none does at the moment." },
  ),
  state: Type.Enum(["running", "failing", "gave_up", "standby", "unable", "stopped"], {
    description:
      "running: it takes its turns. failing: the last turn failed, and it tries again. gave_up: it doesn't before the next start. standby: this server waits until the work is free. unable: this server can't do it. Of work that another server does: as that one says.",
  }),
  trouble: Type.Union([Type.String(), Type.Null()], { description: "Why it can't do its work." }),
  trouble_since: timeOrNull("Since when."),
  turns: Type.Integer({ description: "Turns since that server started, good and bad." }),
  failures: Type.Integer({ description: "Turns that failed." }),
  last_turn: timeOrNull("When the last one ended."),
  cursor: numberOrNull("The last event that the work was done on, where it follows the log."),
  behind: numberOrNull("Events that come after it."),
});

/** What the servers do by themselves. */
export function workerOperations(desk: WorkerDesk): readonly NativeOperation[] {
  return [
    nativeOperation({
      path: "/server/workers",
      method: "GET",
      id: "listWorkers",
      command: ["server", "workers"],
      who: "auditor",
      summary: "List background workers",
      description: "What the servers on this database do by themselves, which of them does it, and how it goes.",
      answer: { status: 200, description: "Each worker, as this server knows of it.", schema: listOf(workerSchema) },
      does: ({ query }) =>
        query(async () => ({ status: 200, body: nativeList((await desk.list()).map(nativeWorker)) })),
    }),
  ];
}

function nativeWorker(worker: ShownWorker) {
  const { name, runs, holder, state, trouble, unfit, turns, failures, lastTurn, position } = worker;
  return {
    name,
    runs: runs === "once" ? "once" : "every_server",
    holder:
      holder === null
        ? null
        : {
            host: holder.host,
            pid: holder.pid,
            address: holder.address,
            since: rfc3339Micros(holder.since),
            is_this_server: holder.isThisServer,
          },
    state,
    trouble: trouble?.why ?? (state === "unable" ? unfit : null),
    trouble_since: trouble === null ? null : rfc3339Micros(trouble.since),
    turns,
    failures,
    last_turn: rfc3339OrNull(lastTurn),
    cursor: position?.cursor ?? null,
    behind: position?.behind ?? null,
  };
}
