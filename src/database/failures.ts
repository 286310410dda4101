import { findSureDamage } from "./checking/damage.ts";
import { Refusal } from "../refusal.ts";

/** The database can't be opened; the message is one line that says why and what to do. */
export class UnusableDatabase extends Error {
  override readonly name = "UnusableDatabase";
  /** True where the same attempt may work later without anybody's doing: a server that starts, a lock that is let go. */
  readonly mayPass: boolean;

  constructor(
    message: string,
    { mayPass = false, cause }: { readonly mayPass?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.mayPass = mayPass;
  }
}

/** Throws `UnusableDatabase` where something of the schema is not as Ironlog made it. */
export function refuseChanged(faults: readonly string[]): void {
  const [first, ...others] = faults;
  if (first === undefined) return;
  const more = others.length === 0 ? "" : `; and ${others.length} more, which ironlog log verify lists`;
  throw new UnusableDatabase(
    `the database's schema was changed (${first}${more}): undo the change, or restore a backup, as docs/operating/troubleshooting.md says`,
  );
}

/** A disk that has no room, or that fails, as a sentence that names the mend; undefined for another error. */
export function findDiskFailure(error: unknown, place: string): UnusableDatabase | undefined {
  if (!(error instanceof Error)) return undefined;
  const fault = diskFault(error);
  if (fault === undefined) return undefined;
  return new UnusableDatabase(`the disk that holds ${place} ${fault}: make room and start again`, {
    mayPass: true,
    cause: error,
  });
}

function diskFault(error: Error): string | undefined {
  if ("code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")) return "is full";
  const errcode = "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : 0;
  if (errcode === 13) return "is full";
  // SQLite says so of a full disk too, where it makes room for what connections share.
  return errcode === 10 ? `is full or fails (${error.message})` : undefined;
}

/** What a database's error means for whoever caused it. */
export type FailureKind =
  /** Two transactions got in each other's way; the same again may work. */
  | "retry"
  /** The disk or the quota is full. */
  | "storage-full"
  /** The database can't be reached, or takes no changes. */
  | "away"
  /** The database answers, but has no time, memory or connection left for this. */
  | "overloaded"
  /** Anything else: let it through. */
  | "other";

/** Says what an error of SQLite or PostgreSQL means, by its code. */
export function failureKind(error: unknown): FailureKind {
  if (!(error instanceof Error)) return "other";
  // A connection that was made while serving, and is not what it must be.
  if (error instanceof UnusableDatabase) return "away";
  if ("errcode" in error && typeof error.errcode === "number") return sqliteFailure(error.errcode);
  const kind = "code" in error && typeof error.code === "string" ? postgresFailure(error.code) : "other";
  // Whatever ends a connection is no fault of the caller: a role that may not log in, a database that was renamed or closed. Nor
  // does it tell what became of a commit, as a full disk or a deadlock does.
  if ("severity" in error && (error.severity === "FATAL" || error.severity === "PANIC")) {
    return kind === "overloaded" ? "overloaded" : "away";
  }
  if (kind !== "other") return kind;
  return !("code" in error) && withoutCode.test(error.message) ? "away" : "other";
}

/**
 * The refusal that callers get for a failure of the database: `storage_full`, `overloaded`, `database_away` or `damaged`; undefined
 * for one that is none of these.
 */
export function databaseRefusal(error: unknown): Refusal | undefined {
  const again = { retryAfterSeconds: 5, cause: error };
  switch (failureKind(error)) {
    case "storage-full":
      return new Refusal("storage_full", "The disk of the database is full. Nothing was changed.", { cause: error });
    case "retry":
    case "overloaded":
      return new Refusal("overloaded", "The database is too busy. Nothing was changed. Try again.", again);
    case "away":
      return new Refusal(
        "database_away",
        "The database can't be reached or written to. Nothing was changed. Try again.",
        again,
      );
    case "other": {
      const damage = findSureDamage(error);
      if (damage === undefined) return undefined;
      const what = `Something that is stored can't be read: ${damage}. Keep the log as it is and run: ironlog log verify`;
      return new Refusal("damaged", what, { cause: error });
    }
  }
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
      return "away";
    default:
      return "other";
  }
}

/** PostgreSQL's SQLSTATE classes, and the system's own codes for a connection that failed. */
function postgresFailure(code: string): FailureKind {
  if (code === "40001" || code === "40P01") return "retry";
  if (code === "53100") return "storage-full";
  if (busy.test(code)) return "overloaded";
  return away.test(code) || network.test(code) || certificate.test(code) ? "away" : "other";
}

/** Transactions and statements that took too long (25P03, 25P04, 57014), resources (53), locks (55P03). */
const busy = /^53|^(?:25P03|25P04|55P03|57014)$/;
/**
 * Connections (08), read-only (25006), logins (28), a database that isn't there (3D), one that takes no connections (55000), an
 * operator's doing (57P), the system's own (58).
 */
const away = /^(?:08|28|3D|57P|58)|^(?:25006|55000)$/;
/** The system's codes for a connection that failed or could not be made. */
const network =
  /^(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EMFILE|ENFILE|ENOENT)$/;
/** Node's and OpenSSL's codes for a server whose certificate isn't believed, or that speaks no TLS. */
const certificate = /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO$)/;
