import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { allEvents } from "../support/clients/native-client.ts";
import { ageFactor, codeOf, enrolApp } from "../support/factors/app.ts";
import { admin, makePerson, type Person } from "../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, fillLogin, panelOf, screenshot } from "./support/browser.ts";
import { accountPages, heard, startPages } from "./support/pages.ts";

// The second factor in the pages: setting it up, logging in with it, being asked again. Passkeys by Chromium's virtual authenticator.

const { browser, server } = await startPages();
// Passkeys belong to a name, and a browser has them on this machine without TLS.
const named = { url: server.url.replace("127.0.0.1", "localhost") };
const { openAt, lastEvent } = accountPages({ browser, server: { ...server, url: named.url } });
const path = "/account/prefs/second-factor";

test("an app is set up by its QR code, and logs its user in; recovery codes are shown once", async () => {
  const person = await makePerson(server);
  await using tab = await openAt(person, path);
  const { page } = tab;
  tab.expectStatus(403);
  await page.getByText("You have no second factor.").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add app" }).click();
  await page.getByRole("textbox", { name: "Your password" }).fill("not my password");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("Your password was entered incorrectly.").waitFor();
  await page.getByRole("textbox", { name: "Your password" }).fill(person.password);
  await page.keyboard.press("Enter");
  await page.getByRole("img", { name: "QR code for the app" }).waitFor();
  await expectAccessible(page);
  await screenshot(page, "second-factor-app");
  const secret = (await page.getByRole("group", { name: "Secret" }).locator("code").textContent()) ?? "";
  await page.getByLabel("Name").fill("phone");
  await page.getByRole("textbox", { name: "Code" }).fill("000000");
  await page.getByRole("button", { name: "Add app" }).last().click();
  await page.getByText("This code is wrong").waitFor();
  await expectAccessible(page);
  await page.getByRole("textbox", { name: "Code" }).fill(codeOf(secret));
  await page.keyboard.press("Enter");
  await page.getByText("Keep these recovery codes in a safe place.").waitFor();
  const codes = await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allTextContents();
  assert.equal(codes.length, 10);
  await expectAccessible(page);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("rowheader", { name: "phone", exact: true }).waitFor();
  await page.getByText("10 of 10 are left.").waitFor();
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoOverflow(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  assert.equal((await lastEvent(person, "user.factor.add")).endpoint, "UI");

  await logOut(page);
  await fillLogin(page, person);
  await page.getByText("Now give your second factor.").waitFor();
  await expectAccessible(page);
  await screenshot(page, "login-second-factor");
  await page.getByRole("textbox", { name: "Code" }).fill("AAAA-AAAA-AAAA-AAAA");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("This code is wrong or was used before").waitFor();
  const field = page.getByRole("textbox", { name: "Code" });
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.ok(await field.evaluate((element) => element === document.activeElement));
  await expectAccessible(page);
  await page.getByRole("textbox", { name: "Code" }).fill(codes[0] ?? "");
  await page.keyboard.press("Enter");
  await page.waitForURL((at) => at.pathname === "/");
  const { details } = await lastEvent(person, "auth.login");
  assert.deepEqual(details, { factor: "recovery_code", recovery_codes_left: 9, role: "user" });
});

test("a passkey is made and logs its user in", async () => {
  const person = await makePerson(server);
  await using tab = await openAt(person, path);
  const { page } = tab;
  tab.expectStatus(403);
  await addAuthenticator(page);
  await page.getByRole("button", { name: "Add passkey" }).click();
  await page.getByLabel("Name").fill("laptop");
  await page.getByRole("textbox", { name: "Your password" }).fill(person.password);
  await expectAccessible(page);
  await page.locator(".l-aside").getByRole("button", { name: "Add passkey" }).click();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("rowheader", { name: "laptop", exact: true }).waitFor();
  await logOut(page);
  await fillLogin(page, person);
  await page.getByRole("button", { name: "Use a passkey" }).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.waitForURL((at) => at.pathname === "/");
  const { details } = await lastEvent(person, "auth.login");
  assert.deepEqual(details, { factor: "passkey", factor_name: "laptop", role: "user" });
});

test("a sensitive act asks for the factor again, and goes on with it", async () => {
  const person = await makePerson(server, { isAdministrator: true });
  const victim = await makePerson(server);
  const app = await enrolApp(person);
  await using tab = await browser.open(named);
  const { page } = tab;
  tab.expectStatus(403);
  await logInBy(page, person, app.recoveryCodes[0] ?? "");
  await ageFactor(server, person);
  await tab.go("/settings/user-management/users");
  await page.getByRole("button", { name: `Delete ${victim.username}` }).click();
  const question = page.getByRole("dialog", { name: /Delete user/ });
  await question.getByLabel(/Type '/).fill(victim.username);
  await question.getByRole("button", { name: "Delete user" }).click();
  const asked = page.getByRole("dialog", { name: "Give your second factor again" });
  await asked.waitFor();
  await expectAccessible(page);
  await screenshot(page, "second-factor-again");
  await page.keyboard.press("Escape");
  await asked.waitFor({ state: "hidden" });
  await question.getByText("Give your second factor again").waitFor();
  await question.getByLabel(/Type '/).press("Enter");
  await asked.getByLabel("Code").fill(app.recoveryCodes[1] ?? "");
  await asked.getByRole("button", { name: "Continue" }).click();
  await heard(page, `Deleted`);
  assert.equal((await admin(server).native.ask("GET", `users/${victim.username}`)).status, 404);
  const [renewed] = await allEvents(admin(server).native, { owner: person.username, action: "auth.factor.renew" });
  assert.equal(renewed?.endpoint, "UI");
});

test("an administrator sees who has a factor, and removes what was lost", async () => {
  const [root, person] = [await makePerson(server, { isAdministrator: true }), await makePerson(server)];
  await enrolApp(person);
  await using tab = await openAt(root, "/settings/user-management/users");
  const { page } = tab;
  await page.getByRole("button", { name: `Edit ${person.username}` }).click();
  const panel = panelOf(page, `Edit user '${person.username}'`);
  await panel.getByText(`'${person.username}' has one.`).waitFor();
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Remove second factors" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove second factors" }).click();
  await heard(page, "Removed the second factors");
  await panel.getByText(`'${person.username}' has none.`).waitFor();
  await using own = await browser.logIn(named, person);
  await own.page.getByRole("heading", { level: 1 }).waitFor();
});

test("who must set one up is told by when, and after that can do nothing else", async () => {
  const { native: root } = admin(server);
  const person = await makePerson(server);
  try {
    await root.ask("PUT", "settings/ironlog_second_factor", { value: "all" });
    await using tab = await browser.logIn(named, person);
    const { page } = tab;
    tab.expectStatus(403);
    await page.getByText("This server asks you for a second factor.").waitFor();
    await page.getByText("Set one up by").waitFor();
    await expectAccessible(page);
    await root.ask("PUT", "settings/ironlog_second_factor_grace_days", { value: 0 });
    await tab.go("/machines");
    await page.waitForURL((at) => at.pathname === path);
    await page.getByText("until then you can do nothing else here.").waitFor();
    await expectAccessible(page);
    await addAuthenticator(page);
    await page.getByRole("button", { name: "Add passkey" }).click();
    await page.getByRole("textbox", { name: "Your password" }).fill(person.password);
    await page.locator(".l-aside").getByRole("button", { name: "Add passkey" }).click();
    await page.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("This server asks you for a second factor.").waitFor({ state: "hidden" });
    await tab.go("/machines");
    await page.getByRole("heading", { level: 1, name: "Machines" }).waitFor();
  } finally {
    await root.ask("PUT", "settings/ironlog_second_factor", { value: "off" });
  }
});

/** Gives the page's browser an authenticator that is always touched. */
async function addAuthenticator(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

async function logOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL((at) => at.pathname === "/login");
}

async function logInBy(page: Page, person: Person, code: string): Promise<void> {
  await page.goto("/login");
  await fillLogin(page, person);
  await page.getByRole("textbox", { name: "Code" }).fill(code);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL((at) => at.pathname === "/");
}
