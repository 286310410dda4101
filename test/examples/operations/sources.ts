import { freshName, secretOf } from "../../support/worlds/world.ts";
import { byKey, nobody, type World } from "../../support/worlds/server-world.ts";
import { mirroredMaas } from "../../support/maas/mirrored-maas.ts";
import { type Attempt, type OperationExamples, told } from "./example.ts";

// Nothing answers there: sources that aren't enabled are never asked.
const settings = { database: "postgres://ironlog_mirror@127.0.0.1:1/maasdb", is_enabled: false };
const url = "https://maas.example.com/MAAS";
const freshSource = (): string => freshName("source").slice(0, 40);

async function withSource(world: World): Promise<string> {
  const name = freshSource();
  await world.prepare("POST", "sources", { name, ...settings, database_password: world.secret("password") });
  return name;
}

async function creation(world: World): Promise<readonly Attempt[]> {
  const taken = await withSource(world);
  const name = freshSource();
  return [
    { what: "a name with blanks", values: { ...settings, name: "a b" }, status: 400 },
    { what: "no way to read it", values: { name }, status: 400 },
    { what: "an address alone", values: { name, url, is_enabled: false }, status: 400 },
    { what: "a user without a password", values: { name, url, username: "boss", is_enabled: false }, status: 400 },
    {
      what: "a password without a user",
      values: { name, url, password: world.secret("password"), is_enabled: false },
      status: 400,
    },
    { what: "a user without an address", values: { ...settings, name, username: "boss", password: "x" }, status: 400 },
    {
      what: "a database's password without a database",
      values: { name, url, apikey: "a:b:c", database_password: "x", is_enabled: false },
      status: 400,
    },
    { what: "a database that is no URL", values: { name, database: "maas-db" }, status: 400 },
    { what: "a database without a role", values: { name, database: "postgres://maas-db/maasdb" }, status: 400 },
    { what: "a key that is none", values: { ...settings, name, url, apikey: "a:b" }, status: 400 },
    { what: "a key without an address", values: { ...settings, name, apikey: "a:b:c" }, status: 400 },
    { what: "an address without TLS", values: { ...settings, name, url: "http://maas.example.com/MAAS" }, status: 400 },
    {
      what: "two passwords",
      values: { ...settings, name, database: "postgres://a:b@c/d", database_password: world.secret("password") },
      status: 400,
    },
    { what: "a name that is taken", values: { ...settings, name: taken }, status: 409 },
    {
      what: "a source",
      values: { ...settings, name, url, apikey: `consumer:token:${world.secret("key")}` },
      status: 201,
      records: [told("source.create", `Created source '${name}'.`, ["source", name])],
    },
  ];
}

async function update(world: World): Promise<readonly Attempt[]> {
  const name = await withSource(world);
  const updated = (changed: string) => told("source.update", `Updated source '${name}': ${changed}.`, ["source", name]);
  const database = "postgres://ironlog_mirror@127.0.0.1:2/maasdb";
  return [
    { what: "none", path: { name: "none" }, values: { is_enabled: false }, status: 404 },
    { what: "another database with the old password", path: { name }, values: { database }, status: 400 },
    {
      what: "another database and its password",
      path: { name },
      values: { database, database_password: world.secret("password") },
      status: 200,
      records: [updated("database, database_password")],
    },
    { what: "the same", path: { name }, values: { database }, status: 200, records: [updated("no change")] },
    { what: "no database and no address", path: { name }, values: { database: "" }, status: 400 },
    {
      what: "a user in place of the database",
      path: { name },
      values: { database: "", url, username: "boss", password: world.secret("password") },
      status: 200,
      records: [updated("database, url, username, database_password, password")],
    },
    { what: "another user with the old password", path: { name }, values: { username: "carol" }, status: 400 },
  ];
}

async function loggingIn(world: World): Promise<readonly Attempt[]> {
  const source = freshSource();
  const { username, apiKey } = await (await mirroredMaas(world.server, source)).makePerson({ isAdministrator: false });
  world.keep(secretOf(apiKey));
  const by = nobody();
  const wrong = `a:b:${world.secret("key")}`;
  const own = (await world.person()).apiKey;
  const failed = told("auth.key.failure", `Failed login with an API key of MAAS '${source}'.`, ["source", source], {
    outcome: "failure",
    username: null,
  });
  const loggedIn = told("auth.login", `User '${username}' logged in.`, ["user", username], { username, realm: source });
  return [
    { what: "no key", by, values: { api_key: "a:b", source }, status: 400 },
    { what: "a source that is none", by, values: { api_key: apiKey, source: "none" }, status: 401 },
    { what: "a key of this server", by, values: { api_key: own, source }, status: 401 },
    { what: "a key that is nobody's there", by, values: { api_key: wrong, source }, status: 401, records: [failed] },
    { what: "a key", by, values: { api_key: apiKey, source }, status: 200, records: [loggedIn] },
  ];
}

async function linking(world: World): Promise<readonly Attempt[]> {
  const source = freshSource();
  const { apiKey } = await (await mirroredMaas(world.server, source)).makePerson({ isAdministrator: false });
  world.keep(secretOf(apiKey));
  const [person, other] = [await world.person(), await world.person()];
  const linked = told("identity.link", `Linked '${person.username}' to an identity at 'MAAS ${source}'.`, [
    "user",
    person.username,
  ]);
  const values = { api_key: apiKey, source };
  return [
    { what: "no key", by: byKey(person), values: { api_key: "a:b", source }, status: 400 },
    { what: "a source that is none", by: byKey(person), values: { api_key: apiKey, source: "none" }, status: 401 },
    { what: "a key", by: byKey(person), values, status: 201, records: [linked] },
    { what: "the same again", by: byKey(person), values, status: 409 },
    { what: "the same for another account", by: byKey(other), values, status: 409 },
  ];
}

async function unlinking(world: World): Promise<readonly Attempt[]> {
  const source = freshSource();
  const { apiKey } = await (await mirroredMaas(world.server, source)).makePerson({ isAdministrator: false });
  world.keep(secretOf(apiKey));
  const [person, other] = [await world.person(), await world.person()];
  const made = await person.native.ask("POST", "account/maas-identities", { api_key: apiKey, source });
  const id = String(made.json<{ id: number }>().id);
  const gone = told("identity.unlink", `Unlinked '${person.username}' from an identity at 'MAAS ${source}'.`, [
    "user",
    person.username,
  ]);
  return [
    { what: "an id that is none", by: byKey(person), path: { id: "x" }, status: 404 },
    { what: "somebody else's", by: byKey(other), path: { id }, status: 404 },
    { what: "one", by: byKey(person), path: { id }, status: 204, records: [gone] },
    { what: "the same again", by: byKey(person), path: { id }, status: 404 },
  ];
}

async function endingSessions(world: World): Promise<readonly Attempt[]> {
  const name = await withSource(world);
  const ended = told("session.end", `Ended 0 sessions of 'people of MAAS ${name}'.`, ["source", name]);
  return [
    { what: "none", path: { name: "none" }, status: 404 },
    { what: "one", path: { name }, status: 204, records: [ended] },
  ];
}

async function deletion(world: World): Promise<readonly Attempt[]> {
  const name = await withSource(world);
  const deleted = told("source.delete", `Deleted source '${name}'.`, ["source", name]);
  return [
    { what: "none", path: { name: "none" }, status: 404 },
    { what: "one", path: { name }, status: 204, records: [deleted] },
    { what: "the same again", path: { name }, status: 404 },
  ];
}

async function continuing(world: World): Promise<readonly Attempt[]> {
  const name = await withSource(world);
  const goesOn = told("source.continue", `Source '${name}' goes on with generation 2.`, ["source", name]);
  return [
    { what: "none", path: { name: "none" }, values: { new_generation: true }, status: 404 },
    { what: "without saying so", path: { name }, values: { new_generation: false }, status: 400 },
    { what: "one", path: { name }, values: { new_generation: true }, status: 200, records: [goesOn] },
  ];
}

/** Mirrored sources. */
export const sourceExamples: OperationExamples = {
  "POST /api/v1/session/source": loggingIn,
  "DELETE /api/v1/sources/{name}/sessions": endingSessions,
  "POST /api/v1/account/maas-identities": linking,
  "DELETE /api/v1/account/maas-identities/{id}": unlinking,
  "POST /api/v1/sources": creation,
  "PATCH /api/v1/sources/{name}": update,
  "DELETE /api/v1/sources/{name}": deletion,
  "POST /api/v1/sources/{name}/continue": continuing,
};
