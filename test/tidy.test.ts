import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

// The rules of the repository, each a test. What is written here is the architecture.

const root = path.join(import.meta.dirname, "..");
const sources = globSync("src/**/*.ts", { cwd: root });
const webSources = globSync("web/src/**/*.{ts,tsx}", { cwd: root });
const allCode = [...sources, ...webSources, ...globSync("{test,bench,tools}/**/*.ts", { cwd: root })].filter(
  (file) => !file.includes("node_modules"),
);
const documents = globSync("{*.md,docs/**/*.md}", { cwd: root });
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

/** Who may import whom, by folder of src/. A folder that isn't here fails: adding one is a decision. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  // Layers, lowest first.
  "verifiable-log": [],
  terminal: [],
  database: ["verifiable-log"],
  audit: ["database", "verifiable-log"],
  http: ["audit", "database"],
  following: ["audit", "database", "http", "verifiable-log"],
  // Slices.
  tokens: ["audit", "database", "http", "verifiable-log"],
  settings: ["audit", "database", "http"],
  nodes: ["audit", "database", "http", "verifiable-log"],
  keys: ["audit", "database", "http", "settings", "verifiable-log"],
  scripts: ["audit", "database", "http", "verifiable-log"],
  accounts: [
    "audit",
    "database",
    "following",
    "http",
    "keys",
    "nodes",
    "settings",
    "terminal",
    "tokens",
    "verifiable-log",
  ],
  events: ["audit", "database", "following", "http", "nodes", "terminal", "verifiable-log"],
  transparency: ["audit", "database", "events", "following", "http", "settings", "terminal", "verifiable-log"],
  backup: ["audit", "database", "http", "transparency", "terminal", "verifiable-log"],
  // The client: it knows the server by HTTP alone.
  cli: ["terminal"],
};

/** Files directly in src/: what anybody may use, and what puts everything together. */
const usedByAll = ["src/environment.ts", "src/refusal.ts", "src/slice.ts", "src/time.ts"];
const usedByLocalCommands = ["src/config.ts", "src/settings-help.ts"];
const mayImportAnything = [
  "src/slice.ts",
  "src/slices.ts",
  "src/local-commands.ts",
  "src/main.ts",
  "src/app.ts",
  "src/serve.ts",
  "src/startup-message.ts",
  "src/config.ts",
  "src/operations.ts",
];

/** The one way to write is for those who record what is written. */
const writerFile = "src/database/writing/writer.ts";

test("everybody imports only what the table allows", () => {
  const wrong: string[] = [];
  for (const file of sources.filter((source) => !source.endsWith(".test.ts"))) {
    if (mayImportAnything.includes(file)) continue;
    const folder = folderOf(file);
    for (const imported of imports(file)) {
      const allowed = folder === undefined ? [] : mayImport[folder];
      assert.ok(allowed !== undefined, `src/${folder} is not in the table`);
      const target = folderOf(imported);
      const isAllowed =
        target === undefined
          ? usedByAll.includes(imported) ||
            imported === "src/config.ts" ||
            (["accounts", "transparency", "backup", "events"].includes(folder ?? "") &&
              usedByLocalCommands.includes(imported))
          : target === folder || allowed.includes(target);
      if (!isAllowed) wrong.push(`${file} imports ${imported}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("the browser application imports no code of the server", () => {
  const others = webSources.filter((file) => !file.endsWith(".test.ts") && /from "(?:\.\.\/)+src\//.test(read(file)));
  assert.deepEqual(others, []);
});

test("only audit and database reach the writer", () => {
  const others = sources.filter((file) => !/^src\/(audit|database)\//.test(file) && imports(file).includes(writerFile));
  assert.deepEqual(others, []);
});

/** Names that two files export all the same, and why. */
const exportedTwice: Readonly<Record<string, string>> = {
  postgresGuards: "two migrations that have shipped, which are never edited",
};

test("one name means one thing: no two files of src, and no two of web/src, export it", () => {
  // A page's type may have the name of what it mirrors, and the browser's verifier is a second one on purpose.
  const twice = [sources, webSources].flatMap((files) => {
    const exported = files.flatMap((file) => exportsOf(file).map((name) => ({ name, file })));
    return [...Map.groupBy(exported, ({ name }) => name)].filter(([, places]) => places.length > 1);
  });
  const unexplained = twice.filter(([name]) => !Object.hasOwn(exportedTwice, name));
  assert.deepEqual(
    unexplained.map(([name, places]) => `${name}: ${places.map(({ file }) => file).join(", ")}`),
    [],
  );
  // An exception goes when its reason has gone.
  assert.equal(twice.length, Object.keys(exportedTwice).length);
});

test("no action speaks raw SQL: a commit in it would end the transaction that it is a part of", () => {
  const raw = sources.filter((file) => file.endsWith("actions.ts") && /\bsql\b/.test(read(file)));
  assert.deepEqual(raw, []);
});

test("no file is longer than 300 lines", () => {
  // Written by a tool, and read by the compiler alone.
  const written = ["web/src/api/operations.ts"];
  const long = allCode.filter((file) => !written.includes(file) && read(file).split("\n").length > 301);
  assert.deepEqual(long, []);
});

test("no folder holds more than 20 files, and every test belongs to a group", () => {
  const byFolder = Map.groupBy(allCode, (file) => path.dirname(file));
  const full = [...byFolder].filter(([, files]) => files.length > 20).map(([folder]) => folder);
  assert.deepEqual(full, []);
  const scripts = (JSON.parse(read("package.json")) as { readonly scripts: Readonly<Record<string, string>> }).scripts;
  const globs = ["test:unit", "test:api", "test:browser", "test:crash"].flatMap((group) =>
    Array.from((scripts[group] ?? "").matchAll(/"([^"]+)"/g), ([, glob = ""]) => glob),
  );
  const grouped = globs.flatMap((glob) => globSync(glob, { cwd: root })).toSorted();
  assert.deepEqual(grouped, allCode.filter((file) => /\.test\.tsx?$/.test(file)).toSorted());
});

test("every folder of src has its line in ARCHITECTURE.md", () => {
  const folders = new Set(sources.map(folderOf).filter((folder) => folder !== undefined));
  const architecture = read("ARCHITECTURE.md");
  assert.deepEqual(
    [...folders].filter((folder) => !architecture.includes(`${folder}/`)),
    [],
  );
});

test("no name says manager, helper or utility", () => {
  const banned =
    /(^|[-/])(manager|service|helper|helpers|util|utils|handler|data|info|process|common|misc|types|index)\.tsx?$/;
  assert.deepEqual(
    allCode.filter((file) => banned.test(file)),
    [],
  );
});

test("what is left to do has an issue", () => {
  const marker = new RegExp(["TO", "DO(?!\\(#\\d+\\):)|FIX", "ME|XX", "X"].join(""));
  assert.deepEqual(
    allCode.filter((file) => marker.test(read(file))),
    [],
  );
});

test("links between documents lead somewhere", () => {
  const broken: string[] = [];
  for (const document of documents) {
    for (const [, link = ""] of read(document).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      if (!existsSync(path.join(root, path.dirname(document), link))) broken.push(`${document}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
});

test("what comments, tests and documents cite stands in docs/contract.md", () => {
  const page = read("docs/contract.md");
  const rules = [...page.matchAll(/^### (\w+)$/gm)].map(([, number]) => number);
  const parts = [...page.matchAll(/^\| (\d\.\d+) \|/gm)].map(([, number]) => number);
  const missing: string[] = [];
  for (const file of [...allCode, ...documents]) {
    const text = read(file);
    // Not the bytes of a percent-encoded text.
    const cited = [...text.matchAll(/(?<![%\w])[A-D]\d{1,2}\b/g)].map(([number]) => number);
    missing.push(...cited.filter((number) => !rules.includes(number)).map((number) => `${file}: ${number}`));
    const numbers = [
      ...text.matchAll(/(?:\btest\(\s*["`]|^\/\/ |docs\/contract\.md, )([\dA-D., and-]*\d\.\d+)/gm),
    ].flatMap(([, list = ""]) => list.match(/\b\d\.\d+/g) ?? []);
    missing.push(...numbers.filter((number) => !parts.includes(number)).map((number) => `${file}: ${number}`));
  }
  assert.deepEqual(missing, []);
});

test("docs/decisions/0001-dependencies.md says what each package is for", () => {
  const page = read("docs/decisions/0001-dependencies.md");
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<string, object>;
  const missing = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !page.includes(`\`${name}\``));
  assert.deepEqual(missing, []);
});

/** SHA-256 of each migration that has shipped: a database out there has been made by just these bytes. */
const shippedMigrations: Readonly<Record<string, string>> = {
  "src/database/migrations/0001-foundation.ts": "3c72a1bfd25634f1e2d18e2f4eaa948ea24ee409044d8c5ec9d8d551d02e2bac",
  "src/database/migrations/0001-guards.ts": "22c29505fece0e8029ebcca0aaff442e1fe3fddbf84bb42b81cc8c7fb96692d1",
  "src/database/migrations/0002-settings.ts": "0d5ca604cfd229aa2cc0e08a68dd16c985a3c4b10d0a4f52a945e3befa0be3e3",
  "src/database/migrations/0003-nodes.ts": "5c3d367b3e5adb1ac13606cb6e33e58dd1b7c46d710805212a86fa980641249a",
  "src/database/migrations/0004-keys.ts": "3fcb6842e02beb879a8125780f1eaa819affdc1f028b81e52b70d05162336586",
  "src/database/migrations/0005-scripts.ts": "a481e1ccd2c46e7c0bd2cafe28abad5a3baff95d6e4e51aac831d937fb87de4f",
  "src/database/migrations/0006-reports.ts": "775fbb4fdc188a8348fb7633a371c268f5e6778175f322c29b74750e1e7951da",
  "src/database/migrations/0007-tree.ts": "3d74ca5d6382d5e5c11eefffbea6372148fd113420b612e0ec3c03ec63daac75",
  "src/database/migrations/0008-postgres-guards.ts": "8953cc3cfb088d5c7cb55882ec0d0c74ba708fbccea05aa268cfb9d3b8a4d77e",
  "src/database/migrations/0009-postgres-head.ts": "e1b9325677f1d1bc261971411f2e9c1635c7fad58ced3c83cc9b7adc72a926ee",
  "src/database/migrations/0010-password-ends.ts": "9fd15ed0b46b1e0aab2ff4e43a24310f605672c639241cb4c296b74e73240bf9",
  "src/database/migrations/0011-events-stay.ts": "5a95648013a7b1a15155937fd2b22efeb611a8ab82a1b99c79be30180017d8ba",
  "src/database/migrations/0014-nonces.ts": "148eb9af37e27bfd835cae786ec3837a7b5cad6790a898363e1ee2f171de3a40",
  "src/database/migrations/0016-node-details.ts": "5cdf5c6441ccc2d88955cf0eb639f285642049abccc243a5b0bedaa497b5869e",
  "src/database/migrations/0017-workers.ts": "eef087374fc7b3d87157423746c44943d4ca7239335d7a3cb57ebc53833ead97",
};

test("a migration that has shipped is never edited", () => {
  assert.deepEqual(globSync("src/database/migrations/0*.ts", { cwd: root }).toSorted(), Object.keys(shippedMigrations));
  for (const [file, hash] of Object.entries(shippedMigrations)) {
    assert.equal(createHash("sha256").update(read(file)).digest("hex"), hash, file);
  }
});

test("every executable in bin can be executed", () => {
  for (const file of globSync("bin/*", { cwd: root })) {
    assert.notEqual(statSync(path.join(root, file)).mode & 0o111, 0, file);
  }
});

/** The folder of src/ that a file is in, undefined for the files directly there. */
function folderOf(file: string): string | undefined {
  const [, folder, rest] = file.split("/");
  return rest === undefined ? undefined : folder;
}

/** The names that a file exports, each once: a function may be declared for several kinds of parameters. */
function exportsOf(file: string): readonly string[] {
  const declared = read(file).matchAll(
    /^export (?:(?:declare|abstract|async) )*(?:type|interface|class|enum|function\*?|const|let) ([\w$]+)/gm,
  );
  return [...new Set([...declared].map(([, name = ""]) => name))];
}

/** The files of src/ that a file imports. */
function imports(file: string): readonly string[] {
  return [...read(file).matchAll(/(?:from|import\()\s*"(\.{1,2}\/[^"]+)"/g)]
    .map(([, target = ""]) => path.join(path.dirname(file), target))
    .filter((target) => target.startsWith("src/"));
}
