import { accountExamples } from "./accounts.ts";
import type { Examples } from "./example.ts";
import { keyExamples } from "./keys.ts";
import { lifeCycleExamples } from "./life-cycle.ts";
import { nodeExamples } from "./nodes.ts";
import { placeExamples } from "./places.ts";
import { reportExamples } from "./reports.ts";
import { scriptExamples } from "./scripts.ts";
import { sessionExamples } from "./sessions.ts";
import { settingExamples } from "./settings.ts";
import { tagExamples } from "./tags.ts";
import { tokenExamples } from "./tokens.ts";

/** One example for each operation that acts, slice by slice. */
export const everyExample: Examples = {
  ...accountExamples,
  ...sessionExamples,
  ...tokenExamples,
  ...keyExamples,
  ...settingExamples,
  ...nodeExamples,
  ...lifeCycleExamples,
  ...placeExamples,
  ...tagExamples,
  ...scriptExamples,
  ...reportExamples,
};
