import type { Slice } from "../slice.ts";

/** Sign-in through other systems (OpenID Connect): providers, and who people are there. */
export const oidcSlice: Slice = {
  name: "oidc",
  tables: async () => (await import("./tables.ts")).oidcTables,
  serve: async (context) => (await import("./served.ts")).servedOidc(context),
};
