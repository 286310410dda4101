import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { AxeResults } from "axe-core";
import { type BrowserContext, type BrowserContextOptions, type Locator, type Page } from "playwright-core";
import { buildWebIfStale } from "../../../tools/build-web.ts";
import { root } from "../../support/processes/program.ts";
import { launchChromium } from "./chromium.ts";

/** Somebody who can log in at the form. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** A page with a browser profile of its own. When it is disposed of, nothing may have gone wrong in it. */
export interface OpenedPage {
  readonly page: Page;
  /** Goes to a path of the server, as by the address bar. */
  go(path: string): Promise<void>;
  /** One more tab of the same profile: it has the same cookies. */
  openTab(path: string): Promise<Page>;
  /** Says that the server is going to refuse something so; 401 is always expected, since every login begins with it. */
  expectStatus(...statuses: readonly number[]): void;
  /** Says that the browser is going to be sent to another server, and back. */
  expectServer(origin: string): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A Chromium of the tests' own. */
export interface TestBrowser extends AsyncDisposable {
  open(server: Served, options?: BrowserContextOptions): Promise<OpenedPage>;
  /** Logs in as the form does, without showing it, and opens the first page, or the one that is `at` another path. */
  logIn(server: Served, login: Login, options?: LogInOptions): Promise<OpenedPage>;
}

interface Served {
  readonly url: string;
}

interface LogInOptions extends BrowserContextOptions {
  readonly at?: string;
}

/** A slow machine may take long; the test runner gives a file 300 seconds. */
const patienceMs = 240_000;

/** Evaluated where it is needed: read into each page, it would cost as much as the page itself. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts a browser, once the pages are built. */
export async function startBrowser(): Promise<TestBrowser> {
  await buildWebIfStale();
  const browser = await launchChromium();
  const open = async ({ url }: Served, options: BrowserContextOptions = {}): Promise<OpenedPage> => {
    const viewport = { width: 1440, height: 900 };
    const context = await browser.newContext({ baseURL: url, viewport, locale: "en-GB", ...options });
    const expected = new Set([401]);
    const servers = new Set([url]);
    const complaints = collectComplaints(context, servers);
    // Before the test runner's own patience ends, so that what was waited for is named.
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    const goTo = async (tab: Page, address: string): Promise<void> => {
      // Not all that it loads: whoever looks for something waits for that.
      await tab.goto(address, { waitUntil: "domcontentloaded" });
      // Where the pointer begins, the navigation opens over the page, and stays open for as long as the pointer is over that.
      const { width, height } = tab.viewportSize() ?? viewport;
      await tab.mouse.move(width * 0.6, height - 4);
    };
    return {
      page,
      go: (address) => goTo(page, address),
      async openTab(address) {
        const tab = await context.newPage();
        await goTo(tab, address);
        return tab;
      },
      expectServer: (origin) => void servers.add(origin),
      expectStatus: (...statuses) => statuses.forEach((status) => expected.add(status)),
      async [Symbol.asyncDispose]() {
        await context.close();
        // Only now: what a page asks for as it opens may be refused before its test has said so.
        const unexpected = complaints.filter(({ status }) => status === undefined || !expected.has(status));
        assert.deepEqual(
          unexpected.map(({ what }) => what),
          [],
        );
      },
    };
  };
  return {
    open,
    async logIn(server, { username, password }, { at = "/", ...options } = {}) {
      const opened = await open(server, options);
      const data = { username, password };
      const answer = await opened.page.context().request.post("/api/v1/session", { data });
      assert.equal(answer.status(), 200, await answer.text());
      await opened.go(at);
      // What it does with keys is there once it has been drawn and has nothing left to do. A page that is as quiet as
      // it can be may never be told that it is.
      await opened.page.locator("main").first().waitFor();
      await opened.page.evaluate(
        () => new Promise<void>((resolve) => requestIdleCallback(() => resolve(), { timeout: 500 })),
      );
      return opened;
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** Fills the login form and sends it. */
export async function fillLogin(page: Page, { username, password }: Login): Promise<void> {
  await page.getByLabel("Username").fill(username);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
}

/** Types a filter on the events page, and applies it. */
export async function applyFilter(page: Page, text: string): Promise<void> {
  await page.getByRole("combobox").fill(text);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
}

/** What stands beside the page, or over it where there is no room. */
export function panelOf(page: Page, title: string): Locator {
  return page.locator(".l-aside").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
}

/** The page, or a part of it alone, has no fault that axe knows of. */
export async function expectAccessible(page: Page, part?: string): Promise<void> {
  // What is on its way in or out is half transparent, and has too little contrast. Nothing says that it ever arrives by itself.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) {
      // A spinner has no end.
      if (animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) animation.finish();
    }
  });
  // The policy of the pages lets no script in by way of the document.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate((selector) => {
    const { axe } = globalThis as unknown as {
      readonly axe: { run(context: Element, options: object): Promise<AxeResults> };
    };
    const context = (selector === undefined ? null : document.querySelector(selector)) ?? document.documentElement;
    return axe.run(context, { resultTypes: ["violations"] });
  }, part);
  const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(faults, [], page.url());
}

/** Nothing is wider than the window, so that nobody has to scroll sideways. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const overflowPx = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflowPx <= 0, `${page.url()} is ${overflowPx} px too wide`);
}

/** Keeps a picture of the page in `test-results/`, for people to look at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = path.join(root, "test-results");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

/** What went wrong in a page; with its status where the server has refused something. */
interface Complaint {
  readonly what: string;
  readonly status?: number;
}

/** What must never happen, as it happens. A violation of the page's policy is an error on the console. */
function collectComplaints(context: BrowserContext, servers: ReadonlySet<string>): readonly Complaint[] {
  const complaints: Complaint[] = [];
  context.on("console", (message) => {
    if (message.type() !== "error") return;
    const status = /^Failed to load resource: .* status of (\d+)/.exec(message.text())?.[1];
    const what = `console: ${message.text()} ${message.location().url}`;
    complaints.push({ what, ...(status !== undefined && { status: Number(status) }) });
  });
  context.on("weberror", (error) => complaints.push({ what: `error: ${error.error().message}` }));
  context.on("request", (request) => {
    const at = new URL(request.url());
    if (!servers.has(at.origin) && at.protocol !== "data:")
      complaints.push({ what: `asked another server: ${request.url()}` });
  });
  return complaints;
}
