import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { panelOf } from "../support/browser.ts";
import { addPaused } from "../support/destinations.ts";
import { startPages } from "../support/pages.ts";

// What every list of things does alike: by its rows, by the keyboard, by its heads.

const { browser, server } = await startPages();

test("a row opens by its name and by a click anywhere in it, is marked while it is open, and Esc leads back", async () => {
  await addPaused(server);
  await addPaused(server, { name: "archive" });
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/destinations" });
  const { page } = opened;
  const list = page.getByRole("grid", { name: "Destinations" });
  const row = (name: string): Locator => list.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
  await row("siem").getByText("Paused").click();
  await panelOf(page, "Destination 'siem'").waitFor();
  assert.equal(await row("siem").getAttribute("aria-selected"), "true");
  await row("archive").getByRole("button").press("Enter");
  const panel = panelOf(page, "Destination 'archive'");
  await panel.waitFor();
  assert.equal(await list.locator("[aria-selected=true]").count(), 1);
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "archive");
});

test("arrows lead from a row to the same control of the next, and a head sorts", async () => {
  const person = await makePerson(server);
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/settings/user-management/users" });
  const { page } = opened;
  const focused = (): Promise<string | null | undefined> =>
    page.evaluate(() => document.activeElement?.textContent?.trim());
  await page.getByRole("button", { name: `Edit ${admin(server).username}` }).focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), `Edit ${person.username}`);
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), `Edit ${person.username}`, "there is no row after the last");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(), `Edit ${admin(server).username}`);
  const names = page.getByRole("grid", { name: "Users" }).getByRole("rowheader");
  const before = await names.allInnerTexts();
  await page.getByRole("columnheader", { name: "Username" }).click();
  assert.deepEqual(await names.allInnerTexts(), before.toReversed());
});
