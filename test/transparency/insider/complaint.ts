import path from "node:path";
import { UnusableDatabase } from "../../../src/database/failures.ts";
import { Refusal } from "../../../src/refusal.ts";
import { verifyAsCalled } from "../../../src/transparency/commands/verify-command.ts";
import type { MeddledLog } from "./cloned-log.ts";

/** What `log verify` with the key files says is wrong first, or that an honest server has recorded; undefined where all is right. */
export async function complaint(
  { location, folder, meddle }: MeddledLog,
  flags: readonly (readonly [string, string])[] = [],
): Promise<string | undefined> {
  const config = {
    dataFolder: folder,
    database: location,
    logKeyFile: path.join(folder, "log.key"),
    secretsKeyFile: path.join(folder, "secrets.key"),
  };
  try {
    const report = await verifyAsCalled({ config, own: new Map(flags), words: [] });
    const { integrity, completeness, verifications, warnings } = report;
    const [gap] = completeness.gaps;
    const wrong =
      integrity.faults[0]?.what ??
      (gap === undefined ? undefined : `events ${gap.from} to ${gap.to} are missing`) ??
      warnings[0] ??
      (verifications?.verdict === "absent" ? "no verifications" : undefined) ??
      (report.keys_are_trusted ? undefined : "log.key is not there");
    if (wrong !== undefined) return wrong;
    const [alarm] = await meddle("select id from event where action = 'state.mismatch'");
    return alarm === undefined ? undefined : `event ${String(alarm["id"])} is an alarm`;
  } catch (error) {
    if (error instanceof Refusal || error instanceof UnusableDatabase) return error.message;
    throw error;
  }
}
