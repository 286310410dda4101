import assert from "node:assert/strict";
import { test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { allEvents, logIn as openSession, tryLogIn } from "../support/clients/native-client.ts";
import { makeMachine } from "../support/nodes.ts";
import { admin, makePerson, type Person } from "../support/worlds/people.ts";
import { freshName } from "../support/worlds/world.ts";
import { sampleSshKeys } from "../support/sample-keys.ts";
import { startServer } from "../support/server.ts";

import { expectAccessible, type OpenedPage, screenshot, panelOf } from "./support/browser.ts";
import { startPages, heard } from "./support/pages.ts";

// Users, for administrators. What a page did is checked through the API, and in the log.

const usersPath = "/settings/user-management/users";

const { browser, server } = await startPages();

async function openAt(address: string, options?: BrowserContextOptions, as?: Person): Promise<OpenedPage> {
  const opened = await browser.logIn(server, as ?? server.firstLogin, { ...options, at: address });
  // What a form refuses.
  opened.expectStatus(400, 409);
  return opened;
}

async function readUser(username: string): Promise<Readonly<Record<string, unknown>>> {
  return (await admin(server).native.ask("GET", `users/${username}`)).json();
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

test("an e-mail address in the list breaks before its @ at most", async () => {
  const person = await makePerson(server);
  await using opened = await openAt(usersPath);
  const { page } = opened;
  const cell = page.getByRole("grid", { name: "Users" }).getByRole("gridcell", { name: person.email });
  await cell.waitFor();
  // In the narrowest of them the list has hardly room for the column.
  for (const width of [1440, 1366, 2560]) {
    await page.setViewportSize({ width, height: 800 });
    const linesOfParts = await cell.evaluate((element) =>
      [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => {
          const range = document.createRange();
          range.selectNodeContents(node);
          return range.getClientRects().length;
        }),
    );
    assert.deepEqual(linesOfParts, [1, 1], `${width} px`);
  }
});

test("a user is created, and what is refused is told at its field", async () => {
  const other = await makePerson(server);
  const username = freshName("made");
  await using opened = await openAt(usersPath);
  const { page } = opened;
  await page.getByRole("button", { name: "Add user" }).click();
  const panel = panelOf(page, "Add user");
  await panel.getByLabel("Username").fill(other.username);
  await panel.getByLabel("Full name").fill("Grace Hopper");
  await panel.getByLabel("E-mail").fill(`${username}@example.com`);
  await panel.getByRole("textbox", { name: "Password" }).fill("short");
  await panel.getByRole("button", { name: "Add user" }).click();
  await panel.getByText("Choose a password of 8 to 1,024 characters.").waitFor();
  await panel.getByRole("textbox", { name: "Password" }).fill("password of Grace");
  await panel.getByRole("button", { name: "Add user" }).click();
  await panel.getByText("A user with that username already exists.").waitFor();
  await page.waitForFunction(() => document.activeElement?.closest("[aria-invalid=true]") !== null);
  await expectAccessible(page);
  await panel.getByLabel("Username").fill(username);
  await panel.getByText("Administrator", { exact: true }).click();
  await panel.getByRole("button", { name: "Add user" }).click();
  await heard(page, `Added user '${username}'.`);
  await panel.waitFor({ state: "detached" });
  const { last_name, email, is_superuser } = await readUser(username);
  assert.deepEqual(
    { last_name, email, is_superuser },
    { last_name: "Grace Hopper", email: `${username}@example.com`, is_superuser: true },
  );
  assert.equal((await lastEvent("user.create", username)).description, `Created admin '${username}'.`);
  assert.equal((await tryLogIn(server, { username, password: "password of Grace" }, { api: "native" })).status, 200);
});

test("a list of users is searched, and tells when they were seen and what keys they have", async () => {
  const person = await makePerson(server, { lastName: "Findable Person" });
  await person.native.ask("POST", "account/ssh-keys", { key: sampleSshKeys[0].key });
  await makePerson(server);
  await using opened = await openAt(usersPath);
  const { page } = opened;
  await page.getByLabel("Search users").fill("findable p");
  const row = page.getByRole("row").filter({ hasText: person.username });
  await row.getByText("1 API, 1 SSH").waitFor();
  await row.getByText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/).waitFor();
  await page.getByText(/^1 of \d+ users$/).waitFor();
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.getByLabel("Search users").fill("nobody of that name");
  await page.getByText("No user matches.").waitFor();
  await expectAccessible(page);
});

test("profile and permission are changed, each with its event", async () => {
  const person = await makePerson(server);
  await using opened = await openAt(usersPath);
  const { page } = opened;
  const panel = await openEdit(page, person.username);
  await panel.getByLabel("E-mail").fill("none");
  await panel.getByRole("button", { name: "Save user" }).click();
  await panel.getByText("Enter a valid email address.").waitFor();
  await expectAccessible(page);
  await panel.getByLabel("E-mail").fill(`new-${person.email}`);
  await panel.getByText("Administrator", { exact: true }).click();
  await panel.getByRole("button", { name: "Save user" }).click();
  await heard(page, `Saved user '${person.username}'.`);
  const { email, is_superuser } = await readUser(person.username);
  assert.deepEqual({ email, is_superuser }, { email: `new-${person.email}`, is_superuser: true });
  await lastEvent("user.profile.update", person.username);
  assert.match((await lastEvent("user.permission.change", person.username)).description ?? "", /user -> admin\.$/);
});

test("somebody who takes their own rights away sees so at once", async () => {
  const person = await makePerson(server, { isAdministrator: true });
  await using opened = await openAt(usersPath, {}, person);
  // The panel may ask for sessions once more.
  opened.expectStatus(403);
  const { page } = opened;
  const panel = await openEdit(page, person.username);
  await panel.getByText("Administrator", { exact: true }).click();
  await panel.getByText("API keys by which they report events are deleted.").waitFor();
  await panel.getByRole("button", { name: "Save user" }).click();
  await page.getByText("You need to be an administrator or an auditor to see this page.").waitFor();
  assert.equal(await page.getByRole("link", { name: "Settings", exact: true }).count(), 0);
});

test("the last administrator can't be demoted or deactivated, and is told why", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await makePerson(own);
  await using opened = await browser.logIn(own, own.firstLogin, { at: usersPath });
  opened.expectStatus(400, 409);
  const { page } = opened;
  const { username } = own.firstLogin;
  const panel = await openEdit(page, username);
  const refused = `'${username}' is the last active administrator: make somebody else administrator first.`;
  await panel.getByText("Administrator", { exact: true }).click();
  await panel.getByRole("button", { name: "Save user" }).click();
  await panel.getByText(refused).waitFor();
  await panel.getByRole("button", { name: "Deactivate user" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate user" }).click();
  await page.getByRole("dialog").getByText(refused).waitFor();
  await expectAccessible(page);
  const after = (await admin(own).native.ask("GET", `users/${username}`)).json<Record<string, unknown>>();
  assert.deepEqual([after["is_superuser"], after["is_active"]], [true, true]);
});

test("a password is reset, which ends that user's sessions and no others", async () => {
  const person = await makePerson(server);
  const sessions = [await openSession(server, person), await openSession(server, person)];
  await using opened = await openAt(usersPath);
  const { page } = opened;
  const panel = await openEdit(page, person.username);
  await panel.getByText("Resetting the password ends their 2 sessions and deletes their 1 API key.").waitFor();
  await panel.getByRole("textbox", { name: "New password" }).fill("short");
  await panel.getByRole("button", { name: "Reset password" }).click();
  await panel.getByText("Choose a password of 8 to 1,024 characters.").waitFor();
  await panel.getByRole("textbox", { name: "New password" }).fill("given by the administrator");
  await panel.getByRole("button", { name: "Reset password" }).click();
  await heard(page, `Set the password of '${person.username}'.`);
  assert.equal(await panel.getByRole("textbox", { name: "New password" }).inputValue(), "");
  for (const session of sessions) assert.equal((await session.ask("GET", "session")).status, 401);
  assert.equal((await person.native.ask("GET", "account")).status, 401);
  await openSession(server, { username: person.username, password: "given by the administrator" });
  const { details } = await lastEvent("user.password.reset", person.username);
  assert.deepEqual([details?.["sessions_ended"], details?.["tokens_deleted"]], [2, 1]);
});

test("somebody's sessions are ended, they are deactivated and activated", async () => {
  const person = await makePerson(server);
  const { username } = person;
  const session = await openSession(server, person);
  await using opened = await openAt(usersPath, { colorScheme: "dark" });
  const { page } = opened;
  const panel = await openEdit(page, username);
  await panel.getByText(`'${username}' has 1 open session.`).waitFor();
  await panel.getByRole("button", { name: "End all sessions" }).click();
  await page.getByRole("dialog").getByText("Their 1 session ends now.").waitFor();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "End all sessions" }).click();
  await panel.getByText(`'${username}' has no open sessions.`).waitFor();
  assert.equal((await session.ask("GET", "session")).status, 401);
  assert.deepEqual((await lastEvent("session.end", username)).details, { sessions_ended: 1 });
  await panel.getByRole("button", { name: "Deactivate user" }).click();
  await page.getByRole("dialog").getByText("Their 1 API key is deleted.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate user" }).click();
  await page.getByRole("row").filter({ hasText: username }).getByText("Deactivated").waitFor();
  assert.equal((await readUser(username))["is_active"], false);
  assert.equal((await person.native.ask("GET", "account")).status, 403);
  assert.equal((await lastEvent("user.deactivate", username)).details?.["tokens_deleted"], 1);
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Activate user" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Activate user" }).click();
  await panel.getByRole("button", { name: "Deactivate user" }).waitFor();
  assert.equal((await person.native.ask("GET", "account")).status, 401);
  await lastEvent("user.activate", username);
});

test("a user is deleted once their name is typed, and says what goes with them", async () => {
  const person = await makePerson(server);
  const { username } = person;
  await person.native.ask("POST", "account/tokens", { name: "second" });
  await person.native.ask("POST", "account/ssh-keys", { key: sampleSshKeys[0].key });
  await using opened = await openAt(usersPath);
  const { page } = opened;
  await page.getByRole("button", { name: `Delete ${username}`, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Delete user '${username}'?` });
  await dialog.getByText("Their 2 API keys and 1 SSH key are deleted too. Their events stay in the log.").waitFor();
  await expectAccessible(page);
  await screenshot(page, "delete-user");
  const button = dialog.getByRole("button", { name: "Delete user" });
  await dialog.getByLabel(`Type '${username}' to confirm`).fill(username.slice(0, -1));
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  await button.click({ force: true });
  assert.equal((await readUser(username))["username"], username);
  await dialog.getByLabel(`Type '${username}' to confirm`).fill(username);
  await button.click();
  await heard(page, `Deleted user '${username}'.`);
  assert.equal((await admin(server).native.ask("GET", `users/${username}`)).status, 404);
  const event = await lastEvent("user.delete", username);
  assert.equal(event.details?.["tokens_deleted"], 2);
  assert.equal(await page.getByRole("button", { name: "Delete admin" }).count(), 0, "nobody deletes themselves");
});

test("whose machines stay is not deleted before somebody takes them over", async () => {
  const [owner, heir] = [await makePerson(server), await makePerson(server)];
  const machine = await makeMachine(admin(server).maas, {}, "READY");
  const taken = await owner.maas.post("machines/?op=allocate", [["system_id", machine.system_id]]);
  assert.equal(taken.status, 200, taken.text);
  await using opened = await openAt(usersPath);
  const { page } = opened;
  await page.getByRole("button", { name: `Delete ${owner.username}`, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Type").fill(owner.username);
  await dialog.getByRole("button", { name: "Delete user" }).click();
  await dialog.getByText("cannot be deleted: 1 node(s) are still allocated").waitFor();
  await expectAccessible(page);
  await dialog.getByLabel("Who takes over their machines").selectOption(heir.username);
  await dialog.getByRole("button", { name: "Delete user" }).click();
  await heard(page, `Deleted user '${owner.username}'.`);
  assert.equal((await lastEvent("user.delete", owner.username)).details?.["transferred_to"], heir.username);
});
