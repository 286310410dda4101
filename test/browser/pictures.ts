import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type MaasDatabaseStandIn, makeMaasDatabase } from "../support/maas/maas-database.ts";
import { mirrorProd, readProd, untilMirrored } from "../support/maas/mirrored.ts";
import { until } from "../support/until.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { report } from "../support/reports.ts";
import { root } from "../support/processes/program.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { startBrowser } from "./support/browser.ts";

// Takes the pictures that README and docs/web-ui.md show: `npm run pictures`.

const folder = path.join(root, "docs", "pictures");

await using browser = await startBrowser();
await using server = await startServer({ kind: "sqlite" });
await fill(server);
mkdirSync(folder, { recursive: true });
await take("events", "/", {});
await take("event", "/?q=outcome%3Afailure", { colorScheme: "dark" }, async (page) => {
  await page.locator("[data-row='1']").getByRole("link").click();
  await page.getByRole("complementary").getByText("Verified in this browser").waitFor();
});
await take("integrity", "/integrity", {}, async (page) => {
  await page.getByRole("button", { name: "Verify now" }).click();
  await page.getByText("intact").first().waitFor();
});

await using maas = await makeMaasDatabase();
await mirror(maas, server);
await take("source", "/settings/configuration/sources", {}, async (page) => {
  await page.getByRole("button", { name: "prod" }).click();
  await page.getByText("7 vanished").waitFor();
});

type Browser = Awaited<ReturnType<typeof startBrowser>>;
type Options = Parameters<Browser["logIn"]>[2];
type Page = Awaited<ReturnType<Browser["logIn"]>>["page"];

async function take(
  name: string,
  address: string,
  options: Options,
  act?: (page: Page) => Promise<void>,
): Promise<void> {
  await using opened = await browser.logIn(server, server.firstLogin, {
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  await opened.go(address);
  await opened.page.locator("h1").waitFor();
  await act?.(opened.page);
  // The ticks of the rows come one after the other.
  await opened.page.waitForTimeout(2_000);
  writeFileSync(path.join(folder, `${name}.png`), await opened.page.screenshot());
}

/** People who do things, some of which fail. */
async function fill(at: TestServer): Promise<void> {
  const { native } = admin(at);
  const people = await Promise.all(
    ["johnnybegood", "mkovacs", "alice.weber"].map((username) =>
      makePerson(at, { username, isAdministrator: username === "alice.weber" }),
    ),
  );
  for (const [index, person] of people.entries()) {
    await person.native.ask("POST", "account/tokens", { name: "laptop" });
    if (person.username !== "alice.weber") await person.native.ask("DELETE", "users/admin");
    const wrong = { username: person.username, password: "not it" };
    await fetch(`${at.url}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(wrong),
    });
    await native.ask("PATCH", `users/${person.username}`, {
      last_name: ["John B. Goode", "Maja Kovács", "Alice Weber"][index],
    });
  }
  const made = await native.ask("POST", "nodes", { hostname: "blade-07", architecture: "amd64/generic" });
  const { system_id: node } = made.json<{ system_id: string }>();
  for (const step of ["commission", "abort"]) await native.ask("POST", `nodes/${node}/steps`, { step });
  await native.ask("PUT", "settings/enable_analytics", { value: false });
  await native.ask("POST", "scripts", {
    name: "50-check-disks",
    type: "testing",
    script: "#!/bin/sh\nsmartctl --scan\n",
  });
  await report(native, [
    { type: "NODE_POWER", action: "node.power", level: "INFO", description: "Powered on.", node, hostname: "blade-07" },
    {
      type: "NODE_POWER",
      action: "node.power",
      level: "ERROR",
      outcome: "failure",
      description: "No answer from the BMC.",
      node,
      hostname: "blade-07",
    },
  ]);
}

/** A MAAS that has lost some of its events since they were mirrored. */
async function mirror(from: MaasDatabaseStandIn, at: TestServer): Promise<void> {
  const { native } = admin(at);
  await from.writeMany(3_000);
  await from.ask("delete from maasserver_event where id between 1000 and 1100 or id = 2000");
  await mirrorProd(native, from);
  await untilMirrored(native, 3_000);
  await from.ask("delete from maasserver_event where id between 500 and 505 or id = 2500");
  await from.ask("update maasserver_event set description = 'Nothing.' where id in (700, 2900)");
  await native.ask("POST", "sources/prod/compare");
  await until(async () => (await readProd(native)).vanished === 7);
}
