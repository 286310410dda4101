import { commandName } from "../command-name.ts";
import { fetchApi } from "../client/describe.ts";
import { exitStatus, explain, misuse, statusOf } from "../../terminal/exit.ts";
import type { CommandBody } from "../../terminal/local-command.ts";
import { parseWords } from "../options.ts";
import { learnNativeApi } from "../native/native-store.ts";
import { findProfile, listProfileNames, saveProfile } from "./profile-store.ts";
import { printError } from "../../terminal/print.ts";
import { columns, section, sections, wrap } from "../help/text-layout.ts";

/** `refresh`: learns anew what each profile's server can do. */
export const refreshCommand: CommandBody = {
  usage: sections([
    `Usage: ${commandName} refresh`,
    wrap("Learn anew what the servers of all profiles can do, for instance after one was upgraded."),
    section(
      "Options:",
      columns([
        ["-k, --insecure", "Take any certificate the servers show."],
        ["-h, --help", "Show this help."],
      ]),
    ),
  ]),
  run: refresh,
};

async function refresh(args: readonly string[]): Promise<number> {
  const { words, switches } = parseWords(args, { insecure: { type: "boolean", short: "k" } });
  if (words.length > 0) throw misuse("'refresh' takes no arguments: it refreshes every profile.");
  let status: number = exitStatus.success;
  for (const name of listProfileNames()) {
    try {
      await refreshProfile(name, switches.has("insecure"));
    } catch (error) {
      // One server that is away must not keep the others' profiles old.
      await printError(`Profile '${name}' was not refreshed. ${explain(error, "message")}\n`);
      status ||= statusOf(error);
    }
  }
  return status;
}

async function refreshProfile(name: string, isInsecure: boolean): Promise<void> {
  const profile = await findProfile(name);
  if (profile === undefined) return;
  const { url, cacerts, key } = profile;
  const server = { url, cacerts, isInsecure, profileName: name };
  const api = await fetchApi(server, key === undefined ? "anonymous" : "authenticated");
  const fresh = { ...profile, api };
  saveProfile(fresh);
  await learnNativeApi(fresh, isInsecure);
}
