import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { allEvents } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, panelOf, screenshot } from "../support/browser.ts";
import { dark390, startPages } from "../support/pages.ts";

// From a filter of the events page to a rule.

const { browser, server } = await startPages();

async function askForAlert(page: Page): Promise<void> {
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Alert me" }).click();
}

test("more than so many events of the filter raise an alert, by a rule that is named after what it says", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: "/?q=action:auth.login+outcome:failure+since:7d",
  });
  opened.expectStatus(400, 409);
  const { page } = opened;
  await askForAlert(page);
  const panel = panelOf(page, "Alert me");
  await panel.getByText("The filter's times are left out").waitFor();
  const title = panel.getByLabel("What an alert says");
  await title.fill("失敗");
  await page.keyboard.press("Enter");
  await panel.getByText("Enter some letters or digits").waitFor();
  await title.fill("Zu viele Fehlversuche: Österreich!");
  await panel.getByLabel("More than").fill("9");
  await panel.getByLabel("Within", { exact: true }).fill("15");
  await expectAccessible(page);
  await screenshot(page, "alert-me-light-1440");
  await panel.getByRole("button", { name: "Add rule" }).click();
  const rule = panelOf(page, "Rule 'zu-viele-fehlversuche-osterreich'");
  await rule.getByText("10 events within 15 minutes").waitFor();
  await rule.getByText("action:auth.login outcome:failure").waitFor();
  const [event] = await allEvents(admin(server).native, { action: "rule.create" });
  assert.equal(event?.endpoint, "UI");
  // Under a name that is there already it isn't made: said where the name comes from.
  await opened.go("/");
  await askForAlert(page);
  await panel.getByLabel("What an alert says").fill("zu viele fehlversuche österreich");
  await panel.getByRole("button", { name: "Add rule" }).click();
  await panel.locator(".p-form-validation__message, [role=alert]").first().waitFor();
});

test("a filter with words makes no rule, and says so; who makes no rules isn't asked to", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { ...dark390, at: "/?q=backup" });
  const { page } = opened;
  await askForAlert(page);
  await panelOf(page, "Alert me").getByText("Alerts can't search for words.").waitFor();
  assert.equal(await panelOf(page, "Alert me").getByRole("button", { name: "Add rule" }).count(), 0);
  await expectAccessible(page);
  const auditor = await makePerson(server, { isAuditor: true });
  await using read = await browser.logIn(server, auditor);
  await read.page.locator("[data-row='0']").waitFor();
  await read.page.getByRole("button", { name: "More" }).click();
  await read.page.getByRole("menuitem", { name: "Columns and order" }).waitFor();
  assert.equal(await read.page.getByRole("menuitem", { name: "Alert me" }).count(), 0);
});

test("alerts are asked for where there is little room", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { viewport: { width: 320, height: 640 } });
  const { page } = opened;
  await askForAlert(page);
  await panelOf(page, "Alert me").getByText("all events").waitFor();
  await screenshot(page, "alert-me-light-320");
  await expectAccessible(page);
  await expectNoOverflow(page);
});
