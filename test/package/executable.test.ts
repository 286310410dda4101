import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import { allEvents, bearer } from "../support/clients/native-client.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { cleanEnvironment, root, startProcess } from "../support/processes/program.ts";
import { readFirstLogin, readyAt } from "../support/server.ts";
import { shareNames } from "../support/share-names.ts";
import { until } from "../support/until.ts";
import { guardMs, makePackages, missing, type Packages } from "./support/packages.ts";

const runFile = promisify(execFile);
const skip = await missing("xz", "tar", "x86_64-linux-gnu-strip");
const guarded = { skip, timeout: guardMs };

let packages: Packages | undefined;
let folder = "";

before(async () => {
  if (skip !== false) return;
  packages = await makePackages(["--fast", "--only", "executable"]);
  const [archive = ""] = readdirSync(packages.folder).filter((name) => name.endsWith(".tar.xz"));
  await runFile("tar", ["-xJf", path.join(packages.folder, archive), "-C", packages.folder]);
  folder = path.join(packages.folder, archive.replace(".tar.xz", ""));
});
after(() => packages?.[Symbol.dispose]());

const program = (name: "ironlog" | "maas"): string => path.join(folder, name);

test("the whole product is in one file: it starts without any other, and by its second name", guarded, async () => {
  const env = { PATH: "/nowhere", HOME: folder };
  assert.equal((await runFile(program("ironlog"), ["--version"], { env })).stdout, `ironlog ${packageJson.version}\n`);
  assert.match((await runFile(program("maas"), ["--help"], { env })).stdout, /^Usage: maas /);
});

test("it obeys no NODE_OPTIONS, and SIGUSR1 opens no inspector", guarded, async () => {
  using data = freshFolder();
  const marker = path.join(data.folder, "obeyed.cjs");
  writeFileSync(marker, 'process.stdout.write("obeyed");');
  const args = ["serve", "--port", "0", "--data", path.join(data.folder, "data")];
  const env = { NODE_OPTIONS: `--require=${marker} --inspect=127.0.0.1:0` };
  await using server = startProcess({ command: program("ironlog"), args, env });
  const url = await readyAt(server);
  server.signal("SIGUSR1");
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  server.signal("SIGTERM");
  assert.deepEqual(await server.ended, { code: 0, signal: null });
  assert.doesNotMatch(server.stdout + server.stderr, /obeyed|Debugger listening/);
});

test("what runs beside the server runs, and a browser keeps its files over a restart", guarded, async () => {
  using data = freshFolder();
  const args = ["serve", "--port", "0", "--data", data.folder];
  let tag: string | null = null;
  for (const start of [1, 2]) {
    await using server = startProcess({ command: program("ironlog"), args });
    const url = await readyAt(server);
    const native = bearer({ url }, readFirstLogin(data.folder).apiKey);
    const begun = await native.ask("POST", "log/verifications");
    assert.ok(begun.status < 300, begun.text);
    const verdicts = async () => allEvents(native, { action: "log.verify" });
    await until(async () => (await verdicts()).length >= start);
    for (const { description } of await verdicts())
      assert.match(String(description), /^Verified \d+ events: no fault\.$/);
    assert.equal((await native.ask("GET", "events/histogram")).status, 200, "a thread reads");
    const found = async () => (await native.ask("GET", "events?text=admin")).json<{ search: { indexed_to: number } }>();
    await until(async () => (await found()).search.indexed_to > 0);
    const page = await fetch(`${url}/`, { headers: tag === null ? {} : { "if-none-match": tag } });
    assert.equal(page.status, start === 1 ? 200 : 304);
    tag = page.headers.get("etag");
    server.signal("SIGTERM");
    await server.ended;
  }
});

test("it passes the acceptance tests", guarded, async () => {
  const files = ["--test-global-setup=test/support/set-up.ts", "test/acceptance/**/*.test.ts"];
  const flags = ["--test", "--test-concurrency=2", "--test-timeout=300000", "--test-reporter=spec"];
  const child = spawn(process.execPath, [...flags, ...files], {
    cwd: root,
    env: { ...cleanEnvironment(), [shareNames.packaged]: program("ironlog") },
    stdio: ["ignore", "pipe", "inherit"],
    timeout: guardMs,
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 0, output.slice(output.indexOf("failing tests")));
  assert.match(output, /ℹ pass [1-9]\d\d/);
});
