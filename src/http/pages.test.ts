import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import fastify, { type FastifyInstance } from "fastify";
import { root } from "../../test/support/processes/program.ts";
import { decodable, isPage, openPages } from "./pages.ts";
import type { Site } from "./request/request-facts.ts";

const site = { url: undefined, basePath: "", isTls: false } as unknown as Site; // Pages need no more of it.

test("a file that a browser has isn't sent again after a restart that gave it another time", async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-pages-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  write("index.html", "<html>");
  write("icon.svg", "<svg/>");
  write("icon.svg.br", "smaller");
  const first = open(folder);
  const tag = await tagOf(first, "/icon.svg");
  assert.notEqual(tag, await tagOf(first, "/"));
  utimesSync(path.join(folder, "icon.svg"), 1, 1);
  utimesSync(path.join(folder, "icon.svg.br"), 1, 1);
  const second = open(folder);
  const again = await second.inject({ url: "/icon.svg", headers: { "if-none-match": `"old", ${tag}` } });
  assert.equal(again.statusCode, 304);
  assert.equal(again.headers["cache-control"], "no-cache");
  assert.equal(again.body, "");
  write("icon.svg", "<svg>changed</svg>");
  const changed = await open(folder).inject({ url: "/icon.svg", headers: { "if-none-match": tag } });
  assert.equal(changed.statusCode, 200);
});

test("an unknown address is a page for a browser, with the status that it has for programs", async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-pages-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, "index.html"), "<html> pages");
  const app = open(folder);
  const ask = (url: string, accept: string) => app.inject({ url, headers: { accept } });
  const browser = "text/html,application/xhtml+xml,*/*;q=0.8";
  for (const url of ["/nothing/here", "/nothing?q=1", "/apis", "/assets/none.js", "/none.svg", "/settings/nothing"]) {
    const page = await ask(url, browser);
    assert.deepEqual([page.statusCode, page.body], [404, "<html> pages"], url);
    assert.match(String(page.headers["content-security-policy"]), /script-src 'self'.*require-trusted-types-for/);
    const head = await app.inject({ url, method: "HEAD", headers: { accept: browser } });
    assert.deepEqual([head.statusCode, head.body], [404, ""], url);
  }
  for (const [url, accept] of [
    ["/nothing/here", "*/*"],
    ["/nothing/here", "application/json"],
    ["/assets/none.js", "*/*"],
    ...["/api/v1/nothing", "/api", "/MAAS/nothing", "/log/nothing", "/v1/nothing"].map((own) => [own, browser]),
  ] as [string, string][]) {
    const answer = await ask(url, accept);
    assert.equal(answer.statusCode, 404, url);
    assert.doesNotMatch(answer.body, /pages/, url);
    assert.equal(answer.headers["content-security-policy"], undefined, url);
  }
});

test("the server knows each address that the application has a page at, and no other", async () => {
  const routes = readFileSync(path.join(root, "web/src/routes.tsx"), "utf8");
  const found = [...routes.matchAll(/(?:page\(\s*|path: |^ {2}\[)"(\/[^"]*)"/gm)].map(([, address = ""]) => address);
  assert.ok(found.length > 25, found.join(" "));
  const addresses = found.flatMap((address) =>
    address.includes("$kind") ? ["commissioning", "testing"].map((kind) => address.replace("$kind", kind)) : [address],
  );
  for (const address of addresses) {
    assert.ok(isPage(address.replaceAll(/\$\w+/g, "a%2Fb")), address);
    assert.ok(isPage(`${address}/`), `${address}/`);
    assert.equal(isPage(`${address === "/" ? "" : address}/x/y/z`), false, `${address}/x/y/z`);
  }
  for (const address of [
    "/INTEGRITY",
    "/settings/x",
    "/settings/scripts/x",
    "/alerts/x",
    "/users/a/x",
    "/account/prefs/x",
  ]) {
    assert.equal(isPage(address), false, address);
  }
});

test("an address that can't be decoded is one that can, outside of the APIs", () => {
  for (const target of ["/", "/a%2Fb?c=%", "/api/v1/%", "/MAAS/%zz?a"]) assert.equal(decodable(target), target);
  assert.equal(decodable("/50%?a=%"), "/50%25?a=%");
  assert.equal(decodable("/%c3%28"), "/%25c3%2528");
});

function open(folder: string): FastifyInstance {
  const app = fastify();
  openPages(app, folder, site, "1.0.0");
  return app;
}

async function tagOf(app: FastifyInstance, url: string): Promise<string> {
  const { statusCode, headers } = await app.inject({ url, headers: { "accept-encoding": "br" } });
  assert.equal(statusCode, 200);
  return String(headers["etag"]);
}
