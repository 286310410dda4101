import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { admin } from "../../support/worlds/people.ts";
import { report } from "../../support/reports.ts";
import { expectAccessible, expectNoOverflow, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

// Events are listed in the order in which they were recorded, and what happened at another time says so.

const { browser, server } = await startPages();
const { native } = admin(server);

const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const told = (description: string, occurred: string) => ({ type: "NODE", action: "node.late", description, occurred });

await report(native, [
  told("Long ago.", "2024-01-02T03:04:05Z"),
  told("An hour ago.", ago(3_600_000)),
  told("Just now.", ago(20_000)),
]);

const occurredIn = (page: Page, description: string) =>
  page.getByRole("row").filter({ hasText: description }).locator(".ui-occurred");

test("a row shows when it happened where that is more than a minute from when it was recorded", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: "/?q=action:node.late",
    timezoneId: "Asia/Tokyo",
    viewport: { width: 1920, height: 900 },
  });
  const { page } = opened;
  await page.getByRole("link", { name: "Long ago." }).waitFor();
  assert.equal(await occurredIn(page, "Long ago.").innerText(), "occurred 2024-01-02 12:04:05");
  assert.match(await occurredIn(page, "An hour ago.").innerText(), /^occurred (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d$/);
  assert.equal(await occurredIn(page, "Just now.").count(), 0);
  assert.ok(await page.getByRole("row").filter({ hasText: "Long ago." }).locator(".is-time time").isVisible());
  await screenshot(page, "occurred-light-1920");
  await expectAccessible(page);
});

test("it shows on a narrow window too", async () => {
  const options = { viewport: { width: 320, height: 640 }, at: "/?q=action:node.late" };
  await using opened = await browser.logIn(server, server.firstLogin, options);
  const { page } = opened;
  await page.getByRole("link", { name: "Long ago." }).waitFor();
  assert.match(await occurredIn(page, "Long ago.").innerText(), /2024-01-02/);
  assert.ok(await occurredIn(page, "An hour ago.").isVisible());
  await screenshot(page, "occurred-light-320");
  await expectAccessible(page);
  await expectNoOverflow(page);
});

test("the keyboard's help names every key, and what a click with one does", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.locator("[data-row='0']").waitFor();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog");
  for (const key of ["/", "l", "f", "t", "[", "?", "n, p", "Alt + click", "+, − beside a value"]) {
    await help.getByRole("term").getByText(key, { exact: true }).waitFor();
  }
  await screenshot(page, "keyboard");
});

test("what isn't there has one dash, in each column and font", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.locator("[data-row='0']").waitFor();
  const widths = await page
    .locator(".ui-events .ui-absent")
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
  assert.ok(widths.length > 2);
  assert.equal(new Set(widths.map(Math.round)).size, 1, widths.join());
});
