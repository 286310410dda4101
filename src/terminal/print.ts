import { findErrorCode } from "./exit.ts";
import { visible } from "./visible.ts";

// On a terminal, control characters are shown and don't act. A pipe or a file gets exactly what is written.

/** Writes to standard output; resolves once it is written, rejects where it could not be (a full disk). */
export function print(text: string | Uint8Array): Promise<void> {
  return write("stdout", text);
}

/** Writes to standard error, where everything goes that is not the answer itself. */
export function printError(text: string): Promise<void> {
  return write("stderr", text);
}

/** Writes to standard output with colours of our own: what others have written of it went through `visible`. */
export function printPainted(text: string): Promise<void> {
  return send("stdout", text);
}

/** Writes over the line that stands on the terminal of standard error. `text` is our own, and has no control characters. */
export function redrawLine(text: string): Promise<void> {
  return send("stderr", `\r${text}`);
}

function write(name: "stdout" | "stderr", text: string | Uint8Array): Promise<void> {
  if (text.length === 0) return Promise.resolve();
  if (!process[name].isTTY) return send(name, text);
  return send(name, visible(typeof text === "string" ? text : Buffer.from(text).toString("utf8")));
}

function send(name: "stdout" | "stderr", text: string | Uint8Array): Promise<void> {
  // Node makes a stream of it when it is first asked for, which takes more than a millisecond.
  const stream = process[name];
  // A failed write is also emitted as an event, which would end the process with a stack trace.
  if (stream.listenerCount("error") === 0) stream.on("error", () => {});
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      // A reader that has seen enough, such as `head`, is no failure.
      if (!error || findErrorCode(error) === "EPIPE") resolve();
      else reject(new Error("Cannot write the output", { cause: error }));
    });
  });
}
