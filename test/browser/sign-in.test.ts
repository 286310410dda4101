import assert from "node:assert/strict";
import { test } from "node:test";
import { allEvents } from "../support/clients/native-client.ts";
import { sendJson } from "../support/providers/forging-provider.ts";
import { joinForger } from "../support/providers/join-forger.ts";
import { freshProviderName } from "../support/providers/provider-name.ts";
import { startProvider } from "../support/providers/real-provider.ts";
import { joinProvider, somebody } from "../support/providers/sign-in.ts";
import { admin, makePerson } from "../support/worlds/people.ts";

import { expectAccessible, expectNoOverflow, fillLogin, panelOf, screenshot } from "./support/browser.ts";
import { accountPages, dark390, heard, startPages } from "./support/pages.ts";

// Sign-in through a provider as people meet it: the login page, their preferences, the administrators' page.

const world = await startPages();
const { browser, server } = world;
const { openAt } = accountPages(world);
const providersPath = "/settings/configuration/sign-in";

test("an administrator adds, tests, enables and deletes a provider", async () => {
  const name = freshProviderName();
  await using provider = await startProvider(server.url, name);
  await using tab = await browser.logIn(server, server.firstLogin, { at: providersPath });
  tab.expectStatus(400);
  const { page } = tab;
  await page.getByText("There are no sign-in providers.").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add provider" }).click();
  const adding = panelOf(page, "Add provider");
  await adding.getByLabel("Name", { exact: true }).fill(name);
  await adding.getByText(`${server.url}/oidc/${name}/callback`).waitFor();
  await adding.getByLabel("Issuer").fill("http://login.example.com");
  await adding.getByLabel("Client ID").fill(provider.clientId);
  await adding.getByRole("textbox", { name: "Client secret" }).fill("another secret");
  await adding.getByRole("button", { name: "Add provider" }).click();
  await adding.getByText("Enter an address with https.").waitFor();
  await expectAccessible(page);
  await adding.getByLabel("Issuer").fill(provider.issuer);
  await adding.getByRole("button", { name: "Add provider" }).click();
  const panel = panelOf(page, `Provider '${name}'`);
  await panel.getByRole("button", { name: "Test provider" }).click();
  await panel.getByText("The provider doesn't take the client ID and secret: check both.").waitFor();
  await panel.getByRole("button", { name: "Edit provider" }).click();
  const editing = panelOf(page, `Edit provider '${name}'`);
  await editing.getByRole("textbox", { name: "Client secret" }).fill(provider.clientSecret);
  await editing.getByRole("button", { name: "Save provider" }).click();
  await heard(page, `Saved provider '${name}'.`);
  await panel.getByRole("button", { name: "Test provider" }).click();
  await panel.getByText("The provider can be used.").waitFor();
  await panel.getByRole("button", { name: "Enable provider" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Enable provider" }).click();
  await panel.getByRole("button", { name: "Disable provider" }).waitFor();
  await expectAccessible(page);
  await screenshot(page, "sign-in-provider");
  const [event] = await allEvents(admin(server).native, { action: "provider.update" });
  assert.equal(event?.endpoint, "UI");
  await panel.getByRole("button", { name: "Delete provider" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Delete provider" }).click();
  await page.getByText("There are no sign-in providers.").waitFor();
});

test("somebody logs in through a provider, comes back to their page, and logs out there too", async () => {
  await using joined = await joinProvider(server, { accounts: "create", title: "Example login" });
  const person = somebody();
  joined.provider.person = person;
  await using tab = await browser.open(server);
  tab.expectServer(joined.provider.issuer);
  const { page } = tab;
  await tab.go("/account/prefs/details");
  await page.getByRole("link", { name: "Log in with Example login" }).click();
  await page.waitForURL((at) => at.pathname === "/account/prefs/details");
  await page.getByText(person.sub).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL((at) => at.origin === joined.provider.issuer);
  await page.getByRole("button", { name: /yes/i }).click();
  await page.waitForURL((at) => at.origin === server.url && at.pathname === "/login");
  joined.provider.person = null;
  await page.getByRole("link", { name: "Log in with Example login" }).click();
  await page.getByText("The provider didn't let you in, or you cancelled.").waitFor();
  await expectAccessible(page);
  await screenshot(page, "sign-in-failed");
});

test("somebody links their account, and is told where that can't be", async () => {
  await using joined = await joinProvider(server, { title: "Second login" });
  const [person, other] = [await makePerson(server), await makePerson(server)];
  joined.provider.person = somebody();
  await using tab = await openAt(person, "/account/prefs/details", dark390);
  tab.expectServer(joined.provider.issuer);
  await tab.page.getByRole("button", { name: "Link my account to Second login" }).click();
  await tab.page.getByText(joined.provider.person.sub).waitFor();
  await expectAccessible(tab.page);
  await expectNoOverflow(tab.page);
  await using second = await openAt(other, "/account/prefs/details");
  second.expectServer(joined.provider.issuer);
  await second.page.getByRole("button", { name: "Link my account to Second login" }).click();
  await second.page.getByText("Your account, or you at the provider, is linked to another one.").waitFor();
  await expectAccessible(second.page);
});

test("what is sensitive takes a new login at the provider, which leads back to the page", async () => {
  const { forger, name } = await joinForger(server, { title: "Fourth login" });
  await using _ = forger;
  const { username } = await makePerson(server);
  await admin(server).native.ask("POST", `users/${username}/identities`, { provider: name, subject: username });
  let shownSecondsAgo = 3_600;
  forger.answer = async (response) => {
    const auth_time = Math.floor(Date.now() / 1_000) - shownSecondsAgo;
    const id_token = await forger.sign({ sub: username, nonce: forger.nonce, auth_time });
    sendJson(response, { access_token: "a", token_type: "bearer", id_token });
  };
  await using tab = await browser.open(server);
  tab.expectServer(forger.issuer);
  tab.expectStatus(403);
  const { page } = tab;
  await tab.go("/account/prefs/api-keys");
  await page.getByRole("link", { name: "Log in with Fourth login" }).click();
  const create = async (): Promise<void> => {
    await page.getByRole("button", { name: "Add API key" }).first().click();
    await panelOf(page, "Add API key").getByRole("button", { name: "Add API key" }).click();
  };
  await create();
  const again = page.getByRole("link", { name: "Log in again with Fourth login" });
  await again.waitFor();
  await expectAccessible(page);
  shownSecondsAgo = 0;
  await again.click();
  await page.waitForURL((at) => at.pathname === "/account/prefs/api-keys");
  await create();
  await page.getByText("Copy this API key now.").waitFor();
});

test("where passwords are closed the form is there for break-glass accounts alone", async () => {
  await using joined = await joinProvider(server, { title: "Third login" });
  const { native: root, username } = admin(server);
  const { password } = server.firstLogin;
  const person = await makePerson(server);
  await using administrator = await browser.logIn(server, server.firstLogin, { at: "/settings/user-management/users" });
  await administrator.page.getByRole("button", { name: `Edit ${username}`, exact: true }).click();
  const editing = panelOf(administrator.page, `Edit user '${username}'`);
  await editing.getByText("Break-glass account", { exact: true }).click();
  await editing.getByRole("button", { name: "Save user" }).click();
  await heard(administrator.page, `Saved user '${username}'.`);
  assert.equal((await root.ask("PUT", "settings/ironlog_password_login", { value: "off" })).status, 200);
  await using tab = await browser.open(server);
  const { page } = tab;
  await tab.go("/login");
  await page.getByRole("link", { name: "Log in with Third login" }).waitFor();
  assert.equal(await page.getByLabel("Username").count(), 0);
  await expectAccessible(page);
  await screenshot(page, "sign-in-closed");
  await page.getByRole("button", { name: "Use a break-glass account" }).click();
  await fillLogin(page, person);
  await page.getByText("Password login is closed: sign in through your organisation's provider.").waitFor();
  await expectAccessible(page);
  await fillLogin(page, { username, password });
  await page.waitForURL((at) => at.pathname === "/");
  assert.equal((await allEvents(root, { action: "auth.break_glass" })).length, 1);
  await root.ask("PUT", "settings/ironlog_password_login", { value: "on" });
  assert.equal(joined.server, server);
});
