import {
  createScript,
  deleteScript,
  revertScript,
  tagScript,
  untagScript,
  updateScript,
} from "../../../src/scripts/actions.ts";
import { parseContent } from "../../../src/scripts/fields/content.ts";
import { perform } from "../../../src/audit/perform.ts";
import { type ActionExample, example } from "./example.ts";
import { now, type DatabaseWorld } from "../../support/worlds/database-world.ts";

const key = { nameOrId: "probe" };
const text = (word: string) => parseContent(`#!/bin/sh\necho ${word}\n`);
const newScript = { given: { name: "probe" }, content: text("one"), comment: null, now };

/** A script with one version, and as many more as there are words. */
async function withScript({ db, ada }: DatabaseWorld, ...words: readonly string[]): Promise<void> {
  await perform(db, ada.actor, createScript, newScript);
  for (const word of words) {
    await perform(db, ada.actor, updateScript, { key, given: {}, content: text(word), comment: word, now });
  }
}

/** The examples of the scripts slice. */
export const scriptActionExamples: Readonly<Record<string, ActionExample>> = {
  "scripts/createScript": example(createScript, ({ ada }) => [
    ada.actor,
    {
      ...newScript,
      given: { name: "probe", title: "T", tags: ["a"], destructive: true, hardwareType: "cpu" as const },
    },
  ]),
  "scripts/createScript (a name that is taken)": example(createScript, async (world) => {
    await withScript(world);
    return [world.ada.actor, newScript];
  }),
  "scripts/updateScript": example(updateScript, async (world) => {
    await withScript(world);
    const given = { name: "probe2", type: "commissioning", timeoutSeconds: 60 } as const;
    return [world.ada.actor, { key, given, content: text("two"), comment: "why", now }];
  }),
  "scripts/updateScript (nothing)": example(updateScript, async (world) => {
    await withScript(world);
    return [world.ada.actor, { key, given: {}, content: text("one"), comment: null, now }];
  }),
  "scripts/revertScript": example(revertScript, async (world) => {
    await withScript(world, "two", "three");
    return [world.ada.actor, { key, to: -1, now }];
  }),
  "scripts/revertScript (nothing)": example(revertScript, async (world) => {
    await withScript(world);
    return [world.ada.actor, { key, to: 0, now }];
  }),
  "scripts/revertScript (too far)": example(revertScript, async (world) => {
    await withScript(world);
    return [world.ada.actor, { key, to: -1, now }];
  }),
  "scripts/tagScript": example(tagScript, async (world) => {
    await withScript(world);
    return [world.ada.actor, { key, tag: "slow", now }];
  }),
  "scripts/tagScript (that of a hardware type)": example(tagScript, async (world) => {
    await withScript(world);
    return [world.ada.actor, { key, tag: "cpu", now }];
  }),
  "scripts/untagScript": example(untagScript, async (world) => {
    await withScript(world);
    await perform(world.db, world.ada.actor, tagScript, { key, tag: "slow", now });
    return [world.ada.actor, { key, tag: "slow", now }];
  }),
  "scripts/deleteScript": example(deleteScript, async (world) => {
    await withScript(world, "two");
    return [world.ada.actor, { key }];
  }),
};
