import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { filledLog, rareUser } from "../../../bench/support/filled-log.ts";
import { readyAt, serve } from "../../support/server.ts";
import { applyFilter, startBrowser } from "../support/browser.ts";

/** More than the server looks at for any one answer: with more still all is the same, but for what the bench measures. */
const events = 250_000;
/** More pages than the list holds at a time. */
const rowsToScroll = 12_000;

test("a quarter of a million events are scrolled and filtered with a few dozen rows in the page", async () => {
  await using browser = await startBrowser();
  using log = await filledLog(events);
  await using server = serve(["--data", log.folder]);
  const url = await readyAt(server);
  await using opened = await browser.logIn({ url }, { username: "admin", password: "correct horse battery" });
  const { page } = opened;
  const newest = await page.locator("[data-row='0'] .is-time").textContent();
  await page.getByText(/^250,\d\d\d events$/).waitFor();

  let rows = 0;
  while (rows < rowsToScroll) {
    await page.getByTestId("events").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    rows = await grown(page, rows);
    const inPage = await page.locator("[data-row]").count();
    assert.ok(inPage < 100, `${inPage} rows are in the page`);
  }
  await page.getByTestId("events").evaluate((list) => list.scrollTo(0, 0));
  // Its rows were let go, and are read again.
  await page.waitForFunction((text) => document.querySelector("[data-row='0'] .is-time")?.textContent === text, newest);

  await applyFilter(page, `user:${rareUser}`);
  await page.waitForFunction((name) => {
    const users = [...document.querySelectorAll("[data-row] .is-user")].map((cell) => cell.textContent);
    return users.length === 5 && users.every((user) => user === name);
  }, rareUser);

  // The bars lead to where nobody would scroll to.
  await applyFilter(page, "");
  const bars = page.getByRole("slider", { name: "Events over time" });
  await page.locator(".ui-histogram__bar").first().waitFor();
  await bars.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForURL(/until/);
  await page.locator("[data-row='0']").waitFor();
});

/** How many rows the list has, once there are more than before. */
async function grown(page: Page, before: number): Promise<number> {
  const handle = await page.waitForFunction((rows) => {
    const body = document.querySelector("[data-testid=events] tbody");
    const now = Math.round((body?.clientHeight ?? 0) / 36);
    return now > rows ? now : false;
  }, before);
  return Number(await handle.jsonValue());
}
