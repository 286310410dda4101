import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import packageJson from "../../package.json" with { type: "json" };
import { build } from "../../tools/build.ts";
import { environmentOf, startClient, runProgram } from "../../test/support/cli/client-setting.ts";
import { root } from "../../test/support/processes/program.ts";

test("a client command loads nothing of ours but the client", async () => {
  await using world = await startClient();
  await world.login();
  const listing = path.join(world.folder, "loaded");
  const hook = `
    import { appendFileSync } from "node:fs";
    import { registerHooks } from "node:module";
    registerHooks({
      load(url, context, nextLoad) {
        appendFileSync(${JSON.stringify(listing)}, url + "\\n");
        return nextLoad(url, context);
      },
    });`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(hook)}`;
  const main = path.join(root, "src", "main.ts");
  const source = `file://${path.join(root, "src")}/`;
  for (const words of [["prod", "events", "query", "-d"], ["prod", "--help"], ["--help"], ["list"], ["refresh"]]) {
    fs.rmSync(listing, { force: true });
    const { status } = await runProgram(process.execPath, [preload, main, ...words], environmentOf(world.folder));
    assert.equal(status, 0);
    const loaded = fs.readFileSync(listing, "utf8").trim().split("\n");
    const isClients = (url: string): boolean => url.startsWith(`${source}cli/`) || url.startsWith(`${source}terminal/`);
    // The names of the local commands, whose code is loaded when they are called.
    const isFace = (url: string): boolean => /^[\w-]+\/slice\.ts$/.test(url.replace(source, ""));
    const own = ["main.ts", "slices.ts", "local-commands.ts"].map((file) => `${source}${file}`);
    own.push(`file://${path.join(root, "package.json")}`);
    assert.ok(loaded.includes(`${source}main.ts`));
    const foreign = loaded.filter((url) => !/^(node|data):/.test(url) && !isClients(url) && !isFace(url));
    assert.deepEqual(
      foreign.filter((url) => !own.includes(url)),
      [],
    );
  }
});

test("a query loads neither https, nor crypto, nor zlib", async () => {
  await using world = await startClient();
  await world.login();
  const report = "process.on('exit', () => process._rawDebug(process.moduleLoadList.join('\\\\n')))";
  const preload = `--import=data:text/javascript,${encodeURIComponent(report)}`;
  const main = path.join(root, "src", "main.ts");
  const words = ["prod", "events", "query", "level=AUDIT"];
  const { stderr } = await runProgram(process.execPath, [preload, main, ...words], environmentOf(world.folder));
  assert.match(stderr, /NativeModule http/);
  for (const heavy of ["https", "tls", "crypto", "zlib", "readline"]) {
    assert.doesNotMatch(stderr, new RegExp(`NativeModule ${heavy}$`, "m"));
  }
});

test("the start scripts work from any folder and through links, and show the name they were called by", async () => {
  await using world = await startClient();
  const link = path.join(world.folder, "audit");
  fs.symlinkSync(path.join(root, "bin", "ironlog"), path.join(world.folder, "first"));
  fs.symlinkSync("first", link);
  const names = [
    [path.join(root, "bin", "ironlog"), "ironlog"],
    [path.join(root, "bin", "maas"), "maas"],
    [link, "audit"],
  ] as const;
  for (const [program, name] of names) {
    const cd = ["-c", 'cd / && exec "$0" list --help', program];
    const { status, stdout, stderr } = await runProgram("sh", cd, environmentOf(world.folder));
    assert.equal(status, 0, stderr);
    assert.match(stdout, new RegExp(`^Usage: ${name} list\n`));
  }
});

test("a start script that finds a Node that is too old says which it needs", async () => {
  await using world = await startClient();
  const copy = path.join(world.folder, "checkout");
  fs.mkdirSync(path.join(copy, "bin"), { recursive: true });
  fs.copyFileSync(path.join(root, "bin", "ironlog"), path.join(copy, "bin", "ironlog"));
  const environment = { ...environmentOf(world.folder), PATH: `${world.folder}:${process.env["PATH"]}` };
  const start = async (version: string, ...words: readonly string[]) => {
    const node = `#!/bin/sh\n[ "$1" = --version ] && echo ${version} && exit\necho started\n`;
    fs.writeFileSync(path.join(world.folder, "node"), node, { mode: 0o755 });
    return await runProgram(path.join(copy, "bin", "ironlog"), words, environment);
  };
  const needed = packageJson.engines.node.replace(">=", "");
  for (const version of ["v20.20.2", "v24.20.9", "v9.11.2", "v0.12.18", "nonsense"]) {
    const { status, stdout, stderr } = await start(version, "--version");
    assert.deepEqual([status, stdout], [1, ""], version);
    assert.equal(stderr, `ironlog needs Node ${needed} or later; found: ${version}.\n`);
  }
  // Whoever restarts a server should know that it is no use.
  assert.equal((await start("v20.20.2", "serve")).status, 78);
  for (const version of [`v${needed}.0`, "v25.0.0", "v100.1.0"]) {
    assert.equal((await start(version, "--version")).stdout, "started\n", version);
  }
  fs.mkdirSync(path.join(copy, "src"));
  assert.match((await start("v20.20.2")).stderr, /found: v20.20.2. In a checkout, 'npm ci' brings one.\n$/);
});

test("the start script takes the bundle only while it is newer than every source", async () => {
  await using world = await startClient();
  const copy = path.join(world.folder, "checkout");
  const put = (file: string, content: string, time: number) => {
    fs.mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    fs.writeFileSync(path.join(copy, file), content);
    fs.utimesSync(path.join(copy, file), time, time);
  };
  fs.mkdirSync(path.join(copy, "node_modules", ".bin"), { recursive: true });
  fs.symlinkSync(process.execPath, path.join(copy, "node_modules", ".bin", "node"));
  fs.mkdirSync(path.join(copy, "bin"));
  fs.copyFileSync(path.join(root, "bin", "ironlog"), path.join(copy, "bin", "ironlog"));
  const started = async () => {
    const { stdout, stderr } = await runProgram(path.join(copy, "bin", "ironlog"), [], environmentOf(world.folder));
    return stdout + stderr;
  };
  put("package.json", "{}", 1000);
  put("src/main.ts", 'const word: string = "source"; process.stdout.write(word);', 1000);
  fs.utimesSync(path.join(copy, "src"), 1000, 1000);
  assert.equal(await started(), "source");
  put("dist/ironlog.cjs", 'process.stdout.write("bundle");', 2000);
  assert.equal(await started(), "bundle");
  put("src/cli/new.ts", "", 3000);
  assert.equal(await started(), "source");
  fs.rmSync(path.join(copy, "src"), { recursive: true });
  assert.equal(await started(), "bundle");
});

test("the bundle runs client and local commands without a package beside it, each from its own chunk", async () => {
  await using world = await startClient();
  await world.login();
  const bundle = path.join(world.folder, "dist");
  await build(bundle);
  const run = (...words: readonly string[]) =>
    runProgram(process.execPath, [path.join(bundle, "ironlog.cjs"), ...words], environmentOf(world.folder));
  assert.equal((await run("--version")).stdout, `ironlog ${packageJson.version}\n`);
  assert.match((await run("prod", "events", "query")).stdout, /"count": 0/);
  assert.match((await run("prod", "events", "--help")).stdout, /^Usage: ironlog prod events/);
  assert.match((await run("serve", "--help")).stdout, /^Usage: ironlog serve/);
  const place = ["--data", path.join(world.folder, "data")];
  assert.equal((await run("migrate", ...place)).status, 0);
  assert.match((await run("log", "key", ...place)).stderr, /^ironlog log key: this log has no key yet/);
  const entry = fs.readFileSync(path.join(bundle, "ironlog.cjs"), "utf8");
  assert.doesNotMatch(entry, /fastify|kysely/);
});

test("building again replaces what was there, and leaves no draft", async () => {
  await using world = await startClient();
  const bundle = path.join(world.folder, "dist");
  fs.mkdirSync(bundle);
  fs.writeFileSync(path.join(bundle, "old.cjs"), "");
  await build(bundle);
  assert.ok(!fs.existsSync(path.join(bundle, "old.cjs")));
  assert.deepEqual(fs.readdirSync(world.folder), ["dist"]);
});
