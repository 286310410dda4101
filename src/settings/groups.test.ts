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
    const { title, group, help } = describeSetting(name);
    assert.match(help, /^[A-Z].{10,}\.$/, name);
    assert.match(title, /^[A-Zv].{3,60}[^.]$/, name);
    assert.match(group, /^[A-Z][\w ]+$/, name);
  }
});

test("settings of one group have titles of their own, and only a number counts a time", () => {
  for (const [group, settings] of Object.entries(settingGroups)) {
    const titles = Object.keys(settings).map((name) => describeSetting(name).title);
    assert.equal(new Set(titles).size, titles.length, group);
  }
  for (const [name, definition] of Object.entries(settingDefinitions)) {
    const isTime = describeSetting(name).unit !== null;
    if (isTime) assert.equal(typeof definition.initial, "number", name);
    else assert.doesNotMatch(name, /_(?:seconds|minutes|hours|days)$/);
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
