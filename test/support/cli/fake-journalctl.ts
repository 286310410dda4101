import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freshFolder } from "../databases/databases.ts";

/** A journal, and a `journalctl` that is found first and shows it. */
export interface FakeJournal extends Disposable {
  /** What a command needs to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** Adds an entry with the next cursor. */
  add(fields: Readonly<Record<string, unknown>>): void;
  /** The words of each start, oldest first. */
  starts(): readonly (readonly string[])[];
  /** The ids of the processes that were started. */
  pids(): readonly number[];
}

/** Shows what is in the file behind the cursor, follows it, and ends with its reader. */
const program = `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const words = process.argv.slice(2);
appendFileSync(process.env.FAKE_JOURNAL + ".starts", JSON.stringify({ words, pid: process.pid }) + "\\n");
const cursor = words.find((word) => word.startsWith("--after-cursor="))?.slice("--after-cursor=".length);
const parent = process.ppid;
let shown = 0;
process.stdout.on("error", () => process.exit(1));
function show() {
  if (process.ppid !== parent) process.exit(1);
  const lines = readFileSync(process.env.FAKE_JOURNAL, "utf8").split("\\n").slice(0, -1);
  if (shown === 0 && cursor !== undefined) shown = lines.findIndex((line) => JSON.parse(line).__CURSOR === cursor) + 1;
  const some = lines.slice(shown);
  shown = lines.length;
  if (some.length > 0) process.stdout.write(some.join("\\n") + "\\n");
}
show();
setInterval(show, 10);
`;

export function makeFakeJournal(): FakeJournal {
  const { folder, [Symbol.dispose]: remove } = freshFolder();
  const bin = path.join(folder, "bin");
  const file = path.join(folder, "journal");
  mkdirSync(bin);
  writeFileSync(path.join(bin, "journalctl"), program, { mode: 0o755 });
  writeFileSync(file, "");
  writeFileSync(`${file}.starts`, "");
  let added = 0;
  const starts = (): readonly { readonly words: readonly string[]; readonly pid: number }[] =>
    readFileSync(`${file}.starts`, "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { words: string[]; pid: number });
  return {
    env: { PATH: `${bin}:${process.env["PATH"]}`, FAKE_JOURNAL: file },
    add(fields) {
      added += 1;
      const entry = {
        __CURSOR: cursorOf(added),
        __REALTIME_TIMESTAMP: String(1_764_493_198_000_000 + added),
        ...fields,
      };
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
    },
    starts: () => starts().map(({ words }) => words),
    pids: () => starts().map(({ pid }) => pid),
    [Symbol.dispose]: remove,
  };
}

/** In the form of systemd's. */
export function cursorOf(number: number): string {
  return `s=5dd5a3c0;i=${number.toString(16)};b=8d0cfe;m=1f9a;t=60b3c7;x=4d4f`;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
