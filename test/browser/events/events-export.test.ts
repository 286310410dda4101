import assert from "node:assert/strict";
import { test } from "node:test";
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
    await page.getByRole("menuitem", { name: `Copy ${name} command` }).click();
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
