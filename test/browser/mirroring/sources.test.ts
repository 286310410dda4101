import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { allEvents } from "../../support/clients/native-client.ts";
import { type MaasDatabaseStandIn, makeMaasDatabase } from "../../support/maas/maas-database.ts";
import { standInEvent } from "../../support/maas/maas-events.ts";
import { startMaasServer } from "../../support/maas/maas-server.ts";
import { mirrorProd, untilMirrored, untilState } from "../../support/maas/mirrored.ts";
import { startServer } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, panelOf, screenshot } from "../support/browser.ts";
import { dark390, heard, startPages } from "../support/pages.ts";

// Mirrored MAASes as people meet them: the page of sources, and their events among all others.

const { browser, server } = await startPages();
const sourcesPath = "/settings/configuration/sources";

test("an administrator adds a MAAS by the form, sees it mirrored, finds its events, and deletes it", async () => {
  await using maas = await makeMaasDatabase();
  await maas.writeMany(40);
  await maas.ask("delete from maasserver_event where id = 7");
  const { native } = admin(server);
  await using opened = await browser.logIn(server, server.firstLogin, { at: sourcesPath });
  opened.expectStatus(400);
  const { page } = opened;
  await page.getByText("There are no sources.").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add source" }).click();
  await fillForm(page, maas);
  const panel = panelOf(page, "Source 'prod'");
  await panel.waitFor();
  await untilMirrored(native, 40);
  await panel.getByText("up to date").waitFor();
  const strip = panel.getByRole("img", { name: "Ids 1 to 40: 39 mirrored, 1 gap, 0 vanished, 0 changed" });
  await strip.waitFor();
  assert.equal(await strip.locator(".is-gap").count(), 1);
  await panel.getByText("Ids that aren't simply mirrored").click();
  await panel.getByRole("row", { name: /^7 gap/ }).waitFor();
  await panel.getByRole("button", { name: "Check what it shows" }).click();
  await panel.getByRole("table", { name: "What the source shows" }).getByText("yes").waitFor();
  await findVanished(panel, maas);
  await expectAccessible(page);
  await screenshot(page, "source");
  await panel.getByRole("link", { name: "Show its events" }).click();
  await seeEvents(page);
  await opened.go(sourcesPath);
  await page.getByRole("button", { name: "prod" }).click();
  await panel.getByRole("button", { name: "Delete source" }).click();
  const question = page.getByRole("dialog");
  await question.getByText("stay in the log").waitFor();
  await question.getByRole("textbox").fill("prod");
  await expectAccessible(page);
  await question.getByRole("button", { name: "Delete source" }).click();
  await page.getByText("There are no sources.").waitFor();
  const about = await allEvents(native, { target: "source/prod" });
  assert.deepEqual(
    about.map(({ action, endpoint }) => [action, endpoint]),
    [
      ["source.delete", "UI"],
      ["source.vanish", "CLI"],
      ["source.create", "UI"],
    ],
  );
});

/** Adds it, after a form that the server refuses at a field. */
async function fillForm(page: Page, maas: MaasDatabaseStandIn): Promise<void> {
  const adding = panelOf(page, "Add source");
  await adding.getByText("GRANT SELECT ON maasserver_event").waitFor();
  await adding.getByLabel("Name", { exact: true }).fill("prod");
  await adding.getByLabel("Database", { exact: true }).fill("postgres://maas-db/maasdb");
  await adding.getByRole("textbox", { name: "Database password" }).fill(maas.password);
  await adding.getByRole("button", { name: "Add source" }).click();
  await adding.getByText("Enter the role too").waitFor();
  await expectAccessible(page);
  await adding.getByLabel("Database", { exact: true }).fill(maas.mirrorUrl);
  await adding.getByRole("button", { name: "Add source" }).click();
}

/** What MAAS lost after it was mirrored is found by a comparison that is asked for. */
async function findVanished(panel: Locator, maas: MaasDatabaseStandIn): Promise<void> {
  await maas.ask("delete from maasserver_event where id = 9");
  await panel.getByRole("button", { name: "Compare now" }).click();
  await panel.getByText("1 vanished").waitFor();
  assert.equal(await panel.locator(".ui-ledger .is-vanished").count(), 1);
}

/** The source's events, alone in the list and one beside it. */
async function seeEvents(page: Page): Promise<void> {
  await page.waitForURL((at) => at.searchParams.get("q") === "source:maas:prod");
  const row = page.getByRole("row").filter({ hasText: "Did thing number 40." });
  await row.locator(".ui-occurred", { hasText: "2024-01-01" }).waitFor();
  await row.getByText("Mirrored from MAAS prod, unchanged since").waitFor({ state: "attached" });
  assert.equal(await row.locator(".p-icon--security-tick").count(), 0);
  assert.equal(await row.locator(".is-address").textContent(), "192.0.2.1");
  await row.getByRole("link").click();
  const panel = page.getByRole("complementary");
  await panel.getByText("Mirrored from MAAS prod. Ironlog records what that MAAS had recorded;").waitFor();
  await panel.getByText("User there", { exact: true }).waitFor();
  await panel.getByText("Id there", { exact: true }).waitFor();
  await expectAccessible(page);
  await screenshot(page, "mirrored-event");
  await page.goto("/");
  await page.getByRole("row").filter({ hasText: "Did thing number 40." }).getByRole("link").click();
  await panel.getByRole("link", { name: "MAAS prod", exact: true }).click();
  await page.waitForURL((at) => at.searchParams.get("q") === "source:maas:prod");
}

test("a machine's page shows what its MAAS recorded of it, by its system id", async () => {
  await using maas = await makeMaasDatabase();
  await using own = await startServer({ kind: "sqlite" });
  const { native } = admin(own);
  const made = await native.ask("POST", "nodes", { hostname: "blade-07", architecture: "amd64/generic" });
  const { system_id: systemId } = made.json<{ system_id: string }>();
  const node = { type: "NODE_POWER_ON", username: "", userId: null, systemId, hostname: "blade-07.lab" };
  await maas.write({ ...node, description: "Switched on." });
  await maas.write({ ...node, systemId: "abc123", description: "Another one was switched on." });
  await mirrorProd(native, maas);
  await untilMirrored(native, 2);
  await using opened = await browser.logIn(own, own.firstLogin, { at: `/machine/${systemId}/events` });
  const list = opened.page.getByTestId("events");
  await list.getByText("Switched on.").waitFor();
  const mirrored = list.getByRole("row").filter({ hasText: "MAAS prod" });
  await mirrored.locator(".ui-occurred").waitFor();
  await list.getByRole("row").filter({ hasText: "node.create" }).waitFor();
  assert.equal(await list.getByText("Another one was switched on.").count(), 0);
});

test("a MAAS that was set back stands still, says why, and goes on with a new generation when told to", async () => {
  await using maas = await makeMaasDatabase();
  await using own = await startServer({ kind: "sqlite" });
  const { native } = admin(own);
  await maas.writeMany(3);
  await mirrorProd(native, maas);
  await untilMirrored(native, 3);
  await native.ask("PATCH", "sources/prod", { is_enabled: false });
  await maas.ask("update maasserver_event set created = created - interval '1 year'");
  await using opened = await browser.logIn(own, own.firstLogin, { ...dark390, at: sourcesPath });
  const { page } = opened;
  await page.getByText("Paused").waitFor();
  await page.getByRole("button", { name: "prod" }).click();
  await page.getByRole("button", { name: "Edit source" }).click();
  const editing = panelOf(page, "Edit source 'prod'");
  await editing.getByText("Set. Enter another one to replace it.").waitFor();
  await editing.getByText("Mirror its events", { exact: true }).click();
  await expectAccessible(page);
  await editing.getByRole("button", { name: "Save source" }).click();
  await heard(page, "Saved source 'prod'.");
  const panel = panelOf(page, "Source 'prod'");
  await panel.getByText("This MAAS was set back.").waitFor();
  await panel.getByText("event 3 is another one there now").waitFor();
  await expectNoOverflow(page);
  await expectAccessible(page);
  await screenshot(page, "source-set-back");
  await panel.getByRole("button", { name: "Continue with a new generation" }).click();
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  const { generation, mirrored } = await untilState(native, "mirroring");
  assert.deepEqual([generation, mirrored], [2, 3]);
  await panel.getByText("This MAAS was set back.").waitFor({ state: "detached" });
  await panel.getByText("up to date").waitFor();
});

test("a source that is behind says by how much, while it is imported and while a transaction holds it back", async () => {
  await using own = await startServer({ kind: "sqlite" });
  const database = "postgres://ironlog_mirror@127.0.0.1:1/maasdb";
  await admin(own).native.ask("POST", "sources", { name: "prod", database, is_enabled: false });
  await using opened = await browser.logIn(own, own.firstLogin);
  const { page } = opened;
  // Both pass by too soon to be seen by chance.
  let shown: object = { state: "importing", recorded_to: 1_200, import_to: 5_000 };
  await page.route("**/api/v1/sources*", async (route) => {
    const { items } = (await (await route.fetch()).json()) as { readonly items: readonly object[] };
    await route.fulfill({ json: { items: items.map((item) => ({ ...item, ...shown })) } });
  });
  await page.route("**/api/v1/sources/prod", async (route) => {
    await route.fulfill({ json: { ...((await (await route.fetch()).json()) as object), ...shown } });
  });
  await opened.go(sourcesPath);
  await page.getByRole("main").getByText("3,800 ids").waitFor();
  await page.getByRole("button", { name: "prod" }).click();
  const panel = panelOf(page, "Source 'prod'");
  await panel.getByText("1,200 of 5,000 ids").waitFor();
  assert.equal(await panel.getByRole("progressbar", { name: "First import" }).getAttribute("max"), "5000");
  await expectAccessible(page);
  await screenshot(page, "source-importing");
  shown = { state: "mirroring", recorded_to: 5_000, import_to: null, waiting: 12 };
  await panel.getByText("12 events wait.").waitFor();
  await expectAccessible(page);
  await page.emulateMedia({ forcedColors: "active" });
  await screenshot(page, "source-waiting");
});

test("a MAAS without its database is added by its address and a key, and says that its API can't prove absence", async () => {
  await using maas = await startMaasServer("2.9.2");
  maas.people.set("a:b:c", { username: "boss", isSuperuser: true });
  maas.state.events.push(standInEvent({ id: 3 }), standInEvent({ id: 6 }));
  await using own = await startServer({ kind: "sqlite" });
  const { native } = admin(own);
  await using opened = await browser.logIn(own, own.firstLogin, { ...dark390, at: sourcesPath });
  opened.expectStatus(400);
  const { page } = opened;
  await page.getByRole("button", { name: "Add source" }).click();
  const adding = panelOf(page, "Add source");
  await adding.getByLabel("Name", { exact: true }).fill("prod");
  await adding.getByLabel("MAAS address", { exact: true }).fill(maas.url);
  await adding.getByRole("button", { name: "Add source" }).click();
  await adding.getByText("Enter an administrator's API key").waitFor();
  await expectAccessible(page);
  await adding.getByRole("textbox", { name: "API key" }).fill("a:b:c");
  await adding.getByRole("button", { name: "Add source" }).click();
  await untilMirrored(native, 6);
  const panel = panelOf(page, "Source 'prod'");
  await panel.getByText("It showed 2 of 4 ids between 3 and 6. An API doesn't prove absence").waitFor();
  await panel.getByText("API 2.0", { exact: true }).waitFor();
  assert.equal(await panel.getByRole("img", { name: /^Ids/ }).count(), 0);
  assert.equal(await panel.getByRole("button", { name: "Compare now" }).count(), 0);
  await expectNoOverflow(page);
  await expectAccessible(page);
  await screenshot(page, "source-over-api");
});

test("an auditor sees the sources and changes none; others don't see the page", async () => {
  await using own = await startServer({ kind: "sqlite" });
  const [auditor, other] = [await makePerson(own, { isAuditor: true }), await makePerson(own)];
  await admin(own).native.ask("POST", "sources", {
    name: "prod",
    database: "postgres://ironlog_mirror@127.0.0.1:1/maasdb",
    is_enabled: false,
  });
  await using opened = await browser.logIn(own, auditor, { at: "/settings" });
  const { page } = opened;
  await page.getByRole("link", { name: "Sources" }).click();
  await page.getByRole("button", { name: "prod" }).click();
  const panel = panelOf(page, "Source 'prod'");
  await panel.getByText("postgres://ironlog_mirror@127.0.0.1:1/maasdb").waitFor();
  assert.equal(await page.getByRole("button", { name: /add|edit|delete|check|continue/i }).count(), 0);
  await expectAccessible(page);
  await using narrow = await browser.logIn(own, other, { ...dark390, at: sourcesPath });
  await narrow.page.getByText("You need to be an administrator or an auditor to see this page.").waitFor();
  assert.equal(await narrow.page.getByText("prod").count(), 0);
});
