import assert from "node:assert/strict";
import { after } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { allEvents } from "../../support/clients/native-client.ts";
import { admin, type Person } from "../../support/worlds/people.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { type OpenedPage, startBrowser, type TestBrowser } from "./browser.ts";

/** A browser, and a server for it, for all tests of a file; they end with it. */
export async function startPages(): Promise<{ readonly browser: TestBrowser; readonly server: TestServer }> {
  // One after the other: the server looks for the built pages as it starts.
  const browser = await startBrowser();
  after(() => browser[Symbol.asyncDispose]());
  const server = await startServer({ kind: "sqlite" });
  after(() => server[Symbol.asyncDispose]());
  return { browser, server };
}

/** What tests of somebody's own account do: open a page of theirs, and see what it left in the log. */
export function accountPages({ browser, server }: Awaited<ReturnType<typeof startPages>>) {
  return {
    async openAt(person: Person, address: string, options?: BrowserContextOptions): Promise<OpenedPage> {
      const opened = await browser.logIn(server, person, { ...options, at: address });
      // What a form refuses.
      opened.expectStatus(400, 409);
      return opened;
    },
    /** The newest event of somebody, as the administrator reads it. */
    async lastEvent(person: Person, action: string) {
      const [event] = await allEvents(admin(server).native, { owner: person.username, action });
      assert.ok(event !== undefined, `no ${action} was recorded`);
      return event;
    },
    async list<Item>(person: Person, what: string): Promise<readonly Item[]> {
      return (await person.native.ask("GET", what)).json<{ items: readonly Item[] }>().items;
    },
  };
}

/** A dark page on a telephone. */
export const dark390: BrowserContextOptions = { colorScheme: "dark", viewport: { width: 390, height: 844 } };

/** Waits until the page has said something to those who hear it. */
export function heard(page: Page, words: string | RegExp): Promise<void> {
  return page.getByRole("status").filter({ hasText: words }).waitFor();
}
