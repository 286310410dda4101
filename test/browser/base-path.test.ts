import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startBelow } from "../support/prefix-proxy.ts";
import { fillLogin, startBrowser } from "./support/browser.ts";

const browser = await startBrowser();
after(() => browser[Symbol.asyncDispose]());

for (const keeps of [true, false]) {
  test(`the pages work below a path that the proxy ${keeps ? "keeps" : "takes away"}`, async () => {
    await using below = await startBelow(keeps);
    const { server, proxy, url } = below;
    await using opened = await browser.open({ url: proxy.origin });
    const { page } = opened;
    const at = (): string => page.url().slice(proxy.origin.length);
    // Anything that is asked for outside the path is a 404, which the page complains of.
    await opened.go("/audit/machines");
    await page.waitForURL(/\/audit\/login\?redirectTo=/);
    await fillLogin(page, server.firstLogin);
    await page.waitForURL((now) => now.pathname === "/audit/machines");
    await page.getByRole("link", { name: "Events", exact: true }).click();
    await page.waitForURL((now) => now.pathname === "/audit/" || now.pathname === "/audit");
    const row = page.getByRole("row").filter({ hasText: "User 'admin' logged in." }).first();
    await row.getByText("Verified in this browser").waitFor({ state: "attached" });
    await row.getByRole("link").click();
    await page.locator(".l-aside").getByText("Verified in this browser").waitFor();
    assert.match(at(), /^\/audit\/?\?event=\d+$/);
    await page.reload();
    await page.locator(".l-aside").getByText("Verified in this browser").waitFor();
    await page.goBack();
    await page.locator(".l-aside").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Live" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await opened.go("/audit/integrity");
    await page.getByText(`--url ${url} --key`, { exact: false }).waitFor();
    // A page that is loaded later, at an address of its own.
    await opened.go("/audit/account/prefs/api-keys");
    await page.getByRole("heading", { name: "API keys" }).first().waitFor();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.waitForURL((now) => now.pathname === "/audit/login");
  });
}
