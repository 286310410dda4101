import { clientCommands, completeWord } from "./client-commands.ts";
import { commandName } from "./command-name.ts";
import { exitStatus, explain, misuse, statusOf } from "../terminal/exit.ts";
import type { CommandEntry } from "../terminal/local-command.ts";
import { asksForHelp } from "./options.ts";
import { runProfileCommand } from "./profiles/profile-command.ts";
import { findProfile, listProfileNames } from "./profiles/profile-store.ts";
import { didYouMean } from "./help/suggest.ts";
import { print, printError } from "../terminal/print.ts";
import { version } from "../terminal/version.ts";

/**
 * Runs what the words ask for: a local command, one of the client's, or an operation of a profile's server.
 * Gives the exit status. A failure is one line on standard error; `--debug` in front, or IRONLOG_DEBUG, shows its stack.
 * IRONLOG_DEBUG also lets SIGUSR1 open Node's inspector.
 */
export async function runCommandLine(args: readonly string[], localCommands: readonly CommandEntry[]): Promise<number> {
  const isDebug = args[0] === "--debug";
  const isDebugged = Boolean(process.env["IRONLOG_DEBUG"]);
  const showsStacks = isDebug || isDebugged;
  // Where Node wasn't told to by --disable-sigusr1: the signal would open its inspector to every user of this machine.
  if (!isDebugged) process.on("SIGUSR1", () => {});
  try {
    return await dispatch(isDebug ? args.slice(1) : args, localCommands);
  } catch (error) {
    await printError(`${explain(error, showsStacks ? "stack" : "message")}\n`);
    return statusOf(error);
  }
}

async function dispatch(args: readonly string[], local: readonly CommandEntry[]): Promise<number> {
  const [first, ...rest] = args;
  // Of two words, a command takes nothing from a profile that is called as the first one: no server has its second.
  const client = clientCommands(local.map(({ name }) => name));
  if (first === undefined) {
    await printError(`${await help(local, client)}\ntoo few arguments\n`);
    return exitStatus.refused;
  }
  if (first === "-h" || first === "--help") return printAndSucceed(await help(local, client));
  if (first === "--version") return printAndSucceed(`ironlog ${version}\n`);
  const names = [...new Set([...local, ...client].map(({ name }) => firstWord(name)))];
  if (first === completeWord) return printCandidates(rest, [...local, ...client].flatMap(namesOf));
  if (first.startsWith("-")) throw misuse(`Unknown option '${first}'. For help: ${commandName} --help`);
  const localCommand =
    local.find(({ name }) => name === `${first} ${rest[0]}`) ?? local.find(({ name }) => name === first);
  if (localCommand) return runCommand(localCommand, localCommand.name === first ? rest : rest.slice(1));
  const clientCommand = client.find(({ name }) => name === first);
  // A server ends its work first; most of a client's commands have none to end.
  if (clientCommand?.endsByItself !== true) process.once("SIGINT", () => process.exit(exitStatus.gaveUp));
  if (clientCommand) return runCommand(clientCommand, rest);
  const profile = await findProfile(first);
  if (profile) return runProfileCommand(profile, rest);
  const begun = local.filter(({ name }) => firstWord(name) === first).map(({ name }) => name);
  if (begun.length > 0) throw misuse(`'${first}' by itself does nothing: use ${commandName} ${begun.join(", ")}.`);
  throw unknownCommand(first, names);
}

/** A command's name, and those of its subcommands, of two words each. */
function namesOf({ name, subcommands = [] }: CommandEntry): readonly string[] {
  return [name, ...subcommands.map((subcommand) => `${name} ${subcommand}`)];
}

function firstWord(name: string): string {
  return name.split(" ")[0] ?? name;
}

async function runCommand(entry: CommandEntry, args: readonly string[]): Promise<number> {
  const command = await entry.load();
  return asksForHelp(args) ? printAndSucceed(command.usage) : command.run(args);
}

async function help(local: readonly CommandEntry[], client: readonly CommandEntry[]): Promise<string> {
  const { mainHelp } = await import("./help/main-help.ts");
  return mainHelp(local, client);
}

async function printAndSucceed(text: string): Promise<number> {
  await print(text.endsWith("\n") ? text : `${text}\n`);
  return exitStatus.success;
}

async function printCandidates(words: readonly string[], commandNames: readonly string[]): Promise<number> {
  const { complete } = await import("./help/complete.ts");
  const candidates = await complete(words, commandNames);
  await print(candidates.map((candidate) => `${candidate}\n`).join(""));
  return exitStatus.success;
}

function unknownCommand(word: string, commandNames: readonly string[]): Error {
  const profiles = listProfileNames();
  const close = didYouMean(word, [...commandNames, ...profiles]);
  const known = profiles.length === 0 ? "none yet" : profiles.join(", ");
  return misuse(
    `'${word}' is neither a command nor a profile.${close} Profiles: ${known}. To make one: ${commandName} login ${word} URL`,
  );
}
