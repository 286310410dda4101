import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { until } from "../../../support/until.ts";
import { lastId, report } from "../../../support/reports.ts";
import { admin } from "../../../support/worlds/people.ts";
import { expectAccessible, panelOf, screenshot } from "../../support/browser.ts";
import { startPages } from "../../support/pages.ts";

// The list begins at a time, and its filter stays.

const { browser, server } = await startPages();
const { native } = admin(server);

/** Two lots of events, recorded at least two seconds apart; the whole second between them. */
const lot = async (name: string): Promise<number> => {
  const told = Array.from({ length: 250 }, (_, at) => ({
    type: "NODE",
    action: "node.lot",
    description: `${name} ${at + 1}.`,
  }));
  await report(native, told);
  return lastId(native);
};
const firstLast = await lot("First");
const recorded = Date.now();
await until(() => Date.now() - recorded > 2_000);
await lot("Second");
const between = new Date(recorded + 1_000).toISOString().slice(0, 19);

const rowText = async (page: Page, row: number): Promise<string> =>
  page.locator(`[data-row='${row}'] .ui-events__link`).innerText();
const bar = (page: Page) => page.locator(".ui-bar");

test("the list begins with the newest event up to a date, and newer ones come above on demand", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/?q=action:node.lot" });
  const { page } = opened;
  await page.getByText("Second 250.", { exact: true }).waitFor();
  await page.keyboard.press("d");
  const panel = panelOf(page, "Time");
  await panel.getByRole("button", { name: "Go", exact: true }).click();
  await panel.getByText("Give a day and a time.").waitFor();
  await panel.getByLabel("Date (UTC)").fill(between);
  await panel.getByLabel("Date (UTC)").press("Enter");
  await page.getByText("First 250.", { exact: true }).waitFor();
  assert.equal(await rowText(page, 0), "First 250.");
  assert.equal(new URL(page.url()).searchParams.get("q"), "action:node.lot");
  assert.equal(new URL(page.url()).searchParams.get("at"), `${between}Z`);
  await page.getByText("500 events", { exact: true }).waitFor();
  await screenshot(page, "go-to-date");
  await expectAccessible(page);
  await bar(page).getByRole("button", { name: "Show newer" }).click();
  await page.getByText("Second 1.", { exact: true }).waitFor();
  await bar(page).getByRole("button", { name: "To the newest" }).click();
  await page.getByText("Second 250.", { exact: true }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("at"), null);
  await page.goBack();
  await page.getByText("First 250.", { exact: true }).waitFor();
});

test("oldest first it begins with the oldest event from a date on, with the older ones above on demand", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: `/?q=action:node.lot&order=oldest&at=${between}Z`,
  });
  const { page } = opened;
  await page.getByText("Second 1.", { exact: true }).waitFor();
  assert.equal(await rowText(page, 0), "Second 1.");
  await bar(page).getByText("Older events are not in this list.", { exact: false }).waitFor();
  await bar(page).getByRole("button", { name: "Show older" }).click();
  await page.getByText("First 250.", { exact: true }).waitFor();
  await bar(page).getByRole("button", { name: "To the oldest" }).click();
  await page.getByText("First 1.", { exact: true }).waitFor();
});

test("where nothing is as old, the page says so and shows the newest", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: "/?q=action:node.lot&at=2020-01-01T00:00:00Z",
  });
  const { page } = opened;
  await page.getByText("Second 250.", { exact: true }).waitFor();
  await bar(page)
    .getByText("No event of this filter is at 2020-01-01 00:00:00 or earlier. These are the newest.")
    .waitFor();
  // The newest of all are up to tomorrow: nothing is left out.
  await opened.go("/?q=action:node.lot&at=2100-01-01T00:00:00Z");
  await page.getByText("Second 250.", { exact: true }).waitFor();
  await page.locator("[data-testid=events] table:not([aria-busy=true])").waitFor();
  assert.equal(await bar(page).count(), 0);
});

test("oldest first, a link to an event shows what was around it", async () => {
  const middle = firstLast + 20;
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: `/?q=action:node.lot&order=oldest&event=${middle}`,
  });
  const { page } = opened;
  const selected = page.locator("tr.is-selected");
  await selected.waitFor();
  const row = Number(await selected.getAttribute("data-row"));
  assert.equal(row, 199);
  assert.match(await rowText(page, row - 1), /^(?:First|Second) \d+\.$/);
  await page.getByRole("button", { name: "Newer event" }).click();
  await page.getByRole("heading", { name: `Event ${(middle + 1).toLocaleString("en-GB")}`, exact: true }).waitFor();
  await bar(page).getByRole("button", { name: "Show older" }).click();
  await bar(page).waitFor({ state: "detached" });
});
