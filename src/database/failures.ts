/** The database can't be opened; the message is one line that says why and what to do. */
export class UnusableDatabase extends Error {
  override readonly name = "UnusableDatabase";
}

/** What a database's error means for whoever caused it. */
export type FailureKind =
  /** Two transactions got in each other's way; the same again may work. */
  | "retry"
  /** The disk or the quota is full. */
  | "storage-full"
  /** The database is away, read-only or too slow. */
  | "unavailable"
  /** Anything else: let it through. */
  | "other";

/** Says what an error of SQLite or PostgreSQL means, by its code. */
export function failureKind(error: unknown): FailureKind {
  if (!(error instanceof Error)) return "other";
  // A connection that was made while serving, and is not what it must be.
  if (error instanceof UnusableDatabase) return "unavailable";
  if ("errcode" in error && typeof error.errcode === "number") return sqliteFailure(error.errcode);
  if ("code" in error && typeof error.code === "string") return postgresFailure(error.code);
  // node-postgres reports a lost connection without a code.
  return /^(Connection terminated|Client (has encountered|was closed)|timeout (exceeded|expired)|Query read timeout)/.test(
    error.message,
  )
    ? "unavailable"
    : "other";
}

/** SQLite's primary result code is the low byte: https://www.sqlite.org/rescode.html. */
function sqliteFailure(errcode: number): FailureKind {
  switch (errcode & 0xff) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return "retry";
    case 13: // SQLITE_FULL
      return "storage-full";
    case 8: // SQLITE_READONLY
    case 10: // SQLITE_IOERR
    case 14: // SQLITE_CANTOPEN
      return "unavailable";
    default:
      return "other";
  }
}

/** PostgreSQL's SQLSTATE classes, and the system's own codes for a connection that failed. */
function postgresFailure(code: string): FailureKind {
  if (code === "40001" || code === "40P01") return "retry";
  if (code === "53100") return "storage-full";
  const isAway =
    code.startsWith("08") || code.startsWith("53") || code.startsWith("57P") || code === "25006" || code === "55P03";
  const isNetwork =
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT)$/.test(code);
  return isAway || isNetwork || code === "57014" || code === "25P03" || code === "25P04" ? "unavailable" : "other";
}
