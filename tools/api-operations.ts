import { writeFileSync } from "node:fs";
import path from "node:path";
import { eventKinds } from "../src/audit/kinds.ts";
import { openApiDocument } from "../src/http/native/openapi.ts";
import { describedOperations } from "../src/operations.ts";

// Writes the types by which the web UI speaks the native API from its OpenAPI document: `npm run docs`. A test fails where
// they differ.

/** Where the types are. */
export const operationsFile: string = path.join(import.meta.dirname, "..", "web", "src", "api", "operations.ts");

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Operation {
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

/** The types of all operations of the native API, as TypeScript. */
export async function operationsText(): Promise<string> {
  const { native } = await describedOperations("2.9");
  const document = openApiDocument(native, "") as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  const entries = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const key = `${method.toUpperCase()} ${template.replace("/api/v1", "")}`;
      return `  ${JSON.stringify(key)}: {\n    query: ${queryType(operation)};\n    body: ${bodyType(operation)};\n    answer: ${answerType(operation)};\n  };`;
    }),
  );
  return `// Written by \`npm run docs\` from the server's OpenAPI document.\n\n/** The operations of the native API, by method and path below /api/v1. */\nexport interface Operations {\n${entries.join("\n")}\n}\n
/** What Ironlog itself records, for completion; other programs may report more. */
export const actionNames: readonly string[] = ${JSON.stringify(Object.keys(eventKinds).toSorted())};\n`;
}

function queryType({ parameters }: Operation): string {
  const inQuery = parameters.filter((parameter) => parameter.in === "query");
  const members = inQuery.map(
    ({ name, required, schema }) => `${member(name)}${required ? "" : "?"}: ${typeOf(schema)}`,
  );
  return members.length === 0 ? "undefined" : `{ ${members.join("; ")} }`;
}

function bodyType({ requestBody }: Operation): string {
  const schema = requestBody?.content["application/json"]?.schema;
  return schema === undefined ? "undefined" : typeOf(schema);
}

function answerType({ responses }: Operation): string {
  const [, done] = Object.entries(responses).find(([status]) => status.startsWith("2")) ?? [];
  const schema = done?.content?.["application/json"]?.schema;
  return schema === undefined ? "undefined" : typeOf(schema);
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return union.map(typeOf).join(" | ");
  if (schema.allOf !== undefined) return schema.allOf.map((part) => `(${typeOf(part)})`).join(" & ");
  switch (schema.type) {
    case "array":
      return `readonly (${schema.items === undefined ? "unknown" : typeOf(schema.items)})[]`;
    case "object":
      return objectType(schema);
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case undefined:
    default:
      return "unknown";
  }
}

function objectType({ properties = {}, required = [] }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, property]) => `readonly ${member(name)}${required.includes(name) ? "" : "?"}: ${typeOf(property)}`,
  );
  return members.length > 0 ? `{ ${members.join("; ")} }` : "Readonly<Record<string, unknown>>";
}

function member(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

if (import.meta.main) writeFileSync(operationsFile, await operationsText());
