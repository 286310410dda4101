import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readSync } from "node:fs";

/** Reads so much at a time, which takes less than looking through it. */
const bufferBytes = 4_194_304;
const lineEnd = 10;

/** A program that looks through a file. */
export interface LineScan {
  readonly name: string;
  /** How many lines have all of these texts in them. */
  count(texts: readonly string[]): Promise<number>;
}

/** What search is measured against: `ripgrep` where it is on the path, else a scan of the file in Node. */
export function lineScan(file: string): LineScan {
  const { stdout, status } = spawnSync("rg", ["--version"], { encoding: "utf8" });
  if (status === 0) return { name: stdout.split("\n", 1)[0] ?? "", count: (texts) => countByRipgrep(file, texts) };
  return { name: "a scan in Node, since rg is not on the path", count: async (texts) => countInNode(file, texts) };
}

/** A pipe of one `rg` for each text. */
async function countByRipgrep(file: string, texts: readonly string[]): Promise<number> {
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const last = texts.length - 1;
  const commands = texts.map(
    (text, at) => `rg -NF${at === last ? "c" : ""} -e ${quoted(text)} ${at === 0 ? quoted(file) : "-"}`,
  );
  const child = spawn("sh", ["-c", commands.join(" | ")], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  await once(child, "close");
  // Nothing is printed where nothing is found.
  return Number(said);
}

function countInNode(file: string, texts: readonly string[]): number {
  const [first = "", ...others] = texts;
  const sought = Buffer.from(first);
  const buffer = Buffer.allocUnsafe(bufferBytes);
  const descriptor = openSync(file, "r");
  let [count, kept] = [0, 0];
  for (;;) {
    const read = readSync(descriptor, buffer, kept, bufferBytes - kept, null);
    if (read === 0) break;
    const whole = buffer.subarray(0, kept + read);
    const end = whole.lastIndexOf(lineEnd) + 1;
    if (end === 0) throw new Error("a line is longer than the buffer");
    count += countInLines(whole.subarray(0, end), sought, others);
    buffer.copyWithin(0, end, kept + read);
    kept += read - end;
  }
  closeSync(descriptor);
  return count;
}

function countInLines(lines: Buffer, sought: Buffer, others: readonly string[]): number {
  let count = 0;
  for (let at = lines.indexOf(sought); at >= 0;) {
    const end = lines.indexOf(lineEnd, at);
    const start = lines.lastIndexOf(lineEnd, at) + 1;
    const line = lines.subarray(start, end);
    if (others.every((text) => line.includes(text))) count += 1;
    at = lines.indexOf(sought, end);
  }
  return count;
}
