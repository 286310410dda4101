import type { Slice } from "../slice.ts";

/** Who may what, and what of it nobody needs: the checklist that auditors ask for each quarter. */
export const accessReviewSlice: Slice = {
  name: "access-review",
  serve: async () => ({ native: [(await import("./native-operations.ts")).accessReviewOperation] }),
};
