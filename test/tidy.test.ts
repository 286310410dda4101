import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { shippedMigrations } from "./support/upgrade/shipped-migrations.ts";

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
  reported: [],
  database: ["terminal", "verifiable-log"],
  audit: ["database", "verifiable-log"],
  http: ["audit", "database"],
  following: ["audit", "database", "http", "verifiable-log"],
  // Slices.
  tokens: ["audit", "database", "http", "verifiable-log"],
  settings: ["audit", "database", "http"],
  nodes: ["audit", "database", "http", "verifiable-log"],
  keys: ["audit", "database", "http", "settings", "verifiable-log"],
  scripts: ["audit", "database", "http", "verifiable-log"],
  views: ["audit", "database", "http", "verifiable-log"],
  accounts: [
    "audit",
    "database",
    "following",
    "http",
    "keys",
    "nodes",
    "secrets",
    "settings",
    "terminal",
    "tokens",
    "verifiable-log",
    "views",
  ],
  oidc: ["accounts", "audit", "database", "http", "mirroring", "secrets", "settings", "verifiable-log"],
  search: ["audit", "database", "following", "http", "terminal", "verifiable-log"],
  events: [
    "audit",
    "database",
    "following",
    "http",
    "nodes",
    "reported",
    "search",
    "settings",
    "terminal",
    "verifiable-log",
  ],
  transparency: ["audit", "database", "events", "following", "http", "settings", "terminal", "verifiable-log"],
  // A mirror is a client of another MAAS, and signs as the command line does.
  mirroring: [
    "accounts",
    "audit",
    "backup",
    "cli",
    "database",
    "events",
    "following",
    "http",
    "secrets",
    "settings",
    "tokens",
    "verifiable-log",
  ],
  forwarding: [
    "audit",
    "backup",
    "database",
    "events",
    "following",
    "http",
    "secrets",
    "terminal",
    "transparency",
    "verifiable-log",
  ],
  alerting: ["audit", "database", "events", "following", "http", "transparency", "verifiable-log"],
  "access-review": ["accounts", "audit", "database", "events", "http", "tokens"],
  secrets: ["audit", "database", "terminal", "verifiable-log"],
  backup: ["audit", "database", "http", "transparency", "terminal", "verifiable-log"],
  // The client: it knows the server by HTTP alone.
  cli: ["reported", "terminal"],
};

/** Files directly in src/: what anybody may use, and what puts everything together. */
const usedByAll = [
  "src/back-off.ts",
  "src/environment.ts",
  "src/other-words.ts",
  "src/refusal.ts",
  "src/slice.ts",
  "src/time.ts",
];
const usedByLocalCommands = ["src/config.ts", "src/settings-help.ts"];
const mayImportAnything = [
  "src/slice.ts",
  "src/slices.ts",
  "src/local-commands.ts",
  "src/main.ts",
  "src/app.ts",
  "src/serving/serve-command.ts",
  "src/serving/health-command.ts",
  "src/serving/config-command.ts",
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
            (["accounts", "transparency", "backup", "events", "search", "secrets"].includes(folder ?? "") &&
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

test("one name means one thing: no two files of src, and no two of web/src, export it", () => {
  // A page's type may have the name of what it mirrors, and the browser's verifier is a second one on purpose.
  const twice = [sources, webSources].flatMap((files) => {
    const exported = files.flatMap((file) => exportsOf(file).map((name) => ({ name, file })));
    return [...Map.groupBy(exported, ({ name }) => name)].filter(([, places]) => places.length > 1);
  });
  assert.deepEqual(
    twice.map(([name, places]) => `${name}: ${places.map(({ file }) => file).join(", ")}`),
    [],
  );
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
  const globs = ["test:unit", "test:api", "test:browser", "test:crash", "test:package", "interop"].flatMap((group) =>
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

test("a migration that has shipped is never edited", () => {
  assert.deepEqual(
    globSync("src/database/migrations/{0*,schema/*}.ts", { cwd: root }).toSorted(),
    Object.keys(shippedMigrations),
  );
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
