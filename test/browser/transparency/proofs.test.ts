import assert from "node:assert/strict";
import { test } from "node:test";
import { takeGuardsOff } from "../../support/databases/guards.ts";
import { admin } from "../../support/worlds/people.ts";
import { report } from "../../support/reports.ts";
import { mainFile, startProcess } from "../../support/processes/program.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { expectAccessible, screenshot, startBrowser } from "../support/browser.ts";

// What the browser finds by itself when somebody was at the database behind Ironlog's back.

async function recorded(server: TestServer, description: string): Promise<number> {
  const [item] = await report(admin(server).native, { type: "NODE", action: "node.kept", description });
  assert.ok(item !== undefined);
  return item.id;
}

test("an event that was changed in the database is called broken, in the list and beside it", async () => {
  await using browser = await startBrowser();
  await using server = await startServer({ kind: "sqlite" });
  const id = await recorded(server, "True.");
  await takeGuardsOff(server, "event");
  await server.meddle(`update event set description = 'False.' where id = ${id}`);
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  // The server proves nothing of it.
  opened.expectStatus(500);
  const row = page.getByRole("row").filter({ hasText: "False." });
  await row.getByText("Does not match the log").waitFor({ state: "attached" });
  await row.getByRole("link").click();
  await page.getByText("This event does not match the signed log. Don't rely on it.").waitFor();
  await screenshot(page, "event-broken");
  await expectAccessible(page);
});

test("an event whose address is gone is called broken, in the list and beside it", async () => {
  await using browser = await startBrowser();
  await using server = await startServer({ kind: "sqlite" });
  const id = await recorded(server, "Kept.");
  await takeGuardsOff(server, "event");
  await server.meddle(`update event set ip = null, user_agent = null, endpoint = null, trace_id = null,
    forwarded = null, reporter_id = null, reporter = null, origin_salt = null where id = ${id}`);
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  opened.expectStatus(500);
  await opened.go(`/?event=${id}`);
  const panel = page.getByRole("complementary");
  await panel.getByText("This event does not match the signed log. Don't rely on it.").waitFor();
  await panel
    .getByText(/its columns of 'origin' have no salt/)
    .first()
    .waitFor();
  const row = page.getByRole("row").filter({ hasText: "Kept." });
  await row.getByText("Does not match the log").waitFor({ state: "attached" });
});

test("a log under a new name is taken for the same only after somebody has said so", async () => {
  await using browser = await startBrowser();
  await using server = await startServer({ kind: "sqlite" });
  // The browser knows a log by the server's address.
  const { port } = new URL(server.url);
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.waitForFunction(() => localStorage.getItem("ironlog.log") !== null);
  await page.goto("about:blank");
  await server.stop();
  await using renewal = startProcess({
    args: [mainFile, "log", "renew-identity", ...server.databaseArgs],
  });
  assert.equal((await renewal.ended).code, 0, renewal.stderr);
  await server.start(["--port", port]);
  await opened.go("/");
  await page.getByText(/^The log's name has changed from/).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Accept the new name" }).click();
  await page.getByText(/^The log's name has changed from/).waitFor({ state: "detached" });
  await opened.go("/machines");
  await page.getByRole("heading", { name: "Machines", level: 1 }).waitFor();
  assert.equal(await page.getByText(/^The log's name has changed from/).count(), 0);
});
