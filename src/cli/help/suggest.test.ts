import assert from "node:assert/strict";
import { test } from "node:test";
import { closeWords, didYouMean } from "./suggest.ts";

test("a word with a slip or two is close to the one that was meant", () => {
  const known = ["events", "users", "user", "sshkeys", "node-scripts"];
  assert.deepEqual(closeWords("evnets", known), ["events"]);
  assert.deepEqual(closeWords("use", known), ["user", "users"]);
  assert.deepEqual(closeWords("ssh-keys", known), ["sshkeys"]);
  assert.deepEqual(closeWords("nodescript", known), ["node-scripts"]);
});

test("what resembles nothing is close to nothing", () => {
  assert.deepEqual(closeWords("frobnicate", ["events", "users"]), []);
  assert.equal(didYouMean("x", ["events"]), "");
});

test("the sentence offers what there is to choose", () => {
  assert.equal(didYouMean("uesr", ["user"]), " Did you mean 'user'?");
  assert.equal(didYouMean("use", ["user", "users"]), " Did you mean 'user' or 'users'?");
});
