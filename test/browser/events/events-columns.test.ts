import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { report } from "../../support/reports.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, panelOf, screenshot } from "../support/browser.ts";
import { dark390, startPages } from "../support/pages.ts";

// What the list shows of an event, in which order, and how it shares the room with a panel.

const { browser, server } = await startPages();
const { native } = admin(server);

await report(
  native,
  Array.from({ length: 250 }, (_, at) => ({
    type: "NODE_COLUMN",
    action: "column.seen",
    description: `Seen ${at + 1}.`,
    username: "svc-column",
    target: { kind: "disk", id: String(at + 1), name: `sd${at + 1}` },
  })),
);

const at = "/?q=action:column.seen";
const headings = (page: Page): Promise<readonly string[]> => page.getByRole("columnheader").allInnerTexts();
const chooseColumns = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "More" }).press("Enter");
  await page.getByRole("menuitem", { name: "Columns and order" }).press("Enter");
};
const firstRow = (page: Page) => page.locator("[data-row='0']");
const width = async (page: Page, selector: string): Promise<number> =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => element.getBoundingClientRect().width);

test("columns are chosen, kept by this browser, and kept in a view", async () => {
  const person = await makePerson(server, { isAuditor: true });
  await using opened = await browser.logIn(server, person, { at });
  const { page } = opened;
  await firstRow(page).getByText("disk/sd250").waitFor();
  await chooseColumns(page);
  const panel = panelOf(page, "Columns");
  for (const name of ["User", "Action", "Node", "Address", "Type"]) {
    await panel.getByRole("checkbox", { name, exact: true }).press("Space");
  }
  for (const name of ["Reported by", "Level"]) await panel.getByText(name, { exact: true }).click();
  await expectAccessible(page);
  await screenshot(page, "columns-light-1440");
  await page.keyboard.press("Escape");
  await firstRow(page).locator(".is-reporter").getByText("admin").waitFor();
  const wanted = ["OUTCOME", "TIME", "LEVEL", "DESCRIPTION", "TARGET", "REPORTED BY", "PROOF"];
  assert.deepEqual(
    (await headings(page)).map((text) => text.toUpperCase()),
    wanted,
  );
  assert.equal(await page.getByRole("grid").getAttribute("aria-colcount"), String(wanted.length));
  await page.reload();
  await firstRow(page).locator(".is-reporter").getByText("admin").waitFor();
  await page.getByRole("button", { name: "Save view" }).click();
  await panelOf(page, "Save view").getByLabel("Name").fill("Narrow");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Narrow", level: 1 }).waitFor();
  const { items } = (await person.native.ask("GET", "views")).json<{ items: readonly { columns: unknown }[] }>();
  assert.deepEqual(items[0]?.columns, ["time", "level", "description", "target", "reported_by"]);
  // Elsewhere, and by somebody who has chosen nothing there.
  await using elsewhere = await browser.logIn(server, person, { at: "/?view=1" });
  await elsewhere.page.getByRole("heading", { name: "Narrow", level: 1 }).waitFor();
  await firstRow(elsewhere.page).locator(".is-reporter").waitFor();
  await chooseColumns(elsewhere.page);
  await panelOf(elsewhere.page, "Columns").getByText("Level", { exact: true }).click();
  await firstRow(elsewhere.page).locator(".is-level").waitFor({ state: "detached" });
  await elsewhere.page.getByRole("link", { name: "All events" }).click();
  await firstRow(elsewhere.page).locator(".is-user").waitFor();
});

test("the oldest come first by the heading of the time, down to the newest", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at });
  const { page } = opened;
  await firstRow(page).getByText("Seen 250.").waitFor();
  await page.getByRole("columnheader", { name: "Time" }).getByRole("button").press("Enter");
  await firstRow(page).getByText("Seen 1.", { exact: true }).waitFor();
  assert.equal(await page.getByRole("columnheader", { name: "Time" }).getAttribute("aria-sort"), "ascending");
  await page.waitForURL(/order=oldest/);
  assert.equal(await page.getByRole("button", { name: "Live" }).isDisabled(), true);
  await firstRow(page).focus();
  await page.keyboard.press("End");
  await page.locator("[data-row='199']").waitFor();
  await page.locator("[role='grid'][aria-rowcount='251']").waitFor();
  await page.keyboard.press("End");
  await page.locator("[data-row='249']").getByText("Seen 250.").waitFor();
  await page.keyboard.press("Home");
  await firstRow(page).getByText("Seen 1.", { exact: true }).click();
  await page.locator(".l-aside").getByText("Seen 1.").first().waitFor();
  await page.getByRole("button", { name: "Newer event" }).click();
  await page.locator(".l-aside .ui-panel__description").getByText("Seen 2.").waitFor();
  await page.locator("tr.is-selected").getByText("Seen 2.").waitFor();
  await expectAccessible(page);
});

test("beside a panel the description has the room, and the panel is as wide as somebody wants it", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at });
  const { page } = opened;
  await firstRow(page).getByText("Seen 250.").click();
  await page.locator(".l-aside").getByText("Seen 250.").first().waitFor();
  assert.ok((await width(page, "[data-row='0'] .is-description")) >= 18 * 16);
  const handle = page.getByRole("separator", { name: "Width of the panel" });
  const before = await width(page, ".l-aside");
  await handle.press("ArrowLeft");
  assert.equal(Math.round((await width(page, ".l-aside")) - before), 32);
  await handle.press("End");
  assert.equal(Math.round(await width(page, ".l-aside")), 1440 - 480);
  assert.equal(await handle.getAttribute("aria-valuenow"), String(1440 - 480));
  const box = await handle.boundingBox();
  assert.ok(box !== null);
  await page.mouse.move(box.x + 2, 400);
  await page.mouse.down();
  await page.mouse.move(1000, 400, { steps: 4 });
  await page.mouse.up();
  assert.equal(Math.round(await width(page, ".l-aside")), 440);
  await expectAccessible(page);
  await page.reload();
  await page.locator(".l-aside").waitFor();
  assert.equal(Math.round(await width(page, ".l-aside")), 440);
  await page.setViewportSize({ width: 820, height: 900 });
  assert.equal(await handle.count(), 0);
});

for (const [name, options] of [
  ["dark-390", dark390],
  ["light-320", { viewport: { width: 320, height: 640 } }],
] as const) {
  test(`columns are chosen where there is little room: ${name}`, async () => {
    await using opened = await browser.logIn(server, server.firstLogin, { ...options, at });
    const { page } = opened;
    await chooseColumns(page);
    await panelOf(page, "Columns").getByText("User", { exact: true }).click();
    await panelOf(page, "Columns").getByLabel("Order").selectOption("oldest first");
    await screenshot(page, `columns-${name}`);
    await expectAccessible(page);
    await expectNoOverflow(page);
    await page.keyboard.press("Escape");
    await firstRow(page).getByText("Seen 1.", { exact: true }).waitFor();
    assert.equal(await firstRow(page).locator(".is-user").count(), 0);
    await screenshot(page, `columns-list-${name}`);
    await expectAccessible(page);
    await expectNoOverflow(page);
  });
}
