import assert from "node:assert/strict";
import type { ActingUser, Actor, Viewer } from "../../audit/actor.ts";

/** The user who acts, in an operation that nobody else can call. */
export function actingUser({ user }: Actor): ActingUser {
  assert(user !== null, "only somebody logged in can call this operation");
  return user;
}

/** Whether somebody is logged in, with an account here or at a mirrored MAAS. */
export function isLoggedIn({ user, mirrored }: Actor): boolean {
  return user !== null || mirrored !== undefined;
}

/** Who reads events, in an operation that nobody else can call. */
export function viewerOf({ user, mirrored }: Actor): Viewer {
  const viewer = user ?? mirrored;
  assert(viewer !== undefined, "only somebody logged in can call this operation");
  return viewer;
}
