import type { Slice } from "../slice.ts";

/** API (OAuth) tokens. */
export const tokensSlice: Slice = {
  name: "tokens",
  tables: async () => (await import("./tables.ts")).tokensTables,
  async serve() {
    const { maasTokenOperations } = await import("./maas-operations.ts");
    const { nativeTokenOperations } = await import("./native-operations.ts");
    const { nativeUserTokenOperations } = await import("./native-user-token-operations.ts");
    return { maas: maasTokenOperations, native: [...nativeTokenOperations, ...nativeUserTokenOperations] };
  },
};
