import type { ServedSlice, SliceContext } from "../slice.ts";
import { nativeExportOperation } from "./exporting/native-export-operation.ts";
import { maasEventOperations } from "./maas-operations.ts";
import { nativeEventOperations } from "./native-operations.ts";
import { nativeHistogramOperation } from "./query/native-histogram-operation.ts";
import { nativeTopOperation } from "./query/native-top-operation.ts";
import { readsOf } from "./reading/reads.ts";
import { nativeReportOperations } from "./reporting/native-report-operations.ts";
import { openWebhookHandshake } from "./reporting/formats/webhook-handshake.ts";
import { openOtlpRoutes } from "./reporting/otlp/otlp-routes.ts";
import { watchLog } from "./streaming/log-watch.ts";
import { nativeStreamOperation } from "./streaming/native-stream-operation.ts";

/** Events in a server. */
export async function servedEvents({ findEnd, server }: SliceContext): Promise<ServedSlice> {
  return {
    maas: maasEventOperations(),
    native: [
      ...nativeEventOperations,
      nativeHistogramOperation,
      nativeTopOperation,
      nativeStreamOperation(findEnd),
      nativeExportOperation(findEnd),
      ...nativeReportOperations,
    ],
    openRoutes(app, parts) {
      openOtlpRoutes(app, parts);
      openWebhookHandshake(app);
    },
    workers: server === undefined ? [] : [watchLog(server.db).worker, readsOf(server.db).worker],
  };
}
