import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { allEvents } from "../../support/clients/native-client.ts";
import { startServer } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, panelOf, screenshot } from "../support/browser.ts";
import { addPaused, refuse } from "../support/destinations.ts";
import { dark390, heard, startPages } from "../support/pages.ts";

// Where events are sent, as people meet it: the page of destinations.

const { browser, server } = await startPages();
const destinationsPath = "/destinations";

test("an administrator adds a destination by the form, which asks for what its transport takes, and deletes it", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: destinationsPath });
  opened.expectStatus(400);
  const { page } = opened;
  await page.getByText("There are no destinations.").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add destination" }).click();
  const adding = panelOf(page, "Add destination");
  await seeTransports(page, adding);
  await fillForm(page, adding);
  const panel = panelOf(page, "Destination 'siem'");
  await panel.getByText("This destination is paused.").waitFor();
  await panel.getByText("action:auth.* -outcome:success").waitFor();
  await panel.getByText("RFC 3164, for old collectors").waitFor();
  await expectAccessible(page);
  await screenshot(page, "destination");
  await panel.getByRole("button", { name: "Delete destination" }).click();
  const question = page.getByRole("dialog");
  await question.getByText("the events stay in the log").waitFor();
  await question.getByRole("textbox").fill("siem");
  await expectAccessible(page);
  await question.getByRole("button", { name: "Delete destination" }).click();
  await page.getByText("There are no destinations.").waitFor();
  const [deleted, created] = await allEvents(admin(server).native, { target: "destination/siem" });
  assert.deepEqual([deleted?.action, deleted?.endpoint], ["destination.delete", "UI"]);
  assert.deepEqual([created?.action, created?.endpoint], ["destination.create", "UI"]);
  const { starts_after: _, ...details } = created?.details ?? {};
  assert.deepEqual(details, {
    transport: "syslog",
    format: "cef",
    url: "tls://siem.example.com:6514",
    framing: "lf",
    protocol: "rfc3164",
    facility: 4,
    filter: ["action:auth.*"],
    exclude: ["outcome:success"],
    is_enabled: false,
  });
});

/** Another transport has other fields and formats. */
async function seeTransports(page: Page, adding: Locator): Promise<void> {
  const transport = adding.getByLabel("Transport");
  await transport.selectOption("Files");
  await adding.getByLabel("Directory").waitFor();
  assert.equal(await adding.getByLabel("Address").count(), 0);
  assert.equal(await adding.getByLabel("OCSF version").count(), 0);
  await adding.getByLabel("Format").selectOption("OCSF");
  await adding.getByLabel("OCSF version").waitFor();
  await transport.selectOption("E-mail, for alerts");
  await adding.getByLabel("From").waitFor();
  assert.equal(await adding.getByLabel("Filter").count(), 0);
  await expectAccessible(page);
  await transport.selectOption("Splunk HEC");
  await adding.getByRole("textbox", { name: "HEC token" }).waitFor();
  await transport.selectOption("Syslog");
}

/** Adds one, after a form that the page and the server refuse at its fields. */
async function fillForm(page: Page, adding: Locator): Promise<void> {
  await adding.getByLabel("Name", { exact: true }).fill("siem");
  await adding.getByLabel("Format").selectOption("CEF");
  await adding.getByLabel("Filter").fill("auth");
  await adding.getByLabel("Address").fill("tls://siem.example.com");
  await adding.getByText("Send at once", { exact: true }).click();
  const add = adding.getByRole("button", { name: "Add destination" });
  await add.click();
  await adding.getByText("Words can't be searched for here. Did you mean user:auth?").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
  await adding.getByLabel("Filter").fill("action:auth.* -outcome:success");
  await add.click();
  await adding.getByText("Enter the port too").waitFor();
  await expectAccessible(page);
  await adding.getByLabel("Address").fill("tls://siem.example.com:6514");
  await adding.getByText("More settings").click();
  await adding.getByLabel("Framing").selectOption("Line feeds");
  await adding.getByLabel("Protocol").selectOption("RFC 3164, for old collectors");
  await adding.getByLabel("Facility").fill("4");
  await expectAccessible(page);
  await screenshot(page, "destination-form");
  await add.click();
  await heard(page, "Added destination 'siem'.");
}

test("a test that is not acknowledged says why at once, and leads to its event", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await addPaused(own);
  await using opened = await browser.logIn(own, own.firstLogin, { at: `${destinationsPath}?name=siem` });
  const { page } = opened;
  const panel = panelOf(page, "Destination 'siem'");
  await panel.getByRole("button", { name: "Send test" }).click();
  await panel.getByText("The test was not delivered.").waitFor();
  await expectAccessible(page);
  await screenshot(page, "destination-test");
  const [tested] = await allEvents(admin(own).native, { action: "destination.test" });
  await panel.getByRole("link", { name: `event ${tested?.id}`, exact: true }).click();
  await panelOf(page, `Event ${tested?.id}`).getByText("Sent a test to destination 'siem'.").first().waitFor();
});

test("a test that is acknowledged says so", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await addPaused(own);
  await using opened = await browser.logIn(own, own.firstLogin);
  const { page } = opened;
  await page.route("**/api/v1/destinations/siem/test", (route) =>
    route.fulfill({ json: { event: 2, is_delivered: true, why: null } }),
  );
  await opened.go(`${destinationsPath}?name=siem`);
  const panel = panelOf(page, "Destination 'siem'");
  await panel.getByRole("button", { name: "Send test" }).click();
  await heard(page, "'siem' has acknowledged the test.");
  await panel.getByText("Look there for event 2.").waitFor();
  await expectAccessible(page);
});

test("a destination is changed, resumed, paused and replayed, each with what comes of it, and each is recorded", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await addPaused(own, { transport: "webhook", url: "https://127.0.0.1:1/a", token: "secret" });
  await using opened = await browser.logIn(own, own.firstLogin, { ...dark390, at: destinationsPath });
  opened.expectStatus(400);
  const { page } = opened;
  await page.getByText("Paused").waitFor();
  await expectNoOverflow(page);
  await page.getByRole("button", { name: "siem" }).click();
  await changeAddress(page);
  const panel = panelOf(page, "Destination 'siem'");
  await expectNoOverflow(page);
  await expectAccessible(page);
  await screenshot(page, "destination-narrow");
  await confirm(page, panel, "Resume destination", "the oldest first");
  await panel.getByRole("button", { name: "Pause destination" }).waitFor();
  await confirm(page, panel, "Pause destination", "wait in the log until you resume it");
  await panel.getByText("An administrator paused it.").waitFor();
  await panel.getByRole("button", { name: "Replay events" }).click();
  const question = page.getByRole("dialog", { name: "Replay events to 'siem'?" });
  await question.getByLabel("Begin").selectOption("With an event");
  assert.equal(await question.getByRole("button", { name: "Replay events" }).isDisabled(), true);
  await question.getByLabel("Number of the first event").fill("2");
  await expectNoOverflow(page);
  await expectAccessible(page);
  await question.getByRole("button", { name: "Replay events" }).click();
  await heard(page, "'siem' gets events from there on.");
  const about = await allEvents(admin(own).native, { target: "destination/siem" });
  assert.deepEqual(
    about.toReversed().map(({ description }) => description),
    [
      "Created destination 'siem'.",
      "Updated destination 'siem': url, token.",
      "Resumed destination 'siem'.",
      "Paused destination 'siem': an administrator paused it.",
      "Destination 'siem' goes on behind event 1.",
    ],
  );
});

/** A secret stays as it is, unless the address is another one. */
async function changeAddress(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Edit destination" }).click();
  const editing = panelOf(page, "Edit destination 'siem'");
  await editing.getByText("Set. Enter another one to replace it.").waitFor();
  await editing.getByLabel("Address").fill("https://127.0.0.1:1/b");
  const save = editing.getByRole("button", { name: "Save destination" });
  await save.click();
  await editing.getByText("Enter this again: it was entered for another address or user.").waitFor();
  await expectAccessible(page);
  await editing.getByText("Remove the bearer token").click();
  await expectNoOverflow(page);
  await save.click();
  await heard(page, "Saved destination 'siem'.");
}

async function confirm(page: Page, panel: Locator, verb: string, consequence: string): Promise<void> {
  await panel.getByRole("button", { name: verb, exact: true }).click();
  const question = page.getByRole("dialog", { name: `${verb} 'siem'?` });
  await question.getByText(consequence).waitFor();
  await question.getByRole("button", { name: verb, exact: true }).click();
}

test("the list says how far each destination is, and what is wrong with it in words", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await addPaused(own);
  await using opened = await browser.logIn(own, own.firstLogin);
  const { page } = opened;
  // It takes ten minutes to come about.
  const stalled = {
    state: "stalled",
    paused: null,
    last_error: "siem.example.com refuses the connection",
    failing_since: "2026-11-23T08:29:59.000000Z",
    behind: 1_234,
    behind_seconds: 7_300,
    delivered_at: "2026-11-23T08:29:00.000000Z",
  };
  await page.route(/\/api\/v1\/destinations(?:\/siem)?$/, async (route) => {
    const answer = (await (await route.fetch()).json()) as { readonly items?: readonly object[] };
    const one = (item: object): object => ({ ...item, ...stalled });
    await route.fulfill({ json: answer.items === undefined ? one(answer) : { items: answer.items.map(one) } });
  });
  await opened.go(destinationsPath);
  await page.getByRole("main").getByText("1,234 events, 2 hours").waitFor();
  await page.getByRole("main").getByText("Stalled").waitFor();
  await expectAccessible(page);
  await screenshot(page, "destinations");
  await page.getByRole("button", { name: "siem" }).press("Enter");
  const panel = panelOf(page, "Destination 'siem'");
  await panel.getByText("Delivery has stalled.").waitFor();
  await panel.getByText("Siem.example.com refuses the connection.").waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement?.textContent === "siem");
});

test("an auditor sees the destinations and changes none; others don't see the page", async () => {
  await using own = await startServer({ kind: "sqlite" });
  const [auditor, other] = [await makePerson(own, { isAuditor: true }), await makePerson(own)];
  await addPaused(own);
  await refuse(own, [1]);
  await using opened = await browser.logIn(own, auditor);
  const { page } = opened;
  // Until the page has settled, it may take the focus from the link before the key comes.
  await page.locator("[data-row='0']").waitFor();
  await page.getByRole("link", { name: "Destinations" }).press("Enter");
  await page.getByRole("button", { name: "siem" }).click();
  await panelOf(page, "Destination 'siem'").getByText("The receiver refused this event for good.").waitFor();
  const changes = /add|edit|delete|pause|resume|replay|test|again|drop/i;
  assert.equal(await page.getByRole("button", { name: changes }).count(), 0);
  await expectAccessible(page);
  await using narrow = await browser.logIn(own, other, { at: destinationsPath, viewport: { width: 320, height: 640 } });
  await narrow.page.getByText("You need to be an administrator or an auditor to see this page.").waitFor();
  assert.equal(await narrow.page.getByText("siem").count(), 0);
  await expectNoOverflow(narrow.page);
});
