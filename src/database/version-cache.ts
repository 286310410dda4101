import type { ReadonlyCompiledQuery } from "kysely/readonly";
import type { Database } from "./database.ts";

/**
 * Remembers answers for as long as nothing has changed.
 *
 * Every change to what people own is recorded, so the id of the last event is a version of all of it, on every server:
 * an answer that was computed after that id was read is good until the id moves.
 */
export class VersionCache<Value> {
  readonly #entriesMax: number;
  readonly #entries = new Map<string, Value>();
  #version = -1;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /**
   * What is remembered under `key`, else what `compute` gives, which is remembered. `version` is a `lastEventId` that was read
   * since the question came: a change after it makes the entry too old, never too new.
   */
  async get(version: number, key: string, compute: () => Promise<Value>): Promise<Value> {
    // One that has been overtaken meanwhile gets what is newer.
    if (version > this.#version) {
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

type HeadQuery = ReadonlyCompiledQuery<{ readonly last_event_id: number }>;

const headQueries = new WeakMap<Database, HeadQuery>();

/** The id of the newest event; 0 in an empty log. */
export async function lastEventId(db: Database): Promise<number> {
  const query = headQueries.get(db) ?? compileHeadQuery(db);
  const { rows } = await db.executeQuery<{ readonly last_event_id: number }>(query);
  return rows[0]?.last_event_id ?? 0;
}

/** Compiled once: it is asked before almost every answer. */
function compileHeadQuery(db: Database): HeadQuery {
  // Kysely's types don't say of a compiled select that it is one.
  const query = db.selectFrom("log_head").select("last_event_id").compile() as unknown as HeadQuery;
  headQueries.set(db, query);
  return query;
}
