import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

/** A receiver in a process of its own, which keeps nothing; of files a directory. */
export interface BenchReceiver extends AsyncDisposable {
  /** What a destination is told. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** An address, or the directory. */
  readonly place: string;
  /** Of TLS: the authority to trust, in PEM. */
  readonly ca?: string;
}

const program = path.join(import.meta.dirname, "receiver-program.ts");

export async function startBenchReceiver(transport: string): Promise<BenchReceiver> {
  if (transport === "file") return directory();
  const child: ChildProcess = spawn(process.execPath, [program, transport], { stdio: ["ignore", "pipe", "inherit"] });
  if (child.stdout === null) throw new Error("a pipe was asked for");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { place, ca } = JSON.parse(line) as { readonly place: string; readonly ca?: string };
  return {
    settings: { url: place, ...(ca !== undefined && { ca }) },
    place,
    ...(ca !== undefined && { ca }),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

function directory(): BenchReceiver {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-bench-"));
  return {
    settings: { directory: folder },
    place: folder,
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
