import { Type } from "typebox";
import { eachOf } from "../../http/native/body.ts";
import { nativeBatchOperation, type NativeOperation } from "../../http/native/operation.ts";
import { Finished } from "../../http/operations/operation.ts";
import { cloudEventFormats } from "./formats/cloud-events.ts";
import { parseReport } from "./report.ts";
import { findRepeated, recordReport, type ReportedAs } from "./report-actions.ts";
import { parseReportedEvent, reportedEventSchema, reportedEventsMax } from "./reported-event.ts";

/** Adding to the log from outside: events of nodes, and other programs' audit events. */
export const nativeReportOperations: readonly NativeOperation[] = [
  nativeBatchOperation({
    path: "/events",
    method: "POST",
    id: "reportEvents",
    command: ["events", "report"],
    hasLargeBody: true,
    who: "administrator",
    scope: "events:write",
    summary: "Report events",
    description: `One event, an array of events, or one on each line (application/x-ndjson); or CloudEvents 1.0 (application/cloudevents+json, application/cloudevents-batch+json, or its headers ce-…). At most ${reportedEventsMax}. All are recorded or none. They bear the source external (or maas:NAME, by a key that was made for it) and who reported them, so that they can't be taken for Ironlog's own.`,
    headers: {
      "idempotency-key":
        "A key of your own for the whole request: sent again under it, the same events are not recorded again, however much later.",
    },
    body: reportedEventSchema,
    otherFormats: cloudEventFormats,
    bodiesMax: reportedEventsMax,
    answer: {
      status: 201,
      description: "What became of each event, in the order in which they were sent.",
      schema: Type.Object({
        items: Type.Array(
          Type.Object({
            id: Type.Integer({ description: "The event's id." }),
            status: Type.Enum(["recorded", "duplicate"], { description: "duplicate: it was recorded before." }),
          }),
        ),
      }),
    },
    does: ({ command }) =>
      command({
        action: recordReport,
        async input({ db, actor, credentials, now, request: { headers, body } }) {
          const source = credentials.kind === "token" ? credentials.source : null;
          const [first, ...others] = body;
          const events =
            first !== undefined && others.length === 0
              ? [parseReportedEvent(first, now, source)]
              : eachOf(body, (one) => parseReportedEvent(one, now, source));
          const report = parseReport(events, headers["idempotency-key"]);
          const repeated = await findRepeated(db, report, actor);
          return repeated === undefined ? report : new Finished(reported(repeated));
        },
        output: ({ answers }) => reported(answers),
      }),
  }),
];

function reported(items: readonly ReportedAs[]) {
  return { status: 201, body: { items } };
}
