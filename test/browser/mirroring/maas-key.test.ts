import assert from "node:assert/strict";
import { test } from "node:test";
import { allEvents } from "../../support/clients/native-client.ts";
import { makeMaasDatabase } from "../../support/maas/maas-database.ts";
import { startMaasServer } from "../../support/maas/maas-server.ts";
import { mirrorProd, mirrorSource, untilMirrored } from "../../support/maas/mirrored.ts";
import { until } from "../../support/until.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { expectAccessible, screenshot } from "../support/browser.ts";
import { startPages } from "../support/pages.ts";

// People of a mirrored MAAS in a browser, with the key that they have there.

const { browser, server } = await startPages();

test("somebody logs in with a MAAS API key, sees their own events with proofs, and nothing that isn't theirs", async () => {
  await using maas = await makeMaasDatabase();
  await using api = await startMaasServer();
  await maas.addUser({ id: 12, username: "johnnybegood" });
  api.people.set("consumer:token:secret", { username: "johnnybegood", isSuperuser: false });
  await maas.write({ description: "Created token.", systemId: "abc123", hostname: "node-1" });
  await maas.write({ username: "boss", userId: 13, description: "Not johnny's." });
  const { native } = admin(server);
  await mirrorProd(native, maas, { url: api.url });
  await untilMirrored(native, 2);
  await using opened = await browser.open(server);
  opened.expectStatus(401);
  const { page } = opened;
  await opened.go("/login");
  await page.getByRole("button", { name: "Log in with a MAAS API key" }).click();
  await expectAccessible(page);
  await page.getByLabel("MAAS API key").fill("consumer:token:wrong");
  await page.getByRole("textbox", { name: "MAAS", exact: true }).fill("prod");
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await page.getByText("MAAS 'prod' does not know this API key.").waitFor();
  await screenshot(page, "maas-key");
  await page.getByLabel("MAAS API key").fill("consumer:token:secret");
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await page.getByText("johnnybegood (MAAS prod)").waitFor();
  const row = page.getByRole("row", { name: /Created token/ });
  await row.waitFor();
  await page.getByText("You see your own events of MAAS prod.").waitFor();
  assert.equal(await page.getByText("Not johnny's.").count(), 0);
  assert.deepEqual(await page.getByRole("navigation").getByRole("link").allTextContents(), ["Events", "Integrity"]);
  await row.click();
  const panel = page.locator(".l-aside");
  await panel.getByText("node-1").waitFor();
  assert.equal(await panel.getByRole("link", { name: "node-1" }).count(), 0);
  await panel.getByText("unchanged since").first().waitFor();
  await expectAccessible(page);
  await screenshot(page, "maas-key-events");
  await page.getByRole("link", { name: "Integrity" }).click();
  await page.getByRole("heading", { name: "Integrity" }).waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("heading", { name: "Login" }).waitFor();
  const theirs = (await allEvents(native, {})).filter(
    ({ source, username }) => source === "ironlog" && username === "johnnybegood",
  );
  assert.deepEqual(
    theirs.map(({ action, endpoint }) => [action, endpoint]),
    [
      ["auth.logout", "UI"],
      ["auth.login", "UI"],
    ],
    "and no page asked for what isn't theirs",
  );
});

test("somebody with an account links it to who they are at a MAAS, and takes the link back", async () => {
  await using maas = await makeMaasDatabase();
  await using api = await startMaasServer();
  await maas.addUser({ id: 12, username: "johnnybegood" });
  api.people.set("consumer:token:secret", { username: "johnnybegood", isSuperuser: false });
  await maas.write({ description: "Created token." });
  const { native } = admin(server);
  await mirrorSource(native, maas, { name: "linked", url: api.url });
  await until(
    async () => (await native.ask("GET", "sources/linked")).json<{ recorded_to: number }>().recorded_to === 1,
  );
  const person = await makePerson(server);
  await using opened = await browser.logIn(server, person, { at: "/account/prefs/details" });
  const { page } = opened;
  await page.getByRole("button", { name: "Link my account to a MAAS" }).click();
  await expectAccessible(page);
  await page.getByLabel("MAAS API key").fill("consumer:token:secret");
  await page.getByRole("textbox", { name: "MAAS", exact: true }).fill("linked");
  await page.getByRole("button", { name: "Link my account" }).click();
  await page.getByText("johnnybegood, linked").waitFor();
  await expectAccessible(page);
  await screenshot(page, "maas-linked");
  await opened.go("/");
  await page.getByRole("row", { name: /Created token\..*MAAS linked/ }).waitFor();
  await opened.go("/account/prefs/details");
  await page.getByRole("button", { name: "Unlink from MAAS linked" }).click();
  await page.getByText("johnnybegood, linked").waitFor({ state: "detached" });
  await opened.go("/");
  await page
    .getByRole("row", { name: /Unlinked/ })
    .first()
    .waitFor();
  assert.equal(await page.getByRole("row", { name: /Created token\..*MAAS linked/ }).count(), 0);
});
