import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { asPasswordHash, type PasswordHash } from "../../../src/accounts/passwords/password.ts";
import { authenticate, logIn, type NewSession } from "../../../src/accounts/sessions/session-actions.ts";
import { createUser } from "../../../src/accounts/users/user-actions.ts";
import type { NewUser } from "../../../src/accounts/users/user-rows.ts";
import type { User } from "../../../src/accounts/users/user.ts";
import { type ActingUser, type Actor, machineActor } from "../../../src/audit/actor.ts";
import { perform } from "../../../src/audit/perform.ts";
import type { Database } from "../../../src/database/database.ts";
import type { NewNode } from "../../../src/nodes/inventory/node-actions.ts";
import { createToken, type NewToken } from "../../../src/tokens/actions.ts";
import { noLimits } from "../../../src/tokens/limits.ts";
import { drawToken, formatApiKey } from "../../../src/tokens/token.ts";
import { describePerson, type PersonDescription, type WantedPerson } from "./world.ts";

/** A database with two people: ada administers, bob has a session and an API token. */
export interface DatabaseWorld {
  readonly db: Database;
  readonly ada: DatabasePerson;
  readonly bob: DatabasePerson & { readonly sessionId: number; readonly tokenKey: string };
}

export interface DatabasePerson {
  readonly user: User;
  readonly actor: Actor;
}

/** 2026-01-02 03:04:05 UTC, in microseconds. Actions get the time with their input. */
export const now = 1_767_323_045_000_000;

export const machine: Actor = machineActor("tester");

/** Makes that world through `perform`, in an empty database. */
export async function databaseWorld(db: Database): Promise<DatabaseWorld> {
  const ada = await createPerson(db, { username: "ada", isAdministrator: true });
  const bob = await createPerson(db, { username: "bob" }, ada.actor);
  const userId = bob.user.id;
  const { tokenKey } = await perform(db, bob.actor, createToken, { ...newToken("bob-1"), userId });
  const { sessionId } = await perform(db, machine, logIn, {
    attempt: rightPassword(bob.user),
    session: newSession("bob-1"),
  });
  assert(sessionId !== undefined);
  return { db, ada, bob: { ...bob, sessionId, tokenKey } };
}

/** Makes somebody who can't log in: to hash a password takes time, and few tests of a database need it. */
export async function createPerson(db: Database, wanted: WantedPerson, by = machine): Promise<DatabasePerson> {
  const person = describePerson(wanted);
  const user = await perform(db, by, createUser, accountOf(person, hashOf(person.username), now));
  return { user, actor: actorFor(user) };
}

/** Gives somebody an API key, as a request for one with their password does. */
export async function createApiKey(
  db: Database,
  {
    user,
    passwordHash,
    consumer,
  }: { readonly user: User; readonly passwordHash: PasswordHash; readonly consumer: string },
  { by, at }: { readonly by: Actor; readonly at: number },
): Promise<string> {
  const { token, credentials } = drawToken(consumer, at);
  await perform(db, by, authenticate, { attempt: rightPassword(user, passwordHash), token });
  return formatApiKey(credentials);
}

export function actorFor({ id, username, isSuperuser }: ActingUser, traceId: string | null = null): Actor {
  const origin = { ip: "192.0.2.1", userAgent: "curl/8.0 (é)", endpoint: "API", traceId, forwarded: null } as const;
  return { user: { id, username, isSuperuser }, origin };
}

export function accountOf(
  { username, email, lastName, isAdministrator, isAuditor }: PersonDescription,
  passwordHash: PasswordHash,
  at: number,
): NewUser {
  return { username, email, lastName, isSuperuser: isAdministrator, isAuditor, passwordHash, now: at };
}

export function newUser(username: string, wanted: WantedPerson = {}): NewUser {
  return accountOf(describePerson({ ...wanted, username }), hashOf(username), now);
}

/** A login of somebody from `newUser`, or with a hash of their own, whose password was checked. */
export function rightPassword(user: User, passwordHash = hashOf(user.username)) {
  return { account: { user, passwordHash }, isPasswordRight: true };
}

export function newSession(secret: string): NewSession {
  return {
    tokenHash: hash("sha256", secret, "buffer"),
    endedBefore: 0,
    ip: "192.0.2.1",
    userAgent: "Firefox",
    rehashed: undefined,
    now,
  };
}

export function newToken(key: string): Omit<NewToken, "userId"> {
  return {
    name: "MAAS consumer",
    consumerKey: `consumer-${key}`,
    tokenKey: `token-${key}`,
    secretHash: hash("sha256", key, "buffer"),
    created: now,
    ...noLimits,
  };
}

/** A machine that is ready. */
export function newMachine(systemId: string, changes: Partial<NewNode> = {}): NewNode {
  return {
    systemIds: [systemId],
    hostnames: [systemId],
    type: "machine",
    macs: [],
    status: "Ready",
    architecture: "amd64/generic",
    powerType: "",
    description: "",
    now,
    ...changes,
  };
}

/** Something in the form of a hash: to hash would cost 20 ms, and here nobody logs in. */
export function hashOf(password: string): PasswordHash {
  const tag = hash("sha256", password, "base64").replace(/=+$/, "");
  return asPasswordHash(`$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$${tag}`);
}
