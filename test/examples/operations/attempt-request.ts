import assert from "node:assert/strict";
import { encode, multipart, type ParameterPairs } from "../../support/clients/maas-client.ts";
import { type DeclaredOperation, targetOf } from "../../support/operations.ts";
import type { Attempt } from "./example.ts";

/** What an attempt sends, as clients of its API would. */
export function requestOf(
  operation: DeclaredOperation,
  { path = {}, values, list, files }: Attempt,
): { readonly target: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string } {
  const target = (query: ParameterPairs = []): string =>
    targetOf(
      operation,
      (name) => {
        const value = path[name];
        assert.ok(value !== undefined, `the example says nothing of {${name}}`);
        return value;
      },
      query,
    );
  if (operation.method === "GET" || operation.method === "DELETE")
    return { target: target(formOf(values)), headers: {} };
  if (operation.api === "native") {
    const json = list ?? values;
    if (json === undefined) return { target: target(), headers: {} };
    return { target: target(), headers: { "content-type": "application/json" }, body: JSON.stringify(json) };
  }
  if (files !== undefined) {
    const { body, type } = multipart(
      formOf(values),
      files.map(([name, content]) => [name, Buffer.from(content)] as const),
    );
    return { target: target(), headers: { "content-type": type }, body };
  }
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { target: target(), headers, body: encode(formOf(values)) };
}

/** A form has a field for each member of a list. */
export function formOf(values: Attempt["values"] = {}): ParameterPairs {
  return Object.entries(values).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)] as const),
  );
}
