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
  // Where it covers the list, nothing else would be seen.
  await panel.waitFor({ state: "detached" });
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

test("the whole second that is given is in the list, as its rows have no more of it", async () => {
  const [newest] = (await native.ask("GET", "events?action=node.lot&limit=1")).json<{ items: { created: string }[] }>()
    .items;
  const at = `${newest?.created.slice(0, 19)}Z`;
  await using opened = await browser.logIn(server, server.firstLogin, { at: `/?q=action:node.lot&at=${at}` });
  await opened.page.locator("[data-row='0']").waitFor();
  assert.equal(await rowText(opened.page, 0), "Second 250.");
});

test("where no event matches, the page doesn't say that some are shown", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: "/?q=action:node.none&at=2020-01-01T00:00:00Z",
  });
  await opened.page.getByText("0 events", { exact: true }).waitFor();
  await opened.page.getByText("No events match", { exact: false }).first().waitFor();
  assert.equal(await bar(opened.page).count(), 0);
});

test("a copied link carries where the list begins and its order, and all events as such", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: `/?q=action:node.lot&order=oldest&at=${between}Z`,
  });
  const { page } = opened;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const copied = async (): Promise<URL> => {
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    return new URL(await page.evaluate(() => navigator.clipboard.readText()));
  };
  await page.getByText("Second 1.", { exact: true }).waitFor();
  const link = await copied();
  assert.deepEqual(Object.fromEntries(link.searchParams), {
    q: "action:node.lot",
    order: "oldest",
    at: `${between}Z`,
  });
  await opened.go(`${link.pathname}${link.search}`);
  await page.getByText("Second 1.", { exact: true }).waitFor();
  assert.equal(await rowText(page, 0), "Second 1.");
  // The plain address may open a view of whom it is sent to.
  await opened.go("/");
  await page.getByText("Second 250.", { exact: true }).waitFor();
  assert.equal((await copied()).search, "?view=all");
});

test("a link that is copied in live mode ends behind what has come since", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/?q=action:node.late+since:1h&live=1" });
  const { page } = opened;
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.getByText("0 events", { exact: true }).waitFor();
  const begun = Date.now();
  await until(() => Date.now() - begun > 2_000);
  await report(native, { type: "NODE", action: "node.late", description: "Late." });
  await page.getByText("Late.", { exact: true }).waitFor();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  await opened.go(`${link.pathname}${link.search}`);
  await page.getByText("Late.", { exact: true }).waitFor();
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
