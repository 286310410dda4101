import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { eventKinds } from "../../src/audit/kinds.ts";
import { freshDatabase } from "../support/databases/databases.ts";
import { actionExamples } from "../examples/registry.ts";

const root = path.join(import.meta.dirname, "../..");

test("every action has an example for the sweep, and every example an action", async () => {
  const actions = await exportedActions();
  assert(actions.size > 0);
  for (const name of actions.keys()) {
    const isShown = Object.keys(actionExamples).some((example) => actionOf(example) === name);
    assert(
      isShown,
      `the action ${name} has no example: add one below test/examples/actions, which test/examples/registry.ts lists`,
    );
  }
  for (const [name, { action }] of Object.entries(actionExamples)) {
    assert.equal(action, actions.get(actionOf(name)), `the example '${name}' shows another action than its name says`);
  }
});

test("actions are defined in files named actions.ts, where the completeness test finds them", () => {
  const elsewhere = globSync("src/**/*.ts", { cwd: root }).filter(
    (file) =>
      !/(actions|\.test|audit\/action)\.ts$/.test(file) &&
      readFileSync(path.join(root, file), "utf8").includes("defineAction("),
  );
  assert.deepEqual(elsewhere, []);
});

test("every kind of event is told by some example", async () => {
  const told = new Set<string>();
  for (const { prepare } of Object.values(actionExamples)) {
    // On SQLite alone: what an action tells does not depend on where it's kept.
    await using database = await freshDatabase("sqlite");
    const act = await prepare(database.db);
    await Promise.allSettled([act()]);
    const events = await database.db.selectFrom("event").select("action").execute();
    for (const { action } of events) told.add(action);
  }
  // clock.step is the clock's: src/audit/clock.test.ts. state.more is of acts on a thousand rows: state.test.ts.
  const apart = ["clock.step", "state.more"];
  const untold = Object.keys(eventKinds).filter((kind) => !apart.includes(kind) && !told.has(kind));
  assert.deepEqual(untold, []);
});

/** Every exported action by `slice/name`. */
async function exportedActions(): Promise<ReadonlyMap<string, unknown>> {
  const actions = new Map<string, unknown>();
  for (const file of globSync("src/**/*actions.ts", { cwd: root })) {
    const exported = (await import(path.join(root, file))) as Readonly<Record<string, unknown>>;
    const [, slice] = file.split(path.sep);
    for (const [name, value] of Object.entries(exported)) {
      if (isAction(value)) actions.set(`${slice}/${name}`, value);
    }
  }
  return actions;
}

function isAction(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("run" in value) || !("events" in value)) return false;
  return typeof value.run === "function" && typeof value.events === "function";
}

/** The action's name without what tells its examples apart. */
function actionOf(example: string): string {
  return example.replace(/ \(.*\)$/, "");
}
