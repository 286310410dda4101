import { commandNames, inScope, takeParameters } from "./command-names.ts";
import { expectAnswer, expectMatch, expectSame, expectThat } from "../expectations.ts";
import type { Statement } from "../statement.ts";
import type { World } from "../world.ts";

/** Statements 29 to 32: the description from which clients make their commands. */
export const describe: readonly Statement[] = [
  {
    number: 29,
    sentence: "every handler has `name doc params path uri actions`; every action `name method op restful doc`.",
    async check(world) {
      const description = await descriptionOf(world);
      expectSame(
        "describe/: types of doc, resources, handlers, hash",
        typesOf(description, ["doc", "resources", "handlers", "hash"]),
        ["string", "list", "list", "string"],
      );
      for (const resource of description.resources) {
        const about = `describe/: resource ${resource.name}`;
        expectThat(about, "anon" in resource && "auth" in resource, "both keys anon and auth", Object.keys(resource));
        expectSame(`${about}: name`, resource.name, (resource.auth ?? resource.anon)?.name);
      }
      for (const handler of description.handlers) expectHandler(handler);
      const listed = [
        ...description.resources.map(({ anon }) => anon),
        ...description.resources.map(({ auth }) => auth),
      ];
      expectSame(
        "describe/: handlers, against those of its resources",
        description.handlers,
        listed.filter((handler) => handler !== null),
      );
    },
  },
  {
    number: 30,
    sentence: "every action that takes parameters has `:param ` in the body of its `doc`.",
    async check(world) {
      const actions = (await descriptionOf(world)).handlers.flatMap(({ name, actions: all }) =>
        all.map((action) => ({ ...action, key: `${name} ${action.name}` })),
      );
      const documented = actions.filter(({ key }) => takeParameters.includes(key));
      expectThat("describe/: actions that take parameters", documented.length > 0, "some", documented.length);
      for (const { key, doc } of documented) {
        const [, body = ""] = doc.split(/\n[ \t]*\n([^]*)/);
        expectMatch(`describe/: doc of ${key} behind its first paragraph`, body, /:param \w+:/);
      }
    },
  },
  {
    number: 31,
    sentence: "the names in `describe/` map to the CLI's commands, for what is in scope.",
    async check(world) {
      const { resources } = await descriptionOf(world);
      const commands = resources.map(({ name }) => commandNames.handler(name));
      expectSame("describe/: command names that two resources share", repeated(commands), []);
      for (const { command, path, params, actions } of inScope) {
        const handler = resources
          .filter(({ name }) => commandNames.handler(name) === command)
          .map(({ auth, anon }) => auth ?? anon)[0];
        const about = `describe/: the command '${command}'`;
        expectThat(about, handler !== undefined && handler !== null, "a resource that maps to it", commands);
        expectSame(`${about}: path and params`, [handler?.path, handler?.params], [`/MAAS/api/2.0/${path}`, params]);
        const offered = (handler?.actions ?? []).map(({ name, method }) => `${commandNames.action(name)} ${method}`);
        const missing = actions.filter((action) => !offered.includes(action));
        expectThat(
          `${about}: actions`,
          missing.length === 0,
          actions.join(", "),
          `${offered.join(", ")}; missing: ${missing.join(", ")}`,
        );
      }
    },
  },
  {
    number: 32,
    sentence: "`uri` uses the request's host.",
    async check(world) {
      const { protocol, host } = new URL(world.url);
      for (const asked of [host, "192.0.2.7:1234", "localhost:1234"]) {
        const description = await descriptionOf(world, asked);
        for (const { name, uri, path } of description.handlers) {
          expectSame(`describe/ with Host: ${asked}: uri of ${name}`, uri, `${protocol}//${asked}${path}`);
        }
      }
    },
  },
];

interface Description {
  readonly doc: unknown;
  readonly resources: readonly {
    readonly name: string;
    readonly anon: Handler | null;
    readonly auth: Handler | null;
  }[];
  readonly handlers: readonly Handler[];
  readonly hash: unknown;
}

interface Handler {
  readonly name: string;
  readonly doc: string;
  readonly params: readonly string[];
  readonly path: string;
  readonly uri: string;
  readonly actions: readonly Action[];
}

interface Action {
  readonly name: string;
  readonly method: string;
  readonly op: string | null;
  readonly restful: boolean;
  readonly doc: string;
}

async function descriptionOf({ send }: World, host?: string): Promise<Description> {
  const headers = host === undefined ? [] : [["Host", host] as const];
  const answer = await send({ method: "GET", path: "/MAAS/api/2.0/describe/", headers });
  return expectAnswer(answer, { status: 200 }).json<Description>();
}

function expectHandler(handler: Handler): void {
  const about = `describe/: handler ${handler.name}`;
  const keys = ["name", "doc", "params", "path", "uri", "actions"];
  expectSame(`${about}: types of ${keys.join(" ")}`, typesOf(handler, keys), [
    "string",
    "string",
    "list",
    "string",
    "string",
    "list",
  ]);
  expectSame(
    `${about}: params`,
    handler.params,
    [...handler.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
  );
  expectMatch(`${about}: uri`, handler.uri, /^https?:\/\/[^/]+\/MAAS\/api\/2\.0\//);
  for (const action of handler.actions) expectAction(`${about}: action ${action.name}`, action);
}

const verbs: Readonly<Record<string, string>> = { read: "GET", create: "POST", update: "PUT", delete: "DELETE" };

function expectAction(about: string, action: Action): void {
  const { name, method, op, restful, doc } = action;
  const keys = ["name", "method", "restful", "doc"];
  expectSame(`${about}: types of ${keys.join(" ")}`, typesOf(action, keys), ["string", "string", "boolean", "string"]);
  expectSame(`${about}: op`, "op" in action ? op : undefined, restful ? null : name);
  if (restful) expectSame(`${about}: method`, method, verbs[name]);
  else expectThat(`${about}: method`, method === "GET" || method === "POST", "GET or POST", method);
  const [title = ""] = doc.split(/\n[ \t]*\n/);
  expectThat(`${about}: first paragraph of its doc`, !title.replaceAll("%%", "").includes("%"), "no lone %", title);
}

function typesOf(value: object, keys: readonly string[]): readonly string[] {
  return keys.map((key) => {
    const member: unknown = (value as Readonly<Record<string, unknown>>)[key];
    return Array.isArray(member) ? "list" : typeof member;
  });
}

function repeated(names: readonly string[]): readonly string[] {
  return names.filter((name, at) => names.indexOf(name) !== at);
}
