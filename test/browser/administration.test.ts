import assert from "node:assert/strict";
import { test } from "node:test";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { allEvents } from "../support/clients/native-client.ts";
import { admin, makePerson, type Person } from "../support/worlds/people.ts";

import {
  expectAccessible,
  expectNoOverflow,
  fillLogin,
  type OpenedPage,
  screenshot,
  panelOf,
} from "./support/browser.ts";
import { startPages, heard } from "./support/pages.ts";

// Settings and users, for administrators. What a page did is checked through the API, and in the log.

const usersPath = "/settings/user-management/users";
const settingsPath = "/settings/configuration/general";

const { browser, server } = await startPages();

async function openAt(address: string, options?: BrowserContextOptions, as?: Person): Promise<OpenedPage> {
  const opened = await browser.logIn(server, as ?? server.firstLogin, { ...options, at: address });
  // What a form refuses.
  opened.expectStatus(400, 409);
  return opened;
}

async function readSetting(name: string): Promise<unknown> {
  return (await admin(server).native.ask("GET", `settings/${name}`)).json<{ value: unknown }>().value;
}

/** The newest event about somebody or something. */
async function lastEvent(action: string, target: string) {
  const [event] = await allEvents(admin(server).native, { action, target });
  assert.ok(event !== undefined, `no ${action} of ${target} was recorded`);
  assert.equal(event.endpoint, "UI");
  return event;
}

async function openEdit(page: Page, username: string) {
  await page.getByRole("button", { name: `Edit ${username}`, exact: true }).click();
  return panelOf(page, `Edit user '${username}'`);
}

test("settings are saved by group, and only what changed is recorded", async () => {
  await using opened = await openAt(settingsPath);
  const { page } = opened;
  const dns = page.getByRole("form", { name: "DNS" });
  await dns.waitFor();
  await expectAccessible(page);
  const before = await allEvents(admin(server).native, { action: "setting.update" });
  await dns.getByLabel("default_dns_ttl").fill("60");
  await dns.getByLabel("upstream_dns").fill("not an address");
  await dns.getByLabel("dnssec_validation").selectOption("no");
  await dns.getByRole("button", { name: "Save" }).click();
  await dns.getByText("Invalid IP address: not; provide a list of space-separated IP addresses").waitFor();
  assert.equal(await dns.getByLabel("upstream_dns").getAttribute("aria-invalid"), "true");
  await expectAccessible(page);
  assert.equal(await readSetting("default_dns_ttl"), 60);
  assert.equal(await readSetting("dnssec_validation"), "no");
  assert.equal(await readSetting("upstream_dns"), null);
  await dns.getByLabel("upstream_dns").fill("192.0.2.1, 192.0.2.2");
  await dns.getByRole("button", { name: "Save" }).click();
  await heard(page, "Saved DNS.");
  assert.equal(await readSetting("upstream_dns"), "192.0.2.1 192.0.2.2");
  assert.equal(await dns.getByLabel("upstream_dns").inputValue(), "192.0.2.1 192.0.2.2");
  const after = await allEvents(admin(server).native, { action: "setting.update" });
  assert.deepEqual(
    after.slice(0, after.length - before.length).map((event) => event.target_name),
    ["upstream_dns", "dnssec_validation", "default_dns_ttl"],
  );
  const proxy = page.getByRole("form", { name: "Proxy" });
  await proxy.getByText("enable_http_proxy").click();
  await page.keyboard.press("Enter");
  await heard(page, "Saved Proxy.");
  assert.equal(await readSetting("enable_http_proxy"), false);
});

test("a secret is set, replaced and removed, and never shown", async () => {
  await using opened = await openAt(settingsPath);
  const { page } = opened;
  const vmware = page.getByRole("form", { name: "VMware" });
  await vmware.getByText("Not set").waitFor();
  await vmware.getByRole("button", { name: "Set vCenter password" }).click();
  await vmware.getByRole("textbox", { name: "vcenter_password" }).fill("a secret of VMware");
  await vmware.getByRole("button", { name: "Save" }).click();
  await vmware.getByRole("button", { name: "Replace vCenter password" }).waitFor();
  assert.equal(await readSetting("vcenter_password"), "********");
  await vmware.getByRole("button", { name: "Replace vCenter password" }).click();
  assert.equal(await vmware.getByRole("textbox", { name: "vcenter_password" }).inputValue(), "");
  const hasFocus = (what: Locator): Promise<boolean> => what.evaluate((element) => element === document.activeElement);
  assert.ok(await hasFocus(vmware.getByRole("textbox", { name: "vcenter_password" })));
  await vmware.getByRole("button", { name: "Cancel the change of vCenter password" }).click();
  assert.ok(await hasFocus(vmware.getByRole("button", { name: "Replace vCenter password" })));
  await vmware.getByRole("button", { name: "Replace vCenter password" }).click();
  await vmware.getByRole("button", { name: "Save" }).click();
  await vmware.getByText("Not set").waitFor();
  assert.equal(await readSetting("vcenter_password"), "");
  const event = await lastEvent("setting.update", "vcenter_password");
  assert.deepEqual(event.details, { is_changed: true, is_secret: true, is_set: false });
});

test("a time is set in the unit that people think in, and is seen to be saved", async () => {
  await using opened = await openAt(settingsPath);
  const { page } = opened;
  const sessions = page.getByRole("form", { name: "Sessions" });
  const idle = sessions.getByLabel("ironlog_session_idle_seconds");
  const unit = sessions.getByLabel("Sessions end without use after: unit");
  await sessions.getByText("ironlog_session_idle_seconds").waitFor();
  assert.deepEqual([await idle.inputValue(), await unit.inputValue()], ["12", "3600"]);
  await idle.fill("1.5");
  await sessions.getByRole("button", { name: "Save" }).click();
  await sessions.getByText("Saved", { exact: true }).waitFor();
  assert.equal(await readSetting("ironlog_session_idle_seconds"), 5_400);
  await unit.selectOption("minutes");
  await idle.fill("90 minutes");
  assert.equal(await sessions.getByText("Saved", { exact: true }).count(), 0);
  await sessions.getByRole("button", { name: "Save" }).click();
  await sessions.locator("[aria-invalid=true]").waitFor();
  assert.equal(await idle.inputValue(), "90 minutes");
  await unit.selectOption("days");
  await idle.fill("0.5");
  await sessions.getByRole("button", { name: "Save" }).click();
  await sessions.getByText("Saved", { exact: true }).waitFor();
  assert.equal(await readSetting("ironlog_session_idle_seconds"), 43_200);
  assert.equal(await page.getByLabel("Scan networks every").locator("option:checked").innerText(), "3 hours");
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoOverflow(page);
  await screenshot(page, "settings-320");
  await page.setViewportSize({ width: 1440, height: 900 });
  await screenshot(page, "settings");
});

test("settings are found by name, help and group", async () => {
  await using opened = await openAt(settingsPath);
  const { page } = opened;
  await page.getByLabel("Search settings").fill("a session that nobody uses");
  await page.getByRole("form", { name: "Sessions" }).waitFor();
  assert.equal(await page.getByRole("form").count(), 1);
  await page.getByLabel("Search settings").fill("vcenter_server");
  await page.getByRole("form", { name: "VMware" }).waitFor();
  await page.getByLabel("Search settings").fill("no such thing");
  await page.getByText("No setting matches.").waitFor();
});

test("a long page scrolls in itself, and not the document around it", async () => {
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/settings/configuration/general" });
  await opened.page.getByRole("heading", { level: 2 }).first().waitFor();
  const [document, window] = await opened.page.evaluate(() => [document.documentElement.scrollHeight, innerHeight]);
  assert.equal(document, window);
});

test("two forms with changes ask once when they are left", async () => {
  await using opened = await openAt(settingsPath);
  const { page } = opened;
  await page.getByLabel("maas_name").fill("another name");
  await page.getByLabel("maas_internal_domain").fill("another-domain");
  const users = page.getByRole("link", { name: "Users" });
  await users.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Leave without saving?").waitFor();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("maas_name").inputValue(), "another name");
  assert.equal(await users.evaluate((link) => link === document.activeElement), true, "the focus is where it was");
  await users.click();
  await dialog.getByRole("button", { name: "Leave" }).click();
  await page.getByRole("heading", { level: 1, name: "Users" }).waitFor();
  assert.equal(await dialog.count(), 0);
});

test("who is no administrator is told so at these addresses, and isn't led away", async () => {
  const person = await makePerson(server);
  await using opened = await openAt("/", {}, person);
  const { page } = opened;
  assert.equal(await page.getByRole("link", { name: "Settings", exact: true }).count(), 0);
  for (const address of [settingsPath, usersPath]) {
    await opened.go(address);
    await page.getByText("You need to be an administrator or an auditor to see this page.").waitFor();
    assert.equal(new URL(page.url()).pathname, address);
    assert.equal(await page.locator("form, table").count(), 0);
    await expectAccessible(page);
  }
});

test("a session that is ended elsewhere leads to the login, and back to the page", async () => {
  const person = await makePerson(server, { isAdministrator: true });
  await using opened = await openAt(settingsPath, {}, person);
  const { page } = opened;
  await page.getByLabel("maas_name").fill("half typed");
  // What the page asks for by itself would bring the login before the button does.
  await page.route("**/api/v1/log", () => {});
  await admin(server).native.ask("DELETE", `users/${person.username}/sessions`);
  await page.getByRole("form", { name: "Name and notices" }).getByRole("button", { name: "Save" }).click();
  await page.getByText("Your session has ended. Log in again.").waitFor();
  await fillLogin(page, person);
  await page.waitForURL((at) => at.pathname === settingsPath);
});

for (const [name, options] of [
  ["light-320", { viewport: { width: 320, height: 640 } }],
  ["dark-390", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
  ["dark-1440", { colorScheme: "dark" }],
  ["light-2560", { viewport: { width: 2560, height: 1300 } }],
] as const) {
  test(`neither settings nor users have a fault that axe finds: ${name}`, async () => {
    const person = await makePerson(server, { lastName: "A person with a name that takes more room than others" });
    await using opened = await openAt(settingsPath, options);
    const { page } = opened;
    const check = async (what: string): Promise<void> => {
      await expectAccessible(page);
      await expectNoOverflow(page);
      await screenshot(page, `${what}-${name}`);
    };
    await page.getByRole("form", { name: "Sessions" }).waitFor();
    await check("general");
    await page.getByRole("link", { name: "Users" }).click();
    await page.getByRole("button", { name: `Edit ${person.username}`, exact: true }).waitFor();
    await check("users");
    const panel = await openEdit(page, person.username);
    await panel.getByText("open session").waitFor();
    await check("edit-user");
  });
}
