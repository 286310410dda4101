import { execFile } from "node:child_process";
import { cpSync, globSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { hasProgram } from "../../support/processes/command.ts";
import { root } from "../../support/processes/program.ts";
import { buildNextIronlog } from "../../support/upgrade/next-ironlog.ts";

const runFile = promisify(execFile);

/** Everything in these tests that could hang for good is ended after this time. */
export const guardMs = 40 * 60_000;

/** Why tests that need these programs are skipped; false where all are there. */
export async function missing(...programs: readonly string[]): Promise<string | false> {
  const found = await Promise.all(programs.map(async (name) => hasProgram(name)));
  const lacking = programs.filter((_, at) => found[at] !== true);
  return lacking.length === 0 ? false : `not tested here: ${lacking.join(", ")} missing`;
}

/** Makes packages of the Ironlog to come, whose version is `nextVersion` and whose schema has one more step. */
export async function makeNextPackages(args: readonly string[]): Promise<Packages> {
  using next = await buildNextIronlog();
  for (const part of ["bin", "docs", "packaging", "LICENSE", "package-lock.json", ...globSync("*.md", { cwd: root })]) {
    cpSync(path.join(root, part), path.join(next.folder, part), { recursive: true });
  }
  for (const part of ["src", "public", "index.html", "vite.config.ts", "tsconfig.json"]) {
    cpSync(path.join(root, "web", part), path.join(next.folder, "web", part), { recursive: true });
  }
  return await makePackages(args, next.folder);
}

/** A folder with packages that is gone when the test ends. */
export interface Packages extends Disposable {
  readonly folder: string;
}

/** Runs `npm run package`, in a checkout that may be another one. */
export async function makePackages(args: readonly string[], checkout: string = root): Promise<Packages> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-packages-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await runFile(process.execPath, [path.join(checkout, "tools/package.ts"), "--out", folder, ...args], {
      cwd: checkout,
      // A copy has no commit that says when it was made.
      ...(checkout !== root && { env: { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(Date.now() / 1000)) } }),
      timeout: guardMs,
    });
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, [Symbol.dispose]: remove };
}
