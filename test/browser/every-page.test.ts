import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { powerFailure, report } from "../support/reports.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { expectAccessible } from "./support/browser.ts";
import { startPages } from "./support/pages.ts";

const { browser, server } = await startPages();
const { native } = admin(server);
const bob = await makePerson(server);
for (let nth = 0; nth < 40; nth += 1) await report(native, powerFailure);
const made = await native.ask("POST", "nodes", { hostname: "blade-07", architecture: "amd64/generic" });
const { system_id: machine } = made.json<{ readonly system_id: string }>();
const script = { name: "50-check-disks", type: "testing", script: "#!/bin/sh\nsmartctl --scan\n" };
assert.equal((await native.ask("POST", "scripts", script)).status, 201);

/** At most, of each page, from its first byte on: what the Web Vitals call good is five times as much. */
const shiftMax = 0.02;

const pages = [
  "/",
  "/integrity",
  "/alerts",
  "/alerts/rules",
  "/destinations",
  "/machines",
  `/machine/${machine}`,
  `/machine/${machine}/events`,
  `/users/${bob.username}`,
  `/users/${bob.username}/events`,
  "/settings/configuration/general",
  "/settings/configuration/sign-in",
  "/settings/configuration/sources",
  "/settings/user-management/users",
  "/settings/user-management/access",
  "/settings/scripts/commissioning",
  "/settings/scripts/testing",
  `/settings/scripts/testing/${script.name}`,
  "/account/prefs/details",
  "/account/prefs/sessions",
  "/account/prefs/second-factor",
  "/account/prefs/api-keys",
  "/account/prefs/ssh-keys",
  "/account/prefs/ssl-keys",
  "/login",
  "/nowhere",
];

interface Shift {
  readonly value: number;
  readonly moved: string;
}

/** Two frames were drawn. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );
}

/**
 * What moves on a page as it opens, in the worst of cases: each answer of the server comes after what is there without it was drawn.
 */
async function shiftsOf(page: Page, path: string): Promise<readonly Shift[]> {
  let pending = 0;
  let answered = 0;
  await page.route(/\/api\/v1\/(?!events\/stream)/, async (route) => {
    pending += 1;
    const response = await route.fetch();
    await drawn(page).catch(() => {});
    await route.fulfill({ response }).catch(() => {});
    pending -= 1;
    answered += 1;
  });
  await page.goto(path);
  // Until nothing was asked for while twenty frames were drawn.
  for (let still = 0, before = -1; still < 10; still = pending === 0 && before === answered ? still + 1 : 0) {
    before = answered;
    await drawn(page);
  }
  await page.unrouteAll({ behavior: "wait" });
  return page.evaluate(() => (globalThis as unknown as { readonly shifts: readonly Shift[] }).shifts);
}

for (const [width, height, colorScheme] of [
  [1440, 900, "light"],
  [320, 640, "light"],
  [2560, 1300, "dark"],
] as const) {
  test(`nothing moves on any page as it opens, nor has axe anything to say: ${width} px wide, ${colorScheme}`, async (t) => {
    await using opened = await browser.logIn(server, server.firstLogin, { colorScheme, viewport: { width, height } });
    opened.expectStatus(404);
    await opened.page.addInitScript(() => {
      const shifts: Shift[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const { value, sources } = entry as unknown as {
            readonly value: number;
            readonly sources: readonly { readonly node: Node | null }[];
          };
          const moved = sources.map(({ node }) => (node instanceof Element ? node.outerHTML : node?.nodeValue) ?? "");
          shifts.push({ value, moved: moved.map((html) => html.slice(0, 120)).join("  ") });
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    for (const path of pages) {
      await t.test(path, async () => {
        const shifts = await shiftsOf(opened.page, path);
        const sum = shifts.reduce((all, { value }) => all + value, 0);
        assert.ok(sum <= shiftMax, `${sum}: ${shifts.map(({ value, moved }) => `${value} ${moved}`).join("\n")}`);
        await expectAccessible(opened.page);
      });
    }
  });
}
