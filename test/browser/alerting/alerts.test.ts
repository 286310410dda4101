import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { raisedAlert, type ShownAlert } from "../../support/alerting/raised-alert.ts";
import { allEvents } from "../../support/clients/native-client.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, panelOf, screenshot } from "../support/browser.ts";
import { dark390, heard, startPages } from "../support/pages.ts";

// What rules have raised, as people meet it: the bell, the page of alerts, and alerts among all events.

const { browser } = await startPages();
const alertsPath = "/alerts";

test("the bell says how many alerts are open, and an administrator acknowledges them by keyboard, which is recorded", async () => {
  await using own = await startServer({ kind: "sqlite" });
  const [first, second] = [await raisedAlert(own), await raisedAlert(own)];
  await acknowledgeOthers(own, [first, second]);
  const { username } = own.firstLogin;
  await using opened = await browser.logIn(own, own.firstLogin);
  const { page } = opened;
  const navigation = page.getByRole("navigation", { name: "Main" });
  await navigation.getByRole("link", { name: "Alerts 2 open" }).press("Enter");
  const open = page.getByRole("grid", { name: "Open alerts" });
  await open.getByRole("row").filter({ hasText: first.description }).getByText("medium").waitFor();
  await page.getByRole("main").getByText("2 open alerts", { exact: true }).waitFor();
  await expectAccessible(page);
  await screenshot(page, "alerts");
  await acknowledge(open, second).press("Enter");
  await heard(page, "Acknowledged the alert.");
  await navigation.getByRole("link", { name: "Alerts 1 open" }).waitFor();
  await page.waitForFunction(
    (name) => document.activeElement?.textContent === name,
    `Acknowledge ${first.description}`,
  );
  const done = page.getByRole("grid", { name: "Acknowledged alerts" }).getByRole("row");
  await done.filter({ hasText: second.description }).getByText(username).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("No alert is open.").waitFor();
  await navigation.getByRole("link", { name: "Alerts", exact: true }).waitFor();
  await expectAccessible(page);
  const recorded = await allEvents(admin(own).native, { action: "alert.acknowledge", owner: username });
  assert.deepEqual(
    recorded.filter(({ endpoint }) => endpoint === "UI").map(({ details }) => details?.["event"]),
    [first.event, second.event],
  );
});

test("an alert that somebody else has acknowledged meanwhile says so to those who hear the page, and goes", async () => {
  await using own = await startServer({ kind: "sqlite" });
  const alert = await raisedAlert(own);
  await acknowledgeOthers(own, [alert]);
  await using opened = await browser.logIn(own, own.firstLogin);
  opened.expectStatus(409);
  const { page } = opened;
  await page.route(`**/api/v1/alerts/${alert.id}/acknowledge`, async (route) => {
    await admin(own).native.ask("POST", `alerts/${alert.id}/acknowledge`);
    await route.continue();
  });
  await opened.go(alertsPath);
  await acknowledge(page.getByRole("grid", { name: "Open alerts" }), alert).press("Enter");
  await heard(page, "This alert has been acknowledged already.");
  await page.getByText("No alert is open.").waitFor();
});

test("an auditor sees the bell and the alerts, and acknowledges none", async () => {
  await using own = await startServer({ kind: "sqlite" });
  const alert = await raisedAlert(own);
  await using opened = await browser.logIn(own, await makePerson(own, { isAuditor: true }));
  const { page } = opened;
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: /^Alerts \d+ open$/ })
    .press("Enter");
  await page.getByRole("grid", { name: "Open alerts" }).getByText(alert.description).waitFor();
  assert.equal(await page.getByRole("button", { name: /acknowledge/i }).count(), 0);
  await expectAccessible(page);
});

test("an alert is recognised among the events, and its panel leads to the rule and to what caused it", async () => {
  await using own = await startServer({ kind: "sqlite" });
  const alert = await raisedAlert(own);
  await using opened = await browser.logIn(own, own.firstLogin, { at: `/?q=target%3Arule%2F${alert.rule}` });
  const { page } = opened;
  const row = page.getByRole("row").filter({ hasText: alert.description });
  await row.getByText("alert", { exact: true }).waitFor({ state: "attached" });
  await row.getByRole("link").click();
  const panel = panelOf(page, `Event ${alert.event}`);
  const section = panel.getByRole("region", { name: "Alert" });
  await section.getByText("medium").waitFor();
  await expectAccessible(page);
  await screenshot(page, "alert-event");
  const [cause] = alert.events;
  await section.getByRole("link", { name: String(cause), exact: true }).click();
  await panelOf(page, `Event ${cause}`).getByText("tag.create", { exact: true }).waitFor();
  await page.goBack();
  await section.getByRole("link", { name: alert.rule }).click();
  await panelOf(page, `Rule '${alert.rule}'`).getByText("one event").first().waitFor();
});

test("on a telephone the bell stands in the bar, and no alert is wider than the window", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await acknowledgeOthers(own, [await raisedAlert(own)]);
  await using opened = await browser.logIn(own, own.firstLogin, dark390);
  const { page } = opened;
  await page.getByRole("region", { name: "Menu bar" }).getByRole("link", { name: "Alerts 1 open" }).click();
  await page.getByRole("grid", { name: "Open alerts" }).waitFor();
  await expectNoOverflow(page);
  await expectAccessible(page);
  await screenshot(page, "alerts-narrow");
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoOverflow(page);
});

test("users have no bell, and don't see the page", async () => {
  await using own = await startServer({ kind: "sqlite" });
  const alert = await raisedAlert(own);
  await using opened = await browser.logIn(own, await makePerson(own), { at: alertsPath });
  const { page } = opened;
  await page.getByText("You need to be an administrator or an auditor to see this page.").waitFor();
  assert.equal(await page.getByText(alert.description).count(), 0);
  assert.equal(await page.getByRole("link", { name: /Alerts/ }).count(), 0);
  await expectAccessible(page);
});

function acknowledge(table: Locator, { description }: ShownAlert) {
  return table.getByRole("button", { name: `Acknowledge ${description}` });
}

/** What the server's own rules have raised of what was there before. */
async function acknowledgeOthers(at: TestServer, kept: readonly ShownAlert[]): Promise<void> {
  const { native } = admin(at);
  const { items } = (await native.ask("GET", "alerts?open=true")).json<{ readonly items: readonly ShownAlert[] }>();
  const others = items.filter(({ id }) => kept.every((alert) => alert.id !== id));
  for (const { id } of others) await native.ask("POST", `alerts/${id}/acknowledge`);
}
