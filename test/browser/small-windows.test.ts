import assert from "node:assert/strict";
import { test } from "node:test";
import { admin } from "../support/worlds/people.ts";
import { report } from "../support/reports.ts";
import { expectNoOverflow, screenshot } from "./support/browser.ts";
import { startPages } from "./support/pages.ts";

const { browser, server } = await startPages();
await report(
  admin(server).native,
  Array.from({ length: 30 }, (_, number) => ({
    type: "NODE",
    action: "node.small",
    description: `Small ${number}.`,
    ...(number === 29 && { outcome: "failure" as const }),
  })),
);

for (const [width, height, rows] of [
  [640, 360, 4],
  [320, 256, 2],
] as const)
  test(`at ${width}x${height} the page scrolls to a list of several rows, which a key shows as a whole`, async () => {
    await using opened = await browser.logIn(server, server.firstLogin, {
      at: "/?q=action%3Anode.small",
      viewport: { width, height },
    });
    const { page } = opened;
    await page.locator("[data-row='0']").waitFor();
    const shown = await page.getByTestId("events").evaluate((list) => {
      const rowPx = list.querySelector("[data-row]")?.getBoundingClientRect().height ?? 0;
      const headPx = list.querySelector("thead")?.getBoundingClientRect().height ?? 0;
      return (list.clientHeight - headPx) / rowPx;
    });
    assert.ok(shown >= rows, `${shown} rows`);
    await page.keyboard.press("j");
    for (let row = 1; row < rows; row += 1) {
      await page.keyboard.press("ArrowDown");
      await page.waitForFunction((at) => document.activeElement?.getAttribute("data-row") === String(at), row);
      await page.waitForFunction(() => {
        const box = document.activeElement?.getBoundingClientRect();
        const middle = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return document.activeElement?.contains(middle ?? null);
      });
    }
    await expectNoOverflow(page);
    await screenshot(page, `small-${width}`);
  });

test("at a usual height nothing but the list scrolls, and the line below the filter keeps its height", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: "/?q=action%3Aa*.*",
    viewport: { width: 1280, height: 720 },
  });
  const { page } = opened;
  const line = page.locator(".ui-filter-line");
  await line.getByRole("alert").waitFor();
  assert.equal((await line.boundingBox())?.height, 44);
  assert.equal(await page.locator(".l-main").evaluate((main) => main.scrollHeight - main.clientHeight), 0);
});

test("at 320 px what is wrong with a filter is shown as a whole", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: "/?q=action%3Aa*.*",
    viewport: { width: 320, height: 640 },
  });
  const { page } = opened;
  const line = page.locator(".ui-filter-line.is-error");
  await line.getByRole("alert").waitFor();
  assert.equal(await line.evaluate((element) => element.scrollWidth - element.clientWidth), 0);
  assert.equal(await line.evaluate((element) => element.scrollHeight - element.clientHeight), 0);
  await expectNoOverflow(page);
  await screenshot(page, "small-error");
});

test("in forced colours the navigation keeps its icons, and what is current or pressed has a border", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: "/?q=action%3Anode.small",
    forcedColors: "active",
  });
  const { page } = opened;
  await page.locator("[data-row='3'] .is-time").click();
  await page.getByRole("complementary").waitFor();
  const style = (selector: string, name: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element, wanted) => getComputedStyle(element).getPropertyValue(wanted), name);
  assert.equal(await style(".l-navigation", "forced-color-adjust"), "none");
  assert.equal(await style(".p-side-navigation__link[aria-current]", "border-left-width"), "2px");
  assert.equal(await style(".l-navigation [aria-pressed='true']", "border-left-width"), "2px");
  assert.equal(await style(".ui-events__row.is-selected", "border-right-width"), "2px");
  assert.equal(await style(".ui-events__row.is-failure", "border-left-width"), "3px");
  await screenshot(page, "forced-colours");
  await page.locator(".l-navigation").hover();
  await page.getByRole("group", { name: "Theme" }).hover();
  await screenshot(page, "forced-colours-open");
});
