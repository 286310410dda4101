import type { Slice } from "../slice.ts";

/** The server's settings, as MAAS names them. */
export const settingsSlice: Slice = {
  name: "settings",
  tables: async () => (await import("./tables.ts")).settingsTables,
  async serve() {
    const { maasSettingOperations } = await import("./maas-operations.ts");
    const { nativeSettingOperations } = await import("./native-operations.ts");
    return { maas: maasSettingOperations, native: nativeSettingOperations };
  },
};
