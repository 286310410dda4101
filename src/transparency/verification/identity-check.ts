import type { Database } from "../../database/database.ts";
import { listIdentities } from "../queries.ts";
import type { LayerFindings } from "./verification-report.ts";

/** The identities, which say who may sign, against the events that tell of them: those are in the tree. */
export async function checkIdentities(db: Database, findings: LayerFindings): Promise<void> {
  const events = await db
    .selectFrom("event")
    .select(["id", "details"])
    .where("action", "in", ["log.key.create", "log.identity.renew"])
    .where("source", "=", "ironlog")
    .orderBy("id")
    .execute();
  const told = events.map(({ id, details }) => {
    const { log_key, cosigner_key, since } = parseDetails(details);
    return JSON.stringify([log_key, cosigner_key, id - 1, since]);
  });
  const stored = await listIdentities(db);
  for (const [at, { origin, logKey, cosignerKey, sinceSize, created }] of stored.entries()) {
    const isNamed = logKey.startsWith(`${origin}+`);
    if (told[at] === JSON.stringify([logKey, cosignerKey, sinceSize, created]) && isNamed) continue;
    findings.fault(null, `the log's identity '${origin}' is not what an event tells of`);
  }
  if (told.length > stored.length) findings.fault(null, "an identity of the log that an event tells of is missing");
}

/** What is no JSON tells of nothing; the row itself is found elsewhere. */
function parseDetails(details: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(details ?? "{}");
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
