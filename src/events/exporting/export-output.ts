import { open, stat } from "node:fs/promises";
import { CommandFailure, exitStatus } from "../../terminal/exit.ts";
import { print } from "../../terminal/print.ts";
import { draftFile } from "../../terminal/whole-file.ts";

/** Where an export goes. Disposed before it is finished, it leaves nothing behind. */
export interface ExportOutput extends AsyncDisposable {
  /** True once nobody reads any more: `head` has seen enough. */
  readonly isClosed: boolean;
  write(text: string): Promise<void>;
  /** Makes it whole: only now the file has its name. */
  finish(): Promise<void>;
}

/** Standard output, unless a file is named. Nobody but its owner can read the file, from the first byte on. */
export async function openExportOutput(file: string | undefined): Promise<ExportOutput> {
  if (file === undefined || file === "-") return standardOutput;
  return openFile(file);
}

const standardOutput: ExportOutput = {
  get isClosed() {
    return !process.stdout.writable;
  },
  write: print,
  async finish() {},
  async [Symbol.asyncDispose]() {},
};

async function openFile(file: string): Promise<ExportOutput> {
  await refuseOddFile(file);
  const draft = await orFailure(file, async () => draftFile(file, "replace"));
  const handle = await orFailure(file, () => open(draft.path, "r+"));
  return {
    isClosed: false,
    write: (text) => orFailure(file, () => handle.appendFile(text, "utf8")),
    finish: () => orFailure(file, async () => draft.keep()),
    async [Symbol.asyncDispose]() {
      await handle.close();
      draft[Symbol.dispose]();
    },
  };
}

/** Renaming over a device or a folder would be a surprise. */
async function refuseOddFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || found.isFile()) return;
  throw new CommandFailure(exitStatus.gaveUp, `${file} is no ordinary file: name another one with -o.`);
}

async function orFailure<Value>(file: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(exitStatus.gaveUp, `Cannot write ${file}: ${reason}`, { cause: error });
  }
}
