import { accountActionExamples } from "./actions/accounts.ts";
import type { ActionExample } from "./actions/example.ts";
import { alertingActionExamples } from "./actions/alerting.ts";
import { destinationActionExamples } from "./actions/destinations.ts";
import { factorActionExamples } from "./actions/factors.ts";
import { logActionExamples } from "./actions/log.ts";
import { nodeActionExamples } from "./actions/nodes.ts";
import { oidcActionExamples } from "./actions/oidc.ts";
import { scriptActionExamples } from "./actions/scripts.ts";
import { sourceActionExamples } from "./actions/sources.ts";
import { viewActionExamples } from "./actions/views.ts";
import { accountExamples } from "./operations/accounts.ts";
import { alertingExamples } from "./operations/alerting.ts";
import { destinationExamples } from "./operations/destinations.ts";
import { factorExamples } from "./operations/factors.ts";
import { keyExamples } from "./operations/keys.ts";
import { lifeCycleExamples } from "./operations/life-cycle.ts";
import { nodeExamples } from "./operations/nodes.ts";
import { oidcExamples } from "./operations/oidc.ts";
import { placeExamples } from "./operations/places.ts";
import { reportExamples } from "./operations/reports.ts";
import { scriptExamples } from "./operations/scripts.ts";
import { sessionExamples } from "./operations/sessions.ts";
import { settingExamples } from "./operations/settings.ts";
import { sourceExamples } from "./operations/sources.ts";
import { tagExamples } from "./operations/tags.ts";
import { tokenExamples } from "./operations/tokens.ts";
import { viewExamples } from "./operations/views.ts";
import type { OperationExamples } from "./operations/example.ts";

// The one list of examples: every action has one, with which the sweep makes each of its statements fail, and every operation
// that acts has one, which says what it records. Tests find those that are missing.

/**
 * One example or more for every action, by the slice and name of what it exports. What stands in brackets tells several
 * of one action apart.
 */
export const actionExamples: Readonly<Record<string, ActionExample>> = {
  ...accountActionExamples,
  ...oidcActionExamples,
  ...factorActionExamples,
  ...nodeActionExamples,
  ...scriptActionExamples,
  ...logActionExamples,
  ...sourceActionExamples,
  ...destinationActionExamples,
  ...alertingActionExamples,
  ...viewActionExamples,
};

/** One example for each operation that acts, slice by slice. */
export const operationExamples: OperationExamples = {
  ...accountExamples,
  ...sessionExamples,
  ...oidcExamples,
  ...factorExamples,
  ...tokenExamples,
  ...keyExamples,
  ...settingExamples,
  ...nodeExamples,
  ...lifeCycleExamples,
  ...placeExamples,
  ...tagExamples,
  ...scriptExamples,
  ...reportExamples,
  ...sourceExamples,
  ...destinationExamples,
  ...alertingExamples,
  ...viewExamples,
};
