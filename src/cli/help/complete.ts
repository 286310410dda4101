import { findByName } from "../client/api.ts";
import { completionScripts } from "./completion-scripts.ts";
import { parameterNames } from "./operation-doc.ts";
import { operationOptions } from "../profiles/profile-command.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfile, listProfileNames } from "../profiles/profile-store.ts";

/**
 * What the last of the words may become, for the shell's completion. The last word may be empty. The names of commands have one word or
 * two.
 */
export async function complete(words: readonly string[], commandNames: readonly string[]): Promise<readonly string[]> {
  const current = words.at(-1) ?? "";
  const candidates = await candidatesAfter(words.slice(0, -1), current.startsWith("-"), commandNames);
  return candidates.filter((candidate) => candidate.startsWith(current));
}

async function candidatesAfter(
  words: readonly string[],
  isOption: boolean,
  commandNames: readonly string[],
): Promise<readonly string[]> {
  const [first, ...rest] = words;
  // A first word that begins commands of two words alone may be a profile's: it is completed as one.
  const whole = commandNames.filter((name) => !name.includes(" "));
  if (first === undefined) return isOption ? ["--help", "--version"] : [...whole, ...listProfileNames()];
  const seconds = rest.length > 0 || isOption ? [] : secondWords(first, commandNames);
  if (whole.includes(first)) {
    return isOption ? (clientOptions[first] ?? ["--help"]) : [...seconds, ...argumentsOf(first, rest)];
  }
  const profile = await findProfile(first);
  if (profile === undefined) return seconds;
  if (isOption) return Object.keys(operationOptions).map((name) => `--${name}`);
  const given = rest.filter((word) => !word.startsWith("-"));
  return [...seconds, ...candidatesIn(profile, given)];
}

function secondWords(first: string, commandNames: readonly string[]): readonly string[] {
  return commandNames.filter((name) => name.startsWith(`${first} `)).map((name) => name.slice(first.length + 1));
}

const clientOptions: Readonly<Record<string, readonly string[]>> = {
  login: ["--cacerts", "--help", "--insecure"],
  refresh: ["--help", "--insecure"],
};

function argumentsOf(command: string, words: readonly string[]): readonly string[] {
  if (words.length > 0) return [];
  if (command === "login" || command === "logout") return listProfileNames();
  return command === "completion" ? Object.keys(completionScripts) : [];
}

function candidatesIn(profile: Profile, words: readonly string[]): readonly string[] {
  const [resourceWord, operationWord, ...rest] = words;
  const { resources } = profile.api;
  if (resourceWord === undefined) return Object.keys(resources).sort();
  const operations = findByName(resources, resourceWord)?.operations ?? {};
  if (operationWord === undefined) return Object.keys(operations).sort();
  const operation = findByName(operations, operationWord);
  if (operation === undefined || rest.length < operation.params.length) return [];
  return parameterNames(operation.doc).map((name) => `${name}=`);
}
