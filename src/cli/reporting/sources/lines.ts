/** A line that was read, without its end. Of one that is too long only the beginning is kept. */
export interface Line {
  readonly text: string;
  readonly isCut: boolean;
}

/** A longer line can't be an event: it would take more than a request may have. */
const lineBytesMax = 1024 * 1024;
/** What is kept of one that is longer. */
const keptBytes = 64 * 1024;

const newline = 0x0a;

/** The lines of a stream, in groups as they come. The last one need not have an end. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly Line[]> {
  const open = new OpenLine();
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      open.add(chunk.subarray(start, end));
      lines.push(open.end());
      start = end + 1;
    }
    open.add(chunk.subarray(start));
    const group = lines.filter(({ text }) => text.trim() !== "");
    if (group.length > 0) yield group;
  }
  const last = open.end();
  if (last.text.trim() !== "") yield [last];
}

/** A line whose end has not come yet. */
class OpenLine {
  #pieces: Buffer[] = [];
  #length = 0;

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#length += piece.length;
    if (this.#length <= lineBytesMax || this.#pieces.length === 0) this.#pieces.push(piece);
  }

  end(): Line {
    const isCut = this.#length > lineBytesMax;
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    const kept = isCut ? bytes.subarray(0, keptBytes) : bytes;
    return { text: kept.toString("utf8").replace(/\r$/, ""), isCut };
  }
}
