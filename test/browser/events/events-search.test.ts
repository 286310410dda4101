import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { until } from "../../support/until.ts";
import { admin } from "../../support/worlds/people.ts";
import { report } from "../../support/reports.ts";
import { startServer } from "../../support/server.ts";
import { applyFilter, expectAccessible, expectNoOverflow, screenshot, startBrowser } from "../support/browser.ts";

// Words in the filter's line: what they find, how it is shown, and what can't be done with them.

const browser = await startBrowser();
after(() => browser[Symbol.asyncDispose]());
const server = await startServer({ kind: "sqlite", keepsSearchIndex: true });
after(() => server[Symbol.asyncDispose]());
const { native } = admin(server);

const told = (description: string, more: object = {}) => ({ type: "NODE", action: "node.told", description, ...more });

await report(native, [
  told("Backup of Müller-Straße 7 has failed.", { outcome: "failure", username: "svc-backup" }),
  told("Backup of rack-17 is done.", { username: "svc-backup", details: { volume: "Tape 0815", by: "muller" } }),
  told("Power is on again, done with the backup.", { username: "svc-power" }),
]);

/** What is marked in the rows. */
const marksIn = (page: Page, place: string): Promise<readonly string[]> =>
  page.locator(`${place} mark`).allTextContents();

test("words and phrases are searched for beside terms, and marked in the row and in the event", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, 'MULLER backup user:svc-backup "of  rack-17"');
  await page.getByRole("link", { name: "Backup of rack-17 is done." }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("q"), 'MULLER backup user:svc-backup "of rack-17"');
  assert.equal(await page.locator("[data-row]").count(), 1);
  assert.deepEqual(await marksIn(page, "[data-row]"), ["backup", "Backup", "of rack-17", "muller"]);
  await page.locator("[data-row='0']").getByRole("link").click();
  const panel = page.getByRole("complementary");
  await panel.getByRole("button", { name: "Show JSON" }).waitFor();
  assert.deepEqual(await marksIn(page, ".l-aside .ui-panel__description"), ["Backup", "of rack-17"]);
  assert.ok((await marksIn(page, ".l-aside .ui-fields")).includes("muller"));
  await screenshot(page, "search-marks");
  await expectAccessible(page);
  await applyFilter(page, "muller");
  await page.getByRole("link", { name: "Backup of Müller-Straße 7" }).waitFor();
  assert.deepEqual(await marksIn(page, "[data-row='1'] .is-description"), ["Müller"]);
  // Of what no column shows, the row shows the part.
  assert.deepEqual(await marksIn(page, "[data-row='0'] .ui-found"), ["muller"]);
  assert.equal(await page.locator("[data-row='1'] .ui-found").count(), 0);
  await page.keyboard.press("Escape");
  await applyFilter(page, "0815 rack");
  await page.locator("[data-row='0'] .ui-found").getByText("Tape").waitFor();
  await screenshot(page, "search-elsewhere");
});

test("a word has a chip, stands in the form and can be taken away in both", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, "done rack -user:svc-power outcome:success user:svc-backup,bob");
  await page.getByText("text: rack", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Filters", exact: true }).click();
  const form = page.getByRole("complementary");
  assert.equal(await form.getByLabel("Words").inputValue(), "done rack");
  assert.equal(await form.getByLabel("User").inputValue(), "svc-backup,bob");
  assert.equal(await form.getByLabel("Outcome").inputValue(), "success");
  await form.getByRole("button", { name: "Remove not user: svc-power" }).click();
  await page.waitForFunction(() => !location.search.includes("-user"));
  await form.getByLabel("Words").fill('"is done"');
  await form.getByLabel("Words").press("Enter");
  await page.waitForFunction(() => location.search.includes("is+done") || location.search.includes("is%20done"));
  await page.getByRole("button", { name: 'Remove text: "is done"', exact: true }).click();
  await page.waitForFunction(() => !location.search.includes("done"));
  assert.equal(await form.getByLabel("Words").inputValue(), "");
});

test("the page says up to where the index was asked, and how to search on where a bound cut the list", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  // The proofs of the events that are made up below.
  opened.expectStatus(404);
  await until(async () => {
    const { search } = (await native.ask("GET", "events?text=anything")).json<{ search: { indexed_to: number } }>();
    return search.indexed_to > 0;
  });
  await applyFilter(page, "backup");
  await page.getByText(/^Search index up to event \d+$/).waitFor();
  // As a search that is cut short with a page of events: one of 250,000 events would be.
  await page.route(
    (url) => url.pathname === "/api/v1/events" && url.searchParams.get("text") === "power",
    async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { items: readonly { id: number; created: string }[] };
      const [item] = body.items;
      assert.ok(item !== undefined);
      const items = Array.from({ length: 150 }, (_, at) => ({ ...item, id: item.id + 150 - at }));
      const cut = {
        items,
        older: `/api/v1/events?before=${item.id}`,
        searched_to: { id: item.id, created: item.created },
      };
      await route.fulfill({ json: { ...body, ...cut } });
    },
    { times: 1 },
  );
  await applyFilter(page, "power");
  await page.getByText(/^More may match before /).waitFor();
  await screenshot(page, "search-cut");
  await page.getByRole("button", { name: "Search on" }).click();
  await page.getByText(/^More may match before /).waitFor({ state: "detached" });
});

test("a search shows at once that it is on its way", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(
    (url) => url.searchParams.has("text"),
    async (route) => {
      await held;
      await route.continue();
    },
  );
  await applyFilter(page, "backup");
  await page.getByText("Searching for backup…").waitFor();
  assert.equal(await page.locator("[data-row]").count(), 0);
  letGo();
  await page.locator("[data-row='0']").waitFor();
});

test("what the server refuses stands at the field, and nothing else asks for it again and again", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  opened.expectStatus(400);
  const { page } = opened;
  const words = "x".repeat(501);
  await applyFilter(page, words);
  await page.getByRole("alert").getByText("The search is too long", { exact: false }).waitFor();
  assert.equal(await page.getByRole("combobox").getAttribute("aria-invalid"), "true");
  await page.getByText("Not counted.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
  await applyFilter(page, "ip:2001:db8::1/32");
  await page.getByRole("alert").getByText("has bits behind its first 32", { exact: false }).waitFor();
});

test("live mode and exports say that they take no words", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/?q=backup&live=1" });
  const { page } = opened;
  await page.getByText("Live is off while words are searched", { exact: false }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Live", exact: true }).isDisabled(), true);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByText("Exports can't search for words.", { exact: false }).waitFor();
  assert.equal(await page.getByRole("menuitem", { name: "CSV" }).getAttribute("aria-disabled"), "true");
  await expectAccessible(page);
});

test("what is typed without a name is a word unless it is a mistake", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, "bmc:rack-17 done");
  await page.getByRole("alert").waitFor();
  await page.getByRole("button", { name: '"bmc:rack-17"' }).click();
  await page.waitForFunction(() => new URLSearchParams(location.search).get("q") === '"bmc:rack-17" done');
});

for (const [name, options] of [
  ["dark-1440", { colorScheme: "dark" }],
  ["light-320", { viewport: { width: 320, height: 640 } }],
] as const) {
  test(`marks have no fault that axe finds: ${name}`, async () => {
    await using opened = await browser.logIn(server, server.firstLogin, { ...options, at: "/?q=backup" });
    const { page } = opened;
    await page.locator("[data-row] mark").first().waitFor();
    await screenshot(page, `search-${name}`);
    await expectAccessible(page);
    await expectNoOverflow(page);
  });
}
