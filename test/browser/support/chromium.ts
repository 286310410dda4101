import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import chromiumPack from "@sparticuz/chromium";
import { type Browser, type BrowserServer, chromium } from "playwright-core";
import { shareNames } from "../../support/share-names.ts";

const root = path.resolve(import.meta.dirname, "../../..");

// The package's own arguments would turn off what makes a browser safe.
const args = ["--no-sandbox", "--headless=shell"];

/** A real Chromium: the run's, or one of this process's own where no set-up has started one. */
export async function launchChromium(): Promise<Browser> {
  const shared = process.env[shareNames.browser];
  if (shared !== undefined) return chromium.connect(shared);
  return chromium.launch({ executablePath: await unpackedChromium(), args });
}

/** Starts one that many processes use; each has contexts of its own. */
export async function launchChromiumServer(): Promise<BrowserServer> {
  // The runner's signals are the runner's: Playwright would end this process before the database is stopped.
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  return chromium.launchServer({ host: "127.0.0.1", executablePath: await unpackedChromium(), args, ...signals });
}

/** The package unpacks into the temporary folder, where test files that start at once would find a half of it. */
async function unpackedChromium(): Promise<string> {
  const about = readFileSync(path.join(root, "node_modules/@sparticuz/chromium/package.json"), "utf8");
  const { version } = JSON.parse(about) as { readonly version: string };
  const cache = path.join(root, "node_modules/.cache");
  const folder = path.join(cache, `chromium-${version}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const draft = mkdtempSync(`${folder}-`);
    const before = process.env["TMPDIR"];
    process.env["TMPDIR"] = draft;
    try {
      await chromiumPack.executablePath();
      renameSync(draft, folder);
    } catch (error) {
      // Another file was faster.
      if (!existsSync(folder)) throw error;
    } finally {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return path.join(folder, "chromium");
}
