import assert from "node:assert/strict";
import { test } from "node:test";
import { admin } from "../../support/worlds/people.ts";
import { report } from "../../support/reports.ts";
import { startPages } from "../support/pages.ts";

// What the address says of a list of events, and what keys and links make of it.

const { browser, server } = await startPages();

test("a machine's events are live, and one follows the other, as on the page of all", async () => {
  const { native } = admin(server);
  const made = await native.ask("POST", "nodes", { hostname: "blade-1", architecture: "amd64/generic" });
  const { system_id: node } = made.json<{ system_id: string }>();
  const say = (description: string) => report(native, { type: "NODE", action: "node.says", node, description });
  await say("First.");
  await using opened = await browser.logIn(server, server.firstLogin, { at: `/machine/${node}/events?live=1` });
  const { page } = opened;
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.getByRole("link", { name: "First." }).waitFor();
  await say("Second.");
  await page.getByRole("link", { name: "Second." }).click();
  await page.locator("tr.is-selected").getByText("Second.").waitFor();
  await page.getByRole("button", { name: "Older event" }).click();
  await page.locator(".l-aside").getByText("First.").first().waitFor();
});

test("what is no event's number in the address opens nothing", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  for (const event of ["abc", "-1", "1.5"]) {
    await opened.go(`/?event=${event}`);
    await opened.page.locator("[data-row]").first().waitFor();
    assert.equal(await opened.page.locator(".l-aside").count(), 0, event);
  }
});

test("live from the first moment misses nothing that comes while the list is still being read", async () => {
  const { native } = admin(server);
  const say = (description: string) => report(native, { type: "NODE", action: "node.early", description });
  await say("Before.");
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  const isList = (url: URL): boolean => url.pathname === "/api/v1/events" && url.searchParams.get("limit") === "200";
  for (const action of ["node.early", "node.never-yet"]) {
    await page.route(
      isList,
      async (route) => {
        const response = await route.fetch();
        await report(native, { type: "NODE", action, description: `Meanwhile ${action}.` });
        await page.waitForTimeout(300);
        await route.fulfill({ response });
      },
      { times: 1 },
    );
    await opened.go(`/?q=action:${action}&live=1`);
    await page.getByRole("link", { name: `Meanwhile ${action}.` }).waitFor();
    await report(native, { type: "NODE", action, description: `Later ${action}.` });
    await page.getByRole("link", { name: `Later ${action}.` }).waitFor();
    assert.equal(await page.getByRole("link", { name: `Meanwhile ${action}.` }).count(), 1);
  }
});

test("the same filter applied again reads the log anew", async () => {
  const { native } = admin(server);
  await report(native, { type: "NODE", action: "node.again", description: "One." });
  await using opened = await browser.logIn(server, server.firstLogin, { at: "/?q=action:node.again" });
  const { page } = opened;
  await page.getByRole("link", { name: "One." }).waitFor();
  await report(native, { type: "NODE", action: "node.again", description: "Two." });
  await page.getByRole("button", { name: "Apply the filter" }).click();
  await page.getByRole("link", { name: "Two." }).waitFor();
});

test("letters that are turned off do nothing, nor do they behind a question", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.keyboard.press("?");
  const help = page.getByRole("dialog");
  await help.waitFor();
  await page.keyboard.press("f");
  assert.equal(await page.locator(".l-aside").count(), 0);
  await help.getByText("Single letters do something").click();
  await page.keyboard.press("Escape");
  await page.locator("[data-row='1'] .is-time").click();
  await page.waitForURL(/event=/);
  const before = page.url();
  for (const key of ["n", "p", "[", "f"]) await page.keyboard.press(key);
  await page.waitForTimeout(300);
  assert.equal(page.url(), before);
  assert.equal(await page.locator(".l-navigation.is-pinned").count(), 0);
  // Without a reload: what is chosen holds at once.
  await page.getByRole("button", { name: "Keyboard" }).click();
  await help.getByText("Single letters do something").click();
  await page.keyboard.press("Escape");
  await page.locator(".l-aside h2").focus();
  await page.keyboard.press("n");
  await page.waitForURL((url) => url.href !== before);
});

test("a copy shows that it was made", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  await opened.page.getByRole("button", { name: "Copy link" }).click();
  await opened.page.getByRole("button", { name: "Copied" }).waitFor();
});

test("events around one that can't be read say so, with a way to try again", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  opened.expectStatus(500);
  const { page } = opened;
  await page.route(
    (url) => url.searchParams.has("owner"),
    (route) => route.fulfill({ status: 500, json: { detail: "It broke." } }),
  );
  await page.getByRole("link", { name: "User 'admin' logged in." }).first().click();
  const around = page.getByRole("region", { name: "Same user" });
  await around.scrollIntoViewIfNeeded();
  await around.getByText("It broke.").waitFor();
  await page.unrouteAll();
  await around.getByRole("button", { name: "Try again" }).click();
  await around.getByText("It broke.").waitFor({ state: "detached" });
});

test("an event that never had details isn't called erased", async () => {
  await using opened = await browser.logIn(server, server.firstLogin);
  const { page } = opened;
  await page.getByRole("link", { name: "User 'admin' logged in." }).first().click();
  await page.locator(".l-aside").getByRole("button", { name: "Show JSON" }).waitFor();
  assert.equal(await page.locator(".l-aside").getByText("erased").count(), 0);
});

test("bars begin with the hours of this computer", async () => {
  // Where it is, half hours end at quarters past and to the hours of UTC.
  await using opened = await browser.logIn(server, server.firstLogin, { timezoneId: "Asia/Kathmandu" });
  const { page } = opened;
  const counted = page.waitForResponse((response) => response.url().includes("histogram?since="));
  await opened.go("/?q=since%3A2026-01-01T00%3A05Z+until%3A2026-01-02T00%3A05Z");
  const { bins } = (await (await counted).json()) as { bins: readonly { start: string }[] };
  assert.deepEqual(
    bins.slice(0, 3).map(({ start }) => start.slice(11, 16)),
    ["00:05", "00:15", "00:45"],
  );
  await page.getByText("1 Jan, 05:50:00").first().waitFor();
});
