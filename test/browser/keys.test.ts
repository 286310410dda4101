import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { keyServer } from "../support/key-server.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { sampleCertificate, sampleSshKeys } from "../support/sample-keys.ts";
import { expectAccessible, screenshot, panelOf } from "./support/browser.ts";
import { accountPages, dark390, heard, startPages } from "./support/pages.ts";

// The keys of "My preferences": API keys, SSH keys and SSL keys. What a page did is checked through the API.

const world = await startPages();
const { server } = world;
const { openAt, lastEvent, list } = accountPages(world);

test("an API key is shown once, works, and is nowhere in the page afterwards", async () => {
  const person = await makePerson(server);
  await using tab = await openAt(person, "/account/prefs/api-keys");
  const { page } = tab;
  await page.getByRole("button", { name: "Add API key" }).click();
  const panel = panelOf(page, "Add API key");
  await panel.getByLabel("Name").fill("nightly report");
  const offered = Date.parse(await panel.getByLabel("Ends on").inputValue()) - Date.now();
  assert.equal(Math.round(offered / 86_400_000 / 2), 45, "90 days are offered");
  await panel.getByLabel("Ends on").fill("2020-01-01");
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Add API key" }).click();
  await panel.getByText("Give a time in the future").waitFor();
  assert.equal(await panel.getByLabel("Ends on").getAttribute("aria-invalid"), "true");
  await panel.getByLabel("Ends on").fill("2099-01-01");
  await panel.getByText("Read events (events:read)").click();
  await panel.getByRole("button", { name: "Add API key" }).click();
  const created = panelOf(page, "API key added");
  await created.getByText("Copy this API key now. It won't be shown again.").waitFor();
  const apiKey = await created.locator("code").innerText();
  await screenshot(page, "api-key-created");
  await expectAccessible(page);
  const asked = await person.native.ask("GET", "events?limit=1", undefined, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  assert.equal(asked.status, 200);
  await created.getByRole("button", { name: "I have copied it" }).click();
  await created.waitFor({ state: "detached" });
  await page.getByRole("cell", { name: "nightly report" }).or(page.getByText("nightly report")).first().waitFor();
  const secret = apiKey.split(":")[2] ?? "";
  assert.equal(secret.length, 32);
  assert.ok(!(await page.content()).includes(secret));
  assert.ok(!(await heapHas(page, secret)), "the key is still in the page's memory");
  const [, key] = await list<Record<string, unknown>>(person, "account/tokens");
  assert.deepEqual(key?.["scopes"], ["events:read"]);
  assert.match(String(key["expires"]), /^209[89]-/);
  assert.equal((await lastEvent(person, "token.create")).target_name, "nightly report");
});

/** Whether a text is anywhere in the page's memory. */
async function heapHas(page: Page, text: string): Promise<boolean> {
  const client = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  client.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await client.send("HeapProfiler.collectGarbage");
  await client.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await client.detach();
  return chunks.join("").includes(text);
}

test("an API key is renamed and deleted", async () => {
  const person = await makePerson(server);
  await using tab = await openAt(person, "/account/prefs/api-keys", dark390);
  const { page } = tab;
  await page.getByRole("button", { name: "Rename tests" }).click();
  const panel = panelOf(page, "Rename API key 'tests'");
  await panel.getByLabel("Name").fill("n".repeat(300));
  await panel.getByRole("button", { name: "Rename API key" }).click();
  await panel.getByText("Ensure this value has at most 255 characters").waitFor();
  await expectAccessible(page);
  await panel.getByLabel("Name").fill("report");
  await page.keyboard.press("Enter");
  await heard(page, "Renamed the API key to 'report'.");
  assert.equal((await lastEvent(person, "token.rename")).target_name, "report");
  await page.getByRole("button", { name: "Delete report" }).click();
  await page.getByRole("button", { name: "Delete API key" }).click();
  await page.getByText("You have no API keys.").waitFor();
  assert.equal((await person.native.ask("GET", "account")).status, 401);
  assert.equal((await lastEvent(person, "token.delete")).target_name, "report");
  await expectAccessible(page);
});

test("SSH keys are uploaded, imported and deleted", async () => {
  const person = await makePerson(server);
  await using github = await keyServer((request, response) => {
    if (request.url?.startsWith("/users/octo/") !== true) response.statusCode = 404;
    response.end(JSON.stringify([{ key: sampleSshKeys[1].key.split(" ").slice(0, 2).join(" ") }]));
  });
  await admin(server).native.ask("PUT", "settings/ironlog_github_url", { value: github.url });
  await using tab = await openAt(person, "/account/prefs/ssh-keys");
  const { page } = tab;
  await page.getByText("You have no SSH keys.").waitFor();
  await page.getByRole("button", { name: "Add SSH key" }).click();
  const panel = panelOf(page, "Add SSH key");
  assert.deepEqual(await panel.getByLabel("Source").locator("option").allInnerTexts(), [
    "Launchpad",
    "GitHub",
    "Upload",
  ]);
  await panel.getByLabel("Source").selectOption("Upload");
  await panel.getByLabel("Public key").fill("no key");
  await panel.getByRole("button", { name: "Add SSH key" }).click();
  await panel.getByText("Invalid SSH public key").waitFor();
  await expectAccessible(page);
  await panel.getByLabel("Public key").fill(sampleSshKeys[0].key);
  await panel.getByRole("button", { name: "Add SSH key" }).click();
  await heard(page, "Added an SSH key.");
  await page.getByText(sampleSshKeys[0].fingerprint).waitFor();
  assert.equal((await lastEvent(person, "sshkey.create")).target_name, sampleSshKeys[0].fingerprint);
  await page.getByRole("button", { name: "Add SSH key" }).click();
  await panel.getByLabel("Source").selectOption("GitHub");
  await panel.getByLabel("GitHub ID").fill("nobody");
  await panel.getByRole("button", { name: "Import SSH keys" }).click();
  await panel.getByText("github user nobody doesn't exist.").waitFor();
  await panel.getByLabel("GitHub ID").fill("octo");
  await panel.getByRole("button", { name: "Import SSH keys" }).click();
  await page.getByText("GitHub: octo").waitFor();
  await expectAccessible(page);
  assert.equal((await list(person, "account/ssh-keys")).length, 2);
  await page.getByRole("button", { name: "Delete rsa@example.com" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Delete SSH key" }).click();
  await heard(page, "Deleted SSH key 'rsa@example.com'.");
  const focused = page.getByRole("button", { name: `Delete ${sampleSshKeys[1].fingerprint}` });
  await focused.waitFor();
  await page.waitForFunction(
    (name) => document.activeElement?.closest("button")?.textContent?.includes(name) === true,
    sampleSshKeys[1].fingerprint,
  );
  assert.equal((await list(person, "account/ssh-keys")).length, 1);
  assert.equal((await lastEvent(person, "sshkey.delete")).target_name, sampleSshKeys[0].fingerprint);
});

test("an SSL key is added, looked at and deleted", async () => {
  const person = await makePerson(server);
  await using tab = await openAt(person, "/account/prefs/ssl-keys");
  const { page } = tab;
  await page.getByRole("button", { name: "Add SSL key" }).click();
  const panel = panelOf(page, "Add SSL key");
  await panel.getByLabel("Certificate").fill("no certificate");
  await panel.getByRole("button", { name: "Add SSL key" }).click();
  await panel.getByText("Invalid SSL key.").waitFor();
  await panel.getByLabel("Certificate").fill(sampleCertificate);
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Add SSL key" }).click();
  await heard(page, /Added SSL key 'CN=audit\.example\.com/);
  await page.getByRole("button", { name: /^CN=audit/ }).click();
  const view = page.locator(".l-aside").filter({ has: page.getByRole("heading", { name: /^SSL key 'CN=audit/ }) });
  await view.getByText("BEGIN CERTIFICATE").waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await view.waitFor({ state: "detached" });
  assert.match((await lastEvent(person, "sslkey.create")).target_name ?? "", /^[0-9A-F:]+$/);
  await page.getByRole("button", { name: /^Delete CN=audit/ }).click();
  await page.getByRole("button", { name: "Delete SSL key" }).click();
  await page.getByText("You have no SSL keys.").waitFor();
  assert.deepEqual(await list(person, "account/ssl-keys"), []);
  await lastEvent(person, "sslkey.delete");
});
