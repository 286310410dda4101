import assert from "node:assert/strict";
import { test } from "node:test";
import { allowedMethods, Router } from "./router.ts";

const router = new Router([
  { path: "users/", method: "GET" },
  { path: "users/", method: "POST" },
  { path: "users/{username}/", method: "GET" },
  { path: "a.b/{x}/c/{y}", method: "PUT" },
]);

test("a path finds all its operations and their methods", () => {
  const route = router.find("users/");
  assert(route !== undefined);
  assert.deepEqual(allowedMethods(route), ["GET", "POST"]);
});

test("parameters are decoded, and a slash is a part of none", () => {
  assert.deepEqual(router.find("users/b%C3%B6b%2F%25/")?.path, { username: "böb/%" });
  assert.deepEqual(router.find("a.b/1/c/2")?.path, { x: "1", y: "2" });
  assert.equal(router.find("users/a/b/"), undefined);
});

test("what is nearly a path is none", () => {
  for (const path of ["users", "users//", "axb/1/c/2", "USERS/", "users/x", ""])
    assert.equal(router.find(path), undefined, path);
});

test("a parameter that is no text is nowhere", () => {
  for (const path of ["users/%/", "users/%ff/", "users/%00/"]) assert.equal(router.find(path), undefined, path);
});
