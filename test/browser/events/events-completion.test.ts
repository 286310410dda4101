import assert from "node:assert/strict";
import { test } from "node:test";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { report } from "../../support/reports.ts";
import { applyFilter, expectAccessible, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

// What is offered while a filter is typed, and where one has found nothing.

const { browser, server } = await startPages();
const { native } = admin(server);

await report(native, [
  { type: "BMC_RESET", action: "bmc.reset", description: "Reset.", username: "svc-power" },
  { type: "BMC_RESET", action: "bmc.reset", description: "Reset.", username: "svc-backup", outcome: "failure" },
  { type: "NODE", action: "node.off", description: "Off.", target: { kind: "rack", id: "17", name: "rack-17" } },
]);

const cases = [
  ["ip:127", /^127\./],
  ["action:bm", /^bmc\.\*/],
  ["type:BM", /^BMC_RESET/],
  ["target:rack", /^rack\/rack-17/],
  ["user:svc", /^svc-/],
] as const;

test("values of the log are offered: addresses, others' actions, types, targets and names", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  for (const [typed, option] of cases) {
    await page.getByRole("combobox").fill(typed);
    await page.getByRole("option", { name: option }).first().waitFor();
  }
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Reset." }).waitFor();
});

test("a list without events says what may be wrong with the filter, and one click mends it", async () => {
  const ada = await makePerson(server);
  await ada.native.ask("DELETE", "users/nosuch");
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  const mend = async (text: string, offered: string, becomes: string): Promise<void> => {
    await applyFilter(page, text);
    await page.getByText("No events match these filters.").waitFor();
    await page.getByRole("button", { name: offered, exact: true }).click();
    await page.locator("[data-row='0']").waitFor();
    assert.equal(new URL(page.url()).searchParams.get("q"), becomes);
  };
  const shouted = ada.username.toUpperCase();
  await mend(`user:${shouted}`, `user:${ada.username}`, `user:${ada.username}`);
  await mend("user:svc- outcome:failure", "user:svc-*", "user:svc-* outcome:failure");
  await mend("action:bmc.rest", "action:bmc.reset", "action:bmc.reset");
  await mend("failure user:svc-backup", "outcome:failure", "outcome:failure user:svc-backup");
  await mend("user:svc-power until:2020-01-01", "At any time", "user:svc-power");
  await applyFilter(page, "user:svc-");
  await page.getByRole("button", { name: "user:svc-*", exact: true }).waitFor();
  await screenshot(page, "no-events");
  await expectAccessible(page);
});
