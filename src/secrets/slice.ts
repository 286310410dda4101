import type { Slice } from "../slice.ts";

/** Secrets of other systems at rest, and the keys that open them. */
export const secretsSlice: Slice = {
  name: "secrets",
  commands: [
    {
      name: "secrets",
      summary: "List other systems' secrets, seal them anew, handle the keys that open them.",
      subcommands: ["list", "rotate", "show", "new", "add", "forget"],
      load: async (tables) => (await import("./local-commands.ts")).secretsCommand(tables),
    },
  ],
};
