/**
 * What an error says of stored data that the database can't read: a damaged page, a number that no program has written, a
 * table that is gone. Undefined for any other error: a lost connection or a full disk says nothing of what is stored.
 */
export function findDamage(error: unknown): string | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (isDamage(one)) return one.message;
  }
  return undefined;
}

/** Stored text that isn't what it is read as. */
export class DamagedText extends Error {
  override readonly name = "DamagedText";
}

/** The same where it can't be that a caller has asked for a value that PostgreSQL refuses. */
export function findSureDamage(error: unknown): string | undefined {
  const isCallers =
    error instanceof Error && "severity" in error && !String("code" in error && error.code).startsWith("XX");
  return isCallers ? undefined : findDamage(error);
}

function isDamage(error: Error): boolean {
  if (error instanceof DamagedText) return true;
  if ("errcode" in error && typeof error.errcode === "number") return isSqliteDamage(error.errcode, error.message);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  // `node:sqlite` refuses integers that JavaScript can't hold.
  if (code === "ERR_OUT_OF_RANGE") return /represented as a JavaScript number/.test(error.message);
  const severity = "severity" in error ? error.severity : undefined;
  return severity !== undefined && isPostgresDamage(code, severity === "ERROR");
}

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html. */
function isSqliteDamage(errcode: number, message: string): boolean {
  const primary = errcode & 0xff;
  // SQLITE_CORRUPT, SQLITE_NOTADB.
  if (primary === 11 || primary === 26) return true;
  return primary === 1 && /^no such (table|column)/.test(message);
}

/** SQLSTATE classes: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
function isPostgresDamage(code: string, isStatement: boolean): boolean {
  // Damaged pages and indexes, also of the catalogues that a connection begins with.
  if (code === "XX001" || code === "XX002") return true;
  // Values that aren't in their type, tables and columns that are gone, files that can't be read.
  return isStatement && /^(?:XX|22)|^(?:42P01|42703|58P01|58030)$/.test(code);
}
