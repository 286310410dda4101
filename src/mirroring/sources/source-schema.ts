import { type Static, Type } from "typebox";
import { timeOrNull } from "../../http/native/time.ts";
import type { ShownWorker } from "../../following/workers.ts";
import { rfc3339Micros, rfc3339OrNull } from "../../time.ts";
import type { countRuns, NotedRun, SourcePosition } from "../ledger/position.ts";
import { type Source, wayOf } from "./source.ts";
import { shownSourceSettings } from "./source-actions.ts";
import { coverageOf } from "../ledger/coverage.ts";

const text = (description: string) => Type.String({ description });
const orNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
const count = (description: string) => Type.Integer({ description });
const countOrNull = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });

/** What of a source can be given and changed. */
export const editable = {
  database: text(
    "The URL of that MAAS's PostgreSQL with the role that reads, without a password. Empty removes it: that MAAS is then read over its API.",
  ),
  url: text("Where that MAAS answers, such as https://maas.example.com/MAAS. Empty removes it."),
  username: text("An administrator of that MAAS who logs in to its API v3. Empty removes them and the password."),
  plain_http: Type.Boolean({ description: "The API key and the password may go over http:// to another machine." }),
  is_enabled: Type.Boolean({ description: "Whether it is mirrored." }),
};

const secret = (what: string) => text(`${what} It is stored encrypted and shown to nobody. Empty removes it.`);

export const secretFields = {
  database_password: secret("The role's password."),
  apikey: secret("An API key of an administrator of that MAAS."),
  password: secret("The password of that user."),
};

const stateSchema = {
  name: text("Stands in its events, as `maas:NAME`, and never changes."),
  way: Type.Enum(["database", "v3", "api2"], { description: "How it is read." }),
  database: orNull("Where its database is."),
  url: orNull("Where it answers."),
  username: orNull("Who logs in to its API v3."),
  plain_http: editable.plain_http,
  is_enabled: editable.is_enabled,
  has_database_password: Type.Boolean(),
  has_apikey: Type.Boolean(),
  has_password: Type.Boolean(),
  generation: count("How often it was set back, from 1. The same ids are other events in another generation."),
  state: Type.Enum(["mirroring", "importing", "failing", "set_back", "disabled", "waiting"], {
    description:
      "importing: reads what was there first. mirroring: has caught up. failing: can't read it, and tries again. set_back: its ids mean other events now. waiting: no server does it yet.",
  }),
  trouble: orNull("Why it can't be read."),
  recorded_to: count(
    "Every id up to this one is recorded here, or is a gap. Over an API: the highest id that it showed.",
  ),
  import_to: Type.Union([Type.Integer(), Type.Null()], {
    description: "While it is importing: the highest id that was there when that began.",
  }),
  mirrored: count("Events that are recorded of it."),
  gaps: countOrNull(
    "Ids of rows that never came: their transactions were rolled back, or they were deleted before. Null over an API, as are the next two: what it doesn't show can't be told from what isn't there.",
  ),
  vanished: countOrNull("Events that were mirrored, and aren't there any more."),
  changed: countOrNull("Events that were mirrored, and have another content there now."),
  first_id: countOrNull("Over an API: the lowest id that it showed."),
  coverage: orNull("Over an API: how many of the ids it showed, in words. Null by the database, which has a ledger."),
  waiting: count("Events that were read, and wait for an older transaction of that MAAS to end."),
  read_at: timeOrNull("When it was read last."),
  grown_at: timeOrNull("When it had something new."),
  created: Type.String({ format: "date-time" }),
  updated: Type.String({ format: "date-time" }),
};

export const sourceSchema = Type.Object(stateSchema);

export const sourceWithLedgerSchema = Type.Object({
  ...stateSchema,
  compared_to: count("How far the comparison is that is under way; 0 between two."),
  comparison_started: timeOrNull("When its rows were compared last with what was mirrored."),
  comparison_ended: timeOrNull("When that was done."),
  runs: Type.Array(
    Type.Object({
      state: Type.Enum(["gap", "vanished", "changed"]),
      first: Type.Integer(),
      last: Type.Integer(),
      noted: Type.String({ format: "date-time" }),
    }),
    { description: "Ids that aren't simply mirrored, the newest 1,000 runs." },
  ),
});

const orMissing = (schema: Parameters<typeof Type.Union>[0][number]) => Type.Union([schema, Type.Null()]);

/** What one way to read a source shows. */
export const checkedWaySchema = Type.Object({
  way: Type.Enum(["database", "v3", "api2"]),
  is_usable: Type.Boolean(),
  problems: Type.Array(Type.String(), { description: "What keeps it from being used." }),
  notes: Type.Array(Type.String(), { description: "What it shows and what it hides." }),
  version: orMissing(Type.String()),
  rows: orMissing(Type.Integer()),
  first: orMissing(Type.String({ format: "date-time" })),
  last: orMissing(Type.String({ format: "date-time" })),
});

export type SourceBody = Partial<Static<ReturnType<typeof bodyType>>>;
const bodyType = () => Type.Object({ ...editable, ...secretFields });

/** What is known of a source beside its settings. */
export interface SourceState {
  readonly position: SourcePosition;
  readonly worker: ShownWorker | undefined;
  readonly counts: Awaited<ReturnType<typeof countRuns>>;
}

export function nativeSource(source: Source, { position, worker, counts }: SourceState) {
  const state = stateOf(source, position, worker);
  const way = wayOf(source);
  const ledger = { gaps: counts.gap, vanished: counts.vanished, changed: counts.changed };
  return {
    name: source.name,
    way,
    ...shownSourceSettings(source),
    has_database_password: source.has.databasePassword,
    has_apikey: source.has.apiKey,
    has_password: source.has.password,
    generation: source.generation,
    state,
    trouble: position.set_back ?? worker?.trouble?.why ?? null,
    recorded_to: position.recorded_to,
    import_to: state === "importing" ? (worker?.progress?.size ?? null) : null,
    mirrored: way === "database" ? position.recorded_to - counts.gap : (position.shown ?? 0),
    ...(way === "database" ? ledger : { gaps: null, vanished: null, changed: null }),
    first_id: position.first_id,
    coverage: way === "database" ? null : coverageOf(position),
    waiting: worker?.waiting ?? 0,
    read_at: rfc3339OrNull(position.read_at),
    grown_at: rfc3339OrNull(position.grown_at),
    created: rfc3339Micros(source.created),
    updated: rfc3339Micros(source.updated),
  };
}

export function nativeSourceWithLedger(source: Source, state: SourceState, runs: readonly NotedRun[]) {
  const { compared_to, pass_started, pass_ended } = state.position;
  return {
    ...nativeSource(source, state),
    compared_to,
    comparison_started: rfc3339OrNull(pass_started),
    comparison_ended: rfc3339OrNull(pass_ended),
    runs: runs.map((run) => ({ ...run, noted: rfc3339Micros(run.noted) })),
  };
}

function stateOf({ isEnabled }: Source, { set_back, read_at }: SourcePosition, worker: ShownWorker | undefined) {
  if (!isEnabled) return "disabled";
  if (set_back !== null) return "set_back";
  if (worker === undefined || worker.holder === null) return "waiting";
  if (worker.trouble !== null) return "failing";
  return worker.progress !== null || read_at === null ? "importing" : "mirroring";
}
