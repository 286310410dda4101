import { accountsSlice } from "./accounts/slice.ts";
import { accessReviewSlice } from "./access-review/slice.ts";
import { alertingSlice } from "./alerting/slice.ts";
import { backupSlice } from "./backup/slice.ts";
import { eventsSlice } from "./events/slice.ts";
import { forwardingSlice } from "./forwarding/slice.ts";
import { keysSlice } from "./keys/slice.ts";
import { mirroringSlice } from "./mirroring/slice.ts";
import { nodesSlice } from "./nodes/slice.ts";
import { oidcSlice } from "./oidc/slice.ts";
import { scriptsSlice } from "./scripts/slice.ts";
import { searchSlice } from "./search/slice.ts";
import { secretsSlice } from "./secrets/slice.ts";
import { settingsSlice } from "./settings/slice.ts";
import { tokensSlice } from "./tokens/slice.ts";
import { transparencySlice } from "./transparency/slice.ts";
import { viewsSlice } from "./views/slice.ts";
import type { Slice } from "./slice.ts";
import type { OwnedTables } from "./database/owned-tables.ts";

/** Everything that the product does, slice by slice: the explicit list. */
export const slices: readonly Slice[] = [
  accountsSlice,
  oidcSlice,
  tokensSlice,
  keysSlice,
  settingsSlice,
  nodesSlice,
  scriptsSlice,
  searchSlice,
  eventsSlice,
  mirroringSlice,
  forwardingSlice,
  alertingSlice,
  viewsSlice,
  transparencySlice,
  accessReviewSlice,
  secretsSlice,
  backupSlice,
];

/** The tables of all slices and of the layers, in the order of a copy. */
export async function tablesOfAll(): Promise<OwnedTables> {
  const { allTables } = await import("./database/owned-tables.ts");
  return allTables(await Promise.all(slices.map(async ({ tables }) => (await tables?.()) ?? {})));
}
