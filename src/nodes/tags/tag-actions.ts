import { defineAction, type Tx } from "../../audit/action.ts";
import { draftEvent, type EventDraft, type Target } from "../../audit/event-draft.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { changeDetails, differences } from "../../audit/differences.ts";
import { aboutNode } from "../inventory/node-actions.ts";
import { listNodes } from "../inventory/node-queries.ts";
import type { Node } from "../inventory/node.ts";
import { findTag, getTag, type Tag } from "./tag-queries.ts";

export type NewTag = Omit<Tag, "id">;

export const createTag = defineAction({
  async run(tx, tag: NewTag): Promise<Tag> {
    await refuseTaken(tx, tag.name);
    const { id } = await tx
      .insertInto("tag")
      .values({ name: tag.name, definition: tag.definition, comment: tag.comment, kernel_opts: tag.kernelOpts })
      .returning("id")
      .executeTakeFirstOrThrow();
    return { ...tag, id };
  },
  events: (tag) => [draftEvent("tag.create", { name: tag.name }, { target: tagTarget(tag), details: shown(tag) })],
});

export const updateTag = defineAction({
  async run(tx, { name, changes }: { name: string; changes: Partial<NewTag> }) {
    const before = await getTag(tx, name);
    const after: Tag = { ...before, ...changes };
    if (after.name !== before.name) await refuseTaken(tx, after.name);
    await tx
      .updateTable("tag")
      .set({ name: after.name, definition: after.definition, comment: after.comment, kernel_opts: after.kernelOpts })
      .where("id", "=", before.id)
      .execute();
    return { before, after };
  },
  events: ({ before, after }) => tagChanged(before, after),
});

/** A new name and other changes are two kinds of change, and so two events. */
function tagChanged(before: Tag, after: Tag): readonly [EventDraft, ...EventDraft[]] {
  const target = tagTarget(after);
  const changes = differences(shown(before), shown(after));
  const updated = draftEvent("tag.update", { name: after.name }, { target, details: changeDetails(changes) });
  if (before.name === after.name) return [updated];
  const renamed = draftEvent(
    "tag.rename",
    { name: before.name, newName: after.name },
    { target, details: { name: { old: before.name, new: after.name } } },
  );
  return Object.keys(changes).length === 0 ? [renamed] : [renamed, updated];
}

export const deleteTag = defineAction({
  async run(tx, { name }: { name: string }) {
    const tag = await getTag(tx, name);
    const untagged = await tx.deleteFrom("node_tag").where("tag_id", "=", tag.id).returning("node_id").execute();
    await tx.deleteFrom("tag").where("id", "=", tag.id).execute();
    return { tag, nodes: untagged.length };
  },
  events: ({ tag, nodes }) => [
    draftEvent("tag.delete", { name: tag.name }, { target: tagTarget(tag), details: { ...shown(tag), nodes } }),
  ],
});

interface TagChange {
  readonly name: string;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** True where system ids that there are none of are passed over, as MAAS does; else they are refused. */
  readonly passesUnknown?: boolean;
}

/** Puts a tag on nodes and takes it off others; an event for each node, and one of the tag where there is none. */
export const tagNodes = defineAction({
  async run(tx, input: TagChange) {
    const tag = await getTag(tx, input.name);
    const added = await existing(tx, input.add, input);
    const removed = await existing(tx, input.remove, input);
    // As in MAAS, what is named in both lists ends without the tag.
    const tagged = added.filter((node) => !node.tags.includes(tag.name) && !input.remove.includes(node.systemId));
    const untagged = removed.filter((node) => node.tags.includes(tag.name));
    if (tagged.length > 0) {
      await tx
        .insertInto("node_tag")
        .values(tagged.map((node) => ({ node_id: node.id, tag_id: tag.id })))
        .execute();
    }
    if (untagged.length > 0) {
      const ids = untagged.map(({ id }) => id);
      await tx.deleteFrom("node_tag").where("tag_id", "=", tag.id).where("node_id", "in", ids).execute();
    }
    const known = { add: added.length, remove: removed.length };
    const unknown = { add: input.add.length - added.length, remove: input.remove.length - removed.length };
    return { tag, tagged, untagged, known, unknown };
  },
  events: ({ tag, tagged, untagged }) => {
    const details = { tag: tag.name };
    const [first, ...rest] = [
      ...tagged.map((node) => draftEvent("node.tag", { hostname: node.hostname }, aboutNode(node, details))),
      ...untagged.map((node) => draftEvent("node.untag", { hostname: node.hostname }, aboutNode(node, details))),
    ];
    if (first !== undefined) return [first, ...rest];
    return [draftEvent("tag.update", { name: tag.name }, { target: tagTarget(tag), details: changeDetails({}) })];
  },
});

async function existing(
  tx: Tx,
  systemIds: readonly string[],
  { passesUnknown = false }: TagChange,
): Promise<readonly Node[]> {
  if (systemIds.length === 0) return [];
  const nodes = await listNodes(tx, { systemIds });
  const unknown = systemIds.filter((systemId) => !nodes.some((node) => node.systemId === systemId));
  if (unknown.length > 0 && !passesUnknown)
    throw new Refusal("invalid", `There is no node ${unknown.map((id) => `'${id}'`).join(", ")}.`);
  return nodes;
}

function shown({ definition, comment, kernelOpts }: Tag) {
  return { definition, comment, kernel_opts: kernelOpts };
}

function tagTarget({ id, name }: Tag): Target {
  return { kind: "tag", id: String(id), name };
}

async function refuseTaken(tx: Tx, name: string): Promise<void> {
  if ((await findTag(tx, name)) !== undefined) throw invalidField("name", "Tag with this Name already exists.");
}
