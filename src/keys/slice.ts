import type { Slice } from "../slice.ts";

/** SSH and SSL keys. */
export const keysSlice: Slice = {
  name: "keys",
  tables: async () => (await import("./tables.ts")).keysTables,
  async serve() {
    const ssh = await import("./ssh/operations.ts");
    const ssl = await import("./ssl/operations.ts");
    return {
      maas: [...ssh.maasSshKeyOperations, ...ssl.maasSslKeyOperations],
      native: [...ssh.nativeSshKeyOperations, ...ssl.nativeSslKeyOperations],
    };
  },
};
