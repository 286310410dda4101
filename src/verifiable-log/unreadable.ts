/** A file isn't in the form that it should have, so nothing can be said of what it claims. The message says what is wrong. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** Runs what reads a form; what it throws is thrown as `Unreadable`. */
export function reading<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new Unreadable(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Throws `Unreadable` for a text whose line ends a mail program or an editor has changed. */
export function refuseChangedLineEnds(text: string): void {
  if (text.includes("\r\n")) {
    throw new Unreadable("its lines end with CRLF, as another program has written them: get the file unchanged");
  }
}
