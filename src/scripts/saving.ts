import { invalidField, Refusal } from "../refusal.ts";
import { parseContent, type ScriptContent } from "./fields/content.ts";
import { parseFields, parseText } from "./fields/field.ts";
import type { ScriptFields } from "./fields/script.ts";

/** A script as somebody sent it, in either API. */
export interface SentScript {
  /** By the names that the caller gave them. */
  readonly fields: Iterable<readonly [field: string, value: unknown]>;
  readonly script: string | Buffer | undefined;
  readonly comment: string | undefined;
}

/** What is to be saved: fields that were given, and perhaps a new text. */
export interface Saving {
  readonly given: Partial<ScriptFields>;
  readonly content: ScriptContent | undefined;
  /** Of the new version. */
  readonly comment: string | null;
}

const commentLengthMax = 255;

/** Reads changes of a script. Refuses with MAAS's sentences, each under its field. */
export function parseSaving({ fields, script, comment = "" }: SentScript): Saving {
  if (comment !== "" && script === undefined) {
    throw invalidField("comment", '"comment" may only be used when specifying a "script" as well.');
  }
  return {
    given: parseFields(fields),
    content: script === undefined ? undefined : parseContent(script),
    comment: parseText(comment, "comment", commentLengthMax, { hasLines: true }) || null,
  };
}

/** Reads a new script, which needs a text. */
export function parseNewSaving(sent: SentScript): Saving & { readonly content: ScriptContent } {
  const { content, ...saving } = parseSaving(sent);
  if (content !== undefined) return { ...saving, content };
  const required = "This field is required.";
  const fields = { ...(saving.given.name === undefined && { name: [required] }), script: [required] };
  throw new Refusal("invalid", required, { fields });
}
