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
  // Whatever ends a connection is no fault of who asked: a role that may not log in, a database that was renamed or closed.
  if ("severity" in error && (error.severity === "FATAL" || error.severity === "PANIC")) return "unavailable";
  if ("code" in error && typeof error.code === "string") return postgresFailure(error.code);
  return withoutCode.test(error.message) ? "unavailable" : "other";
}

/** What node-postgres says without a code: a lost connection, a login or an encryption that the server doesn't take. */
const withoutCode =
  /^(Connection terminated|Client (has encountered|was closed)|timeout (exceeded|expired)|Query read timeout|SASL:|The server does not support SSL|There was an error establishing an SSL)/;

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
    case 15: // SQLITE_PROTOCOL
      return "unavailable";
    default:
      return "other";
  }
}

/** PostgreSQL's SQLSTATE classes, and the system's own codes for a connection that failed. */
function postgresFailure(code: string): FailureKind {
  if (code === "40001" || code === "40P01") return "retry";
  if (code === "53100") return "storage-full";
  return away.test(code) || network.test(code) || certificate.test(code) ? "unavailable" : "other";
}

/**
 * Connections (08), read-only (25006), transactions that took too long (25P03, 25P04), logins (28), a database that isn't there
 * (3D), resources (53), one that takes no connections (55000), locks (55P03), an operator's doing (57), the system's own (58).
 */
const away = /^(?:08|28|3D|53|57P|58)|^(?:25006|25P03|25P04|55000|55P03|57014)$/;
/** The system's codes for a connection that failed or could not be made. */
const network =
  /^(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EMFILE|ENFILE|ENOENT)$/;
/** Node's and OpenSSL's codes for a server whose certificate isn't believed, or that speaks no TLS. */
const certificate = /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO$)/;
