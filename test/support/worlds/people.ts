import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { parsePassword } from "../../../src/accounts/passwords/password.ts";
import { createUser } from "../../../src/accounts/users/user-actions.ts";
import { getUser } from "../../../src/accounts/users/user-queries.ts";
import { perform } from "../../../src/audit/perform.ts";
import { nowMicros } from "../../../src/time.ts";
import { type Answer, freshAddress, send } from "../clients/http-client.ts";
import { encode, MaasClient, type Place } from "../clients/maas-client.ts";
import { bearer, type NativeClient } from "../clients/native-client.ts";
import type { ServerDatabase } from "../local-server.ts";
import type { FirstLogin } from "../../../src/accounts/users/first-login.ts";
import type { TestServer } from "../server.ts";
import { accountOf, actorFor, createApiKey } from "./database-world.ts";
import { createAccount, createApiKey as createApiKeyOverHttp, type Wire } from "./over-http.ts";
import { describePerson, type PersonDescription, type WantedPerson } from "./world.ts";

/** What the tests call their API keys. */
const consumer = "tests";

/** Somebody with an account, a password and an API key, who comes from an address of their own. */
export interface Person {
  readonly username: string;
  readonly password: string;
  readonly email: string;
  readonly apiKey: string;
  readonly from: string;
  readonly maas: MaasClient;
  readonly native: NativeClient;
}

/** The administrator of the first start, by API key. */
export type Administrator = Omit<Person, "password" | "email">;

export function admin(server: TestServer, from = freshAddress()): Administrator {
  const { username, apiKey } = server.firstLogin;
  return { username, apiKey, from, ...clientsOf(server, apiKey, from) };
}

/** The administrator, and somebody to act or to be acted upon. */
export interface TwoPeople {
  readonly server: TestServer;
  readonly root: Administrator;
  readonly person: Person;
}

export async function twoPeople(server: TestServer, wanted: WantedPerson = {}): Promise<TwoPeople> {
  return { server, root: admin(server), person: await makePerson(server, wanted) };
}

/**
 * Makes somebody with an API key, by the administrator unless told otherwise. Where the server runs in this process, it is
 * done in its database, which costs less than requests and leaves the same events.
 */
export async function makePerson(server: TestServer, wanted: WantedPerson = {}, by?: MaasClient): Promise<Person> {
  const person = describePerson(wanted);
  const from = freshAddress();
  const apiKey =
    by === undefined && server.database !== undefined
      ? await makeInDatabase(server.database, server.firstLogin, person, from)
      : await makeOverHttp(by ?? admin(server).maas, person, from);
  if (person.isAuditor && (by !== undefined || server.database === undefined)) {
    const made = await admin(server).native.ask("PATCH", `users/${person.username}`, { is_auditor: true });
    assert.equal(made.status, 200, made.text);
  }
  const { username, password, email } = person;
  return { username, password, email, apiKey, from, ...clientsOf(server, apiKey, from) };
}

async function makeInDatabase(
  { db, passwords }: ServerDatabase,
  root: FirstLogin,
  person: PersonDescription,
  from: string,
): Promise<string> {
  const at = nowMicros();
  const passwordHash = await passwords.hash(parsePassword(person.password, "password"));
  const by = actorFor(await getUser(db, root.username), randomBytes(16).toString("hex"));
  const user = await perform(db, by, createUser, accountOf(person, passwordHash, at));
  const origin = { ...by.origin, ip: from, endpoint: "UI", traceId: randomBytes(16).toString("hex") } as const;
  return createApiKey(db, { user, passwordHash, consumer }, { by: { user: null, origin }, at });
}

async function makeOverHttp(by: MaasClient, person: PersonDescription, from: string): Promise<string> {
  await createAccount(wireOf(by), person);
  return newApiKey(by.place, person, from);
}

/** The same person after an administrator has set their password, which ends their keys: with a new key. */
export async function resetPassword(server: TestServer, person: Person, password: string): Promise<Person> {
  const { username, from } = person;
  const answer = await admin(server).native.ask("PUT", `users/${username}/password`, { new_password: password });
  assert.equal(answer.status, 204, answer.text);
  const apiKey = await newApiKey(server, { username, password }, from);
  return { ...person, password, apiKey, ...clientsOf(server, apiKey, from) };
}

const anyones = new WeakMap<TestServer, Promise<Person>>();

/** Somebody without rights, the same for all who ask: for tests that leave no trace which another could meet. */
export function anyone(server: TestServer): Promise<Person> {
  const person = anyones.get(server) ?? makePerson(server);
  anyones.set(server, person);
  return person;
}

function clientsOf(place: Place, apiKey: string, from: string): Pick<Person, "maas" | "native"> {
  return { maas: new MaasClient(place, apiKey, from), native: bearer(place, apiKey, from) };
}

/** Gets a key for a password, as python-libmaas does. */
export async function newApiKey(
  place: Place,
  who: Pick<Person, "username" | "password">,
  from = freshAddress(),
): Promise<string> {
  const postForm: Wire["postForm"] = async (path, form) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return succeeded(
      await send(place.url, path, { method: "POST", from, headers, body: encode(Object.entries(form)) }),
    );
  };
  return createApiKeyOverHttp({ postForm }, who, consumer);
}

/** How the tests' client of MAAS's API creates things. */
export function wireOf(by: MaasClient): Pick<Wire, "create"> {
  return { create: async (path, fields) => succeeded(await by.post(path, Object.entries(fields))) };
}

function succeeded(answer: Answer): Answer {
  assert.equal(answer.status, 200, answer.text);
  return answer;
}
