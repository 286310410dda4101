import { failureKind, UnusableDatabase } from "../failures.ts";
import { withoutPassword } from "./postgres-url.ts";

/** An error of PostgreSQL's as a sentence that names the mend, where somebody who gave the URL can mend it; else the error. */
export function asUnusableServer(url: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UnusableDatabase) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const where = withoutPassword(url);
  const unusable = (sentence: string, mayPass = false) => new UnusableDatabase(sentence, { mayPass, cause: error });
  if (code === "28P01" || code === "28000") {
    return unusable(`${where} refuses this user or password: check the URL given with --database`);
  }
  if (code === "3D000") return unusable(`${where} does not exist: create the database first`);
  if ("severity" in error && error.severity === "FATAL" && /^(?:25P0|42|22)/.test(code)) {
    return unusable(
      `${where} ends new connections (${error.message}): check the options in the URL and PGOPTIONS, and what 'alter role' and 'alter database' have set`,
    );
  }
  if (code === "08P01" && error.message.includes("startup parameter")) {
    return unusable(
      `a pooler such as PgBouncer stands at ${where} and refuses 'options': leave them out of the URL and PGOPTIONS, or give PostgreSQL's own port`,
    );
  }
  if (code === "42501") {
    return unusable(
      `${where}: the user may not create or change tables there (${error.message}): run ironlog migrate --grant as their owner, or grant it`,
    );
  }
  if (["away", "overloaded"].includes(failureKind(error))) {
    return unusable(`cannot reach ${where} (${error.message || code}): is PostgreSQL running there?`, true);
  }
  return error;
}
