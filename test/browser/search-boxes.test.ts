import assert from "node:assert/strict";
import { test } from "node:test";
import { startPages } from "./support/pages.ts";

const { browser, server } = await startPages();

for (const [at, label] of [
  ["/settings/user-management/users", "Search users"],
  ["/settings/configuration/general", "Search settings"],
  ["/settings/scripts/commissioning", "Search scripts"],
  ["/machines", "Search machines"],
] as const) {
  test(`nothing jumps at the first letter: ${label}`, async () => {
    await using opened = await browser.logIn(server, server.firstLogin, { at });
    const { page } = opened;
    const box = page.getByRole("searchbox", { name: label });
    await box.waitFor();
    const below = page.locator(".ui-search + *");
    await below.waitFor();
    const top = () => below.evaluate((element) => element.getBoundingClientRect().top);
    const before = await top();
    // Something that is in the list, so that what stands there stays the same.
    await box.fill("a");
    await page.getByRole("button", { name: "Clear", exact: true }).waitFor();
    assert.equal(await top(), before);
    const input = await box.boundingBox();
    assert.ok(input !== null && input.y + input.height <= before, "nothing is over the box");
  });
}
