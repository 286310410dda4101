import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { buildWebIfStale } from "../../tools/build-web.ts";
import { inThePages } from "../../tools/notices.ts";
import { root } from "../support/processes/program.ts";
import { startServer } from "../support/server.ts";

const folder = path.join(root, "web/dist");
const read = (file: string): string => readFileSync(path.join(folder, file), "utf8");

/** What the events page is sent before it shows anything, and no more. */
const scriptBytesMax = 170_000;

before(buildWebIfStale);

test("the events page is sent at most 170 kB of script", () => {
  const scripts = [...read("index.html").matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, file = ""]) => file);
  assert.ok(scripts.length > 1);
  const bytes = scripts.reduce((sum, file) => sum + statSync(path.join(folder, `${file}.br`)).size, 0);
  assert.ok(bytes <= scriptBytesMax, `${bytes} bytes of brotli`);
});

test("no address of elsewhere is in the built files, but for names that nobody asks for", () => {
  const harmless = [
    /^https:\/\/simplewebauthn\.dev\/docs\//,
    /^http:\/\/www\.w3\.org\//,
    /^https:\/\/react\.dev\/errors\//,
    /^http:\/\/localhost$/,
  ];
  const foreign = globSync("**/*.{js,css,html,svg}", { cwd: folder }).flatMap((file) =>
    [...read(file).matchAll(/https?:\/\/[\w.-]+(?:\/[\w./-]*)?/g)]
      .map(([url]) => url)
      .filter((url) => !harmless.some((pattern) => pattern.test(url)))
      .map((url) => `${file}: ${url}`),
  );
  assert.deepEqual(foreign, []);
});

test("every file is compressed beside itself", () => {
  for (const file of globSync("**/*.{js,css,html,svg}", { cwd: folder })) {
    for (const ending of ["br", "gz"])
      assert.ok(existsSync(path.join(folder, `${file}.${ending}`)), `${file}.${ending}`);
  }
});

test("the licence of every package in the pages is named", () => {
  const imported = globSync("web/src/**/*.{ts,tsx,scss}", { cwd: root })
    .filter((file) => !file.endsWith(".test.ts"))
    .flatMap((file) => [
      ...readFileSync(path.join(root, file), "utf8").matchAll(
        /(?:from |import\(|import |url\()"((?:@[\w-]+\/)?[a-z][\w-]*)/g,
      ),
    ])
    .map(([, name = ""]) => name)
    .filter((name) => existsSync(path.join(root, "node_modules", name, "package.json")));
  assert.deepEqual(
    [...new Set(imported)].filter((name) => !inThePages.has(name)),
    [],
  );
  const notices = readFileSync(path.join(root, "THIRD-PARTY-NOTICES.md"), "utf8");
  assert.deepEqual(
    [...inThePages].filter((name) => !notices.includes(`## ${name} `)),
    [],
  );
});

test("pages are served compressed, kept where their name says what is in them, and under a strict policy", async () => {
  await using server = await startServer({ kind: "sqlite" });
  const page = await fetch(`${server.url}/machine/abc/events`, { headers: { "accept-encoding": "br" } });
  assert.equal(page.status, 200);
  assert.equal(page.headers.get("content-encoding"), "br");
  assert.equal(page.headers.get("cache-control"), "no-cache");
  const policy = page.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  const text = await page.text();
  assert.doesNotMatch(text, /<script(?![^>]* src=)/);
  const [, asset = ""] = /src="(\/assets\/[^"]+)"/.exec(text) ?? [];
  const script = await fetch(server.url + asset);
  assert.equal(script.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.equal((await fetch(`${server.url}/assets/none.js`)).status, 404);
  assert.equal((await fetch(`${server.url}/MAAS/`, { redirect: "manual" })).headers.get("location"), "/");
  for (const address of ["/../package.json", "/assets/..%2f..%2f..%2fpackage.json", "/.git/config"]) {
    assert.notEqual((await fetch(server.url + address)).status, 200, address);
  }
});
