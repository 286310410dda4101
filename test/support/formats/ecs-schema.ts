import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import { parse } from "yaml";

interface Field {
  readonly type: string;
  readonly required?: boolean;
  readonly normalize: readonly string[];
  readonly allowed_values?: readonly { readonly name: string; readonly expected_event_types?: readonly string[] }[];
}

/** Reads the list of the fields of the Elastic Common Schema; gives what is wrong with a document. */
export function openEcsSchema(folder: string): (document: object) => readonly string[] {
  const fields = parse(readFileSync(path.join(folder, "ecs_flat.yml"), "utf8")) as Readonly<Record<string, Field>>;
  const required = Object.keys(fields).filter((name) => fields[name]?.required === true);

  function checkValue(name: string, { type, normalize, allowed_values: allowed }: Field, value: unknown): string[] {
    const isList = normalize.includes("array");
    if (Array.isArray(value) !== isList) return [`${name} is ${isList ? "no" : "an"} array`];
    return [value].flat().flatMap((one) => {
      if (!isOfType(type, one)) return [`${name} is no ${type}: ${String(one)}`];
      const isKnown = allowed === undefined || allowed.some((entry) => entry.name === one);
      return isKnown ? [] : [`${name} may not be ${String(one)}`];
    });
  }

  /** Each type belongs to a category of the event. */
  function checkTypes(members: ReadonlyMap<string, unknown>): readonly string[] {
    const categories = (members.get("event.category") ?? []) as readonly string[];
    const expected = categories.flatMap(
      (category) =>
        fields["event.category"]?.allowed_values?.find(({ name }) => name === category)?.expected_event_types ?? [],
    );
    const types = (members.get("event.type") ?? []) as readonly string[];
    return categories.length === 0
      ? []
      : types.filter((type) => !expected.includes(type)).map((type) => `${categories.join(", ")} can't be ${type}`);
  }

  return (document) => {
    const members = new Map(leaves(document, ""));
    const wrong = required.filter((name) => !members.has(name)).map((name) => `${name} is missing`);
    for (const [name, value] of members) {
      const field = fields[name];
      // What no schema names is the sender's own, in a name space of its own.
      if (name.startsWith("ironlog.")) continue;
      if (field === undefined) wrong.push(`${name} is no field`);
      else wrong.push(...checkValue(name, field, value));
    }
    return [...wrong, ...checkTypes(members)];
  };
}

function leaves(value: object, prefix: string): readonly (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? leaves(member, `${prefix}${name}.`)
      : [[`${prefix}${name}`, member] as const],
  );
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case "keyword":
    case "constant_keyword":
    case "wildcard":
    case "match_only_text":
      return typeof value === "string";
    case "long":
    case "integer":
      return Number.isSafeInteger(value);
    case "ip":
      return typeof value === "string" && isIP(value) !== 0 && !value.includes("%");
    case "date":
      return typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/.test(value);
    default:
      return false;
  }
}
