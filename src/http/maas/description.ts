import { hash } from "node:crypto";
import { pathParameters } from "../operations/router.ts";
import { exampleCommand } from "./example.ts";
import { parameterDoc } from "./parameters/ignored-parameters.ts";
import { actionName, isNeeded, type MaasOperation } from "./operation.ts";

/** `describe/`, but for the absolute addresses, which are the request's own. */
export interface Description {
  /** The document, for a caller who knows this server as `baseUrl`. */
  documentFor(baseUrl: string): unknown;
  /** SHA-1 of it, as the header `X-MAAS-API-Hash` carries it: a client warns its user where the two differ. */
  readonly hash: string;
}

/** Describes every operation that belongs to a resource, in the order in which they are declared. */
export function describeOperations(operations: readonly MaasOperation[]): Description {
  const resources = groupByResource(operations);
  const documentHash = hash("sha1", JSON.stringify(document(resources, "")), "hex");
  return {
    documentFor: (baseUrl) => ({ ...document(resources, baseUrl), hash: documentHash }),
    hash: documentHash,
  };
}

interface Resource {
  readonly name: string;
  readonly doc: string;
  readonly path: string;
  readonly operations: readonly MaasOperation[];
}

function groupByResource(operations: readonly MaasOperation[]): readonly Resource[] {
  const byName = Map.groupBy(
    operations.filter(({ resource }) => resource !== null),
    ({ resource }) => resource?.name ?? "",
  );
  return [...byName].map(([name, own]) => ({
    name,
    doc: own[0]?.resource?.doc ?? "",
    path: own[0]?.path ?? "",
    operations: own,
  }));
}

function document(resources: readonly Resource[], baseUrl: string) {
  const described = resources.map((resource) => {
    const anonymous = resource.operations.filter(({ who }) => who === "anyone");
    const authenticated = resource.operations.filter(({ who }) => who !== "anyone");
    return {
      name: resource.name,
      anon: anonymous.length === 0 ? null : handler(resource, anonymous, baseUrl),
      auth: authenticated.length === 0 ? null : handler(resource, authenticated, baseUrl),
    };
  });
  const handlers = [...described.map(({ anon }) => anon), ...described.map(({ auth }) => auth)];
  return { doc: "Ironlog API", resources: described, handlers: handlers.filter((one) => one !== null) };
}

function handler(resource: Resource, operations: readonly MaasOperation[], baseUrl: string) {
  const path = `/MAAS/${resource.path}`;
  return {
    name: resource.name,
    doc: resource.doc,
    params: pathParameters(resource.path),
    path,
    uri: `${baseUrl}${path}`,
    actions: operations.map((operation) => ({
      name: actionName(operation),
      method: operation.method,
      op: operation.op,
      restful: operation.op === null,
      doc: documentation(operation),
    })),
  };
}

/**
 * Title, description, what the path's words are, parameters in MAAS's layout, and an example. The clients look for
 * `:param` below the first paragraph, and use the title as a format string, in which a percent sign is written twice.
 */
function documentation(operation: MaasOperation): string {
  const { title, description, path, resource, parameters } = operation;
  const words = pathParameters(path).map((name) => `${name.toUpperCase()}: ${resource?.argument?.doc ?? ""}`);
  const fields = Object.entries(parameters).map(([name, parameter]) => {
    const need = isNeeded(parameter) ? "Required" : "Optional";
    return `:param ${name}: ${need}. ${parameterDoc(parameter)}\n:type ${name}: ${parameter.type}`;
  });
  const example = `Example:\n    ${exampleCommand(operation)}`;
  const parts = [title.replaceAll("%", "%%"), description, ...words, ...fields, example];
  return parts.filter((part) => part !== "").join("\n\n");
}
