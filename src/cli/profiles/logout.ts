import { commandName } from "../command-name.ts";
import { exitStatus, misuse } from "../../terminal/exit.ts";
import type { CommandBody } from "../../terminal/local-command.ts";
import { parseWords } from "../options.ts";
import { deleteProfile, profilesFolder } from "./profile-store.ts";
import { printError } from "../../terminal/print.ts";
import { columns, section, sections, wrap } from "../help/text-layout.ts";

/** `logout PROFILE`: forgets a server and the key for it. */
export const logoutCommand: CommandBody = {
  usage: sections([
    `Usage: ${commandName} logout PROFILE`,
    wrap("Remove a profile, and the API key in it, from this machine. The key itself stays valid on the server."),
    section("Options:", columns([["-h, --help", "Show this help."]])),
  ]),
  run: logout,
};

async function logout(args: readonly string[]): Promise<number> {
  const [name, ...rest] = parseWords(args, {}).words;
  if (name === undefined || rest.length > 0) throw misuse("'logout' takes the name of a profile.");
  const outcome = deleteProfile(name);
  if (outcome === "no-store") throw misuse(`There are no profiles: nobody has logged in (${profilesFolder()}).`);
  // A success, as in MAAS: what was to be gone is gone.
  if (outcome === "unknown") await printError(`There was no profile '${name}'.\n`);
  return exitStatus.success;
}
