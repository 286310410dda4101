import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { report } from "../../../support/reports.ts";
import { admin } from "../../../support/worlds/people.ts";
import { panelOf } from "../../support/browser.ts";
import { startPages } from "../../support/pages.ts";

// What nobody changes in a time stays as it is, and what is chosen again is asked for again.

const { browser, server } = await startPages();
const { native } = admin(server);
await report(native, { type: "NODE", action: "node.exact", description: "Exact." });

const berlin = { timezoneId: "Europe/Berlin" };
const asked = (page: Page) => new URL(page.url()).searchParams.get("q");

test("an end that is left alone stays exactly, also in the hour that comes twice, and the focus stays in the form", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    ...berlin,
    at: "/?q=action:node.exact+since:2026-10-25T00:30:00.5Z+until:2026-10-25T01:30:00Z",
  });
  const { page } = opened;
  await page.getByRole("button", { name: "Time: 25 Oct, 02:30", exact: false }).waitFor();
  await page.keyboard.press("d");
  const panel = panelOf(page, "Time");
  const to = panel.getByLabel("To (Europe/Berlin)");
  assert.equal(await to.inputValue(), "2026-10-25T02:30");
  await to.fill("2026-10-25T05:00:00");
  await to.press("Enter");
  await page.waitForURL(/04%3A00%3A00Z/);
  assert.equal(asked(page), "action:node.exact since:2026-10-25T00:30:00.5Z until:2026-10-25T04:00:00Z");
  assert.equal(await to.evaluate((field) => field === document.activeElement), true);
  await panel.getByLabel("From (Europe/Berlin)").fill("2026-10-25T04:00:00");
  await panel.getByRole("button", { name: "Apply" }).press("Enter");
  await page.waitForURL(/since%3A2026-10-25T03%3A00%3A00Z/);
  assert.equal(
    await panel.getByRole("button", { name: "Apply" }).evaluate((one) => one === document.activeElement),
    true,
  );
});

test("both ends in the hour that comes twice are no fault where they are as they were", async () => {
  const twice = "since:2026-10-25T00:30:00Z until:2026-10-25T01:30:00Z";
  await using opened = await browser.logIn(server, server.firstLogin, {
    ...berlin,
    at: `/?q=${encodeURIComponent(twice)}`,
  });
  const { page } = opened;
  await page.keyboard.press("d");
  const panel = panelOf(page, "Time");
  const read = page.waitForRequest((request) => /\/api\/v1\/events\?/.test(request.url()));
  await panel.getByRole("button", { name: "Apply" }).click();
  await read;
  assert.equal(asked(page), twice);
  assert.equal(await panel.getByText("This is not after From.", { exact: false }).count(), 0);
});

test("a preset that is chosen already is read anew, up to now", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/?q=action:node.exact+since:15m" });
  const { page } = opened;
  await page.getByRole("link", { name: "Exact." }).waitFor();
  await page.keyboard.press("d");
  await report(native, { type: "NODE", action: "node.exact", description: "Exact later." });
  await panelOf(page, "Time").getByRole("button", { name: "Last 15 minutes" }).click();
  await page.getByRole("link", { name: "Exact later." }).waitFor();
});

test("a day is the first of its own range where another one was chosen in between", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    ...berlin,
    at: "/?q=since:2026-11-05T00:00:00Z+until:2026-11-06T00:00:00Z",
  });
  const { page } = opened;
  await page.keyboard.press("d");
  const panel = panelOf(page, "Time");
  await panel.getByRole("button", { name: /^Monday,? 2 November 2026$/ }).click();
  await panel.getByText("Choose the other end, or the same day again.").waitFor();
  await panel.getByRole("button", { name: "Zoom out" }).click();
  await panel.getByText("A day alone; another one after it takes all between.").waitFor();
  await panel.getByRole("button", { name: /^Tuesday,? 10 November 2026$/ }).click();
  await page.getByRole("button", { name: "Time: 10 Nov", exact: true }).waitFor();
  await panel.getByRole("button", { name: /^Thursday,? 12 November 2026$/ }).click();
  await page.getByRole("button", { name: "Time: 10 Nov to 12 Nov", exact: true }).waitFor();
  await panel.getByRole("button", { name: /^Saturday,? 14 November 2026$/ }).click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "Time: 10 Nov to 14 Nov", exact: true }).waitFor();
});
