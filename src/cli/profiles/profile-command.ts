import { findByName } from "../client/api.ts";
import type { OperationCommand, ResourceCommand } from "../client/api.ts";
import { commandName } from "../command-name.ts";
import { exitStatus, misuse } from "../../terminal/exit.ts";
import { runOperation } from "../client/operation.ts";
import { parseWords } from "../options.ts";
import type { Profile } from "./profile.ts";
import { didYouMean } from "../help/suggest.ts";
import { print, printError } from "../../terminal/print.ts";

/** The options that every operation takes. */
export const operationOptions = {
  help: { type: "boolean", short: "h" },
  debug: { type: "boolean", short: "d" },
  insecure: { type: "boolean", short: "k" },
} as const;

/** Runs `PROFILE RESOURCE OPERATION …`, or shows the help of as much of it as there is. Gives the exit status. */
export async function runProfileCommand(profile: Profile, args: readonly string[]): Promise<number> {
  const { words, switches } = parseWords(args, operationOptions);
  const [resourceWord, operationWord, ...rest] = words;
  const resource = resourceWord === undefined ? undefined : getResource(profile, resourceWord);
  const operation =
    resource && operationWord !== undefined ? getOperation(profile, resource, operationWord) : undefined;
  if (resource && operation && !switches.has("help")) {
    return runOperation(profile, resource, operation, rest, {
      isDebug: switches.has("debug"),
      isInsecure: switches.has("insecure"),
    });
  }
  const { helpFor } = await import("../help/api-help.ts");
  const help = helpFor(profile, resource, operation);
  if (switches.has("help")) {
    await print(help);
    return exitStatus.success;
  }
  await printError(`${help}\ntoo few arguments\n`);
  return exitStatus.refused;
}

function getResource(profile: Profile, word: string): ResourceCommand {
  const { url, name, api } = profile;
  const resource = findByName(api.resources, word);
  if (resource) return resource;
  const close = didYouMean(word, Object.keys(api.resources));
  throw misuse(
    `${url} has no resource '${word}'.${close} To list them: ${commandName} ${name} --help; to learn of new ones: ${commandName} refresh`,
  );
}

function getOperation(profile: Profile, resource: ResourceCommand, word: string): OperationCommand {
  const operation = findByName(resource.operations, word);
  if (operation) return operation;
  const close = didYouMean(word, Object.keys(resource.operations));
  const help = `${commandName} ${profile.name} ${resource.name} --help`;
  throw misuse(`The resource '${resource.name}' has no operation '${word}'.${close} To list them: ${help}`);
}
