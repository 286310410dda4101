import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import chromiumPack from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

const root = path.resolve(import.meta.dirname, "../../..");

/** Starts a real Chromium. The package's own arguments would turn off what makes a browser safe. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = await unpackedChromium();
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--headless=shell"] });
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
