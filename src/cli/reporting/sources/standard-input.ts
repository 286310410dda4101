import { type Line, linesOf } from "./lines.ts";

/** The lines of standard input, until it ends or reading is stopped. */
export async function* standardInput(stop: AbortSignal): AsyncGenerator<readonly Line[]> {
  const { stdin } = process;
  const end = (): void => void stdin.destroy();
  stop.addEventListener("abort", end, { once: true });
  try {
    yield* linesOf(stdin as AsyncIterable<Buffer>);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    stop.removeEventListener("abort", end);
  }
}
