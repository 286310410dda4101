import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildIfStale, bundleFile } from "../../tools/build.ts";
import { launchChromiumServer } from "../browser/support/chromium.ts";
import { startCluster } from "./databases/postgres-cluster.ts";
import { makeTemplate, makeTemplateFile } from "./databases/templates.ts";
import { bundlePackages } from "./processes/bundle-packages.ts";
import { shareNames } from "./share-names.ts";

// What the test files of a run share: one PostgreSQL with a migrated database to copy, the same as a file of SQLite, one
// browser, the program as it is delivered, which starts in a fifth of the time, and packages in a file each. The runner passes this process's
// environment on to them. A file that is run alone starts its own.

let run: AsyncDisposableStack | undefined;

/** Called by the test runner before the first file. After a failure it doesn't call `globalTeardown`. */
export async function globalSetup(): Promise<void> {
  await using opened = new AsyncDisposableStack();
  stayInMemory();
  await buildIfStale();
  process.env[shareNames.program] = bundleFile;
  process.env[shareNames.packages] = JSON.stringify(await bundlePackages());
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-run-"));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const cluster = await startCluster();
  opened.defer(async () => cluster.stop());
  process.env[shareNames.template] = await makeTemplate(cluster.url);
  process.env[shareNames.file] = await makeTemplateFile(folder);
  process.env[shareNames.cluster] = cluster.url;
  if (isForBrowser()) {
    const browser = await launchChromiumServer();
    opened.defer(async () => browser.close());
    process.env[shareNames.browser] = browser.wsEndpoint();
  }
  run = opened.move();
}

export async function globalTeardown(): Promise<void> {
  await run?.disposeAsync();
}

/** Where Linux keeps a folder for everybody in memory. */
const memoryFolder = "/dev/shm";
/** No run has ever filled a tenth of it. */
const roomNeeded = 4 * 1024 ** 3;

/** Has the run keep its files in memory where there is room: most of what a database of a test's own costs is making its files. */
function stayInMemory(): void {
  if (process.env["TMPDIR"] !== undefined || !existsSync(memoryFolder)) return;
  const { bavail, bsize } = statfsSync(memoryFolder);
  if (bavail * bsize >= roomNeeded && os.freemem() >= roomNeeded) process.env["TMPDIR"] = memoryFolder;
}

/** Whether one of the patterns that the runner was given takes in the browser's tests. */
function isForBrowser(): boolean {
  return process.argv.slice(1).some((pattern) => /test\/(!\(package\)|browser)\//.test(pattern));
}
