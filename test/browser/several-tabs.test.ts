import assert from "node:assert/strict";
import { test } from "node:test";
import { makePerson } from "../support/worlds/people.ts";

import { fillLogin } from "./support/browser.ts";
import { startPages } from "./support/pages.ts";

// Tabs of one browser share its session.

const { browser, server } = await startPages();

test("somebody else's login in another tab leaves nothing of the one before", async () => {
  const ada = await makePerson(server);
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  // What the page asks for between that login and its new beginning isn't there for somebody else.
  opened.expectStatus(404);
  await page.getByRole("link", { name: "Settings", exact: true }).waitFor();
  const other = await opened.openTab("/login");
  await fillLogin(other, ada);
  await other.waitForURL((url) => url.pathname === "/");
  await page.getByRole("link", { name: ada.username, exact: true }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Settings", exact: true }).count(), 0);
  await page.locator("[data-row]").first().waitFor();
  assert.deepEqual(new Set(await page.locator("[data-row] .is-user").allTextContents()), new Set([ada.username]));
});

test("going back after a login doesn't lead to the login again, and the page's title has the focus", async () => {
  const { username, password } = server.firstLogin;
  await using opened = await browser.open(server);
  const { page } = opened;
  await opened.go("/machines");
  await page.waitForURL(/\/login/);
  await fillLogin(page, { username, password });
  await page.waitForURL((url) => url.pathname === "/machines");
  await page.locator("h1:focus").waitFor();
  assert.equal(await page.locator("h1:focus").textContent(), "Machines");
  await page.goBack();
  assert.notEqual(new URL(page.url()).pathname, "/login");
});
