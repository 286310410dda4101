import assert from "node:assert/strict";
import { test } from "node:test";
import { allEvents, logIn as openSession } from "../support/clients/native-client.ts";
import { makePerson } from "../support/worlds/people.ts";
import { sampleCertificate, sampleSshKeys } from "../support/sample-keys.ts";

import { expectAccessible, expectNoOverflow, fillLogin, screenshot } from "./support/browser.ts";
import { accountPages, dark390, heard, startPages } from "./support/pages.ts";

// "My preferences": what everybody can do with their own account. What a page did is checked through the API.

const world = await startPages();
const { server } = world;
const { openAt, lastEvent, list } = accountPages(world);

test("a profile is changed, and what is refused is told at its field", async () => {
  const [person, other] = [await makePerson(server), await makePerson(server)];
  await using tab = await openAt(person, "/account/prefs/details");
  const { page } = tab;
  await page.getByRole("heading", { level: 1, name: "Details" }).waitFor();
  const save = page.getByRole("button", { name: "Save profile" });
  await page.getByLabel("E-mail").waitFor();
  assert.equal(await save.getAttribute("aria-disabled"), "true", "there is nothing to save yet");
  await expectAccessible(page);
  await page.getByLabel("E-mail").fill(other.email);
  await save.click();
  await page.getByText("User with this E-mail address already exists.").waitFor();
  assert.equal(await page.getByLabel("E-mail").getAttribute("aria-invalid"), "true");
  await expectAccessible(page);
  await page.getByLabel("E-mail").fill(`new-${person.email}`);
  await page.getByLabel("Full name").fill("Ada <b>Lovelace</b>");
  await page.keyboard.press("Enter");
  await heard(page, "Saved your profile.");
  const account = (await person.native.ask("GET", "account")).json<Record<string, unknown>>();
  assert.equal(account["last_name"], "Ada <b>Lovelace</b>");
  assert.equal(account["email"], `new-${person.email}`);
  assert.equal((await lastEvent(person, "user.profile.update")).endpoint, "UI");
});

test("leaving a form with changes asks, and staying keeps them", async () => {
  const person = await makePerson(server);
  await using tab = await openAt(person, "/account/prefs/details");
  const { page } = tab;
  await page.getByLabel("Full name").fill("Half typed");
  const dialog = page.getByRole("dialog");
  const leave = async (button: "Cancel" | "Leave"): Promise<void> => {
    await page.getByRole("link", { name: "Sessions" }).click();
    await dialog.getByText("Leave without saving?").waitFor();
    await dialog.getByRole("button", { name: button }).click();
    await dialog.waitFor({ state: "detached" });
  };
  await leave("Cancel");
  assert.equal(await page.getByLabel("Full name").inputValue(), "Half typed");
  await leave("Leave");
  await page.getByRole("heading", { level: 1, name: "Sessions" }).waitFor();
});

test("a changed password ends every session and leads to the login, in every tab", async () => {
  const person = await makePerson(server);
  const elsewhere = await openSession(server, person);
  await using tab = await openAt(person, "/account/prefs/details");
  const { page } = tab;
  const second = await tab.openTab("/account/prefs/api-keys");
  await second.getByRole("heading", { name: "API keys" }).waitFor();
  await page.getByText("Changing your password ends all 2 sessions, this one too. API keys stay valid.").waitFor();
  const [old, wanted] = [
    page.getByRole("textbox", { name: "Current password" }),
    page.getByRole("textbox", { name: "New password" }),
  ];
  await old.fill("not my password");
  await wanted.fill("short");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Choose a password of 8 to 1,024 characters.").waitFor();
  await wanted.fill("another password");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Your old password was entered incorrectly.").waitFor();
  await expectAccessible(page);
  await old.fill(person.password);
  await page.getByRole("button", { name: "Change password" }).click();
  for (const one of [page, second]) {
    await one.waitForURL((at) => at.pathname === "/login" && at.searchParams.get("reason") === "password");
    await one.getByText("Your password was changed. Log in again.").waitFor();
  }
  assert.equal((await elsewhere.ask("GET", "session")).status, 401);
  assert.equal((await person.native.ask("GET", "account")).status, 200, "API keys stay");
  assert.deepEqual((await lastEvent(person, "user.password.change")).details, { sessions_ended: 2 });
  await fillLogin(second, { username: person.username, password: "another password" });
  await second.waitForURL((at) => at.pathname === "/account/prefs/api-keys");
});

test("a changed password deletes API keys too where that is asked for, and says so before", async () => {
  const person = await makePerson(server);
  await person.native.ask("POST", "account/tokens", { name: "another" });
  await using tab = await openAt(person, "/account/prefs/details");
  const { page } = tab;
  await page.getByText("Changing your password ends this session. API keys stay valid.").waitFor();
  await page.getByText("Delete my API keys too").click();
  await page.getByText("Changing your password ends this session. Your API keys are deleted.").waitFor();
  await expectAccessible(page);
  await page.getByRole("textbox", { name: "Current password" }).fill(person.password);
  await page.getByRole("textbox", { name: "New password" }).fill("another password");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Your password was changed. Log in again.").waitFor();
  assert.equal((await person.native.ask("GET", "account")).status, 401);
  const now = await openSession(server, { username: person.username, password: "another password" });
  const [event] = await allEvents(now, { action: "user.password.change" });
  assert.deepEqual([event?.details?.["sessions_ended"], event?.details?.["tokens_deleted"]], [1, 2]);
});

test("a password that was changed elsewhere is why the login is there, by itself and after a reload", async () => {
  const person = await makePerson(server);
  await using tab = await openAt(person, "/account/prefs/api-keys");
  const { page } = tab;
  await page.getByRole("heading", { name: "API keys" }).waitFor();
  const change = { old_password: person.password, new_password: "another password" };
  assert.equal((await person.native.ask("PUT", "account/password", change)).status, 204);
  const told = page.getByText("Your password was changed. Log in again.");
  await told.waitFor();
  await tab.go("/account/prefs/ssh-keys");
  await told.waitFor();
  await fillLogin(page, { username: person.username, password: change.new_password });
  await page.waitForURL((at) => at.pathname === "/account/prefs/ssh-keys");
});

test("sessions are ended one by one, and all others at once", async () => {
  const person = await makePerson(server);
  const others = [
    await openSession(server, person, { headers: { "user-agent": "one/1.0" } }),
    await openSession(server, person, { headers: { "user-agent": "two/2.0" } }),
    await openSession(server, person, { headers: { "user-agent": "three/3.0" } }),
  ];
  await using tab = await openAt(person, "/account/prefs/sessions");
  const { page } = tab;
  await page.getByText("This session", { exact: true }).waitFor();
  await page.getByText("4 sessions").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "End the session of one/1.0" }).click();
  await page.getByRole("dialog", { name: /End the session of one\/1\.0/ }).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "End session" }).click();
  await heard(page, /Ended the session of one/);
  assert.equal((await others[0]?.ask("GET", "session"))?.status, 401);
  assert.equal((await others[1]?.ask("GET", "session"))?.status, 200);
  await page.getByRole("button", { name: "End all other sessions" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End all other sessions" }).click();
  await heard(page, "Ended all 2 other sessions.");
  await page.getByText("1 session", { exact: true }).waitFor();
  assert.equal((await list(person, "sessions")).length, 1);
  assert.deepEqual((await lastEvent(person, "session.end")).details, { sessions_ended: 2 });
  await page.getByRole("button", { name: "End this session" }).click();
  await page.getByRole("button", { name: "End session" }).click();
  await page.waitForURL((at) => at.pathname === "/login");
});

for (const [name, options] of [
  ["light-320", { viewport: { width: 320, height: 640 } }],
  ["dark-390", dark390],
  ["dark-2560", { colorScheme: "dark", viewport: { width: 2560, height: 1300 } }],
] as const) {
  test(`no page of My preferences has a fault that axe finds: ${name}`, async () => {
    const person = await makePerson(server);
    await person.native.ask("POST", "account/ssh-keys", { key: sampleSshKeys[0].key });
    await person.native.ask("POST", "account/ssl-keys", { key: sampleCertificate });
    await using tab = await openAt(person, "/account/prefs/details", options);
    const { page } = tab;
    for (const title of ["Details", "Sessions", "API keys", "SSH keys", "SSL keys"]) {
      await page.getByRole("navigation", { name: "My preferences" }).getByRole("link", { name: title }).click();
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      await page.locator("tbody tr, form").first().waitFor();
      await expectAccessible(page);
      await expectNoOverflow(page);
      await screenshot(page, `${title.replace(" ", "-").toLowerCase()}-${name}`);
    }
  });
}
