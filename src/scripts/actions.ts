import { defineAction, type Tx } from "../audit/action.ts";
import { Refusal } from "../refusal.ts";
import { parseMetadata } from "./fields/metadata.ts";
import { findRevision, getCurrentRevision, getScript, listRevisions, type ScriptKey } from "./queries.ts";
import { unifiedDiff } from "./revision-diff.ts";
import type { Saving } from "./saving.ts";
import { findTagFault, findTagsFault, followsField, type Script, withTagsInStep } from "./fields/script.ts";
import { created, deleted, reverted, tagged, updated } from "./script-events.ts";
import { insertRevision, refuseTaken, scriptColumns } from "./script-rows.ts";
import { resolveChanges, resolveNew } from "./fields/resolve-fields.ts";

interface NewScript extends Saving {
  readonly content: NonNullable<Saving["content"]>;
  readonly now: number;
}

export const createScript = defineAction({
  async run(tx, { given, content, comment, now }: NewScript) {
    const fields = resolveNew(given, content);
    await refuseTaken(tx, fields.name);
    const { id } = await tx
      .insertInto("script")
      .values({ ...scriptColumns(fields), created: now, updated: now })
      .returning("id")
      .executeTakeFirstOrThrow();
    const revision = await insertRevision(tx, id, content, { comment, now });
    const script: Script = { ...fields, id, revision, created: now, updated: now };
    const change = { old: null, new: revision, diff: unifiedDiff("", content.text) };
    return { script, history: await listRevisions(tx, id), content, change };
  },
  events: ({ script, change }, { comment }) => [created(script, change, comment)],
});

interface ScriptChanges extends Saving {
  readonly key: ScriptKey;
  readonly now: number;
}

/** Saves a script again. A text that is the same, but for its line ends, makes no new version. */
export const updateScript = defineAction({
  async run(tx, { key, given, content, comment, now }: ScriptChanges) {
    const before = await getScript(tx, key);
    const current = await getCurrentRevision(tx, before);
    const embedded = content?.embedded ?? parseMetadata(current.content);
    const resolved = resolveChanges(before, given, embedded, { hasNewText: content !== undefined });
    if (resolved.name !== before.name) await refuseTaken(tx, resolved.name);
    const isNewText = content !== undefined && content.text !== current.content;
    const revision = isNewText ? await insertRevision(tx, before.id, content, { comment, now }) : before.revision;
    const after: Script = { ...resolved, revision, updated: now };
    await saveFields(tx, after);
    const diff = unifiedDiff(current.content, isNewText ? content.text : current.content);
    const change = { old: before.revision, new: revision, diff };
    return { before, script: after, history: await listRevisions(tx, after.id), change };
  },
  events: ({ before, script, change }, { comment }) => [updated(before, script, change, comment)],
});

interface Reversion {
  readonly key: ScriptKey;
  /** The id of a version, or how many to go back, as a number that isn't positive. */
  readonly to: number;
  readonly now: number;
}

/** Makes an older version the newest, by deleting those that are newer. What is known beside the text stays as it is. */
export const revertScript = defineAction({
  async run(tx, { key, to, now }: Reversion) {
    const before = await getScript(tx, key);
    const current = await getCurrentRevision(tx, before);
    const id = await targetOf(tx, before, to);
    const target = await findRevision(tx, before.id, id);
    if (target === undefined) throw new Refusal("invalid", `${to} not found in history`);
    const newer = await tx
      .deleteFrom("script_revision")
      .where("script_id", "=", before.id)
      .where("id", ">", id)
      .executeTakeFirst();
    const script: Script = { ...before, revision: id, updated: now };
    await saveFields(tx, script);
    const change = { old: before.revision, new: id, diff: unifiedDiff(current.content, target.content) };
    const deletedRevisions = Number(newer.numDeletedRows);
    return { script, history: await listRevisions(tx, before.id), change, deletedRevisions };
  },
  events: ({ script, change, deletedRevisions }, { to }) => [reverted(script, to, change, deletedRevisions)],
});

/** The id that `to` means. Refuses with MAAS's sentences, which are about no field. */
async function targetOf(tx: Tx, { id }: Script, to: number): Promise<number> {
  if (to > 0) return to;
  const target = (await listRevisions(tx, id))[-to];
  if (target === undefined) throw new Refusal("invalid", "Goes too far back.");
  return target.id;
}

interface Tagging {
  readonly key: ScriptKey;
  readonly tag: string;
  readonly now: number;
}

export const tagScript = defineAction({
  run: (tx, { key, tag, now }: Tagging) =>
    saveTags(tx, { key, tag, now }, (tags) => (tags.includes(tag) ? tags : [...tags, tag])),
  events: ({ before, script }, { tag }) => [tagged("script.tag", tag, before, script)],
});

export const untagScript = defineAction({
  run: (tx, { key, tag, now }: Tagging) => saveTags(tx, { key, tag, now }, (tags) => tags.filter((one) => one !== tag)),
  events: ({ before, script }, { tag }) => [tagged("script.untag", tag, before, script)],
});

async function saveTags(tx: Tx, { key, tag, now }: Tagging, change: (tags: readonly string[]) => readonly string[]) {
  const before = await getScript(tx, key);
  const script = withTagsInStep({ ...before, tags: change(before.tags), updated: now });
  const followed = followsField(tag);
  // What would be put back at once must not be recorded as done.
  if (followed !== undefined && script.tags.includes(tag) !== change(before.tags).includes(tag)) {
    throw new Refusal("invalid", `The tag '${tag}' follows ${followed}: change that instead.`);
  }
  const fault = findTagFault(tag) ?? findTagsFault(script.tags);
  if (fault !== undefined) throw new Refusal("invalid", fault);
  await saveFields(tx, script);
  return { before, script, history: await listRevisions(tx, before.id) };
}

export const deleteScript = defineAction({
  async run(tx, { key }: { key: ScriptKey }) {
    const script = await getScript(tx, key);
    const current = await getCurrentRevision(tx, script);
    const revisions = await tx.deleteFrom("script_revision").where("script_id", "=", script.id).executeTakeFirst();
    await tx.deleteFrom("script").where("id", "=", script.id).execute();
    const change = { old: script.revision, new: null, diff: unifiedDiff(current.content, "") };
    return { script, change, revisions: Number(revisions.numDeletedRows) };
  },
  events: ({ script, change, revisions }) => [deleted(script, change, revisions)],
});

async function saveFields(tx: Tx, script: Script): Promise<void> {
  await tx
    .updateTable("script")
    .set({ ...scriptColumns(script), updated: script.updated })
    .where("id", "=", script.id)
    .execute();
}
