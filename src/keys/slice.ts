import type { Slice } from "../slice.ts";

/** SSH and SSL keys. */
export const keys: Slice = {
  name: "keys",
  tables: async () => (await import("./tables.ts")).keysTables,
  async serve() {
    const { maasKeyOperations } = await import("./maas-operations.ts");
    const { nativeKeyOperations } = await import("./native-operations.ts");
    return { maas: maasKeyOperations, native: nativeKeyOperations };
  },
};
