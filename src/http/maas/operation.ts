import type { Work } from "../operations/operation.ts";
import type { AccessRule } from "../authentication/permission.ts";
import type { BodySize } from "../request/request-body.ts";
import type { MaasAnswer } from "./answer.ts";
import type { Parameters } from "./parameters/parameters.ts";

export type MaasMethod = "GET" | "POST" | "PUT" | "DELETE";

/** How `describe/` names a parameter's type. */
export type ParameterType = "String" | "Int" | "Boolean" | "JSON" | "URL String";

export interface MaasParameter {
  readonly type: ParameterType;
  /** A required one that is missing is refused before the operation runs. */
  readonly required: boolean;
  /** True if the operation itself refuses without it, in words of its own: people are told that it is required. */
  readonly isNeeded?: true;
  readonly doc: string;
  /**
   * Why it has no effect here, as the end of "NAME is ignored: …". MAAS knows it, so it is accepted, and the answer's
   * `Warning` says so.
   */
  readonly ignored?: string;
  /** What it may be, for the example of an operation that needs it. */
  readonly sample?: string;
}

/** Whether one can't do without the parameter, whoever says so. */
export function isNeeded(parameter: MaasParameter): boolean {
  return parameter.required || parameter.isNeeded === true;
}

/** One request, as MAAS's API sees it. */
export interface MaasRequest {
  /** The path's parameters, decoded. */
  readonly path: Readonly<Record<string, string>>;
  /** The body's parameters for POST and PUT, the query's for GET and DELETE. */
  readonly parameters: Parameters;
  /** The query's, whatever the method. */
  readonly query: Parameters;
  /** Scheme and host under which the caller knows this server. */
  readonly baseUrl: string;
  /** True if cookies may travel over TLS only. */
  readonly isSecure: boolean;
}

/** What operations belong to, for a client: a word on its command line. */
export interface MaasResource {
  /** MAAS's class-like name, such as `EventsHandler`. */
  readonly name: string;
  /** The first line of its help. */
  readonly doc: string;
  /** True if MAAS keeps others away from all of it, in words of its own. */
  readonly isForAdministrators?: true;
  /** What stands for the parameter of its path on a command line, and one that may stand there. */
  readonly argument?: { readonly doc: string; readonly sample: string };
}

/**
 * One operation of MAAS's API 2.0: a method of a resource, with or without an `op`.
 *
 * The same value makes the route, the checks, `describe/` and with it the client's commands and help.
 */
export interface MaasOperation extends AccessRule, BodySize {
  /** Null for a page outside the API, which isn't described. */
  readonly resource: MaasResource | null;
  /** Below `/MAAS/`, with its slash at the end: `api/2.0/users/{username}/`. */
  readonly path: string;
  readonly method: MaasMethod;
  /** Null for the plain verb. */
  readonly op: string | null;
  /** First line of the help. */
  readonly title: string;
  readonly description: string;
  /** By their names; `x_*` stands for all names that begin with `x_`. */
  readonly parameters: Readonly<Record<string, MaasParameter>>;
  /** True where MAAS checks a form: then what is missing or empty is named by field, all at once. */
  readonly isForm?: true;
  /** What the help's example gives as KEY=VALUE, where that is something else than what is needed. */
  readonly example?: string;
  readonly does: Work<MaasRequest, MaasAnswer>;
}

/** `read`, `create`, `update`, `delete`, or the `op` itself. */
export function actionName({ method, op }: Pick<MaasOperation, "method" | "op">): string {
  return op ?? { GET: "read", POST: "create", PUT: "update", DELETE: "delete" }[method];
}

/** The words with which a client calls it, such as `users create`: MAAS's own rule of names. */
export function commandWords(operation: MaasOperation): string {
  const action = actionName(operation).replaceAll("_", "-");
  if (operation.resource === null) return `${operation.method} /MAAS/${operation.path}`;
  return `${resourceWord(operation.resource.name)} ${action}`;
}

/** `NodeScriptsHandler` is `node-scripts` on a command line. */
export function resourceWord(name: string): string {
  const words = name.match(/[A-Z]*[a-z0-9]+|[A-Z]+(?![a-z])/g) ?? [];
  return words
    .map((word) => word.toLowerCase())
    .filter((word) => word !== "handler")
    .join("-");
}
