/** The objects of a table by kind and name, such as `index event_user`, each with its text. The table itself is `table`. */
export type TableObjects = Readonly<Record<string, string>>;

/** What a database consists of, by table. Functions stand under `functions`. */
export type SchemaText = Readonly<Record<string, TableObjects>>;

/** What a look at a database found beside the events. */
export interface Examination {
  /** What is not as Ironlog made it. */
  readonly faults: readonly string[];
  /** What weakens the log and may be meant so. */
  readonly warnings: readonly string[];
  /** What a reader of the report should know. */
  readonly notes: readonly string[];
}

/** The group of objects that belong to no table. */
export const functionsGroup = "functions";

/** Makes a schema of its objects. One that is there twice has both texts, so it differs from what is expected. */
export function schemaOf(
  objects: Iterable<{ readonly table: string; readonly object: string; readonly text: string }>,
): SchemaText {
  const schema: Record<string, Record<string, string>> = {};
  for (const { table, object, text } of objects) {
    const group = (schema[table] ??= {});
    group[object] = group[object] === undefined ? text : `${group[object]}; ${text}`;
  }
  return schema;
}

/** What differs, each as a sentence without its end. */
export function schemaDifferences(expected: SchemaText, found: SchemaText): readonly string[] {
  const tables = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...tables].flatMap((table) => tableDifferences(table, expected[table] ?? {}, found[table] ?? {}));
}

function tableDifferences(table: string, expected: TableObjects, found: TableObjects): readonly string[] {
  // Nothing of a table is there without the table: it is named alone.
  const isGone = expected["table"] !== undefined && found["table"] === undefined;
  const names = isGone ? ["table", ...Object.keys(found)] : new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...names].flatMap((object) => {
    const [must, has] = [expected[object], found[object]];
    if (must === has) return [];
    const name = nameOf(table, object);
    if (has === undefined) return [`${name} is missing${must === undefined ? "" : mendOf(object, must)}`];
    if (must === undefined) return [`${name} is not Ironlog's: ${excerpt(has, 0)}`];
    const at = firstDifference(must, has);
    return [`${name} was changed: it has ${excerpt(has, at)} and must have ${excerpt(must, at)}`];
  });
}

function nameOf(table: string, object: string): string {
  if (table === functionsGroup) return `the ${object}`;
  return object === "table" ? `the table ${table}` : `the ${object} of table ${table}`;
}

/** An index is made again by its text; a table or a guard by nothing so short. */
function mendOf(object: string, text: string): string {
  return object.startsWith("index ") && text !== "" ? ` (${oneLine(text)})` : "";
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

const excerptBefore = 20;
const excerptMax = 80;

/** Some words around a place in a text. */
function excerpt(text: string, at: number): string {
  const start = Math.max(0, at - excerptBefore);
  const part = oneLine(text.slice(start, start + excerptMax));
  return `'${start > 0 ? "…" : ""}${part}${start + excerptMax < text.length ? "…" : ""}'`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
