import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { makeMachine } from "../../support/nodes.ts";
import { report } from "../../support/reports.ts";
import { applyFilter, fillLogin } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";
import { until } from "../../support/until.ts";

// What the list makes of what happens beside it: new events, an open panel, another filter, an ended session, an outage.

const { browser, server } = await startPages();

const say = (action: string, count: number, from = 0) =>
  report(
    admin(server).native,
    Array.from({ length: count }, (_, at) => ({ type: "NODE", action, description: `Said ${from + at}.` })),
  );

async function openAt(address: string) {
  const here = await browser.logIn(server, server.firstLogin, { at: address });
  return here;
}

const opened = (page: Page, text: string) =>
  page.locator(".l-aside").getByText(text, { exact: true }).first().waitFor();

const isFocused = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.activeElement?.closest("tr")?.textContent?.includes(wanted), text);

test("what comes in above doesn't move the focus to another event", async () => {
  await say("node.above", 5);
  await using here = await openAt("/?q=action%3Anode.above&live=1");
  const { page } = here;
  await page.getByRole("link", { name: "Said 4." }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  await isFocused(page, "Said 3.");
  await say("node.above", 2, 5);
  await page.getByRole("link", { name: "Said 6." }).waitFor();
  await isFocused(page, "Said 3.");
  await page.keyboard.press("ArrowDown");
  await isFocused(page, "Said 2.");
  await page.keyboard.press("Enter");
  await opened(page, "Said 2.");
});

test("the next event goes on beyond what was read, and the list follows, and has the focus after it", async () => {
  await say("node.next", 230);
  await using here = await openAt("/?q=action%3Anode.next");
  const { page } = here;
  await page.getByRole("link", { name: "Said 229." }).waitFor();
  // Not so far down that more is read than the first 200.
  await page.getByTestId("events").evaluate((list) => list.scrollTo(0, 100 * 36));
  await page.getByRole("link", { name: "Said 129." }).click();
  const wanted = page.locator("tr.is-selected").getByText("Said 20.");
  for (let presses = 0; presses < 400 && (await wanted.count()) === 0; presses += 1) {
    await page.keyboard.press("n");
    await page.waitForTimeout(20);
  }
  await opened(page, "Said 20.");
  await page.keyboard.press("Escape");
  await isFocused(page, "Said 20.");
});

test("an event is opened in the place of the filters, and the history holds one entry for all that are opened", async () => {
  await say("node.place", 3);
  await using here = await openAt("/?q=action%3Anode.place");
  const { page } = here;
  await page.getByRole("button", { name: "Filters" }).click();
  await page.locator(".l-aside").getByLabel("Outcome").waitFor();
  const before = await page.evaluate(() => history.length);
  for (const text of ["Said 2.", "Said 1.", "Said 0."]) {
    await page.getByRole("link", { name: text }).click();
    await opened(page, text);
  }
  // Back closes the panel.
  assert.equal(await page.evaluate(() => history.length), before + 1);
});

test("another filter begins at its top, and is reached by keyboard", async () => {
  await say("node.many", 60);
  await say("node.few", 2);
  await using here = await openAt("/?q=action%3Anode.many");
  const { page } = here;
  await page.getByRole("link", { name: "Said 59." }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("End");
  await isFocused(page, "Said 0.");
  await applyFilter(page, "action:node.few");
  await page.getByText("2 events", { exact: true }).waitFor();
  assert.equal(await page.locator("[data-row][tabindex='0']").count(), 1);
  await page.locator("[data-row='1']").waitFor();
});

test("what waited is shown where it is, with the focus on it; a pause says no more of a connection", async () => {
  await say("node.waits", 80);
  await using here = await openAt("/?q=action%3Anode.waits&live=1");
  const { page } = here;
  await page.getByRole("link", { name: "Said 79." }).waitFor();
  await page.getByTestId("events").evaluate((list) => list.scrollTo(0, 800));
  await say("node.waits", 1, 80);
  await page.locator(".ui-bar").getByText("Paused. 1 new event.").waitFor();
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await isFocused(page, "Said 80.");
  assert.equal(await page.getByTestId("events").evaluate((list) => list.scrollTop), 0);
  // Whoever reads the list anew is at its top too.
  await page.getByTestId("events").evaluate((list) => list.scrollTo(0, 800));
  await page.getByRole("button", { name: "Apply the filter" }).click();
  await page.getByRole("link", { name: "Said 80." }).waitFor();
  await say("node.waits", 1, 81);
  await page.getByRole("link", { name: "Said 81." }).waitFor();

  here.expectStatus(503);
  await page.route("**/api/v1/events/stream?**", (route) => route.fulfill({ status: 503 }));
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Live", exact: true }).click();
  await page.getByText(/^Not connected/).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText(/^Not connected/).waitFor({ state: "detached" });
});

test("the row with the focus is in sight, down to the last that fits", async () => {
  await say("node.sight", 60);
  await using here = await openAt("/?q=action%3Anode.sight");
  const { page } = here;
  await page.getByRole("link", { name: "Said 59." }).waitFor();
  await page.keyboard.press("j");
  for (let at = 1; at <= 40; at += 1) {
    await page.keyboard.press("ArrowDown");
    await isFocused(page, `Said ${59 - at}.`);
  }
  const hidden = await page.getByTestId("events").evaluate((list) => {
    const row = document.activeElement?.closest("tr")?.getBoundingClientRect();
    return (row?.bottom ?? 0) - list.getBoundingClientRect().bottom;
  });
  assert.ok(hidden <= 0, `${hidden} px are below the list`);
});

test("a filter that finds nothing is cleared from where it says so", async () => {
  await using here = await openAt("/?q=action%3Anode.never");
  const { page } = here;
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.locator("[data-row='0']").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "combobox");
});

test("the events of one machine are no other's, whatever the filter says", async () => {
  const { maas } = admin(server);
  const [one, other] = [await makeMachine(maas), await makeMachine(maas)];
  await using here = await openAt(`/machine/${one.system_id}/events?q=node%3A${other.system_id}`);
  const { page } = here;
  await page.getByText("'node:' is given by this page already.", { exact: false }).waitFor();
  await page.locator("[data-row='0']").waitFor();
  assert.equal(await page.locator("[data-row]").getByText(other.hostname).count(), 0);
  here.expectStatus(404);
  await here.go("/machine/zzzzzz/events");
  await page.getByText("There are no events here that you may see.").waitFor();
});

test("a link that is only pointed at finds an ended session, and leads to the login", async () => {
  const ada = await makePerson(server, { isAdministrator: true });
  await using here = await browser.logIn(server, ada);
  const { page } = here;
  await page
    .getByRole("link", { name: `User '${ada.username}' logged in.` })
    .first()
    .waitFor();
  // What the page asks for now and then would find it too.
  await page.route("**/api/v1/log", () => {});
  await page.waitForTimeout(3_500);
  assert.equal((await admin(server).native.ask("DELETE", `users/${ada.username}/sessions`)).status, 204);
  await page.getByRole("link", { name: "Integrity", exact: true }).hover();
  await page.getByText("Your session has ended. Log in again.").waitFor();
  await fillLogin(page, ada);
  await page.waitForURL((at) => at.pathname === "/");
});

test("one item of the navigation is the current one, wherever the pages were entered", async () => {
  await using here = await openAt("/machines");
  const { page } = here;
  for (const name of ["Integrity", "Events", "Settings"]) {
    await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
    await page.waitForURL((at) => at.pathname !== "/machines");
    await page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll(".l-navigation .p-side-navigation__link[aria-current]")]
          .map((item) => item.textContent)
          .join() === wanted,
      name,
    );
  }
});

test("an outage is told on the page that is gone to, within the frame, and passes", async () => {
  await using here = await browser.logIn(server, server.firstLogin);
  const { page } = here;
  await page.locator("[data-row='0']").waitFor();
  await page.waitForTimeout(3_500);
  here.expectStatus(503);
  await page.route("**/api/v1/**", (route) => route.fulfill({ status: 503, json: { detail: "Not now." } }));
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("navigation", { name: "Settings" }).waitFor();
  await page.getByText("Not now.").first().waitFor();
  await page.unrouteAll({ behavior: "wait" });
  await page.getByRole("button", { name: "Try again" }).first().click();
  await page.getByText("Not now.").first().waitFor({ state: "detached" });
});

test("a first page that couldn't ask who is there can be tried again", async () => {
  const here = await browser.logIn(server, server.firstLogin);
  const { page } = here;
  await page.route("**/api/v1/session", (route) => route.fulfill({ status: 500, json: { detail: "It broke." } }));
  await here.go("/machines");
  await page.getByText("It broke.").waitFor();
  await page.unrouteAll({ behavior: "wait" });
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { level: 1, name: "Machines" }).waitFor();
  // The router writes what it could not load to the console.
  await here[Symbol.asyncDispose]().then(undefined, () => {});
});

test("a range that is chosen keeps its bars, however often they are counted; bars that can't be counted say so", async () => {
  await say("node.bars", 3);
  // Each second has a bar, and a range is of two.
  await sleep(2_000);
  await using here = await openAt("/?q=action%3Anode.bars");
  const { page } = here;
  here.expectStatus(500);
  const bars = page.getByRole("slider", { name: "Events over time" });
  await page.locator(".ui-histogram__bar").first().waitFor();
  await bars.focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Shift+ArrowLeft");
  const told = await bars.getAttribute("aria-valuetext");
  assert.match(told ?? "", /\d\d:\d\d:\d\d to .*\d\d:\d\d:\d\d: \d+ events?/);
  await say("node.bars", 3);
  await page.getByRole("button", { name: "Apply the filter" }).click();
  await page.getByRole("link", { name: "Said 2." }).nth(1).waitFor();
  // They are counted in a thread, and may come after the list.
  let counted = "Counting";
  await until(async () => (counted = (await bars.getAttribute("aria-valuetext")) ?? "") !== "Counting");
  assert.equal(counted, told);
  await bars.focus();
  await page.keyboard.press("Escape");
  await page.route("**/api/v1/events/histogram?**", (route) => route.fulfill({ status: 500, json: {} }));
  await page.getByRole("button", { name: "Apply the filter" }).click();
  await page.getByText("Can't be counted now. Trying again.").waitFor();
});
