import assert from "node:assert/strict";
import { test } from "node:test";
import { admin, makePerson } from "../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, screenshot } from "./support/browser.ts";
import { startPages } from "./support/pages.ts";

const { browser, server } = await startPages();

const script = (says: string): string => `#!/bin/sh\n# A test.\necho ${says}\n`;

test("a log with another key than this browser has seen is called out on every page", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.waitForFunction(() => localStorage.getItem("ironlog.log") !== null);
  await page.evaluate(() => {
    const known = JSON.parse(localStorage.getItem("ironlog.log") ?? "{}") as { size: number };
    localStorage.setItem("ironlog.log", JSON.stringify({ ...known, size: known.size + 1_000 }));
  });
  for (const address of ["/", "/machines", "/integrity"]) {
    await opened.go(address);
    await page.getByText("The log does not match what this browser has seen of it. Don't rely on it.").waitFor();
  }
  await screenshot(page, "log-broken");
});

test("machines: found by any of their words, shown with their events, also once they are gone", async () => {
  const { native } = admin(server);
  const made = await native.ask("POST", "nodes", { hostname: "blade-7", architecture: "amd64/generic" });
  const { system_id: id } = made.json<{ system_id: string }>();
  await native.ask("POST", "nodes", { hostname: "rack-9", architecture: "amd64/generic" });
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/machines" });
  const { page } = opened;
  await page.getByRole("searchbox", { name: "Search machines" }).fill("blade");
  await page.getByText("1 of 2 machines").waitFor();
  assert.equal(await page.getByText("rack-9").count(), 0);
  await screenshot(page, "machines");
  await expectAccessible(page);
  await page.getByRole("link", { name: "blade-7", exact: true }).click();
  await page.getByText("amd64/generic").waitFor();
  await expectAccessible(page);
  await page.getByRole("navigation", { name: "Machine" }).getByRole("link", { name: "Events", exact: true }).click();
  await page
    .getByRole("link", { name: /blade-7/ })
    .first()
    .waitFor();
  await screenshot(page, "machine-events");
  await expectAccessible(page);
  assert.equal((await native.ask("DELETE", `nodes/${id}`)).status, 204);
  opened.expectStatus(404);
  await opened.go(`/machine/${id}`);
  await page.getByText(`There is no machine '${id}' now.`).waitFor();
  await page.getByRole("link", { name: "its events" }).click();
  await page
    .getByRole("link", { name: /Deleted/ })
    .first()
    .waitFor();
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoOverflow(page);
});

test("scripts: uploaded, tagged, changed, compared, reverted, deleted by name", async () => {
  const { native } = admin(server);
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/settings/scripts/testing" });
  const { page } = opened;
  await page.getByText("There are no testing scripts.").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Upload script" }).click();
  const panel = page.getByRole("complementary");
  const upload = async (says: string, verb: string, more: Readonly<Record<string, string>> = {}): Promise<void> => {
    const file = { name: "check.sh", mimeType: "text/x-sh", buffer: Buffer.from(script(says)) };
    await panel.getByLabel("File").setInputFiles(file);
    for (const [label, value] of Object.entries(more)) await panel.getByLabel(label).fill(value);
    await panel.getByRole("button", { name: verb }).click();
  };
  await expectAccessible(page);
  opened.expectStatus(400);
  await upload("one", "Upload script", { Name: "not a name" });
  await panel.locator(".p-form-validation__message").first().waitFor();
  await upload("one", "Upload script", { Name: "check-it" });
  await page.getByRole("link", { name: "check-it" }).click();
  await page.getByText("echo one").waitFor();
  await page.getByRole("textbox", { name: "Another tag" }).fill("nightly");
  await page.getByRole("button", { name: "Add tag" }).click();
  await page.getByRole("button", { name: "Remove tag nightly" }).waitFor();
  await expectAccessible(page);
  await screenshot(page, "script");
  await page.getByRole("button", { name: "Upload version" }).click();
  await upload("two", "Upload version", { Comment: "Says two." });
  await page.getByText("echo two").waitFor();
  await page.getByRole("link", { name: "Versions" }).click();
  await page.getByText("Says two.").waitFor();
  const comparison = page.getByRole("group", { name: "Comparison" });
  await comparison.getByText("echo one").waitFor();
  await comparison.getByText("echo two").waitFor();
  await screenshot(page, "script-versions");
  await expectAccessible(page);
  await page.getByRole("button", { name: /^Revert to/ }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Revert to/ })
    .click();
  await page.getByRole("link", { name: "Summary" }).click();
  await page.getByText("echo one").waitFor();
  await page.getByRole("button", { name: "Delete script" }).click();
  const dialog = page.getByRole("dialog");
  const remove = dialog.getByRole("button", { name: "Delete script" });
  assert.equal(await remove.isDisabled(), true);
  await dialog.getByLabel("Type 'check-it' to confirm").fill("check-it");
  await expectAccessible(page);
  await remove.click();
  await page.getByText("There are no testing scripts.").waitFor();
  const { items } = (await native.ask("GET", "events?target=script/check-it")).json<{ items: { action: string }[] }>();
  assert.deepEqual(
    items.map(({ action }) => action.split(".")[0]),
    items.map(() => "script"),
  );
  assert.ok(items.length >= 5, "each act is in the log");
});

test("the beginning of an address leads to a page", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  for (const [typed, reached] of [
    ["/settings", "/settings/configuration/general"],
    ["/settings/scripts", "/settings/scripts/commissioning"],
    ["/account", "/account/prefs/details"],
    ["/account/prefs", "/account/prefs/details"],
    ["/machine", "/machines"],
  ] as const) {
    await opened.go(typed);
    await opened.page.waitForURL((at) => at.pathname === reached);
    await opened.page.getByRole("heading", { level: 1 }).waitFor();
  }
});

test("a user who opens an administrator's address is told so, and nothing is shown", async () => {
  const bob = await makePerson(server);
  await using opened = await browser.logIn(server, bob);
  opened.expectStatus(403);
  const { page } = opened;
  for (const address of [
    "/settings/configuration/general",
    "/settings/user-management/users",
    "/settings/scripts/commissioning",
    "/settings/scripts/testing/any",
  ]) {
    await opened.go(address);
    await page.getByText("You need to be an administrator or an auditor to see this page.").waitFor();
    await expectAccessible(page);
  }
  assert.equal(await page.getByRole("link", { name: "Settings", exact: true }).count(), 0);
});

test("an address that leads nowhere says so, and keeps the way back", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/settings/nothing/here" });
  const { page } = opened;
  opened.expectStatus(404);
  await page.getByText("There is no page at this address.").waitFor();
  await page.getByRole("link", { name: "Integrity", exact: true }).waitFor();
  assert.equal(await page.title(), "Not found | Ironlog");
  await expectAccessible(page);
  await page.getByRole("link", { name: "See the events" }).click();
  await page.getByRole("heading", { name: "Events", level: 1 }).waitFor();
});

test("an address that the server doesn't know either is a page within the frame", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  opened.expectStatus(404);
  for (const address of ["/nothing/of/this", "/settings/nothing", "/assets/none.js", "/INTEGRITY", "//50%"]) {
    const answer = await page.goto(`${server.url}${address}`);
    assert.equal(answer?.status(), 404, address);
    await page.getByText("There is no page at this address.").waitFor();
    await page.getByRole("link", { name: "Integrity", exact: true }).waitFor();
  }
  await expectAccessible(page);
});

test("the navigation: by keyboard, as a bar with a menu where there is no room, and dark or light as chosen", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { viewport: { width: 390, height: 844 } });
  const { page } = opened;
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("link", { name: "Integrity", exact: true }).waitFor();
  await page.getByRole("button", { name: "Dark" }).click();
  assert.equal(await page.evaluate(() => document.body.classList.contains("is-dark")), true);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Integrity", exact: true }).click();
  await page.getByRole("heading", { name: "Integrity", level: 1 }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Integrity", level: 1 }).waitFor();
  assert.equal(await page.evaluate(() => document.body.classList.contains("is-dark")), true);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to main content");
});
