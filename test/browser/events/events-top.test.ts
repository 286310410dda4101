import assert from "node:assert/strict";
import { test } from "node:test";
import { admin } from "../../support/worlds/people.ts";
import { report } from "../../support/reports.ts";
import { applyFilter, expectAccessible, expectNoOverflow, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

// The most frequent values beside the bars.

const { browser, server } = await startPages();
const { native } = admin(server);

const seen = (username: string, more: object = {}) => ({
  type: "NODE_TOP",
  action: "top.seen",
  description: "Seen.",
  username,
  ...more,
});
await report(native, [
  ...Array.from({ length: 5 }, () => seen("svc-a")),
  ...Array.from({ length: 3 }, () => seen("svc*", { outcome: "failure" })),
  seen("ada", { target: { kind: "disk", id: "7", name: "sda" } }),
  { ...seen("x"), username: undefined },
]);

const tall = { viewport: { width: 1440, height: 1000 } };

test("top lists count what the filter finds, say what was counted, and narrow the filter by one click", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { ...tall, at: "/?q=action:top.seen" });
  const { page } = opened;
  const lists = page.getByRole("region", { name: "Top lists" });
  const users = lists.getByRole("list", { name: "Users" });
  await users.getByText("svc-a", { exact: true }).waitFor();
  assert.deepEqual(
    (await users.getByRole("listitem").allTextContents()).map((text) => text.replace(/Filter out.*/, "")),
    ["svc-a5", "svc*3, 3 failed", "nobody1", "ada1"],
  );
  await lists.getByText("All 10 events counted").first().waitFor();
  await lists.getByRole("list", { name: "Targets" }).getByText("disk/sda", { exact: true }).waitFor();
  await screenshot(page, "top-light-1440");
  await expectAccessible(page);

  await lists.getByRole("button", { name: "Filter for user svc*" }).click();
  await page.waitForFunction(
    () => new URLSearchParams(location.search).get("q") === String.raw`action:top.seen user:svc\*`,
  );
  await users.getByText("svc-a", { exact: true }).waitFor({ state: "detached" });
  assert.equal(await users.getByRole("listitem").count(), 1, "a star in a name stands for itself");
  await lists.getByRole("button", { name: "Filter out user svc*" }).focus();
  await page.keyboard.press("Enter");
  await users.getByText("svc-a", { exact: true }).waitFor();
  await lists.getByRole("button", { name: "Filter for user nobody" }).click();
  await page.waitForFunction(() => new URLSearchParams(location.search).get("q")?.endsWith('user:""') === true);
});

test("top lists are folded where there is no room, come by a key, and stay as somebody left them", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.locator("[data-row='0']").waitFor();
  const lists = page.getByRole("region", { name: "Top lists" });
  const asked: string[] = [];
  page.on("request", (request) => {
    if (/events\/top.*limit=5\b/.test(request.url())) asked.push(request.url());
  });
  assert.equal(await lists.count(), 0);
  await applyFilter(page, "action:top.seen");
  await page.getByText("10 events", { exact: true }).waitFor();
  assert.deepEqual(asked, [], "what doesn't show isn't asked for");
  await page.locator("[data-row='0']").focus();
  await page.keyboard.press("t");
  await lists.getByText("svc-a", { exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Top lists" }).getAttribute("aria-expanded"), "true");
  await page.reload();
  await lists.getByText("svc-a", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Top lists" }).click();
  await lists.waitFor({ state: "detached" });
  await page.setViewportSize(tall.viewport);
  await page.reload();
  await page.locator("[data-row='0']").waitFor();
  assert.equal(await lists.count(), 0);
});

test("nothing moves while top lists are counted, nor when they were", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { ...tall, at: "/?q=action:top.seen" });
  const { page } = opened;
  const lists = page.getByRole("region", { name: "Top lists" });
  await lists.getByText("svc-a", { exact: true }).waitFor();
  await page.evaluate(() => {
    const shifts: number[] = [];
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { readonly value: number }).value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await applyFilter(page, "action:top.seen outcome:failure");
  await lists.getByText("svc-a", { exact: true }).waitFor({ state: "detached" });
  await lists.getByText("All 3 events counted").first().waitFor();
  const shifts = await page.evaluate(() => (globalThis as unknown as { readonly shifts: readonly number[] }).shifts);
  const sum = shifts.reduce((all, one) => all + one, 0);
  assert.ok(sum <= 0.02, `moved by ${sum}`);
});

for (const [name, options] of [
  ["dark-1440", { colorScheme: "dark", ...tall }],
  ["light-320", { viewport: { width: 320, height: 640 } }],
  ["light-2560", { viewport: { width: 2560, height: 1300 } }],
] as const) {
  test(`top lists have no fault that axe finds: ${name}`, async () => {
    await using opened = await browser.logIn(server, server.firstLogin, options);
    const { page } = opened;
    if (name === "light-320") await page.getByRole("button", { name: "Top lists" }).click();
    await page
      .getByRole("region", { name: "Top lists" })
      .getByText(/counted|Newest/)
      .last()
      .waitFor();
    await screenshot(page, `top-${name}`);
    await expectAccessible(page);
    await expectNoOverflow(page);
  });
}
