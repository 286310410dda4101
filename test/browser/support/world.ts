import { after } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { startServer, type TestServer } from "../../support/server.ts";
import { startBrowser, type TestBrowser } from "./browser.ts";

/** A browser, and a server for it, for all tests of a file; they end with it. */
export async function startWorld(): Promise<{ readonly browser: TestBrowser; readonly server: TestServer }> {
  // One after the other: the server looks for the built pages as it starts.
  const browser = await startBrowser();
  after(() => browser[Symbol.asyncDispose]());
  const server = await startServer({ kind: "sqlite" });
  after(() => server[Symbol.asyncDispose]());
  return { browser, server };
}

/** A dark page on a telephone. */
export const dark390: BrowserContextOptions = { colorScheme: "dark", viewport: { width: 390, height: 844 } };

/** Waits until the page has said something to those who hear it. */
export function heard(page: Page, words: string | RegExp): Promise<void> {
  return page.getByRole("status").filter({ hasText: words }).waitFor();
}
