import { rfc3339Seconds } from "../../time.ts";
import { Type } from "typebox";
import type { Database } from "../../database/database.ts";
import { longReadsOf } from "../../database/readers/long-reads.ts";
import { viewerOf } from "../../http/authentication/acting-user.ts";
import type { FindEnd } from "../../http/native/end-reason.ts";
import { OpenAnswers } from "../../http/native/open-answers.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { nowMicros } from "../../time.ts";
import { recordExport } from "./export-actions.ts";
import { exportEvents, exportFormats, type ExportFormat, exportOrders, measureExport } from "./export.ts";
import { filterFields, parseFilter, shownFilter } from "../filter/native-filter.ts";

/** Each reads the log as fast as its client takes it. */
export const exportLimits = { perUserMax: 4, max: 20 };
/** A download that was paused for a while goes on; one that was forgotten is broken off. */
export const exportPatienceMs = 120_000;

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/jsonl",
};

const exportQuery = Type.Object(
  {
    ...filterFields,
    format: Type.Enum([...exportFormats], { description: "Comma-separated values, or a JSON object on each line." }),
    order: Type.Optional(
      Type.Enum([...exportOrders], { description: "Which events come first; newest unless given." }),
    ),
  },
  { additionalProperties: false },
);

/** Events as a file. It is a command: nothing leaves that isn't recorded first. */
export function nativeExportOperation(findEnd: FindEnd): NativeOperation {
  const open = new OpenAnswers("exports", exportLimits);
  return nativeOperation({
    path: "/events/export",
    method: "GET",
    id: "exportEvents",
    command: ["events", "export"],
    who: "user",
    alsoAuditors: true,
    alsoMirrored: true,
    scope: "events:read",
    summary: "Export events",
    description: `All events that match and that the caller may see, whatever their number, up to the newest one at the start. The export is recorded first, as log.export. CSV (RFC 4180) has a header row, details as JSON in one cell, and a ' before what a spreadsheet would take for a formula. An export that fails on the way is broken off without a clean end. A user has ${exportLimits.perUserMax} at a time at most.`,
    query: exportQuery,
    answer: {
      status: 200,
      description: "The events, as a file.",
      streams: ["text/csv", "application/jsonl"],
      isGetOnly: true,
    },
    does: ({ command }) =>
      command({
        action: recordExport,
        async input({ db, actor, request: { query } }) {
          const { format, order = "newest", ...given } = query;
          const filter = parseFilter(given);
          const viewer = viewerOf(actor);
          open.refuseIfFull(viewer);
          // One for all of it: another one may not have all events yet.
          const reader = longReadsOf(db);
          const extent = await measureExport(reader, viewer, filter);
          return { format, order, shown: shownFilter(given), filter, reader, ...extent };
        },
        output({ upToId }, { db, actor, credentials, now }, { format, order, filter, reader }) {
          const viewer = viewerOf(actor);
          const check = checkingEnd(findEnd, { db, actor, credentials });
          return {
            status: 200,
            stream: {
              contentType: contentTypes[format],
              fileName: `${exportName(now)}.${format}`,
              patienceMs: exportPatienceMs,
              chunks(ends) {
                open.count(viewer, ends.gone);
                return exportEvents(reader, { viewer, filter, format, order, upToId, check });
              },
            },
          };
        },
      }),
  });
}

/** Throws once the caller may read no more: their session or key has ended since. */
export function checkingEnd(
  findEnd: FindEnd,
  { db, ...caller }: { readonly db: Database } & Parameters<FindEnd>[1],
): () => Promise<void> {
  return async () => {
    const reason = await findEnd(db, caller, nowMicros());
    if (reason !== undefined) throw new Error(`an export was broken off: ${reason}`);
  };
}

/** What the file of an export is called, but for what it ends in. */
export function exportName(now: number): string {
  return `ironlog-events-${rfc3339Seconds(now).replaceAll(":", "")}`;
}
