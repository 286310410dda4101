import type { ReadonlyCompiledQuery } from "kysely/readonly";
import type { Database } from "./database.ts";

/**
 * Remembers answers for as long as nothing has changed.
 *
 * Every change to what people own is recorded, so which event is the last is a version of all of it, on every server: an
 * answer that was computed after that was read is good until another one is the last.
 */
export class VersionCache<Value> {
  readonly #entriesMax: number;
  readonly #entries = new Map<string, Value>();
  #version = "";

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /**
   * What is remembered under `key`, else what `compute` gives, which is remembered. `version` is a `logVersion` that was read
   * since the request came: a change after it makes the entry too old, never too new.
   */
  async get(version: string, key: string, compute: () => Promise<Value>): Promise<Value> {
    // Not only a larger one: a fail-over may have lost the newest events.
    if (version !== this.#version) {
      this.#entries.clear();
      this.#version = version;
    }
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const value = await compute();
    if (this.#version === version) {
      if (this.#entries.size >= this.#entriesMax) this.#entries.clear();
      this.#entries.set(key, value);
    }
    return value;
  }
}

interface Head {
  readonly last_event_id: number;
  readonly last_created: number;
  /** The id of the newest event that is there: another one where somebody has set the head back. */
  readonly newest: number | null;
}

type HeadQuery = ReadonlyCompiledQuery<Head>;

const headQueries = new WeakMap<Database, HeadQuery>();

/** The id of the newest event; 0 in an empty log. */
export async function lastEventId(db: Database): Promise<number> {
  return (await readHead(db))?.last_event_id ?? 0;
}

/**
 * Which event is the newest: its id, and when it was recorded, since a fail-over may let an id be given again. Both what the head says and
 * what is there: an older head would bring back what was remembered then.
 */
export async function logVersion(db: Database): Promise<string> {
  const head = await readHead(db);
  return `${head?.last_event_id} ${head?.last_created} ${head?.newest}`;
}

async function readHead(db: Database): Promise<Head | undefined> {
  const { rows } = await db.executeQuery<Head>(headQueries.get(db) ?? compileHeadQuery(db));
  return rows[0];
}

/** Compiled once: it is asked before almost every answer. */
function compileHeadQuery(db: Database): HeadQuery {
  // Kysely's types don't say of a compiled select that it is one.
  const query = db
    .selectFrom("log_head")
    .select((eb) => [
      "last_event_id",
      "last_created",
      eb
        .selectFrom("event")
        .select(({ fn }) => fn.max("event.id").as("newest"))
        .as("newest"),
    ])
    .compile() as unknown as HeadQuery;
  headQueries.set(db, query);
  return query;
}
