import { findEnd } from "./accounts/sessions/find-end.ts";
import { workerOperations } from "./following/native-operations.ts";
import { noWorkers } from "./following/workers.ts";
import { Unrecorded } from "./http/authentication/unrecorded.ts";
import type { MaasOperation } from "./http/maas/operation.ts";
import { type MaasVersion, maasVersionOperation } from "./http/maas/version.ts";
import type { NativeOperation } from "./http/native/operation.ts";
import type { ServedSlice, SliceContext } from "./slice.ts";
import { slices } from "./slices.ts";

export interface Operations {
  readonly maas: readonly MaasOperation[];
  readonly native: readonly NativeOperation[];
}

/** What every slice has in a server, in the order of the list. */
export async function serveSlices(context: Omit<SliceContext, "findEnd">): Promise<readonly ServedSlice[]> {
  const served: ServedSlice[] = [];
  for (const { serve } of slices) served.push((await serve?.({ ...context, findEnd })) ?? {});
  return served;
}

/** Everything that can be asked of the server. */
export function operationsOf(
  served: readonly ServedSlice[],
  maasVersion: MaasVersion,
  workers: SliceContext["workers"],
): Operations {
  return {
    maas: [maasVersionOperation(maasVersion), ...served.flatMap(({ maas = [] }) => maas)],
    native: [...served.flatMap(({ native = [] }) => native), ...workerOperations(workers)],
  };
}

/** The same for those who only look at the operations: no server runs. */
export async function describedOperations(maasVersion: MaasVersion): Promise<Operations> {
  const served = await serveSlices({ unrecorded: new Unrecorded(), workers: noWorkers });
  return operationsOf(served, maasVersion, noWorkers);
}
