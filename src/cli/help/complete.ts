import { findByName } from "../client/api.ts";
import type { Field, NativeCommand } from "../native/native-api.ts";
import { completionScripts } from "./completion-scripts.ts";
import { parameterNames } from "./operation-doc.ts";
import { nativeOptions, operationOptions } from "../profiles/profile-command.ts";
import type { Profile } from "../profiles/profile.ts";
import { findProfile, listProfileNames } from "../profiles/profile-store.ts";

/**
 * What the last of the words may become, for the shell's completion. The last word may be empty. The names of commands have one word or
 * two.
 */
export async function complete(words: readonly string[], commandNames: readonly string[]): Promise<readonly string[]> {
  const current = words.at(-1) ?? "";
  const candidates = await candidatesAfter(words.slice(0, -1), current, commandNames);
  return candidates.filter((candidate) => candidate.startsWith(current));
}

async function candidatesAfter(
  words: readonly string[],
  current: string,
  commandNames: readonly string[],
): Promise<readonly string[]> {
  const isOption = current.startsWith("-");
  const [first, ...rest] = words;
  // A first word that begins commands of two words alone may be a profile's: it is completed as one.
  const whole = commandNames.filter((name) => !name.includes(" "));
  if (first === undefined) return isOption ? ["--help", "--version"] : [...whole, ...listProfileNames()];
  const seconds = rest.length > 0 || isOption ? [] : secondWords(first, commandNames);
  if (first === "report") return reportCandidates(rest, isOption);
  if (whole.includes(first)) {
    return isOption ? (clientOptions[first] ?? ["--help"]) : [...seconds, ...argumentsOf(first, rest)];
  }
  const profile = await findProfile(first);
  if (profile === undefined) return seconds;
  const plain = rest.filter((word) => !word.startsWith("-"));
  if (isOption) {
    const isMaas = plain.length > 1 && findMaas(profile, plain) !== undefined;
    return Object.keys({ ...operationOptions, ...(!isMaas && nativeOptions) }).map((name) => `--${name}`);
  }
  return [...seconds, ...(await candidatesIn(profile, plain, current))];
}

function secondWords(first: string, commandNames: readonly string[]): readonly string[] {
  return commandNames.filter((name) => name.startsWith(`${first} `)).map((name) => name.slice(first.length + 1));
}

const clientOptions: Readonly<Record<string, readonly string[]>> = {
  login: ["--cacerts", "--help", "--insecure"],
  refresh: ["--help", "--insecure"],
};

/** Its words are options, of which two have values that are known. */
async function reportCandidates(words: readonly string[], isOption: boolean): Promise<readonly string[]> {
  const last = words.at(-1);
  if (last === "--profile") return listProfileNames();
  const { reportOptions } = await import("../reporting/report-options.ts");
  if (last === "--format") return (await import("../reporting/formats/formats.ts")).formatNames;
  return isOption ? [...Object.keys(reportOptions), "help"].map((name) => `--${name}`) : [];
}

function argumentsOf(command: string, words: readonly string[]): readonly string[] {
  if (words.length > 0) return [];
  if (command === "login" || command === "logout") return listProfileNames();
  return command === "completion" ? Object.keys(completionScripts) : [];
}

function findMaas({ api }: Profile, [resource = "", operation = ""]: readonly string[]) {
  return findByName(findByName(api.resources, resource)?.operations ?? {}, operation);
}

async function candidatesIn(profile: Profile, words: readonly string[], current: string): Promise<readonly string[]> {
  const [resourceWord, operationWord, ...rest] = words;
  const { readNativeApi } = await import("../native/native-store.ts");
  // What isn't known is not asked for: nobody waits for a Tab.
  const native = readNativeApi(profile)?.resources ?? {};
  const { resources } = profile.api;
  if (resourceWord === undefined) return sorted(Object.keys(resources), Object.keys(native));
  const operations = findByName(resources, resourceWord)?.operations ?? {};
  const commands = findByName(native, resourceWord) ?? {};
  if (operationWord === undefined) return sorted(Object.keys(operations), Object.keys(commands));
  const operation = findByName(operations, operationWord);
  if (operation !== undefined) {
    return rest.length < operation.params.length ? [] : parameterNames(operation.doc).map((name) => `${name}=`);
  }
  const command = findByName(commands, operationWord);
  return command === undefined ? [] : nativeCandidates(profile, command, rest, current);
}

function sorted(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].toSorted();
}

async function nativeCandidates(
  profile: Profile,
  { resource, params, query, body }: NativeCommand,
  words: readonly string[],
  current: string,
): Promise<readonly string[]> {
  const { knownNames } = await import("../native/known-names.ts");
  const param = params[words.length];
  if (param !== undefined) return knownNames(profile, resource, param);
  const fields = [...query, ...body];
  const [name = "", value] = current.split(/=(.*)/s);
  const field = fields.find((one) => one.name === name);
  if (value === undefined || field === undefined) return fields.map((one) => `${one.name}=`);
  const values = field.values.length > 0 ? valuesOf(field) : await knownNames(profile, resource, name);
  return values.map((one) => `${name}=${one}`);
}

/** Of actions also what begins alike, up to a dot. */
function valuesOf({ name, values }: Field): readonly string[] {
  if (name !== "action") return values;
  const beginnings = values.map((value) => `${value.split(".")[0]}.*`);
  return sorted(values, beginnings);
}
