import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startServer } from "../support/server.ts";
import { makePerson, type Person } from "../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, screenshot } from "./support/browser.ts";
import { startPages } from "./support/pages.ts";

const { browser, server } = await startPages();

const navigation = (page: Page) => page.locator(".l-navigation");

async function widthOf(page: Page): Promise<number> {
  return (await navigation(page).boundingBox())?.width ?? 0;
}

/** Waits until the navigation is no longer on its way. */
async function untilWide(page: Page, isWide: boolean): Promise<void> {
  await page.waitForFunction((wide) => {
    const { width } = document.querySelector(".l-navigation")?.getBoundingClientRect() ?? { width: 0 };
    return width === (wide ? 240 : 64);
  }, isWide);
}

/** How far the page has shifted since it was loaded, by itself. */
function shiftOf(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) =>
          resolve(
            list
              .getEntries()
              .map((entry) => entry as unknown as { readonly value: number; readonly hadRecentInput: boolean })
              .reduce((sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value), 0),
          ),
        ).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve(0), 500);
      }),
  );
}

async function saveView(person: Person, name: string, more: object): Promise<{ readonly id: number }> {
  const made = await person.native.ask("POST", "views", { name, is_shared: false, ...more });
  assert.equal(made.status, 201, made.text);
  return made.json();
}

test("from 1200 px words stand beside the icons, until they are folded: this browser remembers it", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { viewport: { width: 1200, height: 900 } });
  const { page } = opened;
  await untilWide(page, true);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Fold navigation" }).click();
  await untilWide(page, false);
  assert.equal(await page.getByRole("button", { name: "Unfold navigation" }).getAttribute("aria-expanded"), "false");
  await expectAccessible(page);
  // The same by a key, and in another tab from the beginning.
  await opened.go("/integrity");
  await page.getByRole("heading", { name: "Integrity", level: 1 }).waitFor();
  assert.equal(await widthOf(page), 64);
  assert.ok((await shiftOf(page)) < 0.02);
  await page.keyboard.press("[");
  await untilWide(page, true);
  const tab = await opened.openTab("/machines");
  await tab.getByRole("heading", { name: "Machines", level: 1 }).waitFor();
  assert.equal(await widthOf(tab), 240);
  assert.ok((await shiftOf(tab)) < 0.02);
  await tab.setViewportSize({ width: 1199, height: 900 });
  await untilWide(tab, false);
  assert.equal(await tab.getByRole("button", { name: /old navigation/ }).count(), 0);
  await tab.setViewportSize({ width: 2560, height: 1300 });
  await untilWide(tab, true);
  await screenshot(tab, "navigation-2560");
  await tab.setViewportSize({ width: 320, height: 640 });
  await tab.getByRole("button", { name: "Menu", exact: true }).click();
  await tab.getByRole("button", { name: "Close menu" }).waitFor();
  await expectNoOverflow(tab);
});

test("a panel beside the page has the room of the words, where there isn't room for both", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await untilWide(page, true);
  await page.locator("[data-row='0']").click();
  await untilWide(page, false);
  await page.keyboard.press("Escape");
  await untilWide(page, true);
  await page.locator("[data-row='0']").click();
  await untilWide(page, false);
  // Nor does the key bring them back there, or choose for later.
  await page.keyboard.press("[");
  await page.getByRole("button", { name: "Older event" }).click();
  await untilWide(page, false);
  assert.equal(await page.locator(".l-navigation.is-pinned").count(), 0);
  await page.setViewportSize({ width: 1600, height: 900 });
  await untilWide(page, true);
  // As a link opens it: nothing moves afterwards.
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.reload();
  await untilWide(page, false);
  await page.getByRole("complementary").getByText("Verified in this browser").waitFor();
  assert.ok((await shiftOf(page)) < 0.02);
});

test("views, one's own and those of others, are opened from the navigation", async () => {
  const [person, other] = [await makePerson(server), await makePerson(server)];
  await saveView(other, "Their failures", { filter: "outcome:failure", is_shared: true });
  await saveView(other, "Theirs alone", { filter: "outcome:success" });
  await saveView(person, "Z mine", { filter: "action:auth.login" });
  await using opened = await browser.logIn(server, person);
  const { page } = opened;
  const links = navigation(page).getByRole("link");
  await links.filter({ hasText: "Their failures" }).waitFor();
  const names = (await links.allTextContents()).filter((name) => /mine|Their/.test(name));
  assert.deepEqual(names, ["Z mine", `Their failures by ${other.username}`]);
  assert.ok((await shiftOf(page)) < 0.02);
  await links.filter({ hasText: "Their failures" }).click();
  await page.waitForURL(/q=outcome%3Afailure/);
  assert.equal(await links.filter({ hasText: "Their failures" }).getAttribute("aria-current"), "page");
  await screenshot(page, "navigation-views");
  await expectAccessible(page);
});

test("the page opens with the default view, without reading the views first", async () => {
  const person = await makePerson(server);
  const { id } = await saveView(person, "Mine", { filter: "action:auth.login", order: "oldest" });
  await person.native.ask("PUT", "account/default-view", { id });
  await using opened = await browser.logIn(server, person, { at: "/integrity" });
  const { page } = opened;
  const { promise: asked, resolve: goOn } = Promise.withResolvers<void>();
  // The list of views doesn't come before the events are there.
  await page.route("**/api/v1/views", async (route) => {
    await asked;
    await route.continue();
  });
  await opened.go("/");
  await page.waitForURL(/q=action%3Aauth\.login/);
  await page.locator("[data-row='0']").getByText("auth.login").first().waitFor();
  goOn();
});

test("a log in which nobody has done anything says what comes next, to administrators", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await using opened = await browser.logIn(own, own.firstLogin);
  const { page } = opened;
  const steps = page.getByRole("region", { name: "What comes next" });
  await steps.waitFor();
  await expectAccessible(page);
  await screenshot(page, "first-steps");
  assert.deepEqual(
    await steps.getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
    ["/settings/user-management/users", "/account/prefs/api-keys", "/settings/configuration/sources", "/destinations"],
  );
  const person = await makePerson(own);
  await opened.go("/");
  await page.getByText(`'${person.username}'`).first().waitFor();
  assert.equal(await steps.count(), 0);
});
