import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { report } from "../../support/reports.ts";

import { applyFilter, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

const { browser, server } = await startPages();

test("the first page shows one's own login, verified", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  const row = page.getByRole("row").filter({ hasText: "User 'admin' logged in." }).first();
  await row.getByText("Verified in this browser").waitFor({ state: "attached" });
  await row.getByRole("link").click();
  const panel = page.getByRole("complementary");
  await panel.getByText("Verified in this browser").waitFor();
  await panel.getByText("The leaf is in the log of", { exact: false }).waitFor();
  await panel.getByText("To check independently, run:", { exact: false }).waitFor();
  await panel.getByText(`ironlog log check-proof event-`, { exact: false }).waitFor();
  await screenshot(page, "event");
});

test("a proof that doesn't go with what is shown is called broken", async () => {
  const [item] = await report(admin(server).native, { type: "NODE", action: "node.broken", description: "True." });
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.route(`**/api/v1/events/${item?.id}`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...((await answer.json()) as object), description: "False." } });
  });
  await page.route("**/api/v1/events?**", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { items: { id: number; description: string }[] };
    for (const event of body.items) if (event.id === item?.id) event.description = "False.";
    await route.fulfill({ json: body });
  });
  await opened.go(`/?event=${item?.id}`);
  await page.getByRole("complementary").getByText("Does not match the log").waitFor();
  await page.getByText("This event does not match the signed log. Don't rely on it.").waitFor();
});

test("a list that shows something else than was recorded is called broken, though the event itself is right", async () => {
  const [item] = await report(admin(server).native, { type: "NODE", action: "node.listed", description: "True." });
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.route("**/api/v1/events?**", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { items: { id: number; description: string }[] };
    for (const event of body.items) if (event.id === item?.id) event.description = "False.";
    await route.fulfill({ json: body });
  });
  await opened.go("/?q=action%3Anode.listed");
  await page.getByRole("row").filter({ hasText: "False." }).getByText("Does not match the log").waitFor();
});

test("a filter goes to the server, stands in the address, and comes back with it", async () => {
  const { native } = admin(server);
  await report(native, [
    { type: "NODE", action: "node.power", description: "Powered on.", node: "f1", hostname: "filtered" },
    {
      type: "NODE",
      action: "node.power",
      outcome: "failure",
      description: "No answer.",
      node: "f1",
      hostname: "filtered",
    },
  ]);
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, "node:filtered -outcome:success");
  await page.waitForURL(/q=node/);
  await page.getByRole("link", { name: "No answer." }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Powered on." }).count(), 0);
  await page.getByText("1 event", { exact: true }).waitFor();
  await page.reload();
  await page.getByRole("link", { name: "No answer." }).waitFor();
  await page.getByRole("button", { name: /Remove not outcome/ }).click();
  await page.getByRole("link", { name: "Powered on." }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Powered on." }).waitFor({ state: "detached" });
});

test("what is wrong with a filter stands below it, with what may have been meant", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, "usr:admin");
  await page.getByRole("alert").getByText("'usr' is not a filter. Did you mean user:?").waitFor();
  assert.equal(new URL(page.url()).search, "");
  assert.equal(await page.getByRole("combobox").getAttribute("aria-invalid"), "true");
  await page.getByRole("button", { name: "user:admin" }).click();
  await page.waitForURL(/q=user/);
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("keys and values are completed by keyboard", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  // As on a busy computer: what waits for the screen comes after the next keys.
  await page.evaluate(() => {
    globalThis.requestAnimationFrame = (act) => Number(setTimeout(() => act(performance.now()), 300));
  });
  await page.keyboard.press("/");
  await page.keyboard.type("outc");
  await page.getByRole("option", { name: /^outcome/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.getByRole("option", { name: /failure/ }).waitFor();
  await page.keyboard.type("f");
  await page.waitForTimeout(500);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal((await page.getByRole("combobox").inputValue()).trim(), "outcome:failure");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=outcome/);
});

test("the same filter can be set in a form", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.keyboard.press("f");
  const panel = page.getByRole("complementary");
  await panel.getByLabel("Outcome").selectOption("failure");
  await page.waitForURL(/q=outcome%3Afailure/);
  await panel.getByLabel("Address").fill("nonsense");
  await panel.getByLabel("Address").press("Enter");
  await panel.getByText("'nonsense' is not an address", { exact: false }).waitFor();
  await panel.getByLabel("User").fill("admin");
  await panel.getByLabel("User").press("Enter");
  await page.waitForURL(/user%3Aadmin/);
});

test("dragging over the bars, or keys on them, narrow the time", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  const bars = page.getByRole("slider", { name: "Events over time" });
  await page.locator(".ui-histogram__bar").first().waitFor();
  const box = await bars.boundingBox();
  assert.ok(box !== null);
  await page.mouse.move(box.x + 5, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  await page.mouse.up();
  await page.waitForURL(/since.*until/);
  await page.getByRole("button", { name: "Clear all" }).click();
  await bars.focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Shift+ArrowLeft");
  assert.match((await bars.getAttribute("aria-valuetext")) ?? "", /\d+ events?, \d+ failures?/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/since.*until/);
});

test("the list is worked by keys: down, open, next, close, and the focus is back on its row", async () => {
  const { native } = admin(server);
  await report(
    native,
    Array.from({ length: 5 }, (_, at) => ({ type: "NODE", action: "node.keys", description: `Key ${at}.` })),
  );
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, "action:node.keys");
  await page.getByRole("link", { name: "Key 4." }).waitFor();
  await page.locator("[data-row='0']").focus();
  await page.keyboard.press("j");
  await focusedRow(page, "Key 3.");
  await page.keyboard.press("End");
  await focusedRow(page, "Key 0.");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await focusedRow(page, "Key 3.");
  await page.keyboard.press("Enter");
  const heading = page.getByRole("complementary").getByRole("heading", { level: 2 });
  await heading.waitFor();
  assert.equal(await heading.evaluate((element) => element === document.activeElement), true);
  const title = await heading.textContent();
  await page.keyboard.press("n");
  await page.waitForFunction((before) => document.querySelector(".l-aside h2")?.textContent !== before, title);
  await page.keyboard.press("Escape");
  await page.getByRole("complementary").waitFor({ state: "detached" });
  // The row of what was shown last.
  await focusedRow(page, "Key 2.");
});

test("on a narrow window the panel covers the list, which can't be reached until it closes", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { viewport: { width: 390, height: 844 } });
  const { page } = opened;
  await page.locator("[data-row='0']").getByRole("link").click();
  await page.getByRole("dialog").waitFor();
  assert.equal(await page.locator("#main-content").evaluate((main) => main.hasAttribute("inert")), true);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement?.closest("[data-row]") !== null);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.keyboard.press("Enter");
  await page.getByRole("complementary").waitFor();
  assert.equal(await page.locator("#main-content").evaluate((main) => main.hasAttribute("inert")), false);
});

test("j leads into the list from anywhere but a field", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.locator("[data-row='0']").waitFor();
  await page.keyboard.press("j");
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-row") === "0");
  await page.keyboard.press("j");
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-row") === "1");
});

test("the panel has every field, what changed, and the events around", async () => {
  const ada = await makePerson(server);
  const { native } = admin(server);
  assert.equal((await native.ask("PATCH", `users/${ada.username}`, { last_name: "Ada Lovelace" })).status, 200);
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, `target:user/${ada.username}`);
  await page.locator("[data-row='0']").getByRole("link").click();
  const panel = page.getByRole("complementary");
  const changes = panel.getByRole("table", { name: "Changes" });
  await changes.getByText("Ada Lovelace").waitFor();
  for (const name of [
    "UTC, exactly",
    "User",
    "Address",
    "Through",
    "Browser",
    "Type",
    "Action",
    "Outcome",
    "Level",
    "Target",
    "Node",
    "Source",
    "Request",
  ]) {
    await panel.getByRole("term").getByText(name, { exact: true }).first().waitFor();
  }
  await panel.getByRole("heading", { name: "Same target" }).scrollIntoViewIfNeeded();
  await panel
    .getByRole("region", { name: "Same target" })
    .getByRole("link", { name: /Created user/ })
    .waitFor();
  await panel.getByRole("button", { name: "Show JSON" }).click();
  await panel.getByText('"leaf_hash"', { exact: false }).waitFor();
  await panel.getByRole("button", { name: /^Filter out action/ }).press("Enter");
  await page.waitForURL(/-action%3A/);
  await screenshot(page, "event-changes");
});

async function focusedRow(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.activeElement?.closest("tr")?.textContent?.includes(wanted) === true,
    text,
  );
}
