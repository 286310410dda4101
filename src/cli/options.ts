import { parseArgs } from "node:util";
import { findErrorCode, misuse } from "../terminal/exit.ts";

/** An option of a command: a switch, or one that takes a value. */
export type OptionKinds = Readonly<Record<string, { type: "boolean" | "string"; short?: string }>>;

export interface ParsedWords {
  readonly words: readonly string[];
  /** The switches that are set, by their long names. */
  readonly switches: ReadonlySet<string>;
  /** What the other options say. */
  readonly values: ReadonlyMap<string, string>;
}

/** Tells options from words, wherever they stand; after `--` everything is a word. An unknown option is a misuse. */
export function parseWords(args: readonly string[], options: OptionKinds): ParsedWords {
  // Most commands have none, and `parseArgs` takes half a millisecond to load.
  if (!args.some((arg) => arg.startsWith("-"))) return { words: args, switches: new Set(), values: new Map() };
  const { values, positionals } = parseOrRefuse(args, options);
  const given = Object.entries(values);
  return {
    words: positionals,
    switches: new Set(given.flatMap(([name, value]) => (value === true ? [name] : []))),
    values: new Map(given.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []))),
  };
}

function parseOrRefuse(
  args: readonly string[],
  options: OptionKinds,
): { values: Readonly<Record<string, unknown>>; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    if (findErrorCode(error)?.startsWith("ERR_PARSE_ARGS_") && error instanceof Error) throw misuse(error.message);
    throw error;
  }
}

/** Whether help is asked for, whatever else is wrong with the words. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const options = end === -1 ? args : args.slice(0, end);
  return options.includes("-h") || options.includes("--help");
}
