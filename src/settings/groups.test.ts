import assert from "node:assert/strict";
import { test } from "node:test";
import { settingDefinitions, settingKind } from "./definitions.ts";
import { describeSetting, settingGroups } from "./groups.ts";

test("every setting is in one group, and every group holds settings alone", () => {
  const grouped = Object.values(settingGroups).flatMap((settings) => Object.keys(settings));
  assert.deepEqual(grouped.toSorted(), Object.keys(settingDefinitions).toSorted());
});

test("every setting says in a sentence what it is for", () => {
  for (const name of Object.keys(settingDefinitions)) {
    const { group, help } = describeSetting(name);
    assert.match(help, /^[A-Z].{10,}\.$/, name);
    assert.match(group, /^[A-Z][\w ]+$/, name);
  }
});

test("the kind of a setting is that of the values that it takes", () => {
  for (const [name, definition] of Object.entries(settingDefinitions)) {
    const kind = settingKind(definition);
    if (kind === "boolean") assert.equal(definition.parse("yes", name), true);
    else if (kind === "number") assert.equal(definition.parse(String(definition.initial), name), definition.initial);
    else if (kind === "choice") {
      for (const choice of definition.choices ?? []) assert.equal(definition.parse(String(choice), name), choice);
      assert.throws(() => definition.parse("something else", name));
      assert.ok(definition.choices?.includes(definition.initial as never), name);
    } else assert.notEqual(typeof definition.initial, "boolean", name);
  }
});
