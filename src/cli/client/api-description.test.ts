import assert from "node:assert/strict";
import { test } from "node:test";
import { operationName, parseDescription, resourceName } from "./api-description.ts";
import { fakeDescription } from "../../../test/support/cli/fake-description.ts";

test("MAAS's resources have MAAS's names", () => {
  const names = {
    AccountHandler: "account",
    MaasHandler: "maas",
    SSHKeysHandler: "sshkeys",
    SSLKeyHandler: "sslkey",
    NodeScriptsHandler: "node-scripts",
    CommissioningScriptHandler: "commissioning-script",
    DHCPSnippetsHandler: "dhcpsnippets",
    PackageRepositoriesHandler: "package-repositories",
    AnonVersionHandler: "anon-version",
    VLANHandler: "vlanhandler",
  };
  for (const [handler, command] of Object.entries(names)) assert.equal(resourceName(handler), command);
  assert.equal(operationName("create_authorisation_token"), "create-authorisation-token");
  assert.equal(operationName("query"), "query");
  assert.equal(operationName("set_default2"), "set-default2");
});

const place = { doc: "", params: [], path: "/x/" };

function action(name: string, op: string) {
  return { name, op, method: "GET", doc: null };
}

const twoSided = {
  resources: [
    {
      name: "ThingHandler",
      anon: { ...place, path: "/anon/", actions: [action("read", "anon"), action("open", "anon")] },
      auth: { ...place, path: "/auth/", actions: [action("read", "auth"), action("closed", "auth")] },
    },
    { name: "SecretHandler", anon: null, auth: { ...place, actions: [action("read", "auth")] } },
  ],
};

test("with a key, its bearer's operations come first, then anybody's", () => {
  const { resources } = parseDescription(twoSided, "authenticated");
  assert.deepEqual(Object.keys(resources), ["thing", "secret"]);
  const operations = Object.values(resources["thing"]?.operations ?? {});
  assert.deepEqual(
    operations.map(({ name, op, path }) => [name, op, path]),
    [
      ["read", "auth", "/auth/"],
      ["closed", "auth", "/auth/"],
      ["open", "anon", "/anon/"],
    ],
  );
});

test("without a key there is what is open to everybody", () => {
  const { resources } = parseDescription(twoSided, "anonymous");
  assert.deepEqual(Object.keys(resources), ["thing"]);
  assert.deepEqual(Object.keys(resources["thing"]?.operations ?? {}), ["read", "open"]);
});

test("a missing doc, side or hash is none; an empty op is the method's own", () => {
  const api = parseDescription(
    { resources: [{ name: "ThingHandler", auth: { ...place, doc: null, actions: [action("read", "")] } }] },
    "authenticated",
  );
  assert.equal(api.hash, null);
  assert.equal(api.resources["thing"]?.doc, "");
  assert.equal(api.resources["thing"]?.operations["read"]?.op, null);
});

test("what is no description is refused", () => {
  const { resources } = fakeDescription();
  for (const document of [
    null,
    [],
    {},
    { resources: {} },
    { resources: [1] },
    { resources: [{ name: 1 }] },
    { resources: [...resources, { name: "X", auth: {} }] },
    { resources: [{ name: "X", auth: { ...place, actions: [{ name: "read" }] } }] },
  ]) {
    assert.throws(() => parseDescription(document, "authenticated"), Error);
  }
});
