import assert from "node:assert/strict";
import { mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { takeGuardsOff } from "../../support/databases/guards.ts";
import { startServer } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

const { browser, server } = await startPages();

test("integrity: sizes, key, two verdicts, and a verification that is asked for", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  const { log_key: key } = (await admin(server).native.ask("GET", "log")).json<{ log_key: string }>();
  await opened.go("/integrity");
  await page.getByText(key, { exact: true }).waitFor();
  await page.getByRole("button", { name: "Verify now" }).click();
  const verified = page.getByRole("region", { name: "Last full verification" });
  await verified.getByText("intact").waitFor();
  await verified.getByText("complete", { exact: true }).waitFor();
  const layers = page.getByRole("region", { name: "Layers" });
  for (const name of ["Events", "Tree", "State", "Schema", "Appends"]) {
    const row = layers.getByRole("row").filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${name}`) }) });
    await row.getByText("ok", { exact: true }).waitFor();
    assert.equal(await row.getByText(/^[\d,]+ events$/).count(), name === "Schema" ? 0 : 1, name);
  }
  const outside = page.getByRole("region", { name: "Check it yourself" });
  for (const command of ["check-proof event-1.tlog-proof", "check-bundle evidence.tar", `verify --url ${server.url}`]) {
    await outside.getByText(`ironlog log ${command} --key '${key}'`).waitFor();
  }
  const verifications = page.getByRole("region", { name: "Verifications" });
  await verifications.getByText("intact").first().waitFor();
  await verifications.getByText(/^(?:The last one|Each of the last \d+) found the log good, since /).waitFor();
  const history = page.getByRole("region", { name: "What has happened to the log" });
  await history.getByRole("listitem").filter({ hasText: "Created the key of the log" }).getByRole("link").waitFor();
  const workers = page.getByRole("region", { name: "Background workers" });
  const row = workers.getByRole("row").filter({ hasText: "verifier" });
  await row.getByText(`process ${process.pid}`).waitFor();
  await row.getByText("Running").waitFor();
  await screenshot(page, "integrity");
  await workers.scrollIntoViewIfNeeded();
  await screenshot(page, "workers");
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoOverflow(page);
  await expectAccessible(page);
  const { items } = (await admin(server).native.ask("GET", "log/verifications")).json<{ items: unknown[] }>();
  assert.ok(items.length > 0);
});

test("integrity: a log that can't be verified is red, and the page says why and what else is wrong", async () => {
  await using own = await startServer({ kind: "sqlite" });
  const key = path.join(own.data, "log.key");
  renameSync(key, `${key}.away`);
  mkdirSync(key);
  await using opened = await browser.logIn(own, own.firstLogin, { at: "/integrity" });
  const { page } = opened;
  await page.getByRole("button", { name: "Verify now" }).click();
  const verified = page.getByRole("region", { name: "Last full verification" });
  await verified.getByText("could not verify").waitFor();
  assert.equal(await verified.locator(".p-chip--positive").count(), 0);
  assert.equal(await verified.locator(".p-chip--negative").count(), 1);
  await page.getByText(/^The log could not be verified: .*log\.key/).waitFor();
  const layers = page.getByRole("region", { name: "Layers" });
  assert.equal(await layers.getByText("Not checked", { exact: true }).count(), 5);
  const verifications = page.getByRole("region", { name: "Verifications" });
  await verifications.getByText("could not verify").waitFor();
  await verifications.getByText(/did not find the log good, since /).waitFor();
  const off = { value: 0 };
  assert.equal((await admin(own).native.ask("PUT", "settings/ironlog_verify_interval_hours", off)).status, 200);
  await opened.go("/integrity");
  await page.getByText(/^Verifications are turned off: /).waitFor();
  await screenshot(page, "integrity-degraded");
  await expectAccessible(page);
});

test("integrity: each layer says for itself whether it holds, and where not", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await using opened = await browser.logIn(own, own.firstLogin, { at: "/integrity" });
  const { page } = opened;
  const layers = page.getByRole("region", { name: "Layers" });
  const row = (name: string) =>
    layers.getByRole("row").filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${name}`) }) });
  await row("Events").getByText("Not yet checked", { exact: true }).waitFor();
  await takeGuardsOff(own, "event");
  await own.meddle("update event set description = 'x' where id = 2");
  await page.getByRole("button", { name: "Verify now" }).click();
  await row("Events").getByText("failed: 1 fault").waitFor();
  await row("Events")
    .getByText(/^Event 2: /)
    .waitFor();
  await row("Tree").getByText("ok", { exact: true }).waitFor();
  // A tile of which an event is missing can't be given: what this browser has seen of the log it asks for.
  opened.expectStatus(404);
  await own.meddle("delete from event where id = 3");
  await page.getByRole("button", { name: "Verify now" }).click();
  await row("Events").getByText("failed: 2 faults", { exact: true }).waitFor();
  await page.getByText("event 3 is missing", { exact: true }).waitFor();
  await row("State").getByText("Not checked", { exact: true }).waitFor();
  await screenshot(page, "integrity-layers");
  await expectAccessible(page);
});

test("integrity: a verdict of a version that told of no layers says nothing of each", async () => {
  await using own = await startServer({ kind: "sqlite" });
  await using opened = await browser.logIn(own, own.firstLogin, { at: "/integrity" });
  const { page } = opened;
  await page.getByRole("button", { name: "Verify now" }).click();
  const layers = page.getByRole("region", { name: "Layers" });
  await layers.getByText("ok", { exact: true }).first().waitFor();
  await page.route("**/api/v1/log", async (route) => {
    const log = (await (await route.fetch()).json()) as {
      readonly verification: { readonly last: { readonly layers: readonly object[] } };
    };
    const told = log.verification.last.layers.map((layer) => ({ ...layer, verdict: "unchecked", checked: null }));
    const verification = { ...log.verification, last: { ...log.verification.last, layers: told } };
    await route.fulfill({ json: { ...log, verification } });
  });
  await opened.go("/integrity");
  await layers.getByText("Not yet checked", { exact: true }).first().waitFor();
  assert.equal(await layers.getByText("Not yet checked", { exact: true }).count(), 5);
});

test("integrity: a verification that has only begun doesn't stand at 0 of 0", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  let running = { checked: 0, size: 0 };
  await page.route("**/api/v1/log", async (route) => {
    const log = (await (await route.fetch()).json()) as { readonly verification: object };
    await route.fulfill({ json: { ...log, verification: { ...log.verification, running } } });
  });
  await opened.go("/integrity");
  await page.getByText("Starting", { exact: true }).waitFor();
  const bar = page.getByRole("progressbar", { name: "Verification" });
  assert.equal(await bar.getAttribute("value"), null);
  await expectAccessible(page);
  running = { checked: 40, size: 100 };
  await page.getByText("40 of 100 events").waitFor();
  assert.equal(await bar.getAttribute("value"), "40");
});

test("integrity: users see it, and can't start a verification", async () => {
  const bob = await makePerson(server);
  await using opened = await browser.logIn(server, bob, { at: "/integrity" });
  const { page } = opened;
  await page.getByRole("heading", { name: "Check it yourself" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Verify now" }).count(), 0);
  assert.equal(await page.getByRole("region", { name: "Background workers" }).count(), 0);
});
