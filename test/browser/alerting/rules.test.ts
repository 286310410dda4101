import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { allEvents } from "../../support/clients/native-client.ts";
import { startServer } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, panelOf, screenshot } from "../support/browser.ts";
import { dark390, heard, startPages } from "../support/pages.ts";

// By what alerts are raised, as people meet it: the page of rules.

const { browser, server } = await startPages();
const rulesPath = "/alerts/rules";

test("an administrator makes a rule by the form, whose fields go by its kind, and deletes it", async () => {
  const { native } = admin(server);
  await native.ask("POST", "destinations", { ...pager, is_enabled: false });
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/alerts" });
  opened.expectStatus(400);
  const { page } = opened;
  await page.getByRole("navigation", { name: "Alerts" }).getByRole("link", { name: "Rules" }).press("Enter");
  await page.getByRole("grid", { name: "Rules" }).getByText("quiet-log").waitFor();
  await expectAccessible(page);
  await screenshot(page, "rules");
  await page.getByRole("button", { name: "Add rule" }).click();
  await fillForm(page);
  const panel = panelOf(page, "Rule 'deletions'");
  await panel.getByText("3 events within 10 minutes, for each user").waitFor();
  await panel.getByText("action:node.delete -user:johnnybegood").waitFor();
  await panel.getByText("2 hours").waitFor();
  await expectAccessible(page);
  await panel.getByRole("link", { name: "pager" }).click();
  await panelOf(page, "Destination 'pager'").waitFor();
  await page.goBack();
  await page.getByRole("button", { name: "deletions" }).click();
  await panel.getByRole("button", { name: "Delete rule" }).click();
  const question = page.getByRole("dialog");
  await question.getByRole("textbox").fill("deletions");
  await expectAccessible(page);
  await question.getByRole("button", { name: "Delete rule" }).click();
  await heard(page, "Deleted rule 'deletions'.");
  await page.getByRole("button", { name: "deletions" }).waitFor({ state: "detached" });
  const [deleted, created] = await allEvents(native, { target: "rule/deletions" });
  assert.deepEqual([deleted?.action, deleted?.endpoint], ["rule.delete", "UI"]);
  assert.deepEqual([created?.action, created?.endpoint], ["rule.create", "UI"]);
  assert.deepEqual(created?.details, {
    title: "Many deletions",
    kind: "threshold",
    severity: "critical",
    filter: ["action:node.delete"],
    exclude: ["owner:johnnybegood"],
    count: 3,
    window_seconds: 600,
    group_by: ["user"],
    quiet_seconds: 7_200,
    destinations: ["pager"],
    is_enabled: true,
  });
});

const pager = {
  name: "pager",
  transport: "email",
  url: "smtp://127.0.0.1:1",
  from: "ironlog@example.com",
  to: ["ops@example.com"],
};

/** Makes one, after looking at the other kinds and a form that is refused at a field. */
async function fillForm(page: Page): Promise<void> {
  const adding = panelOf(page, "Add rule");
  const kind = adding.getByLabel("Kind");
  await kind.selectOption("No event");
  assert.equal(await adding.getByLabel("For", { exact: true }).inputValue(), "1");
  assert.equal(await adding.getByLabel("Number of events").count(), 0);
  await kind.selectOption("Something new");
  await adding.getByLabel("What is new").selectOption("address");
  await adding.getByRole("group", { name: "For each" }).getByText("user", { exact: true }).click();
  assert.equal(await adding.getByLabel("For", { exact: true }).count(), 0);
  await expectAccessible(page);
  await kind.selectOption("So many events");
  await adding.getByLabel("Name", { exact: true }).fill("deletions");
  await adding.getByLabel("Title").fill("Many deletions");
  await adding.getByLabel("Filter").fill("action:node.delete -user:johnnybegood");
  await adding.getByLabel("Number of events").fill("");
  await adding.getByLabel("Counted for each").selectOption("user");
  await adding.getByLabel("Severity").selectOption("critical");
  await adding.getByLabel("Quiet for", { exact: true }).fill("2");
  await adding.getByLabel("Quiet for: unit").selectOption("hours");
  await adding.getByText("pager", { exact: true }).click();
  const add = adding.getByRole("button", { name: "Add rule" });
  await add.click();
  await adding.getByText("Enter a whole number.").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
  await expectAccessible(page);
  await adding.getByLabel("Number of events").fill("3");
  await screenshot(page, "rule-form");
  await add.click();
  await heard(page, "Added rule 'deletions'.");
}

test("of a rule that comes with Ironlog what it looks for can't be changed, and all else can", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await using opened = await browser.logIn(own, own.firstLogin, {
    ...dark390,
    at: `${rulesPath}?name=failed-logins-of-account`,
  });
  const { page } = opened;
  const panel = panelOf(page, "Rule 'failed-logins-of-account'");
  await panel.getByText("5 events within 10 minutes, for each user").waitFor();
  assert.equal(await panel.getByRole("button", { name: "Delete rule" }).count(), 0);
  await panel.getByRole("button", { name: "Edit rule" }).click();
  const editing = panelOf(page, "Edit rule 'failed-logins-of-account'");
  assert.equal(await editing.getByLabel("Filter").count(), 0);
  assert.equal(await editing.getByLabel("Title").count(), 0);
  await editing.getByLabel("Number of events").fill("8");
  await editing.getByLabel("Within", { exact: true }).fill("1");
  await editing.getByLabel("Within: unit").selectOption("hours");
  await editing.getByText("Look for it", { exact: true }).click();
  await expectNoOverflow(page);
  await expectAccessible(page);
  await editing.getByRole("button", { name: "Save rule" }).click();
  await heard(page, "Saved rule 'failed-logins-of-account'.");
  await panel.getByText("8 events within 1 hour, for each user").waitFor();
  await panel.getByText("Off", { exact: true }).waitFor();
  await expectNoOverflow(page);
  await screenshot(page, "rule-narrow");
  await panel.getByRole("button", { name: "Close" }).click();
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoOverflow(page);
  await screenshot(page, "rules-narrow");
  const [changed] = await allEvents(admin(own).native, { action: "rule.update" });
  assert.deepEqual(changed?.details?.["changed"], ["count", "window_seconds", "is_enabled"]);
});

test("a rule that is tried on the past says what it would have raised, with the events that led to it", async () => {
  await using own = await startServer({ kind: "sqlite" });
  const { native } = admin(own);
  for (const name of ["a", "b", "c"]) await native.ask("POST", "tags", { name });
  const rule = { name: "tags", kind: "threshold", count: 1, window_seconds: 60, filter: ["action:tag.create"] };
  await native.ask("POST", "rules", { ...rule, quiet_seconds: 0 });
  await using opened = await browser.logIn(own, own.firstLogin, { at: `${rulesPath}?name=tags` });
  const { page } = opened;
  const panel = panelOf(page, "Rule 'tags'");
  await panel.getByRole("button", { name: "Try", exact: true }).click();
  await heard(page, "It would have raised 3 alerts in the last 30 days.");
  const raised = panel.getByRole("list", { name: "What it would have raised" }).getByRole("listitem");
  assert.equal(await raised.count(), 3);
  await expectAccessible(page);
  await raised.first().scrollIntoViewIfNeeded();
  await screenshot(page, "rule-trial");
  const [newest] = await allEvents(native, { action: "tag.create" });
  await raised
    .first()
    .getByRole("link", { name: String(newest?.id), exact: true })
    .click();
  await panelOf(page, `Event ${newest?.id}`).getByText("tag.create", { exact: true }).waitFor();
});

test("an auditor reads and tries rules, and changes none", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await using opened = await browser.logIn(own, await makePerson(own, { isAuditor: true }), {
    at: `${rulesPath}?name=quiet-log`,
  });
  const { page } = opened;
  const panel = panelOf(page, "Rule 'quiet-log'");
  await panel.getByText("no event for 1 day").waitFor();
  await panel.getByRole("button", { name: "Try", exact: true }).click();
  await heard(page, /^It would have raised .* in the last 30 days\.$/);
  assert.equal(await page.getByRole("button", { name: /^(?:add|edit|delete) /i }).count(), 0);
  await expectAccessible(page);
});

test("the address of a rule that is gone says so", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: `${rulesPath}?name=nosuch` });
  await opened.page.getByText("There is no rule 'nosuch' now.").waitFor();
  await expectAccessible(opened.page);
});
