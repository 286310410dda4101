import { findEnd } from "./accounts/sessions/find-end.ts";
import { accountOperations } from "./accounts/operations.ts";
import type { AccountServices } from "./accounts/services.ts";
import { maasEventOperations } from "./events/maas-operations.ts";
import { nativeExportOperation } from "./events/exporting/native-export-operation.ts";
import { nativeHistogramOperation } from "./events/query/native-histogram-operation.ts";
import { nativeEventOperations } from "./events/native-operations.ts";
import { nativeReportOperations } from "./events/reporting/native-report-operations.ts";
import { nativeStreamOperation } from "./events/streaming/native-stream-operation.ts";
import { workerOperations } from "./following/native-operations.ts";
import type { MaasOperation } from "./http/maas/operation.ts";
import { maasKeyOperations } from "./keys/maas-operations.ts";
import { nativeKeyOperations } from "./keys/native-operations.ts";
import { type MaasVersion, maasVersionOperation } from "./http/maas/version.ts";
import type { NativeOperation } from "./http/native/operation.ts";
import { nodeOperations } from "./nodes/operations.ts";
import { scriptOperations } from "./scripts/operations.ts";
import { noWatch, type Watch } from "./transparency/log-state.ts";
import { transparencyOperations } from "./transparency/native-operations.ts";
import { maasSettingOperations } from "./settings/maas-operations.ts";
import { nativeSettingOperations } from "./settings/native-operations.ts";
import { maasTokenOperations } from "./tokens/maas-operations.ts";
import { nativeTokenOperations } from "./tokens/native-operations.ts";
import { nativeUserTokenOperations } from "./tokens/native-user-token-operations.ts";

/** Everything that can be asked of the server, slice by slice: an explicit list. */
export function gatherOperations(
  services: AccountServices,
  maasVersion: MaasVersion,
  watch: Watch = noWatch,
): { readonly maas: readonly MaasOperation[]; readonly native: readonly NativeOperation[] } {
  const accounts = accountOperations(services);
  return {
    maas: [
      maasVersionOperation(maasVersion),
      ...accounts.maas,
      ...maasTokenOperations,
      ...maasKeyOperations,
      ...maasSettingOperations,
      ...nodeOperations.maas,
      ...scriptOperations.maas,
      ...maasEventOperations(),
    ],
    native: [
      ...accounts.native,
      ...nativeTokenOperations,
      ...nativeUserTokenOperations,
      ...nativeKeyOperations,
      ...nativeSettingOperations,
      ...nodeOperations.native,
      ...scriptOperations.native,
      ...nativeEventOperations,
      nativeHistogramOperation,
      nativeStreamOperation(findEnd),
      nativeExportOperation(findEnd),
      ...nativeReportOperations,
      ...transparencyOperations(watch),
      ...workerOperations(watch.workers),
    ],
  };
}
