import assert from "node:assert/strict";
import { test } from "node:test";
import { admin } from "../../support/worlds/people.ts";
import { lastId, report } from "../../support/reports.ts";
import { applyFilter, expectAccessible, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

// A log that is longer than what is read at once: searching it, and coming to its middle by a link.

const { browser, server } = await startPages();
/** More than the server looks through for one page, and more than it counts one by one. */
const thousands = 45;
for (let at = 0; at < thousands; at += 1) {
  await report(
    admin(server).native,
    Array.from({ length: 1000 }, (_, place) => ({
      type: "NODE",
      action: "node.tick",
      description: `Tick ${at}.${place}.`,
    })),
  );
}

test("a search that takes long says so and how far it is, can be stopped, and counts what it has counted", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  let held = 0;
  const gate = Promise.withResolvers<void>();
  await page.route(/\/api\/v1\/events\?.*before=/, async (route) => {
    held += 1;
    if (held === 2) await gate.promise;
    await route.continue().catch(() => {});
  });
  await applyFilter(page, "source:ironlog");
  const bar = page.locator(".ui-bar");
  await bar.getByText(/^Searching\. Got to \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, \d+ found so far\./).waitFor();
  await screenshot(page, "searching");
  await bar.getByRole("button", { name: "Stop" }).click();
  await bar.getByText(/^The search was stopped at \d{4}-/).waitFor();
  const soFar = await page.locator("[data-row]").count();
  assert.ok(soFar > 0);
  await expectAccessible(page);
  gate.resolve();
  await bar.getByRole("button", { name: "Search on" }).click();
  await bar.waitFor({ state: "detached" });
  const own = (await admin(server).native.ask("GET", "events?source=ironlog&limit=1000")).json<{ items: unknown[] }>();
  assert.ok(own.items.length <= (await countOf(page)));
  assert.ok((await countOf(page)) > soFar);
});

test("bars that weren't counted are hatched, and what was counted is said", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, "action:node.tick");
  await page.getByText("10,000+ events", { exact: true }).waitFor();
  await page.getByText(/^Counted back to .*; older ones were not counted$/).waitFor();
  const hatched = await page.getByTestId("uncounted").evaluate((box) => box.getBoundingClientRect().width);
  assert.ok(hatched > 0);
  assert.equal(await page.getByText(/only/).count(), 0);
  await page.getByRole("button", { name: "Show as table" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("cell", { name: "not counted" }).first().waitFor();
  await screenshot(page, "hatched");
  // All of it is counted by the ids: nothing is left out, and nothing says so.
  await applyFilter(page, "");
  await page.getByText(/^45,\d\d\d events$/).waitFor();
  assert.equal(await page.getByTestId("uncounted").evaluate((box) => box.getBoundingClientRect().width), 0);
});

test("failures that weren't counted are hatched by themselves, and the events' count is whole", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  // There are that many in no log that a test can make.
  await page.route("**/api/v1/events/histogram?**", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { bins: { start: string }[]; since: string };
    const middle = body.bins[Math.ceil(body.bins.length / 2)]?.start;
    await route.fulfill({ json: { ...body, is_exact: false, failures_counted_since: middle } });
  });
  await opened.go("/");
  await page.getByText(/^45,\d\d\d events$/).waitFor();
  await page.getByText(/^Failures counted back to /).waitFor();
  const width = await page.getByTestId("uncounted-failures").evaluate((box) => box.getBoundingClientRect().width);
  assert.ok(width > 0);
});

test("a link to an event shows what was around it, and Older and Newer go on from there", async () => {
  const middle = (await lastId(admin(server).native)) - 20_000;
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/machines" });
  const { page } = opened;
  await opened.go(`/?event=${middle}`);
  const title = (id: number) => page.getByRole("heading", { name: `Event ${id.toLocaleString("en-GB")}`, exact: true });
  await title(middle).waitFor();
  await page.locator("tr.is-selected").waitFor();
  const here = await page.locator("tr.is-selected").getAttribute("data-row");
  assert.ok(Number(here) > 0, "there are newer ones above it");
  await page.getByText("Newer events are not in this list.", { exact: false }).waitFor();
  await screenshot(page, "around");
  await page.getByRole("button", { name: "Older event" }).click();
  await title(middle - 1).waitFor();
  await page.keyboard.press("p");
  await page.keyboard.press("p");
  await title(middle + 1).waitFor();
  await page.keyboard.press("n");
  await title(middle).waitFor();

  // Back closes the panel, whatever was stepped through, and leaves then.
  await page.goBack();
  await page.locator(".l-aside").waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/");
  await page.goForward();
  await title(middle).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".l-aside").waitFor({ state: "detached" });
  await page.goBack();
  await page.waitForURL(/machines/);
});

test("Back to an event shows its surroundings again, and a filter that is asked for its newest", async () => {
  const middle = (await lastId(admin(server).native)) - 20_000;
  await using opened = await browser.logIn(server, server.firstLogin, { at: `/?event=${middle}` });
  const { page } = opened;
  await page.locator("tr.is-selected").waitFor();
  await applyFilter(page, "action:node.tick");
  await page.getByText("10,000+ events", { exact: true }).waitFor();
  assert.equal(await page.getByText("Newer events are not in this list.", { exact: false }).count(), 0);
  await page.goBack();
  await page.locator("tr.is-selected").waitFor();
  await page.getByText("Newer events are not in this list.", { exact: false }).waitFor();
});

test("newer events come above on demand, and the newest at once", async () => {
  const { native } = admin(server);
  const last = await lastId(native);
  await using opened = await browser.logIn(server, server.firstLogin, { at: `/?event=${last - 300}` });
  const { page } = opened;
  await page.locator("tr.is-selected").waitFor();
  await page.getByRole("button", { name: "Show newer" }).click();
  await page.getByRole("button", { name: "Show newer" }).waitFor({ state: "detached" });
  const row = Number(await page.locator("tr.is-selected").getAttribute("data-row"));
  assert.ok(row >= 300, String(row));
  await opened.go(`/?event=${last - 20_000}&live=1`);
  await page.locator("tr.is-selected").waitFor();
  // Nothing can come live into a list that begins elsewhere.
  await page.getByRole("button", { name: "Live", exact: true }).waitFor();
  await page.getByRole("button", { name: "To the newest" }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.getByText("Newer events are not in this list.", { exact: false }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "User 'admin' logged in." }).first().waitFor();
});

test("Older and Newer also lead to events that the list doesn't hold, and say where there are none", async () => {
  const { native } = admin(server);
  const [rare] = await report(native, { type: "NODE", action: "node.rare", description: "The only one." });
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  const old = (rare?.id ?? 0) - 30_000;
  await opened.go(`/?q=action:node.rare&event=${old}`);
  await page.getByRole("heading", { name: `Event ${old.toLocaleString("en-GB")}`, exact: true }).waitFor();
  await page.getByRole("button", { name: "Newer event" }).click();
  await page.getByRole("complementary").getByText("The only one.").first().waitFor();
  await page.getByRole("button", { name: "Newer event" }).click();
  await page.getByRole("complementary").getByText("No newer event matches.").waitFor();
});

test("an event that is opened in the list is closed by Back", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.getByRole("link", { name: "User 'admin' logged in." }).first().click();
  await page.locator(".l-aside").waitFor();
  await page.getByRole("button", { name: "Older event" }).click();
  await page.goBack();
  await page.locator(".l-aside").waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/");
});

async function countOf(page: { locator(css: string): { first(): { textContent(): Promise<string | null> } } }) {
  return Number.parseInt(((await page.locator(".ui-count").first().textContent()) ?? "").replaceAll(",", ""), 10);
}
