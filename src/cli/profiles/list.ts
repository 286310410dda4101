import { printApiKey } from "./api-key.ts";
import { commandName } from "../command-name.ts";
import { exitStatus, explain, misuse } from "../../terminal/exit.ts";
import type { CommandBody } from "../../terminal/local-command.ts";
import { parseWords } from "../options.ts";
import { findProfile, listProfileNames } from "./profile-store.ts";
import { print, printError } from "../../terminal/print.ts";
import { columns, section, sections, wrap } from "../help/text-layout.ts";

/** `list`: the profiles, one a line. */
export const listCommand: CommandBody = {
  usage: sections([
    `Usage: ${commandName} list`,
    wrap("List the profiles, one a line: name, URL, API key (none for a profile without one)."),
    section("Options:", columns([["-h, --help", "Show this help."]])),
  ]),
  run: list,
};

async function list(args: readonly string[]): Promise<number> {
  if (parseWords(args, {}).words.length > 0) throw misuse("'list' takes no arguments.");
  let status: number = exitStatus.success;
  for (const name of listProfileNames()) {
    try {
      const profile = await findProfile(name);
      if (profile === undefined) continue;
      const { url, key } = profile;
      await print(`${[name, url, ...(key === undefined ? [] : [printApiKey(key)])].join(" ")}\n`);
    } catch (error) {
      // The others are still worth showing.
      await printError(`${explain(error, "message")}\n`);
      status = exitStatus.refused;
    }
  }
  return status;
}
