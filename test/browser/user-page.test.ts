import assert from "node:assert/strict";
import { test } from "node:test";
import { allEvents, bearer, logIn as openSession } from "../support/clients/native-client.ts";
import { freshAddress } from "../support/clients/http-client.ts";
import { sampleSshKeys } from "../support/sample-keys.ts";
import { report } from "../support/reports.ts";
import { until } from "../support/until.ts";
import { admin, makePerson, type Person } from "../support/worlds/people.ts";
import { freshName } from "../support/worlds/world.ts";
import { expectAccessible, expectNoOverflow, screenshot } from "./support/browser.ts";
import { dark390, heard, startPages } from "./support/pages.ts";

// What an administrator sees of one user, from an alarm to the end of what has leaked.

const { browser, server } = await startPages();

interface Leak {
  readonly person: Person;
  readonly thief: string;
  readonly fingerprint: string;
}

/** Somebody whose key is used from an address that isn't theirs. */
async function leakedKey(): Promise<Leak> {
  const person = await makePerson(server);
  const made = await person.native.ask("POST", "account/tokens", { name: "backup job", scopes: ["events:read"] });
  const { api_key: key, fingerprint } = made.json<{ readonly api_key: string; readonly fingerprint: string }>();
  const thief = freshAddress();
  await bearer(server, key, thief).ask("GET", "events");
  await until(async () => {
    const { text } = await admin(server).native.ask("GET", `users/${person.username}/tokens`);
    return text.includes(thief);
  });
  return { person, thief, fingerprint };
}

test("a leaked key: from the name of its user to what it did, from where, and its end", async () => {
  const { person, thief, fingerprint } = await leakedKey();
  const { username } = person;
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/settings/user-management/users" });
  const { page } = opened;
  await page.getByRole("link", { name: username, exact: true }).click();
  await page.getByRole("heading", { name: username, level: 1 }).waitFor();
  const keys = page.getByRole("region", { name: /^API keys/ });
  const row = keys.getByRole("row").filter({ hasText: "backup job" });
  await row.getByText(thief).waitFor();
  await row.getByText("read events").waitFor();
  await row.getByText(fingerprint).waitFor();
  await expectAccessible(page);
  await screenshot(page, "user");
  await row.getByRole("link", { name: "Events of API key 'backup job'" }).click();
  await page.getByRole("combobox").waitFor();
  assert.equal(await page.getByRole("combobox").inputValue(), `key:${fingerprint}`);
  await page.goBack();
  await row.getByRole("button", { name: "Delete backup job" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete API key" }).click();
  await heard(page, "Deleted API key 'backup job'.");
  await row.waitFor({ state: "detached" });
  const [event] = await allEvents(admin(server).native, { action: "token.delete", target: "backup job" });
  assert.deepEqual([event?.endpoint, event?.username], ["UI", server.firstLogin.username]);
});

test("one of somebody's sessions is ended, then all", async () => {
  const person = await makePerson(server);
  const { username } = person;
  const kept = await openSession(server, person, { from: freshAddress() });
  const from = freshAddress();
  const stolen = await openSession(server, person, { from, headers: { "user-agent": "curl/8" } });
  await using opened = await browser.logIn(server, server.firstLogin, { ...dark390, at: `/users/${username}` });
  const { page } = opened;
  const sessions = page.getByRole("region", { name: /^Sessions/ });
  const row = sessions.getByRole("row").filter({ hasText: from });
  await row.getByRole("button", { name: /^End/ }).click();
  await expectAccessible(page);
  // Two of one browser at one address are told apart by what events name them.
  const listed = await admin(server).native.ask("GET", `users/${username}/sessions`);
  const [newest] = listed.json<{ readonly items: readonly { readonly fingerprint: string }[] }>().items;
  await page
    .getByRole("dialog")
    .getByText(newest?.fingerprint ?? "none")
    .waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "End session" }).click();
  await row.waitFor({ state: "detached" });
  assert.deepEqual(
    [(await stolen.ask("GET", "session")).status, (await kept.ask("GET", "session")).status],
    [401, 200],
  );
  await expectNoOverflow(page);
  await sessions.getByRole("button", { name: "End all sessions" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End all sessions" }).click();
  await sessions.getByText("Nobody is logged in with this account.").waitFor();
  assert.equal((await kept.ask("GET", "session")).status, 401);
  await expectAccessible(page);
});

test("whoever ends their own session on their own page is told so first, and is logged out", async () => {
  const person = await makePerson(server, { isAdministrator: true });
  await using opened = await browser.logIn(server, person, { at: `/users/${person.username}` });
  const { page } = opened;
  opened.expectStatus(401);
  await page.getByRole("button", { name: "End this session" }).click();
  await page.getByRole("dialog").getByText("You are logged out at once.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "End session" }).click();
  await page.getByLabel("Password").waitFor();
});

test("an auditor reads a user's page and changes nothing there; a user sees none", async () => {
  const [person, auditor] = [await makePerson(server), await makePerson(server, { isAuditor: true })];
  const [key] = sampleSshKeys;
  await person.native.ask("POST", "account/ssh-keys", { key: key.key });
  await openSession(server, person);
  await using read = await browser.logIn(server, auditor, { at: `/users/${person.username}` });
  await read.page
    .getByRole("region", { name: /^SSH keys/ })
    .getByText(key.fingerprint)
    .waitFor();
  await read.page
    .getByRole("region", { name: /^Sessions/ })
    .getByRole("link", { name: /^Events of/ })
    .waitFor();
  assert.equal(
    await read.page
      .locator("main")
      .getByRole("button", { name: /^(?:Edit|Delete|End\b)/ })
      .count(),
    0,
  );
  await using refused = await browser.logIn(server, person, { at: `/users/${person.username}` });
  await refused.page.getByText("You need to be an administrator or an auditor to see this page.").waitFor();
});

test("the events of somebody are theirs alone, and offer no other user's", async () => {
  const starred = `${freshName("svc")}*`;
  const longer = `${starred.slice(0, -1)}-and-more`;
  const event = { type: "A", action: "a", description: "Something." };
  await report(admin(server).native, [
    { ...event, username: starred },
    { ...event, username: longer },
  ]);
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: `/users/${encodeURIComponent(starred)}/events`,
  });
  const { page } = opened;
  await page.locator("[data-row='0']").waitFor();
  await page.getByText("1 event", { exact: true }).first().waitFor();
  const lists = page.getByRole("region", { name: "Top lists" });
  if ((await lists.count()) === 0) await page.keyboard.press("t");
  await lists.getByRole("heading", { name: "Actions" }).waitFor();
  assert.deepEqual(
    [
      await lists.getByRole("heading", { name: "Users" }).count(),
      await page.getByRole("button", { name: "My events" }).count(),
    ],
    [0, 0],
  );
});

test("somebody who is gone has a page that leads to their events, also on a small screen", async () => {
  const { person } = await leakedKey();
  const { username } = person;
  await admin(server).native.ask("DELETE", `users/${username}`);
  await using opened = await browser.logIn(server, server.firstLogin, {
    viewport: { width: 320, height: 640 },
  });
  opened.expectStatus(404);
  const { page } = opened;
  await opened.go(`/users/${username}`);
  await page.getByText(`There is no user '${username}' now.`).waitFor();
  await expectNoOverflow(page);
  await page.getByRole("link", { name: "their events" }).click();
  await page.locator("[data-row='0']").waitFor();
  await expectAccessible(page);
});
