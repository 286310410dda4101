import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { report } from "../../../support/reports.ts";
import { admin } from "../../../support/worlds/people.ts";
import { applyFilter, expectAccessible, expectNoOverflow, panelOf, screenshot } from "../../support/browser.ts";
import { startPages } from "../../support/pages.ts";

// The time that a filter asks for, chosen by pointer and keyboard: always the same as in its text.

const { browser, server } = await startPages();
await report(admin(server).native, { type: "NODE", action: "node.ranged", description: "Ranged." });
const berlin = { timezoneId: "Europe/Berlin", at: "/?q=action:node.ranged" };

const button = (page: Page, words: string) => page.getByRole("button", { name: `Time: ${words}`, exact: true });
const filterIs = async (page: Page, text: string): Promise<void> => {
  const wanted = text === "" ? "action:node.ranged" : `action:node.ranged ${text}`;
  await page.waitForFunction(
    (value) => document.querySelector<HTMLInputElement>("[role=combobox]")?.value === value,
    wanted,
  );
};
const day = (page: Page, name: RegExp) => panelOf(page, "Time").getByRole("button", { name });

test("presets stay relative in the address, and the button and the text say the same", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, berlin);
  const { page } = opened;
  await button(page, "All time").click();
  const panel = panelOf(page, "Time");
  for (const [words, text] of [
    ["Last 15 minutes", "since:15m"],
    ["Last 7 days", "since:7d"],
    ["Last 90 days", "since:90d"],
    ["Today", "since:today"],
    ["Yesterday", "since:yesterday until:today"],
    ["All time", ""],
  ] as const) {
    await panel.getByRole("button", { name: words, exact: true }).click();
    await filterIs(page, text);
    await button(page, words).waitFor();
    assert.equal(await panel.getByRole("button", { name: words }).getAttribute("aria-pressed"), "true");
  }
  await applyFilter(page, "action:node.ranged since:24h");
  await button(page, "Last 24 hours").waitFor();
  await panel.getByRole("button", { name: "Zoom out" }).click();
  await filterIs(page, "since:48h");
  await panel.getByRole("button", { name: "Today" }).click();
  await panel.getByRole("button", { name: "Earlier" }).click();
  await filterIs(page, "since:yesterday until:today");
  await panel.getByRole("button", { name: "Later" }).click();
  await filterIs(page, "since:today");
});

test("days of the calendar are those of the zone, by keyboard alone", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    ...berlin,
    at: "/?q=action:node.ranged+since:2026-11-05T00:00:00Z+until:2026-11-06T00:00:00Z",
  });
  const { page } = opened;
  await button(page, "5 Nov, 01:00 to 6 Nov, 01:00").waitFor();
  await page.keyboard.press("d");
  await panelOf(page, "Time").getByText("November 2026", { exact: true }).waitFor();
  await day(page, /^Friday,? 6 November 2026$/).focus();
  await page.keyboard.press("PageUp");
  await panelOf(page, "Time").getByText("October 2026", { exact: true }).waitFor();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await filterIs(page, "since:2026-11-01T23:00:00Z until:2026-11-02T23:00:00Z");
  await button(page, "2 Nov").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await filterIs(page, "since:2026-11-01T23:00:00Z until:2026-11-04T23:00:00Z");
  await button(page, "2 Nov to 4 Nov").waitFor();
  assert.equal(await panelOf(page, "Time").locator("td[aria-selected=true]").count(), 3);
  await page.keyboard.press("Escape");
  await panelOf(page, "Time").waitFor({ state: "detached" });
});

test("both ends to the second, with what is wrong at the field", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, berlin);
  const { page } = opened;
  await button(page, "All time").click();
  const panel = panelOf(page, "Time");
  const [from, to] = [panel.getByLabel("From (Europe/Berlin)"), panel.getByLabel("To (Europe/Berlin)")];
  await from.fill("2026-11-03T09:30:00");
  await to.fill("2026-11-03T09:30:00");
  await panel.getByRole("button", { name: "Apply" }).click();
  await panel.getByText("This is not after From.", { exact: false }).waitFor();
  assert.equal(await to.evaluate((field) => field === document.activeElement), true);
  await expectAccessible(page);
  await filterIs(page, "");
  await to.fill("2026-11-03T10:00:05");
  await to.press("Enter");
  await filterIs(page, "since:2026-11-03T08:30:00Z until:2026-11-03T09:00:05Z");
  await page.getByRole("switch", { name: "UTC" }).press("Space");
  assert.equal(await panel.getByLabel("From (UTC)").inputValue(), "2026-11-03T08:30");
  // A day without its time is no time.
  await panel.getByLabel("From (UTC)").press("Delete");
  await panel.getByRole("button", { name: "Apply" }).click();
  await panel.getByText("Give the whole day, and the time.").waitFor();
});

test("nothing moves on the page while another time is asked for and counted", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, berlin);
  const { page } = opened;
  await page.getByRole("link", { name: "Ranged." }).waitFor();
  await page.evaluate(() => {
    const shifts: number[] = [];
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { readonly value: number }).value);
    }).observe({ type: "layout-shift" });
  });
  for (const [text, words] of [
    ["since:7d", "Last 7 days"],
    ["since:15m", "Last 15 minutes"],
    ["since:90d", "Last 90 days"],
  ] as const) {
    await applyFilter(page, `action:node.ranged ${text}`);
    await button(page, words).waitFor();
    await page.getByText("1 event", { exact: true }).waitFor();
  }
  await page.getByRole("switch", { name: "UTC" }).press("Space");
  await page.getByText("Times in UTC").waitFor();
  const shifts = await page.evaluate(() => (globalThis as unknown as { readonly shifts: readonly number[] }).shifts);
  const sum = shifts.reduce((all, one) => all + one, 0);
  assert.ok(sum <= 0.02, `moved by ${sum}`);
});

for (const [colorScheme, width] of [
  ["light", 320],
  ["dark", 390],
  ["light", 1440],
  ["dark", 1440],
  ["light", 2560],
] as const) {
  test(`the panel is accessible, ${colorScheme} at ${width} px`, async () => {
    const viewport = { width, height: 900 };
    const at = "/?q=action:node.ranged+since:2026-11-05T00:00:00Z+until:2026-11-09T00:00:00Z";
    await using opened = await browser.logIn(server, server.firstLogin, { at, colorScheme, viewport });
    const { page } = opened;
    await button(page, "5 Nov to 8 Nov").click();
    await panelOf(page, "Time").getByText("November 2026", { exact: true }).waitFor();
    await screenshot(page, `range-${colorScheme}-${width}`);
    await expectAccessible(page);
    await expectNoOverflow(page);
  });
}
