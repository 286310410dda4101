import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { report } from "../../../support/reports.ts";
import { admin } from "../../../support/worlds/people.ts";
import { applyFilter, expectAccessible, expectNoOverflow, screenshot } from "../../support/browser.ts";
import { startPages } from "../../support/pages.ts";

// Times in UTC or in the computer's zone: one switch, for all that shows times and for dates that are typed.

const { browser, server } = await startPages();
const [told] = await report(admin(server).native, { type: "NODE", action: "node.zone", description: "Zoned." });
const berlin = { timezoneId: "Europe/Berlin", at: "/?q=action:node.zone" };

const utcSwitch = (page: Page) => page.getByRole("switch", { name: "UTC" });
const turn = (page: Page): Promise<void> => utcSwitch(page).press("Space");
const timeOf = (page: Page, description: string) =>
  page.getByRole("row").filter({ hasText: description }).locator(".is-time time");
const heading = (page: Page, zone: string) => page.getByRole("columnheader", { name: `Time (${zone})` });

test("one switch shows all times in UTC, on every page, and the list isn't read anew for it", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, berlin);
  const { page } = opened;
  await heading(page, "Europe/Berlin").waitFor();
  const utc = (await timeOf(page, "Zoned.").getAttribute("datetime")) ?? "";
  const local = new Date(Date.parse(utc) + 3_600_000).toISOString().slice(0, 19).replace("T", " ");
  assert.equal(await timeOf(page, "Zoned.").innerText(), local);
  await page.getByText("Times in Europe/Berlin").waitFor();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await turn(page);
  await heading(page, "UTC").waitFor();
  const shown = utc.slice(0, 19).replace("T", " ");
  assert.equal(await timeOf(page, "Zoned.").innerText(), shown);
  await page.getByText("Times in UTC").waitFor();
  assert.ok(asked.some((url) => url.includes("/events/histogram?") && url.includes("time_zone=UTC")));
  assert.deepEqual(
    asked.filter((url) => /\/api\/v1\/events\?/.test(url)),
    [],
  );
  await opened.go(`/?event=${told?.id}`);
  const panel = page.getByRole("complementary");
  await panel.getByText("Time, UTC", { exact: true }).waitFor();
  await panel.getByText(shown).first().waitFor();
  await opened.go("/account/prefs/sessions");
  const used = page.locator("td time").first();
  assert.equal(await used.innerText(), ((await used.getAttribute("datetime")) ?? "").slice(0, 19).replace("T", " "));
});

test("a date that is typed is a day of the zone that is shown, and the address says when that is", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, berlin);
  const { page } = opened;
  await heading(page, "Europe/Berlin").waitFor();
  await applyFilter(page, "action:node.zone since:2026-11-01");
  await page.waitForURL(/since%3A2026-10-31T23%3A00%3A00Z/);
  await page.getByText("since: 2026-11-01", { exact: true }).waitFor();
  await turn(page);
  await page.getByText("since: 2026-10-31 23:00", { exact: true }).waitFor();
  await applyFilter(page, "action:node.zone since:2026-11-01");
  await page.waitForURL(/since%3A2026-11-01T00%3A00%3A00Z/);
  await page.getByText("since: 2026-11-01", { exact: true }).waitFor();
  // What goes with the clock begins with another midnight, and is asked for anew.
  const again = page.waitForRequest(
    (request) => request.url().includes("since=") && /since=[^&]*T2[23]%3A/.test(request.url()),
  );
  await applyFilter(page, "action:node.zone since:yesterday");
  await turn(page);
  await again;
});

test("an hour that comes twice has its offset in the list, and none in UTC", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { ...berlin, at: "/machines" });
  const { page } = opened;
  await page.route(/\/api\/v1\/events\?/, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { items: { description: string }[] };
    const twice = ["2026-10-25T00:30:00.000000Z", "2026-10-25T01:30:00.000000Z", "2026-10-25T02:30:00.000000Z"];
    const items = twice.map((created, at) => ({
      ...body.items[0],
      id: at + 1,
      created,
      occurred: created,
      description: `Twice ${at}.`,
    }));
    await route.fulfill({ json: { ...body, items: items.toReversed() } });
  });
  await opened.go("/?q=action:node.zone");
  await timeOf(page, "Twice 0.").waitFor();
  assert.equal(await timeOf(page, "Twice 0.").innerText(), "2026-10-25 02:30:00 +02:00");
  assert.equal(await timeOf(page, "Twice 1.").innerText(), "2026-10-25 02:30:00 +01:00");
  assert.equal(await timeOf(page, "Twice 2.").innerText(), "2026-10-25 03:30:00");
  // It fits into the room that other times have.
  const isCut = await timeOf(page, "Twice 0.").evaluate((time) => {
    const cell = time.parentElement;
    return cell === null || cell.scrollWidth > cell.clientWidth;
  });
  assert.equal(isCut, false);
  await screenshot(page, "zone-twice");
  await turn(page);
  await page.getByText("2026-10-25 00:30:00", { exact: true }).waitFor();
  assert.equal(await timeOf(page, "Twice 1.").innerText(), "2026-10-25 01:30:00");
});

test("the zone that is chosen in one tab holds in the others at once", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, berlin);
  await heading(opened.page, "Europe/Berlin").waitFor();
  const other = await opened.openTab("/?q=action:node.zone");
  await heading(other, "Europe/Berlin").waitFor();
  await turn(other);
  await heading(opened.page, "UTC").waitFor();
  await turn(opened.page);
  await heading(other, "Europe/Berlin").waitFor();
});

for (const [colorScheme, width] of [
  ["light", 320],
  ["dark", 1440],
  ["light", 2560],
] as const) {
  test(`the switch is accessible, ${colorScheme} at ${width} px`, async () => {
    const viewport = { width, height: 900 };
    await using opened = await browser.logIn(server, server.firstLogin, { ...berlin, colorScheme, viewport });
    const { page } = opened;
    await page.getByRole("link", { name: "Zoned." }).waitFor();
    await turn(page);
    await page.getByText("Times in UTC").waitFor();
    await screenshot(page, `zone-${colorScheme}-${width}`);
    await expectAccessible(page);
    await expectNoOverflow(page);
  });
}
