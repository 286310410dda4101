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
  // Floors, lowest first.
  "verifiable-log": [],
  terminal: [],
  database: ["verifiable-log"],
  audit: ["database", "verifiable-log"],
  http: ["audit", "database"],
  // Slices.
  tokens: ["audit", "database", "http", "verifiable-log"],
  settings: ["audit", "database", "http"],
  nodes: ["audit", "database", "http", "verifiable-log"],
  keys: ["audit", "database", "http", "settings", "verifiable-log"],
  scripts: ["audit", "database", "http", "verifiable-log"],
  accounts: ["audit", "database", "http", "keys", "nodes", "settings", "terminal", "tokens", "verifiable-log"],
  events: ["audit", "database", "http", "nodes", "terminal", "verifiable-log"],
  transparency: ["audit", "database", "events", "http", "settings", "terminal", "verifiable-log"],
  backup: ["audit", "database", "http", "transparency", "terminal", "verifiable-log"],
  // The client: it knows the server by HTTP alone.
  cli: ["terminal"],
};

/** Files directly in src/: what anybody may use, and what puts everything together. */
const usedByAll = ["src/refusal.ts"];
const usedByLocalCommands = ["src/config.ts", "src/settings-help.ts"];
const mayImportAnything = [
  "src/main.ts",
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

/** SHA-256 of each migration that has shipped: a database out there has been made by just these bytes. */
const shippedMigrations: Readonly<Record<string, string>> = {
  "src/database/migrations/0001-foundation.ts": "9201f9a2ef5e49bd32433da0ae106dd5a679ca8d284372fcd773f889966b360c",
  "src/database/migrations/0001-guards.ts": "22c29505fece0e8029ebcca0aaff442e1fe3fddbf84bb42b81cc8c7fb96692d1",
  "src/database/migrations/0002-settings.ts": "59cd5871f7858c4c42c8fed94cdf2535a087c65539027c896b2a4e4a587ff087",
  "src/database/migrations/0003-nodes.ts": "2ab45ac8e42684ed953dcfbcd907c0ea9d4c7d011c17e4d808fb34d1c27c5609",
  "src/database/migrations/0004-keys.ts": "8dff3a903f90a88beedde4e9f53bd00724d15d0291b50f9b26566f21f6d5c14f",
  "src/database/migrations/0005-scripts.ts": "5f11d2dbfc243ad5fac1aaf155e3446200f2fb9250f24e114577d4cf64660708",
  "src/database/migrations/0006-reports.ts": "cbdf442207733dadedfe2c9b1de0fad8634e81c6d1c1449699f351c82bda72bb",
  "src/database/migrations/0007-tree.ts": "7791dd87978583a546b4f9cade5c571a5803a19ae7c06883c1ee5f845a4f522a",
  "src/database/migrations/0008-postgres-guards.ts": "dcd46dbda1e8ce10f64b6b59adaaa4eb7fb1143a8918b4a5cc4d6044d47bb266",
  "src/database/migrations/0009-postgres-head.ts": "837ea0e32fa3110203de4d7a0e41a751a305d48ce259d3c953178b5bcea987cb",
  "src/database/migrations/0010-password-ends.ts": "55adeaadb4de021e09c3fe9c029a2a3b4c14803cc719555d3235c914a3f4270b",
  "src/database/migrations/0011-events-stay.ts": "6feeb12e7ebc317fb1852141a3af747f461d3ab66250b39f2eed2d731f4198e3",
  "src/database/migrations/0014-nonces.ts": "66ff775eb7ae6ae68f975d0d7bb6d3c86d596d8bdfef2db00469b6f7eefaae52",
  "src/database/migrations/0016-node-details.ts": "470e40191bd415e2619550b64ffa5c46b82d1674285c97ebcda48a9ecbaa9602",
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

/** The files of src/ that a file imports. */
function imports(file: string): readonly string[] {
  return [...read(file).matchAll(/(?:from|import\()\s*"(\.{1,2}\/[^"]+)"/g)]
    .map(([, target = ""]) => path.join(path.dirname(file), target))
    .filter((target) => target.startsWith("src/"));
}
