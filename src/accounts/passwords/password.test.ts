import assert from "node:assert/strict";
import { argon2Sync } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { Refusal } from "../../refusal.ts";
import { asPasswordHash, parsePassword, PasswordHasher } from "./password.ts";

const passwords = new PasswordHasher();

// The reference implementation's own test (P-H-C/phc-winner-argon2, src/test.c): "password" with "somesalt".
const reference = asPasswordHash(
  "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
);

test("argon2id gives the tag of RFC 9106 section 5.3", () => {
  const tag = argon2Sync("argon2id", {
    message: Buffer.alloc(32, 1),
    nonce: Buffer.alloc(16, 2),
    secret: Buffer.alloc(8, 3),
    associatedData: Buffer.alloc(12, 4),
    parallelism: 4,
    tagLength: 32,
    memory: 32,
    passes: 3,
  });
  assert.equal(tag.toString("hex"), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
});

test("a hash of the reference implementation verifies, and is due for renewal", async () => {
  assert.equal(await passwords.verify("password", reference), true);
  assert.equal(await passwords.verify("passwore", reference), false);
  assert.equal(passwords.needsRehash(reference), true);
});

test("a password verifies against its own hash alone, which tells its cost and is new each time", async () => {
  const password = parsePassword("correct horse", "password");
  const stored = await passwords.hash(password);
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(await passwords.hash(password), stored);
  assert.equal(passwords.needsRehash(stored), false);
  assert.equal(await passwords.verify("correct horse", stored), true);
  for (const wrong of ["correct horsf", "correct hors", "correct horse ", "Correct horse", ""]) {
    assert.equal(await passwords.verify(wrong, stored), false);
  }
});

test("for any password, it verifies and one with a character more does not", async () => {
  const text = fc.string({ unit: "grapheme", minLength: 8, maxLength: 40 }).filter((text) => !text.includes("\0"));
  await fc.assert(
    fc.asyncProperty(text, async (text) => {
      const stored = await passwords.hash(parsePassword(text, "password"));
      assert.equal(await passwords.verify(text, stored), true);
      assert.equal(await passwords.verify(`${text}x`, stored), false);
    }),
    { numRuns: 10 },
  );
});

test("the same password composed and decomposed is one password", async () => {
  const stored = await passwords.hash(parsePassword("caf\u00e9 au lait", "password"));
  assert.equal(await passwords.verify("cafe\u0301 au lait", stored), true);
});

test("a password of 8 to 1,024 code points is taken, others are refused for their field", () => {
  for (const text of ["12345678", "😀".repeat(8), "😀".repeat(1_024), " ".repeat(8)]) parsePassword(text, "password");
  const refused = ["", "1234567", "😀".repeat(4), "e\u0301".repeat(7), "x".repeat(1_025), "x".repeat(1_000_000)];
  for (const text of [...refused, "1234567\0", "1234567\ud800"]) {
    assert.throws(
      () => parsePassword(text, "new_password"),
      (error) => error instanceof Refusal && error.code === "invalid" && error.fields?.["new_password"]?.length === 1,
    );
  }
});

test("what cannot be a password is wrong, not an error", async () => {
  const stored = await passwords.hash(parsePassword("1234567\ufffd", "password"));
  assert.equal(await passwords.verify("1234567\ud800", stored), false);
  assert.equal(await passwords.verify("x".repeat(1_000_000), stored), false);
});

test("nobody's password is never right", async () => {
  assert.equal(await passwords.verifyAgainstNobody("12345678"), false);
  assert.equal(await passwords.verifyAgainstNobody("\ud800"), false);
});

test("a stored hash in another form is a bug, and the error does not show it", () => {
  for (const text of ["", "12345678", "$argon2i$v=19$m=1,t=1,p=1$c2FsdA$dGFn", `${reference}=`, `${reference}\n`]) {
    assert.throws(
      () => asPasswordHash(text),
      (error: Error) => error.name === "AssertionError" && (text === "" || !error.message.includes(text)),
    );
  }
});

test("more logins at once than may wait are refused, and the others are answered", async () => {
  const stored = await passwords.hash(parsePassword("12345678", "password"));
  const answers = await Promise.allSettled(Array.from({ length: 70 }, () => passwords.verify("12345678", stored)));
  const refused = answers.filter((answer) => answer.status === "rejected");
  assert.equal(refused.length, 4);
  for (const { reason } of refused) assert(reason instanceof Refusal && reason.code === "queue_full");
  assert(answers.every((answer) => answer.status === "rejected" || answer.value));
});
