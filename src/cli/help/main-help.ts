import { commandName } from "../command-name.ts";
import type { CommandEntry } from "../../terminal/local-command.ts";
import { findProfile, listProfileNames } from "../profiles/profile-store.ts";
import { columns, section, sections } from "./text-layout.ts";

/** The help of the whole: every command, the profiles there are, and how a query looks. */
export async function mainHelp(
  local: readonly CommandEntry[],
  client: readonly CommandEntry[],
  names = listProfileNames(),
): Promise<string> {
  const profiles = await Promise.all(names.map(describeProfile));
  const example = names[0] ?? "prod";
  return sections([
    [
      `Usage: ${commandName} COMMAND [ARGUMENT ...]`,
      `       ${commandName} PROFILE RESOURCE OPERATION [ARGUMENT ...] [KEY=VALUE ...]`,
    ].join("\n"),
    "Ironlog keeps MAAS's audit log, and asks it. A profile is a server you logged in to.",
    section("On a server's machine:", columns(local.map(describeCommand))),
    section("From anywhere:", columns(client.map(describeCommand))),
    section("Profiles:", columns(profiles)),
    section("Options:", columns(optionRows)),
    section("Examples:", examples(example)),
  ]);
}

const optionRows = [
  ["-h, --help", "Show this help; after a command, a profile, a resource or an operation: its own."],
  ["--version", "Show the version."],
] as const;

function examples(profile: string): string {
  return [
    `  ${commandName} login ${profile} http://localhost:5240/MAAS/`,
    `  ${commandName} ${profile} events query level=AUDIT owner=ada limit=20`,
    `  ${commandName} ${profile} events query level=AUDIT | jq -r '.events[].description'`,
  ].join("\n");
}

function describeCommand({ name, summary }: CommandEntry): readonly [string, string] {
  return [name, summary];
}

/** A damaged profile must not hide the help that says how to mend it. */
async function describeProfile(name: string): Promise<readonly [string, string]> {
  try {
    const profile = await findProfile(name);
    return [name, profile === undefined ? "" : `Interact with ${profile.url}`];
  } catch {
    return [name, `(damaged: ${commandName} login ${name} URL)`];
  }
}
