import { Type } from "typebox";
import { rfc3339Micros } from "../time.ts";
import { hardwareTypes, parallels, scriptTypes } from "./fields/choices.ts";
import type { FullRevision, Revision, Script } from "./fields/script.ts";
import type { RevisionDiff } from "./revision-diff.ts";

export const typeSchema = Type.Enum(scriptTypes.map(({ name }) => name));
export const hardwareTypeSchema = Type.Enum(hardwareTypes.map(({ name }) => name));
const parallelSchema = Type.Enum(parallels.map(({ name }) => name));
const textsSchema = Type.Array(Type.String());
const anyObject = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });

/** What can be given of a script, all of it optional. */
export const savingFields = {
  name: Type.Optional(Type.String({ description: "If its metadata doesn't give one." })),
  title: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  tags: Type.Optional(Type.Array(Type.String(), { description: "That of the hardware type is always there." })),
  type: Type.Optional(typeSchema),
  hardware_type: Type.Optional(hardwareTypeSchema),
  parallel: Type.Optional(parallelSchema),
  packages: Type.Optional(anyObject("The packages that it needs.")),
  timeout_seconds: Type.Optional(Type.Integer({ description: "How long it may take; 0 is no limit." })),
  destructive: Type.Optional(Type.Boolean({ description: "Whether it overwrites what is on the machine." })),
  for_hardware: Type.Optional(Type.Array(Type.String(), { description: "Such as pci:8086:1918." })),
  may_reboot: Type.Optional(Type.Boolean()),
  recommission: Type.Optional(Type.Boolean()),
  apply_configured_networking: Type.Optional(Type.Boolean()),
  comment: Type.Optional(Type.String({ description: "On this version of the script." })),
};

/** A script as the native API shows one, without its text. */
export const scriptSchema = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  title: Type.String(),
  description: Type.String(),
  tags: textsSchema,
  type: typeSchema,
  hardware_type: hardwareTypeSchema,
  parallel: parallelSchema,
  packages: anyObject("The packages that it needs."),
  timeout_seconds: Type.Integer(),
  destructive: Type.Boolean(),
  for_hardware: textsSchema,
  may_reboot: Type.Boolean(),
  recommission: Type.Boolean(),
  apply_configured_networking: Type.Boolean(),
  results: Type.Union([anyObject("By name."), textsSchema]),
  parameters: anyObject("By name."),
  revision: Type.Integer({ description: "The id of its newest version, which counts." }),
  created: Type.String({ format: "date-time" }),
  updated: Type.String({ format: "date-time" }),
});

export function nativeScript(script: Script) {
  return {
    id: script.id,
    name: script.name,
    title: script.title,
    description: script.description,
    tags: script.tags,
    type: script.type,
    hardware_type: script.hardwareType,
    parallel: script.parallel,
    packages: script.packages,
    timeout_seconds: script.timeoutSeconds,
    destructive: script.destructive,
    for_hardware: script.forHardware,
    may_reboot: script.mayReboot,
    recommission: script.recommission,
    apply_configured_networking: script.applyConfiguredNetworking,
    results: script.results,
    parameters: script.parameters,
    revision: script.revision,
    created: rfc3339Micros(script.created),
    updated: rfc3339Micros(script.updated),
  };
}

const revisionFields = {
  id: Type.Integer({ description: "Grows over all scripts, and is never given twice." }),
  comment: Type.Union([Type.String(), Type.Null()]),
  created: Type.String({ format: "date-time" }),
  size_bytes: Type.Integer(),
};
export const revisionSchema = Type.Object(revisionFields);

export function nativeRevision({ id, comment, created, sizeBytes }: Revision) {
  return { id, comment, created: rfc3339Micros(created), size_bytes: sizeBytes };
}

/** A version with its text, and how it differs from the one before. */
export const fullRevisionSchema = Type.Object({
  ...revisionFields,
  content: Type.String(),
  previous: Type.Union([Type.Integer(), Type.Null()], {
    description: "The id of the version before, if there is one.",
  }),
  diff: Type.String({ description: "Unified, from the version before, or from nothing." }),
  diff_is_whole: Type.Boolean({ description: "True if the two differ too much to look for what they share." }),
});

export function nativeFullRevision(revision: FullRevision, previous: Revision | undefined, diff: RevisionDiff) {
  return {
    ...nativeRevision(revision),
    content: revision.content,
    previous: previous?.id ?? null,
    diff: diff.text,
    diff_is_whole: diff.isWhole,
  };
}
