import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mock } from "node:test";
import type { Answer } from "../support/clients/http-client.ts";
import { tryLogIn } from "../support/clients/native-client.ts";
import { type MaasDatabaseStandIn, makeMaasDatabase } from "../support/maas/maas-database.ts";
import { mirrorProd, readProd, untilMirrored } from "../support/maas/mirrored.ts";
import { until } from "../support/until.ts";
import { type Administrator, admin, makePerson, type Person } from "../support/worlds/people.ts";
import { root } from "../support/processes/program.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { startBrowser } from "./support/browser.ts";

// Takes the pictures that README and docs/web-ui.md show: `npm run pictures`.

const folder = path.join(root, "docs", "pictures");
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How far back the log goes. */
const weeks = 4;

await using browser = await startBrowser();
const now = Date.now();
mock.timers.enable({ apis: ["Date"], now: now - weeks * 7 * dayMs });
await using server = await startServer({ kind: "sqlite", args: ["--trusted-proxy", "127.0.0.0/8"] });
await fill(server);
mkdirSync(folder, { recursive: true });
await take("events", "/", { colorScheme: "light" });
await take("events-dark", "/", { colorScheme: "dark" });
await take("top", "/?q=since%3A30d", {}, async (page) => {
  await page.getByRole("button", { name: "Top lists" }).click();
  await page.getByRole("region", { name: "Top lists" }).getByText("alice.weber", { exact: true }).waitFor();
});
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

/** What somebody does now and then; `nth` tells one time from the next. */
type Habit = (at: Desk, nth: number) => Promise<unknown>;

/** Where somebody works: their accounts, and the address that they come from. */
interface Desk {
  readonly person: Person;
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  logIn(password: string): Promise<Answer>;
}

/** Weeks of people who come in, work, mistype their passwords, and make machines of a data centre come and go. */
async function fill(at: TestServer): Promise<void> {
  const start = Date.now();
  const people: Record<string, readonly [name: string, ip: string]> = {
    "alice.weber": ["Alice Weber", "10.20.1.14"],
    johnnybegood: ["John B. Goode", "10.20.1.37"],
    mkovacs: ["Maja Kovács", "10.20.3.5"],
    "svc-terraform": ["", "10.20.9.2"],
  };
  const administrators = new Set(["alice.weber", "mkovacs", "svc-terraform"]);
  const desks: Record<string, Desk> = { admin: deskOf(at, admin(at), "10.20.1.10") };
  for (const [username, [lastName, ip]] of Object.entries(people)) {
    const person = await makePerson(at, { username, isAdministrator: administrators.has(username) });
    if (lastName !== "") await desks["admin"]?.ask("PATCH", `users/${username}`, { last_name: lastName });
    desks[username] = deskOf(at, person, ip);
  }
  const week: readonly (readonly [who: string, hour: number, habit: Habit])[] = [
    ["alice.weber", 8.1, comeIn],
    ["alice.weber", 9.4, changeSetting],
    ["mkovacs", 8.7, comeIn],
    ["mkovacs", 10.2, addScript],
    ["johnnybegood", 9.2, comeIn],
    ["johnnybegood", 11.5, makeKey],
    ["johnnybegood", 13.8, overreach],
    ["alice.weber", 14.3, lifeOfMachine],
    ["svc-terraform", 2.5, power],
    ["svc-terraform", 14.5, power],
    ["svc-terraform", 22.5, power],
  ];
  let nth = 0;
  for (let day = 0; day < weeks * 7; day += 1) {
    const isWeekend = [0, 6].includes(new Date(start + day * dayMs).getUTCDay());
    const midnight = Math.floor((start + day * dayMs) / dayMs) * dayMs;
    for (const [who, hour, habit] of week.toSorted(([, one], [, other]) => one - other)) {
      nth += 1;
      const ms = midnight + hour * hourMs + ((nth * 7_919) % 1_500) * 1_000;
      const desk = desks[who];
      // Nobody does everything every day.
      const isOff = who !== "svc-terraform" && (isWeekend || nth % 3 === 1);
      if (desk === undefined || isOff || ms <= Date.now() || ms >= now) continue;
      mock.timers.setTime(ms);
      await habit(desk, nth);
    }
  }
  mock.timers.reset();
}

function deskOf(at: TestServer, person: Person | Administrator, ip: string): Desk {
  const headers = { "x-forwarded-for": ip };
  return {
    person: { password: "", email: "", ...person },
    ask: (method, path, body) => person.native.ask(method, path, body, { headers }),
    logIn: (password) => tryLogIn(at, { username: person.username, password }, { api: "native", headers }),
  };
}

async function comeIn({ person, logIn }: Desk, nth: number): Promise<void> {
  if (nth % 5 === 0) await logIn("not it");
  await logIn(person.password);
}

function changeSetting({ ask }: Desk, nth: number): Promise<Answer> {
  return nth % 2 === 0
    ? ask("PUT", "settings/enable_analytics", { value: nth % 4 === 0 })
    : ask("PUT", "settings/ntp_servers", { value: `ntp${nth % 3}.example.com` });
}

function addScript({ ask }: Desk, nth: number): Promise<Answer> {
  return ask("POST", "scripts", {
    name: `50-check-disks-${nth}`,
    type: "testing",
    script: "#!/bin/sh\nsmartctl --scan\n",
  });
}

function makeKey({ ask }: Desk, nth: number): Promise<Answer> {
  return ask("POST", "account/tokens", { name: nth % 2 === 0 ? "laptop" : "ci" });
}

/** What only administrators may. */
function overreach({ ask }: Desk): Promise<Answer> {
  return ask("DELETE", "users/admin");
}

async function lifeOfMachine({ ask }: Desk, nth: number): Promise<void> {
  const hostname = `blade-${String(nth % 40).padStart(2, "0")}`;
  const made = await ask("POST", "nodes", { hostname, architecture: "amd64/generic" });
  if (made.status !== 201) return;
  const { system_id: node } = made.json<{ system_id: string }>();
  for (const step of ["commission", "abort"]) await ask("POST", `nodes/${node}/steps`, { step });
}

function power({ ask }: Desk, nth: number): Promise<Answer> {
  return ask("POST", "events", {
    type: "NODE_POWER",
    action: "node.power",
    hostname: `blade-${String(nth % 40).padStart(2, "0")}`,
    ...(nth % 4 === 0
      ? { level: "ERROR", outcome: "failure", description: "No answer from the BMC." }
      : { level: "INFO", description: nth % 2 === 0 ? "Powered on." : "Powered off." }),
  });
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
