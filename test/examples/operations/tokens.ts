import { freshName, secretOf } from "../../support/worlds/world.ts";
import { type Attempt, type OperationExample, type OperationExamples, refused, told } from "./example.ts";
import { byKey, type World } from "../../support/worlds/server-world.ts";

const created = (name: string) => told("token.create", "Created token.", ["token", name]);
const renamed = (name: string) => told("token.rename", "Modified consumer name of token.", ["token", name]);
const deleted = (name: string) => told("token.delete", "Deleted token.", ["token", name]);

interface MadeToken {
  readonly token_key: string;
  readonly api_key: string;
}

/** Somebody, and a token of theirs named `one`. */
async function withToken(world: World) {
  const person = await world.person();
  const made = await person.native.ask("POST", "account/tokens", { name: "one" });
  const token = made.json<MadeToken>();
  world.keep(secretOf(token.api_key));
  return { person, token, by: byKey(person) };
}

function creation(api: "maas" | "native"): OperationExample {
  return async (world) => {
    const by = byKey(await world.person());
    const status = api === "maas" ? 200 : 201;
    const limited: Attempt = {
      what: "a narrow one that ends",
      by,
      values: { name: "narrow", scopes: ["events:read"], expires: "2099-01-01T00:00:00Z" },
      status,
      records: [created("narrow")],
    };
    const limits: readonly Attempt[] = [
      {
        what: "a scope that isn't theirs to give",
        by,
        values: { scopes: ["events:write"] },
        status: 403,
        records: [refused("POST /api/v1/account/tokens")],
      },
      { what: "an end in the past", by, values: { expires: "2020-01-01T00:00:00Z" }, status: 400 },
    ];
    return [
      { what: "a name with a control character", by, values: { name: "a\u0007b" }, status: 400 },
      ...(api === "native" ? limits : []),
      { what: "a name", by, values: { name: "me@laptop" }, status, records: [created("me@laptop")] },
      ...(api === "native" ? [limited] : []),
    ];
  };
}

async function deletionAtMaas(world: World): Promise<readonly Attempt[]> {
  const { token, by } = await withToken(world);
  const { token: foreign } = await withToken(world);
  const values = { token_key: token.token_key };
  return [
    { what: "no key", by, status: 400 },
    { what: "a key that is none", by, values: { token_key: "none" }, status: 404 },
    { what: "the whole key in the wrong place", by, values: { token_key: token.api_key }, status: 404 },
    { what: "somebody else's", by, values: { token_key: foreign.token_key }, status: 404 },
    { what: "one's own", by, values, status: 204, records: [deleted("one")] },
    { what: "the same again", by, values, status: 404 },
  ];
}

async function renamingAtMaas(world: World): Promise<readonly Attempt[]> {
  const { token, by } = await withToken(world);
  const { token: foreign } = await withToken(world);
  return [
    { what: "no name", by, values: { token: token.token_key }, status: 400 },
    { what: "somebody else's", by, values: { token: foreign.token_key, name: "two" }, status: 404 },
    { what: "by its key", by, values: { token: token.token_key, name: "two" }, status: 202, records: [renamed("two")] },
    {
      what: "by the whole key",
      by,
      values: { token: token.api_key, name: "three" },
      status: 202,
      records: [renamed("three")],
    },
  ];
}

async function renaming(world: World): Promise<readonly Attempt[]> {
  const { token, by } = await withToken(world);
  const { token: foreign } = await withToken(world);
  const path = { token_key: token.token_key };
  return [
    { what: "no name", by, path, values: {}, status: 400 },
    { what: "a key that is none", by, path: { token_key: "none" }, values: { name: "two" }, status: 404 },
    { what: "somebody else's", by, path: { token_key: foreign.token_key }, values: { name: "two" }, status: 404 },
    { what: "one's own", by, path, values: { name: "two" }, status: 200, records: [renamed("two")] },
  ];
}

async function deletion(world: World): Promise<readonly Attempt[]> {
  const { token, by } = await withToken(world);
  const { token: foreign } = await withToken(world);
  const path = { token_key: token.token_key };
  return [
    { what: "the whole key in the wrong place", by, path: { token_key: token.api_key }, status: 404 },
    { what: "somebody else's", by, path: { token_key: foreign.token_key }, status: 404 },
    { what: "one's own", by, path, status: 204, records: [deleted("one")] },
    { what: "the same again", by, path, status: 404 },
  ];
}

async function creationForOthers(world: World): Promise<readonly Attempt[]> {
  const path = { username: (await world.person()).username };
  const values = { name: "robot", scopes: ["events:write"] };
  return [
    { what: "nobody", path: { username: freshName("nobody") }, values, status: 404 },
    { what: "a scope that is none", path, values: { scopes: ["events:delete"] }, status: 400 },
    { what: "a source that is none", path, values: { ...values, source: "external" }, status: 400 },
    {
      what: "a source and no events to report",
      path,
      values: { scopes: ["events:read"], source: "maas:prod" },
      status: 400,
    },
    { what: "somebody", path, values, status: 201, records: [created("robot")] },
    {
      what: "a program that reports for a MAAS",
      path,
      values: { ...values, source: "maas:prod" },
      status: 201,
      records: [created("robot")],
    },
  ];
}

async function deletionOfOthers(world: World): Promise<readonly Attempt[]> {
  const { person, token } = await withToken(world);
  const { token: foreign } = await withToken(world);
  const { username } = person;
  const path = { username, token_key: token.token_key };
  return [
    { what: "nobody", path: { ...path, username: freshName("nobody") }, status: 404 },
    { what: "a third one's", path: { username, token_key: foreign.token_key }, status: 404 },
    { what: "somebody's", path, status: 204, records: [deleted("one")] },
    { what: "the same again", path, status: 404 },
  ];
}

/** API keys. */
export const tokenExamples: OperationExamples = {
  "account create-authorisation-token": creation("maas"),
  "POST /api/v1/account/tokens": creation("native"),
  "account delete-authorisation-token": deletionAtMaas,
  "account update-token-name": renamingAtMaas,
  "PATCH /api/v1/account/tokens/{token_key}": renaming,
  "DELETE /api/v1/account/tokens/{token_key}": deletion,
  "POST /api/v1/users/{username}/tokens": creationForOthers,
  "DELETE /api/v1/users/{username}/tokens/{token_key}": deletionOfOthers,
};
