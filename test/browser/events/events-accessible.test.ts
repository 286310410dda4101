import { test } from "node:test";
import { admin } from "../../support/worlds/people.ts";
import { report } from "../../support/reports.ts";

import { expectAccessible, expectNoOverflow, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

const { browser, server } = await startPages();

for (const [name, options] of [
  ["light-1440", {}],
  ["dark-1440", { colorScheme: "dark" }],
  ["dark-390", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
  ["light-320", { viewport: { width: 320, height: 640 } }],
  ["light-2560", { viewport: { width: 2560, height: 1300 } }],
] as const) {
  test(`the events page and an open event have no fault that axe finds: ${name}`, async () => {
    await report(admin(server).native, {
      type: "NODE",
      action: "node.seen",
      outcome: "failure",
      level: "ERROR",
      description: "Seen.",
    });
    await using opened = await browser.logIn(server, server.firstLogin, options);
    const { page } = opened;
    await page.getByRole("link", { name: "Seen." }).first().waitFor();
    await page.locator(".ui-histogram__bar").first().waitFor();
    await screenshot(page, `events-${name}`);
    await expectAccessible(page);
    await expectNoOverflow(page);
    await page.getByRole("link", { name: "Seen." }).first().click();
    await page.locator(".l-aside").getByText("Reported by admin, unchanged since").waitFor();
    await screenshot(page, `events-panel-${name}`);
    await expectAccessible(page);
    await expectNoOverflow(page);
  });
}

test("a list that is on its way has no fault that axe finds", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { viewport: { width: 320, height: 640 } });
  const { page } = opened;
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/api/v1/events?**", async (route) => {
    await held;
    await route.continue();
  });
  await opened.go("/");
  await page.locator(".ui-events__waiting").waitFor();
  await expectAccessible(page);
  letGo();
  await page.locator("[data-row='0']").waitFor();
});

test("a menu, an error, a completion and the keyboard's help have no fault that axe finds", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.locator("[data-row='0']").waitFor();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("combobox").fill("us");
  await page.getByRole("option").first().waitFor();
  await expectAccessible(page);
  await page.getByRole("combobox").fill("us:x");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Keyboard" }).click();
  await page.getByRole("dialog").waitFor();
  await expectAccessible(page);
});
