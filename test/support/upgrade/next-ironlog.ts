import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freshFolder, freshLocation } from "../databases/databases.ts";
import { run } from "../processes/command.ts";
import { root } from "../processes/program.ts";

export const nextVersion = "99.0.0";
export const nextStepName = "9998-next";

/** The Ironlog to come: this one's source with one more step of the schema, built. */
export interface NextIronlog extends Disposable {
  /** Its checkout, with what building the program takes. */
  readonly folder: string;
  /** What Node runs. */
  readonly mainFile: string;
}

/** Builds it in a folder of its own, as its developer would: the step, its line in the list, and what `npm run docs` writes. */
export async function buildNextIronlog(): Promise<NextIronlog> {
  const { folder, [Symbol.dispose]: remove } = freshFolder();
  try {
    for (const part of ["src", "tools", "test/support", "tsconfig.json"]) {
      cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    }
    mkdirSync(path.join(folder, "web"));
    for (const part of ["node_modules", "web/dist"]) symlinkSync(path.join(root, part), path.join(folder, part));
    const description = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as object;
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ ...description, version: nextVersion }));
    addStep(folder);
    await writeExpectedSchemas(folder);
    const built = await run(process.execPath, ["tools/build.ts"], { cwd: folder });
    assert.equal(built.code, 0, built.stderr);
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, mainFile: path.join(folder, "dist/ironlog.cjs"), [Symbol.dispose]: remove };
}

function addStep(folder: string): void {
  const file = path.join(folder, "src/database/migrate.ts");
  const before = readFileSync(file, "utf8");
  const after = before.replace(/^(const steps: .* = \{\n[^}]*)\}/m, `$1  "${nextStepName}": nextStep,\n}`);
  assert.notEqual(after, before);
  writeFileSync(file, `import { nextStep } from "../../test/support/upgrade/next-step.ts";\n${after}`);
}

async function writeExpectedSchemas(folder: string): Promise<void> {
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  const script = `
    import { writeFileSync } from "node:fs";
    import { migratedPostgresSchema, migratedSqliteSchema } from "./tools/schema.ts";
    const write = (name, schema) => writeFileSync("src/database/schema-check/expected-" + name + ".json", JSON.stringify(schema));
    write("sqlite", await migratedSqliteSchema());
    write("postgres", await migratedPostgresSchema(${JSON.stringify(fresh.location.url)}));`;
  const written = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder });
  assert.equal(written.code, 0, written.stderr);
}
