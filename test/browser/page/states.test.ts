import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { sampleCertificate, sampleSshKeys } from "../../support/sample-keys.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { expectAccessible, expectNoOverflow } from "../support/browser.ts";
import { addPaused, refuse } from "../support/destinations.ts";
import { startPages } from "../support/pages.ts";

// What every page with a list does alike: what stands beside it, its form, a field that is refused, a question.

const { browser, server } = await startPages();
const { native } = admin(server);
const bob = await makePerson(server);
await addPaused(server);
await refuse(server, [1, 2]);
await make("sources", {
  name: "prod",
  url: "http://127.0.0.1:1/MAAS",
  apikey: "a:b:c",
  plain_http: true,
  is_enabled: false,
});
await make("rules", {
  name: "deletions",
  kind: "threshold",
  count: 3,
  window_seconds: 60,
  filter: ["action:node.delete"],
});
await make("oidc-providers", { name: "corp", title: "Corp", issuer: "https://id.example.com", client_id: "ironlog" });
await make("scripts", { name: "50-check-disks", type: "testing", script: "#!/bin/sh\nsmartctl --scan\n" });
await make("account/ssl-keys", { key: sampleCertificate });
const [sshKey] = sampleSshKeys;
assert.ok(sshKey !== undefined);
await make("account/ssh-keys", { key: sshKey.key });

async function make(what: string, body: object): Promise<void> {
  const answer = await native.ask("POST", what, body);
  assert.equal(answer.status, 201, answer.text);
}

interface WalkedPage {
  readonly path: string;
  /** The button of something in the list that opens beside it. */
  readonly opens?: string | RegExp;
  /** The button in what stands beside the list that leads to its form; Cancel leads back. */
  readonly edits?: string;
  /** The button that adds something, or what its form is sent by where that is another. */
  readonly adds?: string;
  readonly sends?: string;
  /** What is typed so that it is refused, by label. */
  readonly typed?: Readonly<Record<string, string>>;
  /** The button that asks before something goes, and the name of that. */
  readonly deletes?: readonly [button: string | RegExp, name: string];
}

const pages: readonly WalkedPage[] = [
  {
    path: "/settings/configuration/sources",
    opens: "prod",
    edits: "Edit source",
    adds: "Add source",
    typed: { Name: "prod two", Database: "nonsense" },
    deletes: ["Delete source", "prod"],
  },
  {
    path: "/destinations",
    opens: "siem",
    edits: "Edit destination",
    adds: "Add destination",
    typed: { Name: "siem two", Address: "nonsense" },
    deletes: ["Delete destination", "siem"],
  },
  {
    path: "/alerts/rules",
    opens: "deletions",
    edits: "Edit rule",
    adds: "Add rule",
    typed: { Name: "two words" },
    deletes: ["Delete rule", "deletions"],
  },
  {
    path: "/settings/configuration/sign-in",
    opens: "corp",
    edits: "Edit provider",
    adds: "Add provider",
    typed: { Name: "two words", Issuer: "https://id.example.com", "Client ID": "ironlog" },
    deletes: ["Delete provider", "corp"],
  },
  {
    path: "/settings/user-management/users",
    opens: `Edit ${bob.username}`,
    adds: "Add user",
    typed: { Username: "two words", "E-mail": "ann@example.com", Password: "long enough" },
    deletes: [`Delete ${bob.username}`, bob.username],
  },
  { path: "/settings/scripts/testing", adds: "Upload script", deletes: ["Delete 50-check-disks", "50-check-disks"] },
  {
    path: "/account/prefs/api-keys",
    opens: /^Rename /,
    adds: "Add API key",
    typed: { "Ends on": "2020-01-01" },
    deletes: [/^Delete /, "MAAS consumer"],
  },
  {
    path: "/account/prefs/ssh-keys",
    adds: "Add SSH key",
    sends: "Import SSH keys",
    typed: { "Launchpad ID": "two words" },
    deletes: [/^Delete /, "rsa@example.com"],
  },
  {
    path: "/account/prefs/ssl-keys",
    opens: /^CN=audit/,
    adds: "Add SSL key",
    typed: { Certificate: "nonsense" },
    deletes: [/^Delete CN=audit/, "CN=audit"],
  },
  { path: "/account/prefs/second-factor", adds: "Add app", sends: "Continue", typed: { "Your password": "wrong" } },
];

const panel = ".l-aside";
const question = ".p-modal";

/** Looks at a state as it is, in all of the page, and at what is new in it in a narrow and dark one. */
async function look(page: Page, part: string): Promise<void> {
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await colour(page, "dark");
  await expectAccessible(page, part);
  await expectNoOverflow(page);
  const cutPx = await page.locator(part).evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  assert.ok(cutPx <= 0, `${cutPx} px are cut off`);
  await colour(page, "light");
  await page.setViewportSize({ width: 1440, height: 900 });
}

async function colour(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  // The page hears of it later.
  await page.waitForFunction(
    (isDark) => document.body.classList.contains("is-dark") === isDark,
    colorScheme === "dark",
  );
}

test("beside every list a thing, its form, a field that is refused and a question are alike, and axe finds no fault", async (t) => {
  await using opened = await browser.logIn(server, server.firstLogin);
  opened.expectStatus(400, 403);
  const { page } = opened;
  const aside = page.locator(panel);
  for (const { path, opens, edits, adds, sends = adds, typed, deletes } of pages) {
    await t.test(path, async () => {
      await opened.go(path);
      if (opens !== undefined) {
        await page.getByRole("main").getByRole("button", { name: opens }).first().click();
        await aside.waitFor();
        await look(page, panel);
        await expectFocus(page, "H2");
      }
      if (edits !== undefined) {
        await aside.getByRole("button", { name: edits, exact: true }).click();
        await aside.getByRole("heading", { name: edits }).waitFor();
        await look(page, panel);
        await aside.getByRole("button", { name: "Cancel" }).click();
        await aside.getByRole("button", { name: edits, exact: true }).waitFor();
        await expectFocus(page, "H2");
      }
      if (deletes !== undefined) await expectQuestion(page, ...deletes);
      if (opens !== undefined) {
        await page.keyboard.press("Escape");
        await aside.waitFor({ state: "detached" });
      }
      if (adds === undefined || sends === undefined) return;
      await page.getByRole("main").getByRole("button", { name: adds, exact: true }).click();
      await aside.getByRole("heading", { name: adds, exact: true }).waitFor();
      await aside.getByRole("button", { name: "Cancel" }).waitFor();
      await look(page, panel);
      if (typed === undefined) return;
      for (const [label, text] of Object.entries(typed)) await aside.getByLabel(label, { exact: true }).fill(text);
      await aside.getByRole("button", { name: sends, exact: true }).click();
      await expectRefused(page, Object.values(typed));
    });
  }
});

/** The focus is on what the page shows, and not behind it. */
async function expectFocus(page: Page, tag: string): Promise<void> {
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), tag);
}

/** A question names the thing and says what comes of it; its button says what it does; Esc leads back to what asked. */
async function expectQuestion(page: Page, button: string | RegExp, name: string): Promise<void> {
  const asks = page.getByRole("button", { name: button }).first();
  await asks.click();
  const dialog = page.getByRole("dialog", { name: /\?$/ });
  await dialog.waitFor();
  const title = await dialog.getByRole("heading").innerText();
  assert.ok(title.includes(`'${name}`), title);
  const verb = (await dialog.getByRole("button").last().innerText()).trim();
  assert.ok(title.startsWith(`${verb} '`), `${verb}: ${title}`);
  assert.match(await dialog.locator(".ui-question").innerText(), /\.$/m, "it says what comes of it");
  await look(page, question);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.ok(await asks.evaluate((element) => element === document.activeElement));
}

/** A field that is refused has the focus, says why below itself, and all that was typed stays. */
async function expectRefused(page: Page, typed: readonly string[]): Promise<void> {
  const field = page.locator(`${panel} [aria-invalid=true]`).first();
  await field.waitFor();
  assert.ok(await field.evaluate((element) => element === document.activeElement));
  const described = await field.getAttribute("aria-describedby");
  assert.notEqual(await page.locator(`[id="${described}"]`).innerText(), "");
  const values = await page
    .locator(`${panel} :is(input, textarea)`)
    .evaluateAll((fields) => fields.map((one) => (one as HTMLInputElement).value));
  assert.deepEqual(
    typed.filter((text) => !values.includes(text)),
    [],
  );
  await look(page, panel);
}
