import { Type } from "typebox";
import { longReadsOf } from "../../database/readers/long-reads.ts";
import { viewerOf } from "../../http/authentication/acting-user.ts";
import type { FindEnd } from "../../http/native/end-reason.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { downloadLimits, Downloads } from "./downloads.ts";
import { recordExport } from "./export-actions.ts";
import { exportEvents, exportFormats, type ExportFormat, exportOrders, measureExport } from "./export.ts";
import { filterFields, parseFilter, shownFilter } from "../filter/native-filter.ts";

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
  const downloads = new Downloads("exports", findEnd);
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
    description: `All events that match and that the caller may see, whatever their number, up to the newest one at the start. The export is recorded first, as log.export. CSV (RFC 4180) has a header row, details as JSON in one cell, and a ' before what a spreadsheet would take for a formula. An export that fails on the way is broken off without a clean end. A user has ${downloadLimits.perUserMax} at a time at most.`,
    query: exportQuery,
    answer: {
      status: 200,
      description: "The events, as a file.",
      streams: ["text/csv", "application/jsonl"],
      isGetOnly: true,
      open: downloads.open,
    },
    does: ({ command }) =>
      command({
        action: recordExport,
        async input({ db, actor, request: { query } }) {
          const { format, order = "newest", ...given } = query;
          const filter = parseFilter(given);
          const viewer = viewerOf(actor);
          // One for all of it: another one may not have all events yet.
          const reader = longReadsOf(db);
          const extent = await measureExport(reader, viewer, filter);
          return { format, order, shown: shownFilter(given), filter, reader, ...extent };
        },
        output({ upToId }, call, { format, order, filter, reader }) {
          return downloads.answer(call, {
            contentType: contentTypes[format],
            ending: format,
            chunks: ({ viewer, check }) => exportEvents(reader, { viewer, filter, format, order, upToId, check }),
          });
        },
      }),
  });
}
