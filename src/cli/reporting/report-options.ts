/** The options of `report`. */
export const reportOptions = {
  profile: { type: "string" },
  format: { type: "string" },
  journal: { type: "string" },
  source: { type: "string" },
  spool: { type: "string" },
  "spool-size": { type: "string" },
  insecure: { type: "boolean", short: "k" },
} as const;
