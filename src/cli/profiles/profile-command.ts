import { findByName } from "../client/api.ts";
import type { OperationCommand, ResourceCommand } from "../client/api.ts";
import { commandName } from "../command-name.ts";
import { exitStatus, misuse } from "../../terminal/exit.ts";
import { runOperation } from "../client/operation.ts";
import type { NativeApi, NativeCommand } from "../native/native-api.ts";
import { type ParsedWords, parseWords } from "../options.ts";
import type { Profile } from "./profile.ts";
import { didYouMean } from "../help/suggest.ts";
import { print, printError } from "../../terminal/print.ts";

/** The options that every operation takes. */
export const operationOptions = {
  help: { type: "boolean", short: "h" },
  debug: { type: "boolean", short: "d" },
  insecure: { type: "boolean", short: "k" },
} as const;

/** Those that the operations of Ironlog's own API take too. */
export const nativeOptions = { output: { type: "string" }, file: { type: "string", short: "o" } } as const;

/**
 * Runs `PROFILE RESOURCE OPERATION …`, or shows the help of as much of it as there is. What MAAS's API doesn't have is looked for in
 * Ironlog's own. Gives the exit status.
 */
export async function runProfileCommand(profile: Profile, args: readonly string[]): Promise<number> {
  const parsed = parseWords(args, { ...operationOptions, ...nativeOptions });
  const { words, switches } = parsed;
  const [resourceWord, operationWord, ...rest] = words;
  const resource = resourceWord === undefined ? undefined : findByName(profile.api.resources, resourceWord);
  const operation =
    operationWord === undefined ? undefined : resource && findByName(resource.operations, operationWord);
  if (resource !== undefined && operation !== undefined) {
    if (!switches.has("help")) return runMaas(profile, resource, operation, rest, parsed);
    const { helpFor } = await import("../help/api-help.ts");
    return printHelp(helpFor(profile, resource, operation), "asked for");
  }
  if (resourceWord !== undefined && operationWord !== undefined) {
    const command = await getNative(profile, resourceWord, operationWord, switches.has("insecure"));
    if (switches.has("help")) {
      const { nativeHelp } = await import("../native/native-help.ts");
      return printHelp(nativeHelp(profile.name, command), "asked for");
    }
    const { runNative } = await import("../native/run-native.ts");
    return runNative(profile, command, rest, {
      isDebug: switches.has("debug"),
      isInsecure: switches.has("insecure"),
      output: parsed.values.get("output"),
      file: parsed.values.get("file"),
    });
  }
  const native = await findNativeApi(profile, switches.has("insecure"));
  if (
    resourceWord !== undefined &&
    resource === undefined &&
    findByName(native?.resources ?? {}, resourceWord) === undefined
  ) {
    throw unknownResource(profile, native, resourceWord);
  }
  const { resourceHelpFor } = await import("../help/api-help.ts");
  return printHelp(resourceHelpFor(profile, resourceWord, native), switches.has("help") ? "asked for" : "too few");
}

async function printHelp(help: string, why: "asked for" | "too few"): Promise<number> {
  if (why === "asked for") {
    await print(help);
    return exitStatus.success;
  }
  await printError(`${help}\ntoo few arguments\n`);
  return exitStatus.refused;
}

function runMaas(
  profile: Profile,
  resource: ResourceCommand,
  operation: OperationCommand,
  words: readonly string[],
  { switches, values }: ParsedWords,
): Promise<number> {
  const [option] = values.keys();
  if (option !== undefined) {
    const other = resource.name === "events" ? `: ${commandName} ${profile.name} events search takes it` : "";
    throw misuse(
      `'${resource.name} ${operation.name}' is MAAS's, and its answer goes as it is, without --${option}${other}.`,
    );
  }
  return runOperation(profile, resource, operation, words, {
    isDebug: switches.has("debug"),
    isInsecure: switches.has("insecure"),
  });
}

/** What Ironlog's own API offers there, for a help; undefined where that can't be learnt. */
async function findNativeApi(profile: Profile, isInsecure: boolean): Promise<NativeApi | undefined> {
  const { fetchNativeApi, readNativeApi } = await import("../native/native-store.ts");
  return readNativeApi(profile) ?? (await fetchNativeApi(profile, isInsecure).catch(() => undefined));
}

/** An operation of Ironlog's own API. What isn't known of the server is asked for, once. */
async function getNative(
  profile: Profile,
  resource: string,
  word: string,
  isInsecure: boolean,
): Promise<NativeCommand> {
  const { fetchNativeApi, NoNativeApi, readNativeApi } = await import("../native/native-store.ts");
  const find = (api: NativeApi | undefined): NativeCommand | undefined =>
    findByName(findByName(api?.resources ?? {}, resource) ?? {}, word);
  const known = find(readNativeApi(profile));
  if (known !== undefined) return known;
  const api = await fetchNativeApi(profile, isInsecure).catch((error: unknown) => {
    if (error instanceof NoNativeApi) return undefined;
    throw error;
  });
  const command = find(api);
  if (command !== undefined) return command;
  const maas = findByName(profile.api.resources, resource);
  const native = findByName(api?.resources ?? {}, resource);
  if (maas === undefined && native === undefined) throw unknownResource(profile, api, resource);
  const close = didYouMean(word, [...Object.keys(maas?.operations ?? {}), ...Object.keys(native ?? {})]);
  const help = `${commandName} ${profile.name} ${resource} --help`;
  throw misuse(`The resource '${resource}' has no operation '${word}'.${close} To list them: ${help}`);
}

function unknownResource({ url, name, api }: Profile, native: NativeApi | undefined, word: string): Error {
  const close = didYouMean(word, [...Object.keys(api.resources), ...Object.keys(native?.resources ?? {})]);
  return misuse(
    `${url} has no resource '${word}'.${close} To list them: ${commandName} ${name} --help; to learn of new ones: ${commandName} refresh`,
  );
}
