import type { ReadingDatabase } from "../../database/reading.ts";
import type { Findings } from "./verification-report.ts";

/** The database around the events: a schema that was changed can hide them, or let them be changed. */
export async function checkSchema(reading: ReadingDatabase, isDeep: boolean, findings: Findings): Promise<void> {
  const examination = await reading.examine?.(isDeep);
  if (examination === undefined) return;
  const layer = findings.in("schema");
  for (const fault of examination.faults) layer.fault(null, fault);
  layer.checkedTo(null);
  findings.warnings = examination.warnings;
  findings.notes = examination.notes;
}
