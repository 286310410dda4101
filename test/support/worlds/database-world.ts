import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { asPasswordHash, type PasswordHash } from "../../../src/accounts/passwords/password.ts";
import { logIn, type NewSession } from "../../../src/accounts/sessions/session-actions.ts";
import { createUser, type NewUser } from "../../../src/accounts/users/user-actions.ts";
import type { User } from "../../../src/accounts/users/user.ts";
import { type ActingUser, type Actor, machineActor } from "../../../src/audit/actor.ts";
import { perform } from "../../../src/audit/perform.ts";
import type { Database } from "../../../src/database/database.ts";
import { createToken, type NewToken } from "../../../src/tokens/actions.ts";
import { noLimits } from "../../../src/tokens/limits.ts";

/** What the examples are about. Ada administrates; bob has a session and an API token. */
export interface World {
  readonly db: Database;
  readonly ada: Person;
  readonly bob: Person & { readonly sessionId: number; readonly tokenKey: string };
}

export interface Person {
  readonly user: User;
  readonly actor: Actor;
}

/** 2026-01-02 03:04:05 UTC, in microseconds. Actions get the time with their input. */
export const now = 1_767_323_045_000_000;

export const machine: Actor = machineActor("tester");

/** Makes that world through `perform`, in an empty database. */
export async function world(db: Database): Promise<World> {
  const ada = await perform(db, machine, createUser, { ...newUser("ada"), isSuperuser: true });
  const bob = await perform(db, actorFor(ada), createUser, newUser("bob"));
  const token = await perform(db, actorFor(bob), createToken, { ...newToken("bob-1"), userId: bob.id });
  const attempt = { account: { user: bob, passwordHash: hashOf("bob") }, isPasswordRight: true };
  const { sessionId } = await perform(db, machine, logIn, { attempt, session: newSession("bob-1") });
  assert(sessionId !== undefined);
  return {
    db,
    ada: { user: ada, actor: actorFor(ada) },
    bob: { user: bob, actor: actorFor(bob), sessionId, tokenKey: token.tokenKey },
  };
}

export function actorFor({ id, username, isSuperuser }: ActingUser, traceId: string | null = null): Actor {
  const origin = { ip: "192.0.2.1", userAgent: "curl/8.0 (é)", endpoint: "API", traceId, forwarded: null } as const;
  return { user: { id, username, isSuperuser }, origin };
}

export function newUser(username: string): NewUser {
  return {
    username,
    email: `${username}@example.com`,
    lastName: "",
    isSuperuser: false,
    passwordHash: hashOf(username),
    now,
  };
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

/** Something in the form of a hash: to hash would cost 20 ms, and here nobody logs in. */
export function hashOf(password: string): PasswordHash {
  const tag = hash("sha256", password, "base64").replace(/=+$/, "");
  return asPasswordHash(`$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$${tag}`);
}
