import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "../support/server.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, fillLogin, screenshot } from "./support/browser.ts";
import { startBrowser } from "./support/browser.ts";

// The first page that anybody sees: it says what this is, and at first where name and password stand.

const hint = /^The first time\? Name and password were shown where the server was started/;

test("the login page has the name, and says where the first password stands until one was changed", async () => {
  await using browser = await startBrowser();
  await using server = await startServer({ kind: "sqlite" });
  await using opened = await browser.open(server, { viewport: { width: 320, height: 640 } });
  const { page } = opened;
  await opened.go("/login");
  await page.getByText(hint).waitFor();
  await page.getByText("Ironlog", { exact: true }).waitFor();
  await expectAccessible(page);
  await expectNoOverflow(page);
  await screenshot(page, "first-login-320");
  await page.setViewportSize({ width: 1440, height: 900 });
  await screenshot(page, "first-login");
  const { username, password } = server.firstLogin;
  const changed = await admin(server).native.ask("PUT", "account/password", {
    old_password: password,
    new_password: "another password of mine",
  });
  assert.equal(changed.status, 204, changed.text);
  await opened.go("/login");
  await page.getByLabel("Username").waitFor();
  assert.equal(await page.getByText(hint).count(), 0);
  await fillLogin(page, { username, password: "another password of mine" });
  await page.getByRole("heading", { name: "Events", level: 1 }).waitFor();
});

test("once there are others, nobody is told where the first password stands", async () => {
  await using browser = await startBrowser();
  await using server = await startServer({ kind: "postgres" });
  await makePerson(server);
  await using opened = await browser.open(server);
  await opened.go("/login");
  await opened.page.getByLabel("Username").waitFor();
  assert.equal(await opened.page.getByText(hint).count(), 0);
});
