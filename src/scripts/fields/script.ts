import { invalidField } from "../../refusal.ts";
import { type HardwareType, hardwareTypes, type Parallel, type ScriptType } from "./choices.ts";
import { isOneLine } from "../../http/request/text.ts";

/** A program that is run on machines while they are commissioned or tested. Times are microseconds since 1970 UTC. */
export interface Script extends ScriptFields {
  readonly id: number;
  /** The id of its newest revision, which is the one that counts. */
  readonly revision: number;
  readonly created: number;
  readonly updated: number;
}

/** What is known of a script beside its text. */
export interface ScriptFields {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly type: ScriptType;
  readonly hardwareType: HardwareType;
  readonly parallel: Parallel;
  /** What it needs installed: kept, and not used here. */
  readonly packages: JsonObject;
  /** 0 is no limit. */
  readonly timeoutSeconds: number;
  /** True if it overwrites what is on the machine. */
  readonly destructive: boolean;
  readonly forHardware: readonly string[];
  readonly mayReboot: boolean;
  readonly recommission: boolean;
  readonly applyConfiguredNetworking: boolean;
  /** What it says of itself in its metadata alone. */
  readonly results: JsonObject | readonly string[];
  readonly parameters: JsonObject;
}

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** A version of a script's text. The ids grow over all scripts, and none is given twice. */
export interface Revision {
  readonly id: number;
  readonly comment: string | null;
  readonly created: number;
  readonly sizeBytes: number;
}

export interface FullRevision extends Revision {
  readonly content: string;
}

/** What each field is called where it is asked for and where it is recorded. */
export const fieldNames: Readonly<Record<keyof ScriptFields, string>> = {
  name: "name",
  title: "title",
  description: "description",
  tags: "tags",
  type: "type",
  hardwareType: "hardware_type",
  parallel: "parallel",
  packages: "packages",
  timeoutSeconds: "timeout",
  destructive: "destructive",
  forHardware: "for_hardware",
  mayReboot: "may_reboot",
  recommission: "recommission",
  applyConfiguredNetworking: "apply_configured_networking",
  results: "results",
  parameters: "parameters",
};

const nameLengthMax = 255;
const tagLengthMax = 64;
const tagCountMax = 50;

/**
 * The name of a script, which a shell must not need to quote. Names of digits would be taken for ids, and slashes and
 * names of dots alone would not survive in a path. Refuses with MAAS's sentences.
 */
export function parseScriptName(text: string, field = "name"): string {
  if (text === "") throw invalidField(field, "This field is required.");
  if (text.length > nameLengthMax) {
    throw invalidField(field, `Ensure this value has at most ${nameLengthMax} characters (it has ${text.length}).`);
  }
  if (text.toLowerCase() === "none") throw invalidField(field, '"none" is a reserved name.');
  if (/^\d+$/.test(text)) throw invalidField(field, "Cannot be a number.");
  if (!/^[A-Za-z0-9_@%+=:,.-]+$/.test(text) || /^\.+$/.test(text)) {
    throw invalidField(field, `Name '${text}' contains disallowed characters, e.g. space or quotes.`);
  }
  return text;
}

/** What is wrong with a tag; undefined if nothing is. */
export function findTagFault(tag: string): string | undefined {
  if (tag.includes(",")) return 'Tag may not contain a ",".';
  if (tag === "" || tag !== tag.trim()) return "Enter a tag, without blanks at its ends.";
  if (tag.length > tagLengthMax) return `Use a tag of at most ${tagLengthMax} characters.`;
  if (!isOneLine(tag)) return "Enter a tag without control characters.";
  return undefined;
}

/** What is wrong with so many tags; undefined if nothing is. */
export function findTagsFault(tags: readonly string[]): string | undefined {
  if (tags.length <= tagCountMax) return undefined;
  return `A script bears at most ${tagCountMax} tags (these are ${tags.length}).`;
}

const destructiveTag = "destructive";

/** True if a tag tells another field's value, so that only that field can give or take it. */
export function followsField(tag: string): "hardware_type" | "destructive" | undefined {
  if (tag === destructiveTag) return "destructive";
  return hardwareTypes.some(({ name }) => name === tag) ? "hardware_type" : undefined;
}

/** The same script with the tags that its hardware type and its destructiveness ask for, and without their opposites. */
export function withTagsInStep<Fields extends ScriptFields>(script: Fields): Fields {
  const wanted = [script.hardwareType, ...(script.destructive ? [destructiveTag] : [])];
  const kept = script.tags.filter((tag) => followsField(tag) === undefined || wanted.includes(tag));
  return { ...script, tags: [...new Set([...kept, ...wanted])] };
}
