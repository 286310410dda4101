import { isDeepStrictEqual } from "node:util";
import { draftEvent, type EventDraft, type Target } from "../audit/event-draft.ts";
import type { RevisionDiff } from "./revision-diff.ts";
import { fieldNames, type Script, type ScriptFields } from "./fields/script.ts";

/** From which version of the text to which, and how they differ; null where there is no script before or after. */
export interface RevisionChange {
  readonly old: number | null;
  readonly new: number | null;
  readonly diff: RevisionDiff;
}

/** Fields that the log shows with their old and new values. The others may be long, and are named alone. */
const shownFields = [
  "name",
  "title",
  "tags",
  "type",
  "hardwareType",
  "parallel",
  "timeoutSeconds",
  "destructive",
  "mayReboot",
  "recommission",
  "applyConfiguredNetworking",
] as const satisfies readonly (keyof ScriptFields)[];

/** A script that is new. */
export function created(script: Script, change: RevisionChange, comment: string | null): EventDraft {
  const details = { ...shown(script), comment, ...revisionDetails(change) };
  return draftEvent("script.create", { name: script.name }, { target: scriptTarget(script), details });
}

/** A script that was saved again; `changed` is empty where it is as it was. */
export function updated(before: Script, after: Script, change: RevisionChange, comment: string | null): EventDraft {
  const changed = (Object.keys(fieldNames) as readonly (keyof ScriptFields)[]).filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
  const [old, now] = [shown(before), shown(after)];
  const values = shownFields
    .filter((name) => changed.includes(name))
    .map((name) => [fieldNames[name], { old: old[fieldNames[name]], new: now[fieldNames[name]] }]);
  const isNewText = change.old !== change.new;
  const details = {
    ...Object.fromEntries(values),
    changed: [...changed.map((name) => fieldNames[name]), ...(isNewText ? ["script"] : [])],
    ...(isNewText && { comment }),
    ...revisionDetails(change),
  };
  return draftEvent("script.update", { name: after.name }, { target: scriptTarget(after), details });
}

/** A script whose text went back to an older version. `to` is as it was asked for. */
export function reverted(script: Script, to: number, change: RevisionChange, deleted: number): EventDraft {
  const details = { to, deleted_revisions: deleted, ...revisionDetails(change) };
  return draftEvent("script.revert", { name: script.name, to }, { target: scriptTarget(script), details });
}

/** A tag that was put on a script, or taken off it. */
export function tagged(kind: "script.tag" | "script.untag", tag: string, before: Script, after: Script): EventDraft {
  const isChanged = before.tags.includes(tag) !== after.tags.includes(tag);
  const details = { tag, tags: { old: before.tags, new: after.tags }, is_changed: isChanged };
  return draftEvent(kind, { name: after.name, tag }, { target: scriptTarget(after), details });
}

/** A script that is gone, with all of its versions. */
export function deleted(script: Script, change: RevisionChange, revisions: number): EventDraft {
  const details = { ...shown(script), deleted_revisions: revisions, ...revisionDetails(change) };
  return draftEvent("script.delete", { name: script.name }, { target: scriptTarget(script), details });
}

function shown(script: Script) {
  return Object.fromEntries(shownFields.map((name) => [fieldNames[name], script[name]]));
}

/** The sizes alone: a script's text may hold a secret. */
function revisionDetails({ old, new: now, diff }: RevisionChange) {
  return {
    revision: { old, new: now },
    diff_bytes: Buffer.byteLength(diff.text),
    ...(diff.isWhole && { diff_is_whole: true }),
  };
}

function scriptTarget({ id, name }: Script): Target {
  return { kind: "script", id: String(id), name };
}
