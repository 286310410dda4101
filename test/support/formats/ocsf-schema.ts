import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";

// A check against the files of the Open Cybersecurity Schema Framework, written from their own metaschema.

interface Attribute {
  readonly type?: string;
  readonly is_array?: boolean;
  readonly requirement?: string;
  readonly enum?: Readonly<Record<string, unknown>>;
  readonly profile?: string | null;
  readonly "@deprecated"?: unknown;
}

interface Definition {
  readonly name?: string;
  readonly uid?: number;
  readonly category?: string;
  readonly extends?: string;
  readonly constraints?: { readonly at_least_one?: readonly string[]; readonly just_one?: readonly string[] };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly "@deprecated"?: unknown;
}

/** The attributes of a class or an object, with those of what it extends, and what must be there of them. */
interface Shape {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly constraints: NonNullable<Definition["constraints"]>;
  readonly isDeprecated: boolean;
}

interface Dictionary {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly types: { readonly attributes: Readonly<Record<string, ScalarType>> };
}

interface Categories {
  readonly attributes: Readonly<Record<string, { readonly uid: number }>>;
}

interface ScalarType {
  readonly type?: string;
  readonly regex?: string;
  readonly max_len?: number;
  readonly range?: readonly [number, number];
}

/** Reads a schema's folder; gives what is wrong with an event. */
export function openOcsfSchema(folder: string): (event: Readonly<Record<string, unknown>>) => readonly string[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(folder, file), "utf8"));
  const dictionary = read("dictionary.json") as Dictionary;
  const { attributes: categories } = read("categories.json") as Categories;
  const named = (glob: string) =>
    new Map(globSync(glob, { cwd: folder }).map((file) => [path.basename(file, ".json"), read(file) as Definition]));
  const events = named("events/**/*.json");
  const objects = named("objects/*.json");

  function shapeOf(from: ReadonlyMap<string, Definition>, name: string): Shape {
    const definition = from.get(name);
    if (definition === undefined) throw new Error(`the schema has no ${name}`);
    const base = definition.extends === undefined ? undefined : shapeOf(from, definition.extends);
    const attributes = new Map(base?.attributes);
    const add = (attribute: string, more: Attribute, profile?: string): void => {
      const was = attributes.get(attribute) ?? { ...dictionary.attributes[attribute], ...(profile && { profile }) };
      attributes.set(attribute, { ...was, ...more, enum: { ...was.enum, ...more.enum } });
    };
    for (const [attribute, value] of Object.entries(definition.attributes)) {
      if (attribute !== "$include") {
        add(attribute, value as Attribute);
        continue;
      }
      for (const file of [value].flat() as string[]) {
        if (!existsSync(path.join(folder, file))) continue;
        const profile = read(file) as Definition;
        for (const [own, more] of Object.entries(profile.attributes)) {
          if (own !== "$include" && !(own in definition.attributes)) add(own, more as Attribute, profile.name);
        }
      }
    }
    return {
      attributes,
      constraints: definition.constraints ?? base?.constraints ?? {},
      isDeprecated: definition["@deprecated"] !== undefined,
    };
  }

  function check(value: unknown, shape: Shape, at: string, profiles: readonly unknown[]): readonly string[] {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${at} is no object`];
    const members = new Map<string, unknown>(Object.entries(value));
    const wrong = shape.isDeprecated ? [`${at} is deprecated`] : [];
    for (const [name, { requirement, profile }] of shape.attributes) {
      const isThere = profile === undefined || profile === null || profiles.includes(profile);
      if (requirement === "required" && isThere && !members.has(name)) wrong.push(`${at} lacks ${name}`);
      if (!isThere && members.has(name)) wrong.push(`${at}.${name} needs the profile ${profile}`);
    }
    const { at_least_one: some, just_one: one } = shape.constraints;
    if (some !== undefined && !some.some((name) => members.has(name)))
      wrong.push(`${at} has none of ${some.join(", ")}`);
    if (one !== undefined && one.filter((name) => members.has(name)).length !== 1) {
      wrong.push(`${at} has not just one of ${one.join(", ")}`);
    }
    for (const [name, member] of members) {
      const attribute = shape.attributes.get(name);
      if (attribute === undefined) wrong.push(`${at}.${name} is not in the schema`);
      else wrong.push(...checkAttribute(member, attribute, `${at}.${name}`, profiles));
    }
    return wrong;
  }

  function checkAttribute(value: unknown, attribute: Attribute, at: string, profiles: readonly unknown[]): string[] {
    if (attribute["@deprecated"] !== undefined) return [`${at} is deprecated`];
    if (Array.isArray(value) !== (attribute.is_array === true)) return [`${at} is an array, or should be one`];
    return [value].flat().flatMap((one) => {
      const type = attribute.type ?? "";
      if (!type.endsWith("_t")) return type === "object" ? [] : check(one, shapeOf(objects, type), at, profiles);
      const known = Object.keys(attribute.enum ?? {});
      if (known.length > 0 && !known.includes(String(one))) return [`${at} has no ${String(one)}`];
      return checkScalar(one, type, at);
    });
  }

  function checkScalar(value: unknown, name: string, at: string): readonly string[] {
    const type = dictionary.types.attributes[name];
    if (type === undefined && name !== "timestamp_t") return [`${at} has the unknown type ${name}`];
    const isText = (type?.type ?? name) === "string_t";
    const isRight =
      name === "boolean_t"
        ? typeof value === "boolean"
        : isText
          ? typeof value === "string"
          : Number.isSafeInteger(value);
    if (!isRight) return [`${at} is no ${name}`];
    const { regex, max_len: longest, range } = type ?? {};
    if (regex !== undefined && !new RegExp(regex, "u").test(String(value)))
      return [`${at} is no ${name}: ${String(value)}`];
    if (longest !== undefined && String(value).length > longest) return [`${at} is longer than ${longest}`];
    return range !== undefined && (Number(value) < range[0] || Number(value) > range[1])
      ? [`${at} is out of range`]
      : [];
  }

  /** The class with that number: its own within its category. */
  function classOf(uid: unknown): Shape | undefined {
    const found = [...events].find(([name, { uid: own }]) => uid === (name === "base_event" ? 0 : uidOf(name, own)));
    return found === undefined ? undefined : shapeOf(events, found[0]);
  }

  function uidOf(name: string, own: number | undefined): number | undefined {
    const category = categoryOf(name);
    return own === undefined || category === undefined ? undefined : category * 1000 + own;
  }

  function categoryOf(name: string): number | undefined {
    const definition = events.get(name);
    if (definition === undefined) return undefined;
    const { category, extends: base } = definition;
    return category === undefined ? (base === undefined ? undefined : categoryOf(base)) : categories[category]?.uid;
  }

  return (event) => {
    const shape = classOf(event["class_uid"]);
    if (shape === undefined) return [`there is no class ${String(event["class_uid"])}`];
    const { class_uid: uid, activity_id: activity, type_uid: type, category_uid: category } = event;
    const wrong = Number(uid) * 100 + Number(activity) === type ? [] : [`type_uid is ${String(type)}`];
    if (Math.floor(Number(uid) / 1000) !== category) wrong.push(`category_uid is ${String(category)}`);
    const { profiles } = event["metadata"] as { readonly profiles?: readonly string[] };
    // The numbers of class and category are checked above: the files name only the part within a category.
    const { class_uid: _class, category_uid: _category, ...rest } = event;
    const attributes = new Map(
      [...shape.attributes].filter(([name]) => name !== "class_uid" && name !== "category_uid"),
    );
    return [...wrong, ...check(rest, { ...shape, attributes }, "event", profiles ?? [])];
  };
}
