import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { freshFolder } from "../../support/databases/databases.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { report } from "../../support/reports.ts";
import { startServerProcess } from "../../support/server.ts";
import { applyFilter, expectAccessible, fillLogin, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

const { browser, server } = await startPages();

test("live mode adds 200 events a second, pauses where somebody reads, and shows what waits", async () => {
  const { native } = admin(server);
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, "action:node.live");
  await page.getByRole("button", { name: "Live", exact: true }).click();
  await page.waitForURL(/live=1/);
  let sent = 0;
  const send = async (): Promise<void> => {
    await report(
      native,
      Array.from({ length: 20 }, (_, at) => ({ type: "NODE", action: "node.live", description: `Live ${sent + at}.` })),
    );
    sent += 20;
  };
  const second = async (): Promise<void> => {
    for (let tenth = 0; tenth < 10; tenth += 1) await Promise.all([send(), page.waitForTimeout(100)]);
  };
  await second();
  await second();
  await page.getByRole("link", { name: `Live ${sent - 1}.` }).waitFor();
  await page.getByTestId("events").evaluate((list) => list.scrollTo(0, 2_000));
  const seen = await page.locator("[data-row] .is-description").first().textContent();
  await second();
  await page
    .locator(".ui-bar")
    .getByText(/^Paused\. \d+ new events\./)
    .waitFor();
  assert.equal(await page.locator("[data-row] .is-description").first().textContent(), seen);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByTestId("events").evaluate((list) => list.scrollTo(0, 0));
  await page.getByRole("link", { name: `Live ${sent - 1}.` }).waitFor();
  const ids = await page.evaluate(() =>
    [...document.querySelectorAll("[data-row] .is-description")].map((cell) => cell.textContent),
  );
  assert.equal(new Set(ids).size, ids.length, "no event is there twice");
});

test("an export is what the filter finds, and is recorded", async () => {
  const { native } = admin(server);
  await report(native, { type: "NODE", action: "node.exported", description: "In the file." });
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await applyFilter(page, "action:node.exported");
  await page.getByRole("link", { name: "In the file." }).waitFor();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  using folder = freshFolder();
  const file = path.join(folder.folder, "events.csv");
  await download.saveAs(file);
  const text = readFileSync(file, "utf8");
  assert.equal(text.trimEnd().split("\r\n").length, 2);
  assert.match(text, /In the file\./);
  const { items } = (await native.ask("GET", "events?action=log.export&limit=1")).json<{
    items: readonly { details: unknown }[];
  }>();
  assert.match(JSON.stringify(items[0]?.details), /node\.exported/);
});

test("users see their own events, and nothing of others", async () => {
  const bob = await makePerson(server);
  const ada = await makePerson(server);
  await using opened = await browser.logIn(server, bob);
  const { page } = opened;
  await page.getByRole("link", { name: `User '${bob.username}' logged in.` }).waitFor();
  assert.equal(await page.getByText(ada.username).count(), 0);
  await applyFilter(page, `user:${ada.username}`);
  await page.getByText("No events match these filters.").waitFor();
});

test("markup in a filter or an event stays text", async () => {
  const markup = '<img src=x onerror="document.title=1">';
  await report(admin(server).native, { type: "NODE", action: "node.markup", description: markup });
  await using opened = await browser.logIn(server, server.firstLogin, {
    at: `/?q=${encodeURIComponent(`action:node.markup target:"${markup.replaceAll('"', "'")}"`)}`,
  });
  const { page } = opened;
  await page.getByText("No events match these filters.").waitFor();
  await opened.go("/?q=action%3Anode.markup");
  await page.getByText(markup).first().waitFor();
  assert.equal(await page.locator("img").count(), 0);
});

test("a session that ends elsewhere brings the login page by itself, and after it the same view", async () => {
  const ada = await makePerson(server, { isAdministrator: true });
  const endSessions = async (): Promise<void> => {
    assert.equal((await admin(server).native.ask("DELETE", `users/${ada.username}/sessions`)).status, 204);
  };
  await using opened = await browser.logIn(server, ada);
  const { page } = opened;
  await applyFilter(page, "outcome:success");
  await page.waitForURL(/q=outcome/);
  await endSessions();
  // Nobody does anything: what the page asks for now and then is refused.
  await page.getByText("Your session has ended. Log in again.").waitFor();
  await fillLogin(page, ada);
  await page.waitForURL((url) => url.pathname === "/" && url.search === "?q=outcome%3Asuccess");
  await page
    .getByRole("link", { name: `User '${ada.username}' logged in.` })
    .first()
    .waitFor();
  await endSessions();
  await opened.go("/machines");
  await fillLogin(page, ada);
  await page.waitForURL((url) => url.pathname === "/machines");
});

test("wrong passwords are one sentence, and too many are a wait that counts down", async () => {
  await using opened = await browser.open(server);
  opened.expectStatus(429);
  const { page } = opened;
  await opened.go("/login");
  const who = { username: "nobody-of-that-name", password: "wrong" };
  await fillLogin(page, who);
  await page.getByText("The username or password is wrong. Both are case-sensitive.").waitFor();
  assert.equal(await page.getByLabel("Password", { exact: false }).first().inputValue(), "");
  await screenshot(page, "login");
  await expectAccessible(page);
  const wait = page.getByText(/Too many attempts\. Try again in \d+ seconds?\./);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await fillLogin(page, who);
    if ((await answered).status() === 429) break;
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("input[type=password]")?.value === "");
  }
  await wait.waitFor();
  assert.equal(await page.getByRole("button", { name: "Log in" }).isDisabled(), true);
});

test("an outage is told, and what was shown stays", async () => {
  await using own = await startServerProcess({ kind: "sqlite" });
  const opened = await browser.logIn(own, own.firstLogin);
  const { page } = opened;
  const login = page.getByRole("link", { name: "User 'admin' logged in." });
  await login.waitFor();
  await page.getByRole("button", { name: "Live", exact: true }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await own.kill();
  await page.getByText(/^Not connected\. Showing events up to \d\d:\d\d:\d\d\. Retrying in \d+ seconds?\.$/).waitFor();
  assert.equal(await login.count(), 1);
  // The browser itself writes of each connection that was refused.
  await opened[Symbol.asyncDispose]().then(undefined, () => {});
});

test("where nothing was ever read, an outage doesn't speak of what is shown", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  opened.expectStatus(503);
  await page.route(/api\/v1\/events\b/, (route) => route.fulfill({ status: 503, json: { detail: "Not now." } }));
  await opened.go("/?live=1");
  await page.getByText(/^Not connected\. Retrying in \d+ seconds?\.$/).waitFor();
  await page.unrouteAll({ behavior: "wait" });
  await page.getByRole("link", { name: "User 'admin' logged in." }).first().waitFor();
});
