import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { makePerson } from "../support/worlds/people.ts";
import { sampleCertificate } from "../support/sample-keys.ts";
import { panelOf } from "./support/browser.ts";
import { accountPages, startPages } from "./support/pages.ts";

// Nothing that was typed, and no key that is shown once, goes without a question. A refused form leads to why.

const world = await startPages();
const { browser, server } = world;
const { openAt } = accountPages(world);

/** Does what asks first, answers in the page's own dialog, and gives the question. */
async function asked(page: Page, answer: "accept" | "dismiss", act: () => Promise<void>): Promise<string> {
  await act();
  const dialog = page.getByRole("dialog").filter({ has: page.getByRole("button", { name: "Leave", exact: true }) });
  const question = await dialog.getByRole("heading").innerText();
  if (answer === "accept") await dialog.getByRole("button", { name: "Leave", exact: true }).click();
  else await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  return question;
}

/** Presses what would replace the panel: it asks, and only a yes does it. */
async function expectAsked(page: Page, opener: string, typed: Locator, next: string): Promise<void> {
  const before = await typed.inputValue();
  const press = (): Promise<void> => page.getByRole("button", { name: opener, exact: true }).click();
  assert.equal(await asked(page, "dismiss", press), "Leave without saving?");
  assert.equal(await typed.inputValue(), before);
  assert.equal(await asked(page, "accept", press), "Leave without saving?");
  await panelOf(page, next).waitFor();
}

test("another user isn't edited in place of one with changes without a question", async () => {
  const [one, two] = [await makePerson(server), await makePerson(server)];
  await using tab = await browser.logIn(server, server.firstLogin, { at: "/settings/user-management/users" });
  const { page } = tab;
  await page.getByRole("button", { name: "Add user" }).click();
  const username = panelOf(page, "Add user").getByLabel("Username");
  await username.fill("ada");
  const titles = [`Edit user '${one.username}'`, `Edit user '${two.username}'`] as const;
  await expectAsked(page, `Edit ${one.username}`, username, titles[0]);
  const email = panelOf(page, titles[0]).getByLabel("E-mail");
  await email.fill("typed@example.com");
  // The one that is open already loses nothing.
  await page.getByRole("button", { name: `Edit ${one.username}`, exact: true }).click();
  assert.equal(await email.inputValue(), "typed@example.com");
  await expectAsked(page, `Edit ${two.username}`, email, titles[1]);
  const password = panelOf(page, titles[1]).getByRole("textbox", { name: "New password" });
  await password.fill("correct horse");
  await asked(page, "dismiss", () => page.keyboard.press("Escape"));
  assert.equal(await password.inputValue(), "correct horse");
});

test("a panel of the keys isn't replaced without a question while something is typed", async () => {
  const person = await makePerson(server);
  await person.native.ask("POST", "account/ssl-keys", { key: sampleCertificate });
  await using tab = await openAt(person, "/account/prefs/api-keys");
  const { page } = tab;
  await page.getByRole("button", { name: "Rename tests" }).click();
  const name = panelOf(page, "Rename API key 'tests'").getByLabel("Name");
  await name.fill("another");
  await expectAsked(page, "Add API key", name, "Add API key");
  await tab.go("/account/prefs/ssl-keys");
  await page.getByRole("button", { name: "Add SSL key" }).click();
  const certificate = panelOf(page, "Add SSL key").getByLabel("Certificate");
  await certificate.fill("typed");
  const view = await page.getByRole("button", { name: /^CN=audit/ }).innerText();
  await expectAsked(page, view, certificate, `SSL key '${view}'`);
});

test("an API key that is shown once stays until it is copied, or given up", async () => {
  const person = await makePerson(server);
  await using tab = await openAt(person, "/account/prefs/api-keys");
  const { page } = tab;
  const create = async (): Promise<Locator> => {
    await page.getByRole("button", { name: "Add API key" }).click();
    await panelOf(page, "Add API key").getByRole("button", { name: "Add API key" }).click();
    const created = panelOf(page, "API key added");
    await created.waitFor();
    return created;
  };
  const created = await create();
  const apiKey = await created.locator("code").innerText();
  const leave = [
    () => page.getByRole("button", { name: "Rename tests" }).click(),
    () => page.getByRole("link", { name: "Sessions" }).click(),
    () => created.getByRole("button", { name: "Close" }).click(),
  ];
  for (const act of leave) {
    assert.equal(await asked(page, "dismiss", act), "Leave without copying the API key? It won't be shown again.");
    assert.equal(await created.locator("code").innerText(), apiKey);
  }
  await created.getByRole("button", { name: "I have copied it" }).click();
  await created.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Rename tests" }).click();
  await panelOf(page, "Rename API key 'tests'").waitFor();
  assert.equal(await page.getByRole("button", { name: "Leave", exact: true }).count(), 0);
});

test("settings that can't be saved lead to what hindered it", async () => {
  await using tab = await browser.logIn(server, server.firstLogin, { at: "/settings/configuration/general" });
  const { page } = tab;
  const dns = page.getByRole("form", { name: "DNS" });
  await dns.getByLabel("default_dns_ttl").fill("61");
  const notice = dns.locator("[class^=p-notification--]:focus");
  tab.expectStatus(500);
  await page.route("**/settings/default_dns_ttl", (route) =>
    route.fulfill({ status: 500, json: { detail: "Internal error", trace_id: "0af7" } }),
  );
  await dns.getByRole("button", { name: "Save" }).click();
  await notice.getByText("Internal error").waitFor();
  await notice.getByText("0af7").waitFor();
  await page.unroute("**/settings/default_dns_ttl");
  tab.expectStatus(400);
  await dns.getByLabel("default_dns_ttl").fill("soon");
  await dns.getByRole("button", { name: "Save" }).click();
  await dns.locator("[aria-invalid=true]:focus").waitFor();
});
