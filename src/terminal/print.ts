import { findErrorCode } from "./exit.ts";

/** Writes to standard output; resolves once it is written, rejects where it could not be (a full disk). */
export function print(text: string | Uint8Array): Promise<void> {
  return write("stdout", text);
}

/** Writes to standard error, where everything goes that is not the answer itself. */
export function printError(text: string): Promise<void> {
  return write("stderr", text);
}

function write(name: "stdout" | "stderr", text: string | Uint8Array): Promise<void> {
  if (text.length === 0) return Promise.resolve();
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
