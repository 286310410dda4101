import assert from "node:assert/strict";
import { test } from "node:test";
import { send } from "../../support/clients/http-client.ts";
import { oauthHeader } from "../../support/clients/maas-client.ts";
import { sharedServers, startServer } from "../../support/server.ts";

// What is described comes from the program alone, so one kind of database is enough.

const serverOf = sharedServers({ args: ["--allowed-host", "maas.example"] });

interface Action {
  readonly name: string;
  readonly method: string;
  readonly op: string | null;
  readonly restful: boolean;
  readonly doc: string;
}

interface Described {
  readonly name: string;
  readonly doc: string;
  readonly params: readonly string[];
  readonly path: string;
  readonly uri: string;
  readonly actions: readonly Action[];
}

interface Resource {
  readonly name: string;
  readonly anon: Described | null;
  readonly auth: Described | null;
}

interface Description {
  readonly doc: string;
  readonly resources: readonly Resource[];
  readonly handlers: readonly Described[];
  readonly hash: string;
}

async function describe(headers: Record<string, string> = {}): Promise<Description> {
  const answer = await send((await serverOf("sqlite")).url, "/MAAS/api/2.0/describe/", { headers });
  assert.equal(answer.type, "application/json");
  return answer.json<Description>();
}

const handlersOf = ({ anon, auth }: Resource): readonly Described[] =>
  [anon, auth].filter((handler) => handler !== null);

/** MAAS's own way from a name to its words (docs/contract.md, 3.3). */
function words(name: string): readonly string[] {
  return name.match(/[A-Z]*[a-z0-9]+|[A-Z]+(?![a-z0-9])/g) ?? [];
}

const resourceCommand = (name: string): string =>
  words(name)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== "handler")
    .join("-");

const actionCommand = (name: string): string => words(name).join("-");

test("29: the description has all that clients need", async () => {
  const description = await describe();
  assert.deepEqual(Object.keys(description).sort(), ["doc", "handlers", "hash", "resources"]);
  assert.match(description.doc, /\S/);
  for (const resource of description.resources) {
    assert.deepEqual(Object.keys(resource).sort(), ["anon", "auth", "name"]);
    assert.equal(resource.name, (resource.auth ?? resource.anon)?.name);
    for (const handler of handlersOf(resource)) {
      assert.deepEqual(Object.keys(handler).sort(), ["actions", "doc", "name", "params", "path", "uri"]);
      assert.equal(typeof handler.doc, "string");
      assert.ok(Array.isArray(handler.params));
      assert.match(handler.path, /^\/MAAS\/api\/2\.0\/(.*\/|(commissioning-)?scripts\/\{name\})$/);
      assert.deepEqual(
        [...handler.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
        handler.params,
      );
      for (const action of handler.actions) {
        assert.deepEqual(Object.keys(action).sort(), ["doc", "method", "name", "op", "restful"]);
        assert.equal(typeof action.doc, "string");
        if (action.restful) {
          assert.equal(action.op, null);
          const verbs: Record<string, string> = { read: "GET", create: "POST", update: "PUT", delete: "DELETE" };
          assert.equal(verbs[action.name], action.method);
        } else {
          assert.equal(action.op, action.name);
          assert.ok(action.method === "GET" || action.method === "POST");
        }
      }
    }
  }
});

test("29: handlers are those for anybody, then those for users", async () => {
  const { resources, handlers } = await describe();
  const anon = resources.map((resource) => resource.anon).filter((handler) => handler !== null);
  const auth = resources.map((resource) => resource.auth).filter((handler) => handler !== null);
  assert.deepEqual(handlers, [...anon, ...auth]);
});

test("30: an action that takes parameters names them after its first paragraph", async () => {
  const documented = new Map<string, readonly string[]>();
  for (const handler of (await describe()).handlers) {
    for (const { name, doc } of handler.actions) {
      const [title = "", ...rest] = doc.split("\n\n");
      assert.ok(!title.includes(":param"), `${handler.name} ${name}`);
      assert.ok(!title.includes("\n"), `${handler.name} ${name}`);
      assert.ok(!/(^|[^%])%([^%]|$)/.test(title), `${handler.name} ${name}: ${title}`);
      const parameters = [...rest.join("\n\n").matchAll(/^ ?:param (\w+): (?:Required|Optional)\. \S/gm)];
      for (const [, parameter] of parameters) {
        assert.match(doc, new RegExp(`^ ?:type ${parameter}: (String|URL String|Int|Boolean|JSON|Float)$`, "m"));
      }
      documented.set(
        `${resourceCommand(handler.name)} ${actionCommand(name)}`,
        parameters.map(([, parameter = ""]) => parameter),
      );
    }
  }
  const has = (action: string, ...parameters: string[]): void => {
    const all = documented.get(action) ?? [];
    for (const parameter of parameters) assert.ok(all.includes(parameter), `${action} ${parameter}: ${String(all)}`);
  };
  has("events query", "level", "owner", "limit", "before", "after");
  has("users create", "username", "email", "password", "is_superuser");
  has("user update", "email", "last_name", "is_superuser");
  has("user delete", "transfer_resources_to");
  has("account create-authorisation-token", "name");
  has("account delete-authorisation-token", "token_key");
  has("account update-token-name", "token", "name");
  has("account change-password", "old_password", "new_password");
});

test("31, C4: the names give the commands of MAAS, and our additions", async () => {
  const { resources } = await describe();
  const commands = resources.map(({ name }) => resourceCommand(name));
  assert.equal(new Set(commands).size, commands.length, "two resources with one command");
  const actionsOf = (command: string): readonly string[] =>
    resources
      .filter(({ name }) => resourceCommand(name) === command)
      .flatMap(handlersOf)
      .flatMap(({ actions }) => actions.map(({ name, method }) => `${actionCommand(name)} ${method}`))
      .sort();
  assert.deepEqual(actionsOf("account"), [
    "change-password POST",
    "create-authorisation-token POST",
    "delete-authorisation-token POST",
    "list-authorisation-tokens GET",
    "update-token-name POST",
  ]);
  assert.deepEqual(actionsOf("events"), ["query GET"]);
  assert.deepEqual(actionsOf("users"), ["create POST", "read GET", "whoami GET"]);
  assert.deepEqual(actionsOf("user"), ["delete DELETE", "read GET", "update PUT"]);
  assert.deepEqual(actionsOf("node-scripts"), ["create POST", "read GET"]);
  assert.deepEqual(actionsOf("node-script"), [
    "add-tag POST",
    "delete DELETE",
    "download GET",
    "read GET",
    "remove-tag POST",
    "revert POST",
    "update PUT",
  ]);
  assert.deepEqual(actionsOf("commissioning-scripts"), ["create POST", "read GET"]);
  assert.deepEqual(actionsOf("commissioning-script"), ["delete DELETE", "read GET", "update PUT"]);
  assert.deepEqual(actionsOf("version"), ["read GET"]);
  const paths = resources.flatMap(handlersOf).map(({ name, path }) => `${name} ${path}`);
  assert.ok(paths.includes("UserHandler /MAAS/api/2.0/users/{username}/"));
  assert.ok(paths.includes("AccountHandler /MAAS/api/2.0/account/"));
  assert.ok(paths.includes("EventsHandler /MAAS/api/2.0/events/"));
});

test("32: uri uses the request's host, and the hash doesn't", async () => {
  const here = await describe();
  for (const host of ["maas.example:1234", "192.0.2.7:1234", "[2001:db8::7]:1234", "localhost"]) {
    const there = await describe({ host });
    for (const { uri, path } of there.handlers) assert.equal(uri, `http://${host}${path}`);
    assert.equal(here.hash, there.hash);
  }
});

test("32: with --url, uri uses that", async () => {
  await using server = await startServer({ kind: "sqlite", args: ["--url", "https://audit.example/"] });
  const [, listening = ""] = await server.untilLogged(/listening at (http[^"]+)"/);
  const { handlers } = (await send(listening, "/MAAS/api/2.0/describe/")).json<Description>();
  for (const { uri, path } of handlers) assert.equal(uri, `https://audit.example${path}`);
});

test("3.1: version/ reports a MAAS 2.9 with its nine capabilities, on one line", async () => {
  const answer = await send((await serverOf("sqlite")).url, "/MAAS/api/2.0/version/");
  assert.equal(answer.type, "application/json; charset=utf-8");
  const version = answer.json<{ capabilities: readonly string[]; version: string; subversion: string }>();
  assert.deepEqual(Object.keys(version), ["capabilities", "version", "subversion"]);
  assert.deepEqual(version.capabilities, [
    "networks-management",
    "static-ipaddresses",
    "ipv6-deployment-ubuntu",
    "devices-management",
    "storage-deployment-ubuntu",
    "network-deployment-ubuntu",
    "bridging-interface-ubuntu",
    "bridging-automatic-ubuntu",
    "authenticate-api",
  ]);
  assert.match(version.version, /^2\.9(\.\d+)?$/);
  assert.equal(typeof version.subversion, "string");
  assert.ok(answer.text.startsWith('{"capabilities": ["networks-management", "static-ipaddresses"'), answer.text);
});

test("3.1: --maas-version says which MAAS to be", async () => {
  await using server = await startServer({ kind: "sqlite", args: ["--maas-version", "2.7"] });
  const { version } = (await send(server.url, "/MAAS/api/2.0/version/")).json<{ version: string }>();
  assert.match(version, /^2\.7(\.\d+)?$/);
});

test("what is described can be asked as it is described", async () => {
  const server = await serverOf("sqlite");
  for (const { path, params, actions } of (await describe()).handlers) {
    if (params.some((name) => name !== "username")) continue;
    for (const { method, op } of actions.filter(({ method }) => method === "GET")) {
      const answer = await send(server.url, path.replace("{username}", "admin") + (op === null ? "" : `?op=${op}`), {
        headers: { authorization: oauthHeader(server.firstLogin.apiKey) },
      });
      if (/^No provided \w+!$/.test(answer.text)) continue;
      assert.equal(answer.status, 200, `${method} ${path} ${op}: ${answer.text}`);
    }
  }
});
