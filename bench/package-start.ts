import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { ownArchitecture } from "../tools/package/architecture.ts";
import { stageSharedParts, stageTree } from "../tools/package/staged-tree.ts";
import { buildIfStale } from "../tools/build.ts";
import { inTurn, type Measurement } from "./support/case.ts";

const runFile = promisify(execFile);
const checkout = path.join(import.meta.dirname, "../bin/ironlog");
const runs = 25;

/** A command of the client from the tree that packages install, over the same from a checkout that is built. */
export async function run(): Promise<Readonly<Record<string, Measurement>>> {
  await buildIfStale();
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-bench-"));
  try {
    const tree = path.join(folder, "usr");
    await stageTree(await stageSharedParts(path.join(folder, "shared"), 0), ownArchitecture(), tree, 0);
    const timeMs = (program: string) => async (): Promise<number> => {
      const startMs = performance.now();
      await runFile(program, ["login", "--help"]);
      return performance.now() - startMs;
    };
    const installed = path.join(tree, "bin/ironlog");
    const { ours, reference } = await inTurn(runs, "ms", timeMs(installed), timeMs(checkout));
    return { "package-start": { ratio: reference / ours, ours, reference, unit: "ms" } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
