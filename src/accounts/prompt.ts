import { createInterface, type Interface } from "node:readline/promises";
import { misuse } from "../terminal/exit.ts";

/**
 * The answer to a question on the terminal, or the next line of what is piped in.
 *
 * Where there is no line left, says which option gives the answer instead.
 */
export async function promptForLine(question: string, option: string): Promise<string> {
  if (process.stdin.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return (await terminal.question(question)).trim();
    } finally {
      terminal.close();
    }
  }
  const line = await nextPipedLine();
  if (line === undefined) throw misuse(`Standard input has no line for '${question.trim()}' Give ${option}.`);
  return line;
}

let piped: { readonly reader: Interface; readonly lines: AsyncIterator<string> } | undefined;

/** One reader for the whole process: a second one would miss what the first has read ahead. */
async function nextPipedLine(): Promise<string | undefined> {
  if (piped === undefined) {
    const reader = createInterface({ input: process.stdin, crlfDelay: Infinity });
    piped = { reader, lines: reader[Symbol.asyncIterator]() };
  }
  const next = await piped.lines.next();
  return next.done === true ? undefined : next.value;
}
