import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { allEvents } from "../support/clients/native-client.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, screenshot } from "./support/browser.ts";
import { dark390, startPages } from "./support/pages.ts";

// What an auditor's pages show, and that nothing on them changes what is others'.

const { browser, server } = await startPages();

test("an auditor reads settings, users and scripts, and is offered no change", async () => {
  const root = admin(server).native;
  await root.ask("POST", "scripts", { script: "#!/bin/sh\ntrue\n", name: "burn-in", type: "testing" });
  await root.ask("PUT", "scripts/burn-in/tags/burning");
  await root.ask("PATCH", "scripts/burn-in", { script: "#!/bin/sh\nfalse\n" });
  const [auditor, other] = [await makePerson(server, { isAuditor: true }), await makePerson(server)];
  await using opened = await browser.logIn(server, auditor);
  const { page } = opened;
  assert.equal(await page.getByRole("link", { name: "Settings", exact: true }).count(), 1);
  await opened.go("/settings/configuration/general");
  const dns = page.getByRole("form", { name: "DNS" });
  await dns.waitFor();
  assert.equal(await dns.getByLabel("upstream_dns").isDisabled(), true);
  const changes = page
    .getByRole("main")
    .getByRole("button", { name: /save|create|edit|delete|upload|revert|add|remove/i });
  assert.equal(await changes.count(), 0);
  await expectAccessible(page);
  await opened.go("/settings/user-management/users");
  await page.getByRole("grid", { name: "Users" }).getByText(other.email).waitFor();
  assert.equal(await changes.count(), 0);
  await expectAccessible(page);
  await opened.go("/settings/scripts/testing");
  await page.getByRole("link", { name: "burn-in" }).click();
  await page.getByText("burning").waitFor();
  assert.equal(await changes.count(), 0);
  await page.getByRole("link", { name: "Versions" }).click();
  await page.getByText("current").waitFor();
  assert.equal(await changes.count(), 0);
  await expectAccessible(page);
});

test("an auditor makes an access review on its page, takes it as a file, and it is recorded", async () => {
  const auditor = await makePerson(server, { isAuditor: true });
  await using opened = await browser.logIn(server, auditor, { at: "/settings/user-management/access" });
  opened.expectStatus(400);
  const { page } = opened;
  const days = page.getByLabel("Days without use");
  await days.fill("0");
  await page.getByRole("button", { name: "Make the review" }).click();
  await page.locator(".is-error").waitFor();
  await expectAccessible(page);
  await days.fill("a month");
  await page.getByRole("button", { name: "Make the review" }).click();
  await page.getByText("Enter a number of days, such as 90.").waitFor();
  await days.fill("30");
  await page.getByRole("button", { name: "Make the review" }).click();
  const roles = page.getByRole("grid", { name: "Administrators and auditors" });
  await roles.getByText(auditor.username).waitFor();
  await page.getByText("Every API key is in use.").waitFor();
  await expectAccessible(page);
  await screenshot(page, "access-review");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "access-review.csv");
  using folder = freshFolder();
  const file = path.join(folder.folder, "review.csv");
  await download.saveAs(file);
  const [head, ...lines] = readFileSync(file, "utf8").trimEnd().split("\r\n");
  assert.equal(head, "finding,username,what,since,by,last_used,event");
  assert.ok(lines.some((line) => line.startsWith(`reads everything,${auditor.username},auditor,`)));
  const made = await allEvents(admin(server).native, { owner: auditor.username, action: "access.review" });
  assert.deepEqual(
    made.map(({ endpoint, details }) => [endpoint, details?.["unused_days"]]),
    [["UI", 30]],
  );
  await using narrow = await browser.logIn(server, auditor, { ...dark390, at: "/settings/user-management/access" });
  await narrow.page.getByRole("button", { name: "Make the review" }).click();
  await narrow.page.getByRole("grid", { name: "Administrators and auditors" }).waitFor();
  await expectNoOverflow(narrow.page);
  await expectAccessible(narrow.page);
});

test("a session that was ended is asked to log in when it makes an access review", async () => {
  const auditor = await makePerson(server, { isAuditor: true });
  await using opened = await browser.logIn(server, auditor, { at: "/settings/user-management/access" });
  const { page } = opened;
  await page.getByLabel("Days without use").waitFor();
  const ended = await admin(server).native.ask("DELETE", `users/${auditor.username}/sessions`);
  assert.ok(ended.status < 300, ended.text);
  // What the page asks for by itself would find it out as well, some seconds later.
  const isAskedAgain = ({ pathname }: URL): boolean => /^\/api\/v1\/(log|alerts|server)\b/.test(pathname);
  await page.route(isAskedAgain, () => {});
  await page.getByRole("button", { name: "Make the review" }).click();
  await page.getByRole("button", { name: "Log in", exact: true }).waitFor();
});
