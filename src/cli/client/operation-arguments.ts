import * as fs from "node:fs";
import { CommandFailure, exitStatus, misuse } from "../../terminal/exit.ts";
import type { OperationCommand } from "./api.ts";

/** A `key=value` or `key@=file` of the command line. */
export type Argument =
  | { readonly key: string; readonly kind: "text"; readonly value: string }
  | { readonly key: string; readonly kind: "file"; readonly value: Uint8Array };

/** The words after an operation, as it understands them. */
export interface OperationArguments {
  /** One for each of the operation's `params`, in their order. */
  readonly positionals: readonly string[];
  /** In the order of the command line; keys may repeat. */
  readonly pairs: readonly Argument[];
}

/** Gives meaning to the words after `RESOURCE OPERATION`; reads the files that `key@=file` names. */
export function parseArguments(
  resource: string,
  operation: Pick<OperationCommand, "name" | "params">,
  words: readonly string[],
): OperationArguments {
  const { params } = operation;
  const missing = params.slice(words.length);
  if (missing.length > 0) {
    throw misuse(`too few arguments: '${resource} ${operation.name}' also needs ${missing.join(", ").toUpperCase()}`);
  }
  const positionals = words.slice(0, params.length);
  for (const [index, word] of positionals.entries()) refuseNoName(params[index] ?? "", word);
  const isKeyImport = resource === "sshkeys" && operation.name === "import";
  const pairs = words.slice(params.length).map(isKeyImport ? parseKeySource : parsePair);
  return { positionals, pairs };
}

/** An empty name or a dot would ask for another resource than the one that was meant: `DELETE /users//`. */
function refuseNoName(param: string, word: string): void {
  if (word === "" || word === "." || word === "..") throw misuse(`${param.toUpperCase()} cannot be '${word}'.`);
}

/** MAAS's exception: `sshkeys import lp:ada` stands for `keysource=lp:ada`. */
function parseKeySource(word: string): Argument {
  return { key: "keysource", kind: "text", value: word.replace(/^keysource=/, "") };
}

const pair = /^(.+?)(@?=)(.*)$/s;

/** Whether a word is a `name=value` or `name@=file`. */
export function isPair(word: string): boolean {
  return pair.test(word);
}

function parsePair(word: string): Argument {
  const match = pair.exec(word);
  const [, key, separator, value] = match ?? [];
  if (key === undefined || value === undefined) {
    throw new CommandFailure(exitStatus.gaveUp, `'${word}' is not a name=value or name@=filename pair`);
  }
  if (separator === "=") return { key, kind: "text", value };
  return { key, kind: "file", value: readArgumentFile(value, key) };
}

function readArgumentFile(file: string, key: string): Uint8Array {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new Error(`Cannot read the file for '${key}'`, { cause: error });
  }
}
