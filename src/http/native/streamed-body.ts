import { setMaxListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";

/** A body that is made while it is sent. */
export interface StreamedBody {
  readonly contentType: string;
  /** What to call the file where it is to be kept as one. */
  readonly fileName?: string;
  /** A client that takes nothing for so long is given up, and its connection with it. */
  readonly patienceMs: number;
  /**
   * Called once, before anything is sent. A chunk is asked for when there is room for it; text goes out as UTF-8. Whatever
   * it throws breaks the connection off, so that what is cut short does not look whole.
   */
  chunks(ends: StreamEnds): AsyncIterable<string>;
}

export interface StreamEnds {
  /** Aborted when nothing more can be sent: all was, or the client went away. */
  readonly gone: AbortSignal;
  /** Aborted when the server is told to stop: what would go on for ever ends then. */
  readonly stopping: AbortSignal;
}

/** The body as Node sends it, bound to the response that it is for. */
export function openBody(body: StreamedBody, response: ServerResponse, stopping: AbortSignal): Readable {
  const gone = new AbortController();
  // Each stream waits for it in several places.
  setMaxListeners(0, gone.signal, stopping);
  response.once("close", () => gone.abort());
  const chunks = body.chunks({ gone: gone.signal, stopping });
  const readable = Readable.from(
    patient(chunks, body.patienceMs, () => response.destroy()),
    { objectMode: false, highWaterMark: bufferedBytesMax },
  );
  if (response.destroyed) gone.abort();
  return readable;
}

/** Sent, but not yet taken by the client's side: more is made when this has gone out. */
const bufferedBytesMax = 64 * 1024;

/** Passes chunks on; `giveUp` is called where the next one isn't asked for in time. */
async function* patient(
  chunks: AsyncIterable<string>,
  patienceMs: number,
  giveUp: () => void,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) {
    const timer = setTimeout(giveUp, patienceMs);
    try {
      yield Buffer.from(chunk, "utf8");
    } finally {
      clearTimeout(timer);
    }
  }
}
