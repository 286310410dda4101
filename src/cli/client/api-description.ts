import type { Api, OperationCommand, ResourceCommand } from "./api.ts";

/** Who asks: somebody with an API key, or anybody. */
export type CallerKind = "authenticated" | "anonymous";

/** What a server's `describe/` document offers to this caller. Must throw where it is none: no profile can be made of it. */
export function parseDescription(document: unknown, caller: CallerKind): Api {
  const { hash, resources } = asObject(document, "the description");
  const offered = asList(resources, "resources")
    .map((resource) => parseResource(resource, caller))
    .filter(({ operations }) => Object.keys(operations).length > 0);
  return { hash: typeof hash === "string" ? hash : null, resources: byName(offered) };
}

/** With a key, what only its bearer may do comes before what anybody may; of two operations with one name, the first counts. */
function parseResource(value: unknown, caller: CallerKind): ResourceCommand {
  const { name, anon, auth } = asObject(value, "a resource");
  const handlers = (caller === "authenticated" ? [auth, anon] : [anon])
    .filter((handler) => handler !== null && handler !== undefined)
    .map((handler) => parseHandler(handler));
  const operations = handlers.flatMap((handler) => handler.operations);
  return {
    name: resourceName(asString(name, "a resource's name")),
    doc: handlers[0]?.doc ?? "",
    operations: byName(operations),
  };
}

/** The things under their names; of two with the same, the first. */
function byName<Thing extends { readonly name: string }>(things: readonly Thing[]): Record<string, Thing> {
  const named = new Map<string, Thing>();
  for (const thing of things) if (!named.has(thing.name)) named.set(thing.name, thing);
  return Object.fromEntries(named);
}

function parseHandler(value: unknown): { doc: string; operations: readonly OperationCommand[] } {
  const { doc, params, path, actions } = asObject(value, "a handler");
  const place = {
    params: asList(params, "params").map((name) => asString(name, "a parameter's name")),
    path: asString(path, "a handler's path"),
  };
  const operations = asList(actions, "actions").map((action) => ({ ...parseAction(action), ...place }));
  return { doc: parseDoc(doc), operations };
}

function parseAction(value: unknown): Omit<OperationCommand, "params" | "path"> {
  const { name, method, op, doc } = asObject(value, "an action");
  return {
    name: operationName(asString(name, "an action's name")),
    method: asString(method, "an action's method"),
    op: typeof op === "string" && op !== "" ? op : null,
    doc: parseDoc(doc),
  };
}

/** Servers may leave a doc out. */
function parseDoc(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** `NodeScriptsHandler` → `node-scripts`, `SSHKeysHandler` → `sshkeys`. */
export function resourceName(handlerName: string): string {
  return nameParts(handlerName)
    .map((part) => part.toLowerCase())
    .filter((part) => part !== "handler")
    .join("-");
}

/** `create_authorisation_token` → `create-authorisation-token`. */
export function operationName(actionName: string): string {
  return nameParts(actionName).join("-");
}

/** Cuts a name before each word: capitals (any number) with the small letters and digits after them; all else separates. */
function nameParts(name: string): readonly string[] {
  return name.match(/[A-Z]*[a-z0-9]+|[A-Z]+/g) ?? [];
}

function asObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${what} is no object`);
  return { ...value };
}

function asList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what} is no list`);
  return value;
}

function asString(value: unknown, what: string): string {
  if (typeof value !== "string") throw new Error(`${what} is no text`);
  return value;
}
