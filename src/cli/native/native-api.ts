/** What a server's native API offers on the command line, by resource and operation. */
export interface NativeApi {
  readonly resources: Readonly<Record<string, Readonly<Record<string, NativeCommand>>>>;
}

/** How a value is written on the command line, and sent. */
export type FieldType = "text" | "integer" | "number" | "boolean" | "time" | "json";

/** A parameter that is given as `name=value`. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** True where it may be repeated. */
  readonly isList: boolean;
  readonly isRequired: boolean;
  readonly text: string;
  /** Values that it may have, or such as it often has. */
  readonly values: readonly string[];
  /** True where it has no others. */
  readonly isClosed: boolean;
  /** True where words without a name are this one's. */
  readonly takesWords: boolean;
}

/** One operation of the native API, and how to ask for it. */
export interface NativeCommand {
  readonly resource: string;
  readonly name: string;
  readonly method: string;
  /** From the root of the host. */
  readonly path: string;
  /** The names in the path's braces, in the order of the command's words. */
  readonly params: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly query: readonly Field[];
  readonly body: readonly Field[];
  /** True where the body may be many objects. */
  readonly takesMany: boolean;
  /** The media types of its answer; none for one without a body. */
  readonly answers: readonly string[];
  /** The members of its items that a table shows; all unless given. */
  readonly columns?: readonly string[];
}

/** The operations of an OpenAPI document that declare a command. Throws where the document is none. */
export function parseNativeApi(document: unknown): NativeApi {
  const { paths, servers } = asObject(document, "the document");
  const [server] = Array.isArray(servers) ? (servers as unknown[]) : [];
  const base = typeof asObjectOrEmpty(server)["url"] === "string" ? String(asObjectOrEmpty(server)["url"]) : "";
  const resources: Record<string, Record<string, NativeCommand>> = {};
  for (const [path, methods] of Object.entries(asObject(paths, "its paths"))) {
    for (const [method, operation] of Object.entries(asObject(methods, "a path"))) {
      const command = parseCommand(base + path, method.toUpperCase(), asObject(operation, "an operation"));
      if (command !== undefined) (resources[command.resource] ??= {})[command.name] = command;
    }
  }
  return { resources };
}

type Members = Readonly<Record<string, unknown>>;

function parseCommand(path: string, method: string, operation: Members): NativeCommand | undefined {
  const words = operation["x-ironlog-command"];
  if (!Array.isArray(words) || words.length !== 2) return undefined;
  const [resource, name] = words.map(String) as [string, string];
  const parameters = (Array.isArray(operation["parameters"]) ? operation["parameters"] : []).map(asObjectOrEmpty);
  const columns = operation["x-ironlog-columns"];
  const body = contentOf(asObjectOrEmpty(operation["requestBody"]));
  const [answer] = Object.entries(asObjectOrEmpty(operation["responses"])).filter(([status]) => status !== "default");
  return {
    resource,
    name,
    method,
    path,
    params: parameters.filter((one) => one["in"] === "path").map((one) => String(one["name"])),
    summary: textIn(operation, "summary"),
    description: textIn(operation, "description"),
    query: parameters
      .filter((one) => one["in"] === "query")
      .map((one) => parseField(String(one["name"]), asObjectOrEmpty(one["schema"]), one["required"] === true)),
    body: fieldsOf(bodySchema(body)),
    takesMany: Object.hasOwn(body, "application/x-ndjson"),
    answers: Object.keys(contentOf(asObjectOrEmpty(answer?.[1]))),
    ...(Array.isArray(columns) && { columns: columns.map(String) }),
  };
}

function contentOf(holder: Members): Members {
  return asObjectOrEmpty(holder["content"]);
}

function bodySchema(content: Members): Members {
  const schema = asObjectOrEmpty(asObjectOrEmpty(content["application/json"])["schema"]);
  const [one] = Array.isArray(schema["oneOf"]) ? (schema["oneOf"] as unknown[]) : [schema];
  return asObjectOrEmpty(one);
}

function fieldsOf(schema: Members): readonly Field[] {
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(asObjectOrEmpty(schema["properties"])).map(([name, property]) =>
    parseField(name, asObjectOrEmpty(property), required.includes(name)),
  );
}

function parseField(name: string, schema: Members, isRequired: boolean): Field {
  const isList = schema["type"] === "array";
  const own = isList ? asObjectOrEmpty(schema["items"]) : schema;
  const closed = Array.isArray(own["enum"]) ? own["enum"] : undefined;
  const usual = closed ?? (Array.isArray(own["examples"]) ? own["examples"] : []);
  return {
    name,
    type: typeOf(own),
    isList,
    isRequired,
    text: textIn(schema, "description") || textIn(own, "description"),
    values: usual.map(String),
    isClosed: closed !== undefined,
    takesWords: schema["x-words"] === true,
  };
}

const types: Readonly<Record<string, FieldType>> = {
  string: "text",
  integer: "integer",
  number: "number",
  boolean: "boolean",
};

function typeOf(schema: Members): FieldType {
  if (schema["x-time"] === true) return "time";
  if (schema["enum"] !== undefined) return "text";
  const own = types[String(schema["type"])];
  if (own !== undefined) return own;
  const others = Array.isArray(schema["anyOf"]) ? schema["anyOf"].map((one) => asObjectOrEmpty(one)) : [];
  const [first, ...more] = others.filter((one) => one["type"] !== "null");
  return first !== undefined && more.length === 0 && others.length === 1 ? typeOf(first) : "json";
}

function textIn(members: Members, name: string): string {
  const text = members[name];
  return typeof text === "string" ? text : "";
}

function asObject(value: unknown, what: string): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${what} is no object`);
  return { ...value };
}

function asObjectOrEmpty(value: unknown): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
