import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { admin } from "../../support/worlds/people.ts";
import { report } from "../../support/reports.ts";
import { panelOf } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

const { browser, server } = await startPages();
const address = "/?q=action%3Anode.focus+outcome%3Asuccess";
const numbers = [1, 2, 3, 4];
await report(
  admin(server).native,
  numbers.map((number) => ({ type: "NODE", action: "node.focus", description: `Focus ${number}.` })),
);

/** Opens the events of this file, newest first. */
async function openEvents(options: object = {}) {
  const opened = await browser.logIn(server, server.firstLogin, { ...options, at: address });
  await opened.page.getByRole("link", { name: "Focus 4." }).waitFor();
  return opened;
}

test("what was applied in the form of the filters leaves the focus in its field, and Esc closes the form", async () => {
  await using opened = await openEvents();
  const { page } = opened;
  await page.getByRole("button", { name: "Filters", exact: true }).click();
  const panel = panelOf(page, "Filters");
  const field = panel.getByLabel("User", { exact: true });
  await field.fill(" admin ");
  await field.press("Enter");
  await page.getByRole("button", { name: "Remove user: admin" }).waitFor();
  await hasFocus(field);
  assert.equal(await field.inputValue(), "admin");
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  await hasFocus(page.getByRole("button", { name: "Filters", exact: true }));
});

test("a link from one event to another puts the focus on its heading, and the keys from event to event leave it", async () => {
  await using opened = await openEvents();
  const { page } = opened;
  await page.getByRole("link", { name: "Focus 4." }).click();
  const panel = page.getByRole("complementary");
  await panel.getByRole("heading", { name: "Proof" }).scrollIntoViewIfNeeded();
  await panel.locator(".ui-related").getByRole("link", { name: "Focus 3." }).first().press("Enter");
  await panel.locator(".ui-panel__description", { hasText: "Focus 3." }).waitFor();
  await hasFocus(panel.getByRole("heading", { level: 2 }));
  await panel.getByRole("button", { name: "Copy link" }).focus();
  await page.keyboard.press("n");
  await panel.locator(".ui-panel__description", { hasText: "Focus 2." }).waitFor();
  await hasFocus(panel.getByRole("button", { name: "Copy link" }));
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  await hasFocus(rowOf(page, "Focus 2."));
});

test("Esc closes the panel from anywhere on the page, and takes no focus away", async () => {
  await using opened = await openEvents();
  const { page } = opened;
  const panel = page.getByRole("complementary");
  await page.getByRole("link", { name: "Focus 4." }).click();
  await rowOf(page, "Focus 2.").locator(".is-time").click();
  await panel.locator(".ui-panel__description", { hasText: "Focus 2." }).waitFor();
  await hasFocus(rowOf(page, "Focus 2."));
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  await hasFocus(rowOf(page, "Focus 2."));
  await page.getByRole("link", { name: "Focus 4." }).click();
  await panel.waitFor();
  await page.getByRole("slider").focus();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  await hasFocus(page.getByRole("slider"));
});

test("Esc is the question's, then the completion's, before it is the panel's", async () => {
  await using opened = await openEvents();
  const { page } = opened;
  const panel = page.getByRole("complementary");
  await page.getByRole("link", { name: "Focus 4." }).click();
  await panel.waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await panel.count(), 1);
  await page.getByRole("combobox").press("End");
  await page.keyboard.type(" ");
  await page.getByRole("listbox").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("listbox").waitFor({ state: "hidden" });
  assert.equal(await panel.count(), 1);
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
});

test("the keyboard help gives the focus back to its button, and works over a panel that covers the page", async () => {
  await using opened = await openEvents();
  const { page } = opened;
  const button = page.getByRole("button", { name: "Keyboard" });
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await button.click();
  await hasFocus(help.getByRole("button"));
  await page.keyboard.press("Escape");
  await hasFocus(button);
  await page.setViewportSize({ width: 800, height: 700 });
  await page.getByRole("link", { name: "Focus 4." }).click();
  await hasFocus(page.getByRole("dialog").getByRole("heading", { level: 2 }));
  await page.keyboard.press("?");
  await hasFocus(help.getByRole("button"));
});

test("what changes the filter and goes with it leaves the focus in the filter", async () => {
  await using opened = await openEvents();
  const { page } = opened;
  const filter = page.getByRole("combobox");
  for (const [name, text] of [
    ["Remove outcome: success", "action:node.focus"],
    ["Clear all", ""],
    ["Failures", "outcome:failure"],
    ["Clear the filter", ""],
  ] as const) {
    await page.getByRole("button", { name }).press("Enter");
    await page.waitForFunction((wanted) => document.querySelector("input")?.value === wanted, text);
    await hasFocus(filter);
  }
});

test("a panel that covers the page keeps the focus", async () => {
  await using opened = await openEvents({ viewport: { width: 800, height: 700 } });
  const { page } = opened;
  await page.getByRole("link", { name: "Focus 4." }).click();
  const panel = page.getByRole("dialog");
  await hasFocus(panel.getByRole("heading", { level: 2 }));
  await page.keyboard.press("Shift+Tab");
  assert.equal(
    await page.evaluate(() => document.activeElement?.closest(".l-navigation, .l-main, .p-link--skip")),
    null,
  );
  assert.equal(await page.locator("[aria-live]").evaluate((region) => region.closest("[inert]")), null);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("complementary").waitFor();
  assert.equal(await page.locator("[inert]").count(), 0);
  await page.setViewportSize({ width: 800, height: 700 });
  await panel.waitFor();
  await panel.getByRole("button", { name: "Close" }).click();
  await hasFocus(rowOf(page, "Focus 4."));
  assert.equal(await page.locator("[inert]").count(), 0);
});

function rowOf(page: Page, description: string): Locator {
  return page.getByRole("row").filter({ hasText: description });
}

/** Waits until something has the focus. */
async function hasFocus(element: Locator): Promise<void> {
  const handle = await element.elementHandle();
  await element.page().waitForFunction((wanted) => document.activeElement === wanted, handle);
}
