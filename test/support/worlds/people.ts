import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { freshAddress, send } from "../clients/http-client.ts";
import { MaasClient, type Place } from "../clients/maas-client.ts";
import { bearer, type NativeClient } from "../clients/native-client.ts";
import type { TestServer } from "../server.ts";

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

interface Wanted {
  readonly is_superuser?: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly last_name?: string;
}

let peopleMade = 0;

/** A name that nobody in this process has. */
export function freshName(word = "user"): string {
  peopleMade += 1;
  return `${word}-${process.pid}-${peopleMade}`;
}

/** The administrator of the first start, by API key. */
export function admin(
  server: TestServer,
  from = freshAddress(),
): { readonly maas: MaasClient; readonly native: NativeClient } {
  const { apiKey } = server.firstLogin;
  return { maas: new MaasClient(server, apiKey, from), native: bearer(server, apiKey, from) };
}

/** Has the administrator make somebody, who then gets an API key. */
export async function makePerson(
  server: TestServer,
  wanted: Wanted = {},
  by: NativeClient = admin(server).native,
): Promise<Person> {
  const username = wanted.username ?? freshName();
  const password = wanted.password ?? `password of ${username}`;
  const { is_superuser = false, last_name = "" } = wanted;
  const email = `${username}@example.com`;
  const created = await by.ask("POST", "users", {
    username,
    email,
    password,
    is_superuser,
    last_name,
  });
  assert.equal(created.status, 201, created.text);
  const from = freshAddress();
  const apiKey = await newApiKey(server, { username, password }, from);
  return { username, password, email, apiKey, from, ...clientsOf(server, apiKey, from) };
}

/** How the log names somebody's first API key. */
export function fingerprintOf({ apiKey }: Pick<Person, "apiKey">): string {
  return `sha256:${hash("sha256", apiKey.split(":")[1] ?? "", "hex").slice(0, 16)}`;
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

function clientsOf(
  place: Place,
  apiKey: string,
  from: string,
): { readonly maas: MaasClient; readonly native: NativeClient } {
  return { maas: new MaasClient(place, apiKey, from), native: bearer(place, apiKey, from) };
}

/** Gets a key for a password, as python-libmaas does. */
export async function newApiKey(
  place: Place,
  { username, password }: { readonly username: string; readonly password: string },
  from = freshAddress(),
): Promise<string> {
  const answer = await send(place.url, "/MAAS/accounts/authenticate/", {
    method: "POST",
    from,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ username, password, consumer: "tests" }).toString(),
  });
  assert.equal(answer.status, 200, answer.text);
  const { consumer_key, token_key, token_secret } = answer.json<Record<string, string>>();
  return `${consumer_key}:${token_key}:${token_secret}`;
}
