import type { ReadStream } from "node:tty";
import { CommandFailure, exitStatus } from "./exit.ts";
import { printError } from "./print.ts";

/** The first line of a stream, without its end; all of it where it has no second. */
export async function readFirstLine(input: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  input.setEncoding("utf8");
  for await (const chunk of input) {
    text += String(chunk);
    // Leaving the loop closes the stream: nothing then keeps the process waiting for the rest.
    if (text.includes("\n")) break;
  }
  return text.split(/\r?\n/)[0] ?? "";
}

/** Asks on the terminal for something that must not be seen there. */
export async function promptForSecret(question: string): Promise<string> {
  const terminal = process.stdin;
  // First of all: who types ahead of the question must not be seen either.
  terminal.setRawMode(true);
  await printError(question);
  try {
    return await readTypedLine(terminal);
  } finally {
    terminal.setRawMode(false);
    terminal.pause();
    await printError("\n");
  }
}

/** What is typed until Enter; without echo the terminal leaves editing to us too. */
function readTypedLine(terminal: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const read = (chunk: string): void => {
      for (const character of chunk) {
        if (character === key.enter || character === key.newline || character === key.controlD) return finish();
        if (character === key.controlC) return finish(new CommandFailure(exitStatus.gaveUp, "Interrupted."));
        if (character === key.controlU) typed = [];
        else if (character === key.backspace || character === key.delete) typed.pop();
        else typed.push(character);
      }
    };
    const finish = (error?: Error): void => {
      terminal.off("data", read).off("end", finish);
      if (error) reject(error);
      else resolve(typed.join(""));
    };
    terminal.setEncoding("utf8");
    terminal.on("data", read).on("end", finish);
    // A second question finds the stream as the first one left it: paused.
    terminal.resume();
  });
}

const key = {
  controlC: "\u0003",
  controlD: "\u0004",
  backspace: "\b",
  newline: "\n",
  enter: "\r",
  controlU: "\u0015",
  delete: "\u007f",
} as const;
