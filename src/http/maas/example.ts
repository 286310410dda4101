import { pathParameters } from "../operations/router.ts";
import { commandWords, isNeeded, type MaasOperation } from "./operation.ts";

/** A command line that calls the operation: its words, what its path needs, then what it needs itself. */
export function exampleCommand(operation: MaasOperation): string {
  const { path, resource, parameters } = operation;
  const places = pathParameters(path).map(() => resource?.argument?.sample ?? "");
  const needed = Object.entries(parameters)
    .filter(([, parameter]) => isNeeded(parameter))
    .map(([name, { sample = "" }]) => `${name}=${sample}`);
  const pairs = operation.example === undefined ? needed : [operation.example];
  return ["maas $PROFILE", commandWords(operation), ...places, ...pairs].join(" ");
}
