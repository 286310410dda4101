import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { freshFolder } from "../../support/databases/databases.ts";
import { openShell } from "../../support/processes/command.ts";
import { admin } from "../../support/worlds/people.ts";
import { applyFilter } from "../support/browser.ts";
import { heard, startPages } from "../support/pages.ts";

const { browser, server } = await startPages();

test("an export is taken along as a command that gives the same events", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.locator("[data-row='0']").waitFor();
  await applyFilter(page, "action:auth.login");
  const copied = async (name: string): Promise<string> => {
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await page.getByRole("menuitem", { name: `Copy ${name} command`, exact: true }).click();
    await heard(page, `Copied the ${name} command.`);
    return page.evaluate(() => navigator.clipboard.readText());
  };
  assert.equal(await copied("ironlog"), "ironlog PROFILE events export -o events.jsonl action=auth.login");
  const curl = await copied("curl");
  const [, address = ""] =
    /^curl --fail -H "Authorization: Bearer \$IRONLOG_KEY" -o events\.jsonl '(.*)'$/.exec(curl) ?? [];
  const answer = await fetch(address, { headers: { authorization: `Bearer ${server.firstLogin.apiKey}` } });
  const lines = (await answer.text()).trim().split("\n");
  const actions = lines.map((line) => (JSON.parse(line) as { readonly action: string }).action);
  assert.deepEqual([...new Set(actions)], ["auth.login"]);
});

test("an evidence bundle of the filter is taken along, and holds where there is neither the log nor a network", async () => {
  using shell = openShell();
  using outer = freshFolder();
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.locator("[data-row='0']").waitFor();
  await applyFilter(page, "action:auth.login");
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Evidence bundle" }).click();
  await heard(page, "The export has begun.");
  const archive = path.join(outer.folder, "evidence.tar");
  await (await download).saveAs(archive);
  const { log_key: key } = (await admin(server).native.ask("GET", "log")).json<{ readonly log_key: string }>();
  const checked = await shell.ironlog(["log", "check-bundle", archive, "--key", key]);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  assert.match(checked.stdout, /all [1-9]\d* events are in the log/);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("menuitem", { name: "Copy ironlog command for the bundle" }).click();
  await heard(page, "Copied the ironlog command for the bundle.");
  const command = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(command, "ironlog PROFILE events evidence -o evidence.tar action=auth.login");
});
