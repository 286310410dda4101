import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clientCommands } from "../src/cli/client-commands.ts";
import { localCommands } from "../src/local-commands.ts";
import { serverSettings } from "../src/config.ts";
import { schemaSteps } from "../src/database/migrate.ts";
import { refusalStatus } from "../src/http/operations/refusal-status.ts";
import { version } from "../src/terminal/version.ts";
import { logSubcommands } from "../src/transparency/commands/log-command.ts";
import { operationsFile, operationsText } from "../tools/api-operations.ts";
import { apiPages } from "../tools/api-pages.ts";
import { manualPages } from "../tools/package/manual.ts";
import { roffPage } from "../tools/package/roff.ts";
import { runtimePackages } from "../tools/notices.ts";

const root = path.join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

test("the web UI's types are those of the operations", async () => {
  // But for what the formatter moves.
  const plain = (text: string): string => text.replaceAll(/[\s;,|()]/g, "");
  assert.equal(plain(readFileSync(operationsFile, "utf8")), plain(await operationsText()), "run `npm run docs`");
});

test("every operation is on its page in docs/api as it is (else: npm run docs)", async () => {
  const outdated = (await apiPages()).filter(({ isCurrent }) => !isCurrent);
  assert.deepEqual(
    outdated.map(({ file }) => path.basename(file)),
    [],
  );
});

test("every command has a man page, with every word of its help", async () => {
  const commands = [...localCommands, ...clientCommands([])].map(({ name }) => ` ${name}`);
  const all = ["", ...commands, ...Object.keys(logSubcommands).map((name) => ` log ${name}`)];
  const pages = await manualPages();
  // One more says what a server can be asked for.
  assert.deepEqual(
    pages.map(({ name }) => name).toSorted(),
    [...all.map((command) => `ironlog${command.replaceAll(" ", "-")}`), "ironlog-profile"].toSorted(),
  );
  for (const command of all) {
    const page = pages.find(({ name }) => name === `ironlog${command.replaceAll(" ", "-")}`);
    assert.ok(page?.help.startsWith(`Usage: ironlog${command}`), command);
  }
  const wordsOf = (text: string): readonly string[] =>
    text.toLowerCase().match(/[a-z0-9_$:/-][a-z0-9_$:/.-]*[a-z0-9]|[a-z0-9]/g) ?? [];
  for (const page of pages) {
    const roff = roffPage(page, { version: "1.2.3", date: "2026-01-02" });
    const text = roff
      .replaceAll(/\\f[BR]|\\&|\\\((?:aq|ti)/g, "")
      .replaceAll("\\-", "-")
      .replaceAll("\\e", "\\");
    const shown = new Set(wordsOf(text));
    assert.deepEqual(
      wordsOf(page.help).filter((word) => !shown.has(word) && word !== "usage"),
      [],
      page.name,
    );
  }
});

test("docs/operating/upgrade.md says which version has which schema, up to this one; a patch has no other", () => {
  const rows = Array.from(
    read("docs/operating/upgrade.md").matchAll(/^\| (\d+\.\d+)\.(\d+) +\| `([^`]+)` +\|$/gm),
    ([, minor = "", patch = "", schema = ""]) => ({ minor, version: `${minor}.${patch}`, schema }),
  );
  assert.deepEqual([rows.at(-1)?.version, rows.at(-1)?.schema], [version, schemaSteps.at(-1)]);
  for (const [at, { minor, schema }] of rows.entries()) {
    assert.ok(schemaSteps.includes(schema), schema);
    const last = rows[at - 1];
    if (last?.minor === minor) assert.equal(schema, last.schema, `${minor} has two schemas`);
    assert.ok(schemaSteps.indexOf(schema) >= schemaSteps.indexOf(last?.schema ?? ""), schema);
  }
});

test("documents, and the files for containers, name this version's packages alone", () => {
  const files = globSync("{README.md,docs/**/*.md,packaging/**/*.yaml}", { cwd: root });
  const named = files.flatMap((file) =>
    Array.from(read(file).matchAll(/\bironlog[:_-](\d+\.\d+\.\d+)/g), ([, found = ""]) => ({ file, found })),
  );
  assert.ok(named.length > 0);
  assert.deepEqual(
    named.filter(({ found }) => found !== version),
    [],
  );
});

test("docs/api/errors.md lists every refusal code with its statuses", () => {
  const page = read("docs/api/errors.md");
  for (const [code, status] of Object.entries(refusalStatus)) {
    assert.match(page, new RegExp(`\\| \`${code}\` +\\| ${status} +\\|`), code);
  }
});

test("docs/maas-compatibility.md says of events what stays different from MAAS", () => {
  const page = read("docs/maas-compatibility.md");
  for (const what of [
    "e-mail addresses of others",
    "node filters with `level=AUDIT`",
    "audit events without a node at `level=AUDIT`",
    "events of deleted nodes",
    "events without a node at other levels",
  ]) {
    const rows = page.split("\n").filter((line) => line.startsWith(`| ${what} `));
    assert.equal(rows.length, 1, what);
    assert.equal(rows[0]?.split("|").length, 6, "what, MAAS, Ironlog, why");
  }
});

test("each row of docs/trust.md names the tests that show it, and they are there", () => {
  const rows = read("docs/trust.md")
    .split("\n")
    .filter((line) => /^\|(?! what | ---)/.test(line));
  const missing = rows.flatMap((row) => {
    const cited = [...(row.split(" | ").at(-1) ?? "").matchAll(/`([^`]+\.test\.ts)`: ("[^"]+"(?:, "[^"]+")*)/g)];
    if (cited.length === 0) return [row];
    return cited.flatMap(([, file = "", titles = ""]) =>
      Array.from(titles.matchAll(/"([^"]+)"/g), ([, title = ""]) => title).filter(
        (title) => !read(file).includes(title),
      ),
    );
  });
  assert.ok(rows.length > 20);
  assert.deepEqual(missing, []);
});

test("docs/operating/install.md lists every setting", () => {
  const page = read("docs/operating/install.md");
  for (const { flag } of serverSettings) assert.ok(page.includes(`\`--${flag}\``), flag);
});

test("THIRD-PARTY-NOTICES.md names every package that Ironlog runs with (else: npm run docs)", () => {
  const notices = read("THIRD-PARTY-NOTICES.md");
  const missing = runtimePackages().filter(({ name, version }) => !notices.includes(`## ${name} ${version}\n`));
  assert.deepEqual(missing, []);
});
