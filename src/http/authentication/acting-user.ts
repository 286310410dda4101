import assert from "node:assert/strict";
import type { ActingUser, Actor } from "../../audit/actor.ts";

/** The user who acts, in an operation that nobody else can call. */
export function actingUser({ user }: Actor): ActingUser {
  assert(user !== null, "only somebody logged in can call this operation");
  return user;
}
