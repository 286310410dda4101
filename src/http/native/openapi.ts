import type { TSchema } from "typebox";
import { pathParameters } from "../operations/router.ts";
import { type NativeOperation, nativePath } from "./operation.ts";

/** The OpenAPI 3.1 document of the operations, which are below the base path: the schemas are those that requests are checked against. */
export function openApiDocument(operations: readonly NativeOperation[], version: string, base = ""): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = (paths[nativePath(operation)] ??= {});
    path[operation.method.toLowerCase()] = operationObject(operation);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Ironlog",
      version,
      summary: "The native API of Ironlog, an audit log for MAAS that nobody can change unseen.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    // Else a client would ask at the root of the host.
    ...(base !== "" && { servers: [{ url: base }] }),
    paths,
    components: { securitySchemes, schemas: { Problem: problemSchema } },
  };
}

const securitySchemes = {
  apiKey: { type: "http", scheme: "bearer", description: "An API key, `CK:TK:TS`, as MAAS's clients use it." },
  session: { type: "apiKey", in: "cookie", name: "sessionid", description: "A login; writes need `X-CSRFToken` too." },
};

const problemSchema = {
  description: "RFC 9457.",
  type: "object",
  required: ["type", "title", "status", "detail", "code", "trace_id"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string", description: "For programs; docs/api/errors.md lists them." },
    errors: { type: "object", additionalProperties: { type: "array", items: { type: "string" } } },
    trace_id: { type: "string" },
  },
};

function operationObject(operation: NativeOperation): unknown {
  const { status } = operation.answer;
  const required: ReadonlySet<string> = new Set(operation.query?.required ?? []);
  const query = Object.entries(operation.query?.properties ?? {}).map(([name, property]) => ({
    name,
    in: "query",
    required: required.has(name),
    schema: property,
  }));
  const path = pathParameters(operation.path).map((name) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const headers = Object.entries(operation.headers ?? {}).map(([name, description]) => ({
    name,
    in: "header",
    required: false,
    description,
    schema: { type: "string" },
  }));
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.description !== undefined && { description: operation.description }),
    ...(operation.command !== undefined && { "x-ironlog-command": operation.command }),
    ...(operation.columns !== undefined && { "x-ironlog-columns": operation.columns }),
    security: operation.who === "anyone" ? [] : [{ apiKey: [] }, { session: [] }],
    "x-permission": operation.who,
    ...(operation.scope !== undefined && { "x-scope": operation.scope }),
    parameters: [...path, ...query, ...headers],
    ...(operation.body !== undefined && {
      requestBody: { required: true, content: bodyContent(operation.body, operation) },
    }),
    responses: {
      [status]: answerObject(operation.answer),
      default: {
        description: "It was refused, and nothing was changed.",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function answerObject({ description, schema, streams }: NativeOperation["answer"]) {
  const streamed = streams?.map((type) => [type, { schema: { type: "string" } }] as const);
  const content = schema === undefined ? streamed && Object.fromEntries(streamed) : json(schema);
  return { description, ...(content !== undefined && { content }) };
}

function bodyContent(body: TSchema, { bodiesMax, otherFormats }: NativeOperation) {
  if (bodiesMax === undefined) return json(body);
  const many = { type: "array", items: body, minItems: 1, maxItems: bodiesMax };
  return {
    ...json({ oneOf: [body, many] }),
    "application/x-ndjson": { schema: { description: "One object on each line.", type: "string" } },
    ...Object.fromEntries(Object.entries(otherFormats?.content ?? {}).map(([type, schema]) => [type, { schema }])),
  };
}

function json(schema: TSchema) {
  return { "application/json": { schema } };
}
