import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { report } from "../../support/reports.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { type OpenedPage, expectAccessible, panelOf, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

// What comes out of the printer: the list with a head, or one event with its proof, and nothing else of the page.

const { browser, server } = await startPages();
const { native } = admin(server);
const told = await report(
  native,
  Array.from({ length: 450 }, (_, at) => ({
    type: "NODE",
    action: "node.paper",
    description: `Sheet ${at + 1}.`,
    ...(at === 449 && { details: { weight: { old: 80, new: 120 }, tray: "upper" } }),
  })),
);

const sheet = (page: Page) => page.getByTestId("print");

/** A browser without a printer does nothing: this says what it would have printed, at the time. */
async function withPrinter(opened: OpenedPage): Promise<() => Promise<readonly string[]>> {
  await opened.page.addInitScript(() => {
    const printed: string[] = [];
    Object.assign(globalThis, {
      printed,
      print: () => {
        dispatchEvent(new Event("beforeprint"));
        printed.push(document.querySelector(".ui-print")?.textContent ?? "nothing");
        setTimeout(() => dispatchEvent(new Event("afterprint")));
      },
    });
  });
  return async () => opened.page.evaluate(() => (globalThis as unknown as { printed: string[] }).printed);
}

/** Prints to a file, and says how many pages it has. */
async function pagesOf(page: Page, name: string): Promise<number> {
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  mkdirSync("test-results", { recursive: true });
  writeFileSync(`test-results/${name}.pdf`, pdf);
  return pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length ?? 0;
}

test("Ctrl+P prints all loaded rows on as many pages as they need, with a head", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: "/?q=action:node.paper+since:7d",
    timezoneId: "Europe/Berlin",
    colorScheme: "dark",
  });
  const { page } = opened;
  await page.getByText("450 events", { exact: true }).waitFor();
  const pages = await pagesOf(page, "print-list");
  assert.ok(pages >= 4, `${pages} pages`);
  await sheet(page).waitFor({ state: "detached" });
  // The same as the browser does it, step by step.
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await sheet(page).waitFor();
  const text = await sheet(page).innerText();
  for (const part of [
    "action:node.paper",
    "Last 7 days: ",
    "Europe/Berlin",
    "newest first",
    "200 printed of 450 events",
  ])
    assert.ok(text.includes(part), `${part} in ${text.slice(0, 600)}`);
  assert.match(text, /Last 7 days: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d to \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n/);
  assert.match(text, /Printed\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d by admin, 127\./);
  assert.equal(await sheet(page).locator("tbody tr").count(), 200);
  assert.equal(
    await sheet(page)
      .locator("thead")
      .evaluate((head) => getComputedStyle(head).display),
    "table-header-group",
  );
  assert.equal(await page.locator("#root").isVisible(), false);
  // Black on white, also where the page is dark.
  assert.equal(await sheet(page).evaluate((box) => getComputedStyle(box).color), "rgb(0, 0, 0)");
  await expectAccessible(page);
  await screenshot(page, "print-list");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "screen" });
  await sheet(page).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Sheet 450." }).waitFor();
});

test("Print in More says how much is loaded, loads more first, and prints that", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/machines" });
  const { page } = opened;
  const printed = await withPrinter(opened);
  await opened.go("/?q=action:node.paper");
  await page.getByText("450 events", { exact: true }).waitFor();
  await page.getByRole("button", { name: "More" }).press("Enter");
  await page.getByRole("menuitem", { name: "Print" }).press("Enter");
  const panel = panelOf(page, "Print");
  await panel.getByText("200 of 450 events are loaded", { exact: false }).waitFor();
  await expectAccessible(page);
  await screenshot(page, "print-panel");
  await panel.getByRole("button", { name: "Load up to 2,000 first" }).press("Enter");
  await panel.getByRole("button", { name: "Print 450 events" }).press("Enter");
  const [text = ""] = await printed();
  assert.ok(text.includes("450 printed of 450 events"));
  assert.ok(text.includes("Sheet 1."));
  await sheet(page).waitFor({ state: "detached" });
});

test("an event prints alone, with its changes and its proof as text", async () => {
  const id = told.at(-1)?.id ?? 0;
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/machines" });
  const { page } = opened;
  const printed = await withPrinter(opened);
  await opened.go(`/?event=${id}`);
  const panel = page.getByRole("complementary");
  await panel.getByText("Reported by admin, unchanged since").waitFor();
  const leaf = await panel.locator("dd.ui-mono").last().innerText();
  await panel.getByRole("button", { name: "Print", exact: true }).press("Enter");
  await page.waitForFunction(() => (globalThis as unknown as { printed: string[] }).printed.length > 0);
  const [text = "", ...others] = await printed();
  assert.deepEqual(others, []);
  for (const part of [
    `Event ${id}`,
    "node.paper",
    "weight80120",
    "trayupper",
    // As beside the list.
    "User, as reported",
    "Reporter's program",
    `Leaf hash${leaf}`,
    `Position in the log${id - 1}`,
    "Inclusion proof",
  ])
    assert.ok(text.includes(part), `${part} in ${text}`);
  assert.match(text, /Checkpoint\S+\n\d+\n\S+=\n\n— /);
  assert.match(text, /ironlog log check-proof event-\d+\.tlog-proof --key '[^']+\+/);
  assert.ok(!text.includes("printed of"), "not the list");
  await sheet(page).waitFor({ state: "detached" });
  // As it looks on paper.
  await page.evaluate(() => void Object.assign(globalThis, { print: () => {} }));
  await panel.getByRole("button", { name: "Print", exact: true }).press("Enter");
  await sheet(page).waitFor({ state: "attached" });
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#root").isVisible(), false);
  await screenshot(page, "print-event");
  assert.equal(await pagesOf(page, "print-event"), 1);
});

test("paper says what of the list isn't on it, and who sees only a part of the log", async () => {
  const bob = await makePerson(server);
  await using opened = await browser.logIn(server, bob);
  const { page } = opened;
  await page.getByRole("row").nth(1).waitFor();
  await printing(page);
  const text = await sheet(page).innerText();
  assert.match(text, /You see your own events\. Administrators and auditors see everybody's\./);
  const middle = told[100]?.id ?? 0;
  await using other = await browser.logIn(server, server.firstLogin, { at: `/?q=action:node.paper&event=${middle}` });
  await other.page.getByText("450 events", { exact: true }).waitFor();
  await other.page.locator("tr.is-selected").waitFor();
  await printing(other.page);
  assert.match(
    await sheet(other.page).innerText(),
    /printed of 450 events; newer ones than the first here are left out\n/,
  );
});

test("paper and the panel don't give a count that isn't there yet", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/machines" });
  const { page } = opened;
  await page.route(/\/api\/v1\/events\/histogram/, () => {});
  await opened.go("/?q=action:node.paper");
  await page.getByText("Sheet 450.", { exact: true }).waitFor();
  await page.getByRole("button", { name: "More" }).press("Enter");
  await page.getByRole("menuitem", { name: "Print" }).press("Enter");
  await panelOf(page, "Print").getByText("200 events are loaded, and printed with", { exact: false }).waitFor();
  await printing(page);
  assert.match(await sheet(page).innerText(), /200 printed; not counted yet\n/);
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("long texts and names leave the other columns their room, on the page's width", async () => {
  await report(native, [
    { type: "NODE", action: "node.wide", description: "Long words. ".repeat(300) },
    { type: "NODE", action: "node.wide", description: "x".repeat(900) },
    { type: "NODE", action: "node.wide", description: "Turned \u202e <b>round</b>." },
  ]);
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: "/?q=action:node.wide",
    // A sheet of A4, at 96 dots an inch, without its margins.
    viewport: { width: 1032, height: 700 },
  });
  const { page } = opened;
  await page.getByText("Turned", { exact: false }).first().waitFor();
  await printing(page);
  const widths = await sheet(page)
    .locator("tbody tr")
    .first()
    .locator("td")
    .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().width));
  assert.ok(Math.min(...widths.slice(1)) > 40, String(widths));
  assert.ok(await sheet(page).evaluate((box) => box.scrollWidth <= innerWidth));
  assert.match(await sheet(page).innerText(), /Turned \\u202e <b>round<\/b>\./);
  await screenshot(page, "print-wide");
});

test("an event's words that have no place to break at are on the page's width", async () => {
  await report(native, { type: "NODE", action: "node.long", description: "x".repeat(900) });
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: "/?q=action:node.long",
    // A sheet of A4, upright.
    viewport: { width: 702, height: 900 },
  });
  const { page } = opened;
  await page.evaluate(() => Object.assign(globalThis, { print: () => {} }));
  await page.locator("[data-row='0']").click();
  await page.locator(".l-aside").getByRole("button", { name: "Print" }).click();
  await page.emulateMedia({ media: "print" });
  await sheet(page).waitFor();
  assert.ok(await sheet(page).evaluate((box) => box.scrollWidth <= innerWidth));
});

/** As the browser does it, before it looks at the page. */
async function printing(page: Page): Promise<void> {
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await sheet(page).waitFor();
}
