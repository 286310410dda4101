import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import fastify, { type FastifyInstance } from "fastify";
import { openPages } from "./pages.ts";
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
