import assert from "node:assert/strict";
import { test } from "node:test";
import { allEvents, logIn as openSession } from "../../support/clients/native-client.ts";
import { report } from "../../support/reports.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

// What an open event says first, and where it leads.

const { browser, server } = await startPages();
const { native } = admin(server);

test("changes come first, then who and when, and a long description is folded", async () => {
  const { username } = await makePerson(server);
  await native.ask("PATCH", `users/${username}`, { last_name: "Ada Lovelace" });
  const [event] = await allEvents(native, { target: `user/${username}` });
  await using opened = await browser.logIn(server, server.firstLogin, { at: `/?event=${event?.id}` });
  const { page } = opened;
  const aside = page.locator(".l-aside");
  await aside.getByRole("table", { name: "Changes" }).waitFor();
  const titles = await aside.getByRole("heading", { level: 3 }).allTextContents();
  assert.deepEqual(titles.slice(0, 4), ["Changes", "When and who", "What", "Details"]);
  const end = `the end of ${"many words ".repeat(100)}is here.`;
  const long = `It begins, and ${end}`;
  await report(native, { type: "NODE", action: "panel.long", description: long });
  await opened.go("/?q=action:panel.long");
  await page.locator("[data-row='0']").press("Enter");
  await aside.getByText(/^It begins, and .*…$/).waitFor();
  const whole = aside.locator(".ui-panel__whole");
  assert.equal(await whole.isVisible(), false);
  await aside.getByText(/^All of it, 1,\d\d\d characters$/).press("Enter");
  await whole.getByText(long).waitFor();
  await expectAccessible(page);
  // What was searched for in it shows.
  await opened.go('/?q=action:panel.long "is here"');
  await page.locator("[data-row='0']").press("Enter");
  await whole.locator("mark", { hasText: "is here" }).waitFor();
});

test("a user's name leads to the user's page for those who have one, and to none of what others report", async () => {
  const person = await makePerson(server);
  await openSession(server, person);
  await report(native, { type: "NODE", action: "panel.named", description: "Named.", username: "svc-elsewhere" });
  const at = `/?q=user:${person.username}+action:auth.login`;
  await using opened = await browser.logIn(server, server.firstLogin, { at });
  const { page } = opened;
  const who = page.locator(".l-aside").getByRole("heading", { name: "When and who" }).locator("..");
  await page.locator("[data-row='0']").press("Enter");
  await who.getByRole("link", { name: person.username }).click();
  await page.getByRole("heading", { name: person.username, level: 1 }).waitFor();
  await opened.go("/?q=action:panel.named");
  await page.locator("[data-row='0']").press("Enter");
  await who.getByText("svc-elsewhere", { exact: true }).waitFor();
  assert.equal(await who.getByRole("link", { name: "svc-elsewhere" }).count(), 0);
  await who.getByRole("link", { name: "admin" }).waitFor();
  await using own = await browser.logIn(server, person, { at });
  await own.page.locator("[data-row='0']").press("Enter");
  const ownWho = own.page.locator(".l-aside").getByRole("heading", { name: "When and who" }).locator("..");
  await ownWho.getByText(person.username, { exact: true }).first().waitFor();
  assert.equal(await ownWho.getByRole("link").count(), 0);
});

test("an event leads to what else its session and its API key did", async () => {
  const person = await makePerson(server);
  const session = await openSession(server, person);
  for (const name of ["First", "Second"]) await session.ask("POST", "views", { name });
  for (const name of ["Third", "Fourth"]) await person.native.ask("POST", "views", { name });
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: `/?q=user:${person.username}+action:view.create`,
    viewport: { width: 320, height: 640 },
  });
  const { page } = opened;
  const aside = page.locator(".l-aside");
  await page.getByRole("link", { name: "Created view 'First'." }).click();
  const same = aside.getByRole("region", { name: "Same session" });
  await same.scrollIntoViewIfNeeded();
  await same.getByRole("link", { name: /Created view 'Second'/ }).waitFor();
  assert.equal(await same.getByRole("link", { name: /Created view 'Third'/ }).count(), 0);
  await screenshot(page, "event-session-light-320");
  await expectAccessible(page);
  await expectNoOverflow(page);
  await same.getByRole("link", { name: "All of them" }).click();
  await page.waitForURL(/session%3A/);
  await opened.go(`/?q=user:${person.username}+action:view.create`);
  await page.getByRole("link", { name: "Created view 'Third'." }).click();
  const key = aside.getByRole("region", { name: "Same API key" });
  await key.scrollIntoViewIfNeeded();
  await key.getByRole("link", { name: /Created view 'Fourth'/ }).waitFor();
  assert.equal(await aside.getByRole("region", { name: "Same session" }).count(), 0);
});
