import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { report } from "../../support/reports.ts";
import { admin } from "../../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, screenshot } from "../support/browser.ts";
import { dark390, startPages } from "../support/pages.ts";

// What the bars say of themselves.

const { browser, server } = await startPages();

await report(
  admin(server).native,
  Array.from({ length: 7 }, (_, at) => ({
    type: "NODE",
    action: "bars.seen",
    description: `Seen ${at + 1}.`,
    outcome: at < 2 ? ("failure" as const) : ("success" as const),
  })),
);

const ticks = (page: Page): Promise<readonly string[]> => page.locator(".ui-histogram__tick").allInnerTexts();

test("a bar says what it counts under the pointer, and by keys", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/?q=action:bars.seen+since:24h" });
  const { page } = opened;
  await page.locator(".ui-histogram__bar").first().waitFor();
  const value = page.locator(".ui-histogram__value");
  assert.equal(await value.count(), 0);
  const box = await page.locator(".ui-histogram__bar").last().boundingBox();
  assert.ok(box !== null);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await value.getByText(/^\d+ \w+, [\d:]+: 7 events, 2 failures$/).waitFor();
  await screenshot(page, "bars-light-1440");
  await expectAccessible(page);
  // It stays in the window at its edge, and moves nothing.
  const edges = await value.evaluate((element) => {
    const [own, chart] = [element, element.parentElement].map((one) => one?.getBoundingClientRect());
    return own !== undefined && chart !== undefined && own.left >= chart.left && own.right <= chart.right + 1;
  });
  assert.ok(edges);
  await page.mouse.move(200, 700);
  await value.waitFor({ state: "detached" });
  const bars = page.getByRole("slider", { name: "Events over time" });
  await bars.focus();
  await value.getByText(/^7 events, 2 failures from /).waitFor();
  await page.keyboard.press("ArrowLeft");
  const said = await bars.getAttribute("aria-valuetext");
  await value.getByText(said ?? "", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("h1").focus();
  await value.waitFor({ state: "detached" });
});

test("the axis has a few ticks, in the zone, with the offset of hours that come twice", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    timezoneId: "Europe/Berlin",
    at: "/?q=since%3A2026-10-24T22:00Z+until%3A2026-10-25T07:00Z",
  });
  const { page } = opened;
  await page.locator(".ui-histogram__tick").first().waitFor();
  assert.deepEqual(await ticks(page), ["25 Oct", "02:00 +02:00", "02:00 +01:00", "04:00", "06:00"]);
  await page.locator(".ui-histogram__legend").getByText("Times in Europe/Berlin").waitFor();
  const bars = page.getByRole("slider", { name: "Events over time" });
  await bars.focus();
  const said = new Set<string>();
  for (let at = 0; at < 60; at += 1) {
    await page.keyboard.press("ArrowRight");
    const text = await bars.getAttribute("aria-valuetext");
    said.add(/^[^:]+:\d\d:\d\d(?: [+−]\d\d:\d\d)?/.exec(text ?? "")?.[0] ?? "");
  }
  assert.ok(said.has("25 Oct, 02:00:00 +02:00") && said.has("25 Oct, 02:00:00 +01:00"), [...said].join(" · "));
  await opened.go("/?q=since%3A2026-11-01+until%3A2026-11-30");
  await page.waitForFunction(() => {
    const all = [...document.querySelectorAll(".ui-histogram__tick")];
    return all.length > 0 && all.every(({ textContent }) => /^\d+ Nov$/.test(textContent));
  });
  const days = await ticks(page);
  assert.ok(days.length > 1 && days.length <= 6, days.join(" "));
});

for (const [name, options] of [
  ["dark-390", dark390],
  ["light-320", { viewport: { width: 320, height: 640 } }],
] as const) {
  test(`the axis has no fault that axe finds, and its words don't touch: ${name}`, async () => {
    await using opened = await browser.logIn(server, server.firstLogin, {
      ...options,
      at: "/?q=since%3A2026-10-24T22:00Z+until%3A2026-10-25T07:00Z",
      timezoneId: "Europe/Berlin",
    });
    const { page } = opened;
    await page.locator(".ui-histogram__tick").first().waitFor();
    await page.getByRole("slider", { name: "Events over time" }).focus();
    await screenshot(page, `bars-${name}`);
    await expectAccessible(page);
    await expectNoOverflow(page);
    const boxes = await page
      .locator(".ui-histogram__tick:visible")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ left, right }) => ({ left, right })));
    for (const [at, { left }] of boxes.entries()) assert.ok(at === 0 || left >= (boxes[at - 1]?.right ?? 0));
  });
}

test("a time to come has bars that count nothing, as the list has nothing of it", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/?q=since:2200-01-01" });
  const { page } = opened;
  const bars = page.getByRole("slider", { name: "Events over time" });
  await page.waitForFunction(
    (slider) => slider?.getAttribute("aria-valuetext")?.startsWith("0 events") === true,
    await bars.elementHandle(),
  );
  await page
    .getByText(/no events? match|nothing matches|no events/i)
    .first()
    .waitFor();
  await expectAccessible(page);
});
