import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { clientCommands } from "../../src/cli/client-commands.ts";
import { mainHelp } from "../../src/cli/help/main-help.ts";
import { localCommands } from "../../src/local-commands.ts";
import type { CommandEntry } from "../../src/terminal/local-command.ts";
import { version } from "../../src/terminal/version.ts";
import { logSubcommands, subcommandUsage } from "../../src/transparency/commands/log-command.ts";
import { profilePage } from "./profile-manual.ts";
import { type Page, roffPage } from "./roff.ts";

// Writes the man pages from the help's own data: `node tools/package/manual.ts FOLDER` fills FOLDER/man1 and FOLDER/man8.

/** Writes all pages below the folder, dated by SOURCE_DATE_EPOCH, and gives their paths in it. */
export async function writeManual(folder: string, epochSeconds: number): Promise<readonly string[]> {
  const date = new Date(epochSeconds * 1_000).toISOString().slice(0, 10);
  return (await manualPages()).map((page) => {
    const file = path.join(`man${page.section}`, `${page.name}.${page.section}`);
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), roffPage(page, { version, date }));
    return file;
  });
}

/** One page for the whole, one for each command, one for what a server can be asked for. */
export async function manualPages(): Promise<readonly Page[]> {
  const client = clientCommands(localCommands.map(({ name }) => name));
  const commands = [...localCommands, ...client];
  const pages = [...(await Promise.all(commands.map(commandPage))), ...Object.entries(logSubcommands).map(logPage)];
  pages.push({ ...(await profilePage()), seeAlso: ["ironlog(1)", "ironlog-login(1)"] });
  pages.sort((a, b) => (a.name < b.name ? -1 : 1));
  const whole: Page = {
    name: "ironlog",
    section: 1,
    summary: "MAAS's audit event log, that nobody can change unseen",
    help: await mainHelp(localCommands, client, []),
    more: { "EXIT STATUS": clientStatuses, FILES: clientFiles },
    seeAlso: pages.map(reference),
  };
  return [whole, ...pages];
}

async function commandPage({ name, summary, load }: CommandEntry): Promise<Page> {
  const { usage } = await load();
  const page = { name: `ironlog-${name.replaceAll(" ", "-")}`, summary, help: usage };
  if (name !== "serve") return { ...page, section: 1, seeAlso: ["ironlog(1)", "ironlog-serve(8)"] };
  return {
    ...page,
    section: 8,
    more: { "EXIT STATUS": serverStatuses, FILES: serverFiles },
    seeAlso: ["ironlog(1)", "ironlog-config(1)", "ironlog-health(1)"],
  };
}

function logPage([name, subcommand]: readonly [string, (typeof logSubcommands)[string]]): Page {
  return {
    name: `ironlog-log-${name}`,
    section: 1,
    summary: subcommand.summary,
    help: subcommandUsage(subcommand),
    seeAlso: ["ironlog(1)", "ironlog-log(1)"],
  };
}

function reference({ name, section }: Page): string {
  return `${name}(${section})`;
}

const clientStatuses = [
  ["0", "Done."],
  ["1", "A rejected API key, an untrusted certificate, a malformed KEY=VALUE, Ctrl-C."],
  ["2", "The server refused or didn't answer, or the command was misused."],
] as const;

const clientFiles = [
  ["~/.config/ironlog/profiles/", "The profiles, each with its server's URL and your API key."],
  ["~/.local/state/ironlog/report/", "What ironlog report has read, until the server has recorded it."],
] as const;

const serverStatuses = [
  ["0", "Stopped by a signal."],
  ["1", "Trying again may help: a port in use, a database that is down or locked, a full disk."],
  [
    "78",
    "It can't start before somebody has changed something: a bad option, a newer or changed database, a key that is wrong or unreadable, settings of PostgreSQL that it refuses. The last line says what.",
  ],
] as const;

const serverFiles = [
  ["DIR/first-login", "The first administrator's password, until it is changed."],
  ["DIR/ironlog.db", "The database, unless --database names another."],
  ["DIR/log.key", "The keys that sign the log. Keep a copy apart from your backups."],
  ["DIR/append.key", "The keys that append to the log."],
] as const;

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error("Usage: node tools/package/manual.ts FOLDER");
  await writeManual(folder, Number(process.env["SOURCE_DATE_EPOCH"] ?? Date.now() / 1_000));
}
