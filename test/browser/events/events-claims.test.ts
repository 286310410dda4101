import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { logIn } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { report } from "../../support/reports.ts";
import { applyFilter, expectAccessible, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

// What a page of events must not let anybody believe.

const { browser, server } = await startPages();

test("a login that another program reports looks like a report, not like a login", async () => {
  const { native } = admin(server);
  const ann = await makePerson(server);
  await logIn(server, ann);
  const [item] = await report(native, {
    level: "AUDIT",
    type: "AUTHORISATION",
    action: "auth.login",
    description: `User '${ann.username}' logged in.`,
    username: ann.username,
  });
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, `user:${ann.username} action:auth.login`);
  const rows = page.getByRole("row").filter({ hasText: `User '${ann.username}' logged in.` });
  const reported = rows.filter({ hasText: "reported by admin" });
  await reported.getByText("Reported by admin, unchanged since").waitFor({ state: "attached" });
  assert.equal(await reported.count(), 1);
  assert.equal(await reported.getByText("Verified in this browser").count(), 0);
  assert.equal(await reported.locator(".p-icon--security-tick").count(), 0);
  assert.match((await reported.locator(".is-address").textContent()) ?? "", /^via 127\.[\d.]+$/);
  assert.match(
    (await reported.locator(".is-address [title]").getAttribute("title")) ?? "",
    /the address of admin, who reported this/,
  );
  const own = rows.filter({ hasNotText: "reported by" }).first();
  await own.getByText("Verified in this browser").waitFor({ state: "attached" });
  assert.doesNotMatch((await own.locator(".is-address").textContent()) ?? "", /via/);

  await opened.go(`/?event=${item?.id}`);
  const panel = page.getByRole("complementary");
  await panel.getByText("Reported by admin, unchanged since").waitFor();
  // Beside the panel there is little room, and the description gives way first.
  const label = page.locator("tr.is-selected .ui-reported");
  assert.ok(await label.evaluate((box) => box.scrollWidth <= box.clientWidth && box.clientWidth > 0));
  await panel.getByText("Ironlog records what was reported; it didn't see this happen.", { exact: false }).waitFor();
  assert.ok(await panel.getByText("Reporter's address", { exact: true }).isVisible());
  assert.equal(await panel.getByText("Address", { exact: true }).count(), 0);
  assert.ok(await panel.getByText("User, as reported", { exact: true }).isVisible());
  await expectAccessible(page);
  await screenshot(page, "reported");
  // The lists in the panel say so too.
  const [login] = await logins(ann.username);
  await opened.go(`/?event=${login?.id}`);
  const related = panel.getByRole("region", { name: "Same user" });
  await related.scrollIntoViewIfNeeded();
  await related.getByText("reported by admin").first().waitFor();
});

async function logins(username: string) {
  const { native } = admin(server);
  const answer = await native.ask("GET", `events?owner=${username}&action=auth.login&source=ironlog`);
  return answer.json<{ items: readonly { readonly id: number }[] }>().items;
}

test("what can't be seen in a text is shown, and what is cut off can be read", async () => {
  const hostname = `node-${"long-".repeat(30)}name`;
  const [item] = await report(admin(server).native, {
    type: "NODE",
    action: "node.upload",
    description: "Uploaded \u202Etxt.live\u202C for admin\u200B.",
    username: "admin\u200B",
    hostname,
    node: "abc123",
    details: { file: "\u202Etxt.live" },
  });
  await using opened = await browser.logIn(server, server.firstLogin, { viewport: { width: 1680, height: 900 } });
  const { page } = opened;
  await applyFilter(page, "action:node.upload");
  await page.getByRole("link", { name: String.raw`Uploaded \u202etxt.live\u202c for admin\u200b.` }).waitFor();
  const row = page.getByRole("row").filter({ hasText: "Uploaded" });
  assert.equal(await row.locator(".is-user").textContent(), String.raw`admin\u200b`);
  assert.equal(await row.locator(".is-node [title]").getAttribute("title"), hostname);
  assert.ok(await row.locator(".is-action [title='node.upload']").isVisible());
  await opened.go(`/?event=${item?.id}`);
  const panel = page.getByRole("complementary");
  await panel.getByText(String.raw`\u202etxt.live`, { exact: true }).waitFor();
  const host = panel.getByRole("link", { name: hostname });
  await host.waitFor();
  assert.ok(await host.evaluate((link) => link.scrollWidth <= (link.closest("dd")?.clientWidth ?? 0)));
  await panel.getByRole("button", { name: "Show JSON" }).click();
  assert.match((await panel.getByRole("group", { name: "The event as JSON" }).textContent()) ?? "", /\\u202etxt/);
  await screenshot(page, "characters");
});

test("users are told that they see their own events: on the page, in an empty list, behind a link", async () => {
  const ann = await makePerson(server);
  const [foreign] = await report(admin(server).native, {
    type: "NODE",
    action: "node.foreign",
    description: "Not hers.",
  });
  await using opened = await browser.logIn(server, ann);
  const { page } = opened;
  const told = page.getByText("You see your own events. Administrators and auditors see everybody's.");
  await told.waitFor();
  await applyFilter(page, "user:admin");
  await page.getByText("No events match these filters.").waitFor();
  await page.getByTestId("events").getByText("You see your own events.", { exact: false }).waitFor();
  await screenshot(page, "own-events");
  opened.expectStatus(404);
  await opened.go(`/?event=${foreign?.id}`);
  const panel = page.getByRole("complementary");
  await panel.getByText(`There is no event ${foreign?.id}.`).waitFor();
  await panel.getByText("You see your own events.", { exact: false }).waitFor();
  await opened.go("/machine/abc123/events");
  await page.getByTestId("events").getByText("You see your own events.", { exact: false }).waitFor();
});

test("an administrator is told nothing of the kind", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  await opened.page.locator("[data-row='0']").waitFor();
  assert.equal(await opened.page.getByText("You see your own events").count(), 0);
});

test("under a new filter nothing stands as if it were the answer: not while it is read, not when it fails", async () => {
  await report(admin(server).native, { type: "NODE", action: "node.stale", description: "Of the new filter." });
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.locator("[data-row='0']").waitFor();
  await page.locator(".ui-histogram__bar").first().waitFor();
  const answers = await holdAnswers(page);
  await applyFilter(page, "action:node.stale");
  await page.getByText("Reading the events that match…").waitFor();
  assert.equal(await page.locator("[data-row]").count(), 0);
  await page.locator(".ui-histogram.is-stale").waitFor();
  await page.locator(".ui-histogram__legend").getByText("Counting…").waitFor();
  await page.locator(".ui-count").getByText("Counting…").waitFor();
  await screenshot(page, "stale");
  answers.giveWay();
  await page.getByRole("link", { name: "Of the new filter." }).waitFor();
  await page.locator(".ui-histogram.is-stale").waitFor({ state: "detached" });
  await page.getByText("1 event", { exact: true }).waitFor();

  opened.expectStatus(503);
  await page.route("**/api/v1/**", (route) =>
    route.fulfill({ status: 503, json: { detail: "The database is away." } }),
  );
  await applyFilter(page, "action:auth.login");
  await page.getByText("No event of this filter has been read.").waitFor();
  assert.equal(await page.locator("[data-row]").count(), 0);
  await page.getByText("Can't be counted now. Trying again.").waitFor();
  assert.equal(await page.locator(".ui-histogram:not(.is-stale) .ui-histogram__bar").count(), 0);
  // The same of a filter that is asked for once more.
  await page.unroute("**/api/v1/**");
  await applyFilter(page, "action:node.stale");
  await page.getByText("1 event", { exact: true }).waitFor();
  await page.route("**/api/v1/**", (route) =>
    route.fulfill({ status: 503, json: { detail: "The database is away." } }),
  );
  await applyFilter(page, "action:node.stale");
  await page.getByText("No event of this filter has been read.").waitFor();
  await page.getByText("Can't be counted now. Trying again.").waitFor();
  assert.equal(await page.locator(".ui-histogram:not(.is-stale)").count(), 0);
  assert.equal(await page.getByText("1 event", { exact: true }).count(), 0);
});

test("while a filter that is typed can't be read, the list says which one it answers", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, "user:admin");
  await page.waitForURL(/q=user/);
  await page.locator("[data-row='0']").waitFor();
  await applyFilter(page, "user:admin usr:x");
  await page.getByRole("alert").waitFor();
  await page
    .locator(".ui-events-body.is-stale")
    .getByText("The list still answers the filter before: user:admin")
    .waitFor();
  await applyFilter(page, "user:admin");
  await page.locator(".ui-events-body.is-stale").waitFor({ state: "detached" });
});

/** Keeps the answers about events back, and those about the session, as a slow server does. */
async function holdAnswers(page: Page) {
  const gate = Promise.withResolvers<void>();
  await page.route(/\/api\/v1\/(events|session)/, async (route) => {
    await gate.promise;
    await route.continue();
  });
  return { giveWay: () => gate.resolve() };
}
