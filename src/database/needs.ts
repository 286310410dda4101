// What a database must be, so that the log in it is what was recorded. Every connection is held to it: at the start, at a
// migration, by every command on this machine. What a session can set by itself is in dialects/postgres-session.ts.
//
// A database needs no extension, and any collation will do: the log is sorted by numbers, and what is sought by its beginning has a
// collation of its own.

/** Older ones get no corrections any more. */
const postgresVersionMin = 14;

/** What a PostgreSQL says of itself and of the database. */
export interface PostgresFacts {
  /** As `server_version_num` has it: 140005 for 14.5. */
  readonly version: number;
  readonly encoding: string;
  readonly hasPlpgsql: boolean;
  /** Whether it follows another server, and can't be written to. */
  readonly isStandby: boolean;
}

/** Asks for a PostgreSQL's `PostgresFacts`, as columns of one row. */
export const postgresFactColumns = `current_setting('server_version_num')::int as version,
  current_setting('server_encoding') as encoding, pg_is_in_recovery() as "isStandby",
  exists (select from pg_language where lanname = 'plpgsql') as "hasPlpgsql"`;

/** What a PostgreSQL lacks, with the mend; undefined if it will do. */
export function findPostgresFault(facts: PostgresFacts, mustWrite: boolean): string | undefined {
  const { version, encoding, hasPlpgsql, isStandby } = facts;
  const major = Math.floor(version / 10_000);
  if (major < postgresVersionMin) {
    return `this is PostgreSQL ${major}, and Ironlog needs ${postgresVersionMin} or later: upgrade it`;
  }
  // What another encoding lacks would be refused or replaced, and the leaves would no longer be those of the rows.
  if (encoding !== "UTF8") {
    return `the database's encoding is ${encoding}, and Ironlog needs UTF8: create one with createdb --encoding UTF8 --template template0`;
  }
  if (!hasPlpgsql)
    return "the database has no language plpgsql, and its guards are written in it: create extension plpgsql";
  if (mustWrite && isStandby) return "this PostgreSQL is a standby, which can't be written to: give the primary";
  return undefined;
}

/** The same for a SQLite file, by its `pragma encoding`. */
export function findSqliteFault(encoding: unknown): string | undefined {
  if (encoding === "UTF-8") return undefined;
  return `the file's encoding is ${String(encoding)}, and Ironlog needs UTF-8: give Ironlog a new file`;
}
