import type { CommandEntry } from "../terminal/local-command.ts";

/** The client's own commands, each loaded when it is wanted. Given the others' names, which no profile can have. */
export function clientCommands(localNames: readonly string[]): readonly CommandEntry[] {
  const commands: readonly CommandEntry[] = [
    {
      name: "login",
      summary: "Log in to a server and keep its URL and your API key as a profile.",
      async load() {
        const { loginCommand } = await import("./profiles/login.ts");
        return loginCommand([...localNames, ...commands.map(({ name }) => name), completeWord]);
      },
    },
    {
      name: "list",
      summary: "List the profiles, with their URLs and API keys.",
      load: async () => (await import("./profiles/list.ts")).listCommand,
    },
    {
      name: "refresh",
      summary: "Learn anew what the servers of all profiles can do.",
      load: async () => (await import("./profiles/refresh.ts")).refreshCommand,
    },
    {
      name: "logout",
      summary: "Remove a profile, and the API key in it, from this machine.",
      load: async () => (await import("./profiles/logout.ts")).logoutCommand,
    },
    {
      name: "report",
      summary: "Deliver events of other programs, from lines that they write.",
      endsByItself: true,
      load: async () => (await import("./reporting/report-command.ts")).reportCommand,
    },
    {
      name: "completion",
      summary: "Print a script that lets a shell complete commands.",
      load: async () => (await import("./help/completion.ts")).completionCommand,
    },
  ];
  return commands;
}

/** The hidden command that the completion script asks for candidates. */
export const completeWord = "__complete";
