import assert from "node:assert/strict";
import { enrolApp } from "../../support/factors/app.ts";
import { Passkey } from "../../support/factors/passkey.ts";
import { tryLogIn } from "../../support/clients/native-client.ts";
import { byKey, bySession, nobody, type World } from "../../support/worlds/server-world.ts";
import { freshName } from "../../support/worlds/world.ts";
import { type Attempt, loginFailed, type OperationExamples, told } from "./example.ts";

const begun = (username: string) =>
  told("user.factor.begin", `Began to set up a second factor for '${username}'.`, ["user", username]);
const added = (username: string, name: string) =>
  told("user.factor.add", `Added second factor '${name}' of '${username}'.`, ["user", username]);
const codesMade = (username: string) =>
  told("user.recovery_codes.create", `Made recovery codes for '${username}'.`, ["user", username]);
const wrong = "AAAA-AAAA-AAAA-AAAA";

/** Somebody with an app, and all that they should keep for themselves. */
async function enrolled(world: World) {
  const person = await world.person();
  const app = await enrolApp(person);
  world.keep(app.secret);
  for (const code of app.recoveryCodes) world.keep(code);
  const [one = "", two = ""] = app.recoveryCodes;
  return { person, app, one, two, by: byKey(person) };
}

async function beginTotp(world: World): Promise<readonly Attempt[]> {
  const person = await world.person();
  const by = byKey(person);
  const { username, password } = person;
  const second = await enrolled(world);
  const later = { by: second.by, records: [begun(second.person.username)] };
  return [
    { what: "no password", by, status: 400 },
    {
      what: "a wrong password",
      by,
      values: { password: world.secret("guess") },
      status: 400,
      records: [loginFailed(username)],
    },
    { what: "the password", by, values: { password }, status: 200, records: [begun(username)] },
    {
      what: "the password where there is a factor",
      ...later,
      values: { password: second.person.password },
      status: 403,
      records: [],
    },
    { what: "a code of it", ...later, values: { code: second.app.code(1) }, status: 200 },
  ];
}

async function beginPasskey(world: World): Promise<readonly Attempt[]> {
  // Passkeys need a name, and these requests go to an address: what is right is in second-factor.test.ts.
  const person = await world.person();
  const { username, password } = person;
  const by = { ...byKey(person), headers: () => ({ authorization: `Bearer ${person.apiKey}`, host: hostOf(world) }) };
  return [
    { what: "at an address", by: byKey(person), values: { password }, status: 400 },
    { what: "at a name", by, values: { password }, status: 200, records: [begun(username)] },
  ];
}

async function add(world: World): Promise<readonly Attempt[]> {
  const person = await world.person();
  const other = await world.person();
  const begin = async (path: string, password: string, headers = {}) =>
    (await person.native.ask("POST", `account/second-factor/${path}`, { password }, { headers })).json<{
      readonly enrolment: string;
      readonly options: Parameters<Passkey["create"]>[0];
    }>();
  const host = hostOf(world);
  const { enrolment, options } = await begin("passkey", person.password, { host });
  const by = { ...byKey(person), headers: () => ({ authorization: `Bearer ${person.apiKey}`, host }) };
  const passkey = new Passkey(`http://${host}`);
  const name = "laptop";
  return [
    { what: "no enrolment", by, status: 400 },
    { what: "one that is none", by, values: { enrolment: "none", name, code: "123456" }, status: 400 },
    { what: "a code where a passkey was begun", by, values: { enrolment, name, code: "123456" }, status: 400 },
    { what: "somebody else's", by: { ...by, ...byKey(other) }, values: { enrolment, passkey: {} }, status: 400 },
    { what: "no passkey", by, values: { enrolment, name, passkey: { id: "x" } }, status: 400 },
    {
      what: "a passkey",
      by,
      values: { enrolment, name, passkey: passkey.create(options) },
      status: 201,
      records: [added(person.username, name), codesMade(person.username)],
    },
    { what: "the same again", by, values: { enrolment, name, passkey: passkey.create(options) }, status: 400 },
  ];
}

async function remove(world: World): Promise<readonly Attempt[]> {
  const { person, app, one, by } = await enrolled(world);
  const { username } = person;
  const path = { id: app.id };
  const gone = told("user.factor.remove", `Removed second factor 'phone' of '${username}'.`, ["user", username]);
  return [
    { what: "no code", by, path, values: {}, status: 403 },
    { what: "a wrong code", by, path, values: { code: wrong }, status: 400, records: [loginFailed(username)] },
    { what: "one that isn't there", by, path: { id: "none" }, values: { code: one }, status: 404 },
    { what: "a code", by, path, values: { code: one }, status: 204, records: [gone] },
    { what: "the same again", by, path, values: {}, status: 404 },
  ];
}

async function recoveryCodes(world: World): Promise<readonly Attempt[]> {
  const { person, one, by } = await enrolled(world);
  const without = await world.person();
  const { username } = person;
  return [
    { what: "somebody without a factor", by: byKey(without), values: {}, status: 409 },
    { what: "no code", by, values: {}, status: 403 },
    { what: "a wrong code", by, values: { code: wrong }, status: 400, records: [loginFailed(username)] },
    { what: "a recovery code", by, values: { code: one }, status: 201, records: [codesMade(username)] },
    { what: "the same again", by, values: { code: one }, status: 400, records: [loginFailed(username)] },
  ];
}

async function reset(world: World): Promise<readonly Attempt[]> {
  const { person } = await enrolled(world);
  const { username } = person;
  const gone = told("user.factor.reset", `Removed all second factors of '${username}'.`, ["user", username]);
  return [
    { what: "nobody", path: { username: freshName("nobody") }, status: 404 },
    { what: "somebody", path: { username }, status: 204, records: [gone] },
    { what: "the same again", path: { username }, status: 409 },
  ];
}

async function secondStep(world: World): Promise<readonly Attempt[]> {
  const { person, one } = await enrolled(world);
  const { username } = person;
  const asked = await tryLogIn(world.server, person, { api: "native", from: person.from });
  assert.equal(asked.status, 403, asked.text);
  const { pending_login } = asked.json<{ readonly pending_login: string }>();
  const by = nobody();
  const failed = loginFailed(username);
  return [
    { what: "nothing begun", by, values: { pending_login: "none", code: one }, status: 400 },
    { what: "no code", by, values: { pending_login }, status: 400 },
    { what: "a wrong code", by, values: { pending_login, code: wrong }, status: 401, records: [failed] },
    {
      what: "a recovery code",
      by,
      values: { pending_login, code: one },
      status: 200,
      records: [told("auth.login", `User '${username}' logged in.`, ["user", username], { username })],
    },
    { what: "the same again", by, values: { pending_login, code: one }, status: 401, records: [failed] },
  ];
}

async function renewal(world: World): Promise<readonly Attempt[]> {
  const { person, one, two, by: key } = await enrolled(world);
  const { username } = person;
  const asked = await tryLogIn(world.server, person, { api: "native", from: person.from });
  const { pending_login } = asked.json<{ readonly pending_login: string }>();
  const session = await world.secondStep(person, { pending_login, code: one });
  const by = bySession(person, session);
  const renewed = told("auth.factor.renew", `User '${username}' gave a second factor again.`, ["user", username]);
  return [
    { what: "an API key", by: key, values: { code: two }, status: 400 },
    { what: "no code", by, values: {}, status: 400 },
    { what: "a wrong code", by, values: { code: wrong }, status: 400, records: [loginFailed(username)] },
    { what: "a recovery code", by, values: { code: two }, status: 204, records: [renewed] },
  ];
}

/** The server by a name. */
function hostOf({ server }: World): string {
  return `localhost:${new URL(server.url).port}`;
}

/** Second factors, in the native API alone. */
export const factorExamples: OperationExamples = {
  "POST /api/v1/account/second-factor/totp": beginTotp,
  "POST /api/v1/account/second-factor/passkey": beginPasskey,
  "POST /api/v1/account/second-factor": add,
  "POST /api/v1/account/second-factor/{id}/remove": remove,
  "POST /api/v1/account/second-factor/recovery-codes": recoveryCodes,
  "DELETE /api/v1/users/{username}/second-factor": reset,
  "POST /api/v1/session/factor": secondStep,
  "PUT /api/v1/session/factor": renewal,
};
