import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "../test/browser/support/chromium.ts";
import { buildWebIfStale } from "../tools/build-web.ts";
import { describeAct } from "./search.ts";
import { Asker } from "./support/asking.ts";
import { inTurn, type Measurement, median } from "./support/case.ts";
import { filledLog } from "./support/filled-log.ts";
import { untilIndexed } from "./support/indexer.ts";
import { startServer } from "./support/started.ts";

const rounds = 9;
const webFolder = path.join(import.meta.dirname, "..", "web", "dist");

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** From Enter to the first row that a filter leaves. */
const budgetMs = 500;
/** What somebody types, of each kind: words, a phrase, a network, wildcards, several values, what is left out, what the log has always known. */
const filters = [
  "quarantined",
  "erased",
  "erased rack7",
  "unit4711",
  '"quarantined \'rack"',
  "user:user8 erased",
  "user:user8",
  "user:user8,user9",
  "user:user1*",
  "-user:user8",
  "ip:10.0.7.0/24",
  "ip:10.0.7.7",
  "action:auth.*",
  "outcome:success",
  "type:AUTHORISATION",
];
/** It leaves none, and is told so. */
const noFilter = "user:nobody";
const filterRounds = 5;

/**
 * From the navigation to the first row of the events page, in a browser that has nothing in its cache, against a page that
 * is as large and has the same rows in it already: as fast as any page of that size could be.
 */
export async function run(events: number): Promise<Readonly<Record<string, Measurement>>> {
  await buildWebIfStale();
  using log = await filledLog(events, (index, username) => describeAct(events, index, username));
  const server = await startServer(log.folder);
  const browser = await launchChromium();
  try {
    const url = `http://127.0.0.1:${server.port}`;
    const state = await logIn(browser, url);
    await using still = await serveStill(await rendered(browser, url, state));
    const rate = async (address: string): Promise<number> => 1_000 / (await firstRowMs(browser, address, state));
    await rate(url);
    {
      using asker = new Asker(server, log.credentials);
      await untilIndexed(asker);
    }
    return {
      "first-rows-filter": await firstRowsOfFilters(browser, url, state),
      "first-rows": await inTurn(
        rounds,
        "loads/s",
        () => rate(`${url}/`),
        () => rate(still.url),
      ),
    };
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function logIn(browser: Browser, url: string): Promise<State> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/login`);
  await page.getByLabel("Username").fill("admin");
  await page.getByRole("textbox", { name: "Password" }).fill("correct horse battery");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForSelector("[data-row='0']");
  const state = await context.storageState();
  await context.close();
  return state;
}

async function firstRowMs(browser: Browser, url: string, storageState: State): Promise<number> {
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(url, { waitUntil: "commit" });
    await page.waitForSelector("[data-row='0']");
    return performance.now() - start;
  } finally {
    await context.close();
  }
}

/** The slowest of the filters, each of which was typed several times. */
async function firstRowsOfFilters(browser: Browser, url: string, storageState: State): Promise<Measurement> {
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/`);
  await page.waitForSelector("[data-row='0']");
  const medians: number[] = [];
  for (const filter of filters) {
    const taken: number[] = [];
    for (let round = 0; round < filterRounds; round += 1) {
      await typeFilter(page, noFilter);
      await page.waitForSelector("[data-row='0']", { state: "detached" });
      taken.push((await typeFilter(page, filter)) + (await untilMs(page.waitForSelector("[data-row='0']"))));
    }
    medians.push(median(taken));
    process.stderr.write(`first-rows-filter: ${filter}: ${median(taken).toFixed(0)} ms\n`);
  }
  await context.close();
  const slowest = Math.max(...medians);
  return { ratio: budgetMs / slowest, ours: slowest, reference: budgetMs, unit: "ms" };
}

/** Applies a filter; gives how long Enter took. */
async function typeFilter(page: Page, filter: string): Promise<number> {
  await page.getByRole("combobox").fill(filter);
  // Closes what is offered.
  await page.keyboard.press("Escape");
  return untilMs(page.keyboard.press("Enter"));
}

async function untilMs(done: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await done;
  return performance.now() - start;
}

/** The page as it is once its rows are there. */
async function rendered(browser: Browser, url: string, storageState: State): Promise<string> {
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/`);
  await page.waitForSelector("[data-row='0']");
  const html = await page.content();
  await context.close();
  return html;
}

/** Serves that page without its scripts, but with as many bytes: they come as text that is not drawn. */
async function serveStill(html: string): Promise<AsyncDisposable & { readonly url: string }> {
  const [, style = ""] = /href="(\/assets\/index-[^"]+\.css)"/.exec(html) ?? [];
  const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, file = ""]) => file);
  const weight = [...new Set(scripts)].map((file) => readFileSync(path.join(webFolder, file), "utf8")).join("\n");
  const still = html
    .replaceAll(/<script[^>]*><\/script>/g, "")
    .replaceAll(/<link rel="modulepreload"[^>]*>/g, "")
    .replace("</body>", () => `<template>${weight.replaceAll("<", "&lt;")}</template></body>`);
  const page = brotliCompressSync(still);
  const css = brotliCompressSync(readFileSync(path.join(webFolder, style)));
  const server = createServer((request, response) => {
    const isStyle = request.url === style;
    response.setHeader("content-encoding", "br");
    response.setHeader("content-type", isStyle ? "text/css" : "text/html; charset=utf-8");
    if (request.url !== "/" && !isStyle) response.statusCode = 404;
    response.end(isStyle ? css : page);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
