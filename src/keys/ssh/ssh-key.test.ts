import assert from "node:assert/strict";
import { createECDH } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { sampleSshKeys } from "../../../test/support/sample-keys.ts";
import { parseSshKey } from "./ssh-key.ts";

const ed25519 = sampleSshKeys[2].key;

test("keys of today's types are read, with the fingerprint that ssh-keygen prints", () => {
  for (const { key, fingerprint } of sampleSshKeys) {
    assert.deepEqual(parseSshKey(`  ${key}\n`), { key, fingerprint });
  }
});

test("keys on a security token are read", () => {
  const ed = blob("sk-ssh-ed25519@openssh.com", Buffer.alloc(32, 1), Buffer.from("ssh:"));
  const ec = blob(
    "sk-ecdsa-sha2-nistp256@openssh.com",
    Buffer.from("nistp256"),
    pointOf("prime256v1"),
    Buffer.from("ssh:"),
  );
  for (const key of [ed, ec]) assert.equal(parseSshKey(`${key} token`).key, `${key} token`);
});

test("a comment is kept, or may be left out", () => {
  const [type, data] = ed25519.split(" ");
  assert.equal(parseSshKey(`${type} ${data}`).key, `${type} ${data}`);
  assert.equal(parseSshKey(`${type} ${data} Ada's laptop, 2026`).key, `${type} ${data} Ada's laptop, 2026`);
});

test("what is no key is refused in MAAS's words", () => {
  const [type, data = ""] = ed25519.split(" ");
  const unreadable = "Invalid SSH public key: Key could not be converted to RFC4716 form.";
  const cases: readonly (readonly [string, string])[] = [
    ["", "This field is required."],
    [
      "abc",
      "Invalid SSH public key: Key should contain 2 or more space separated parts (key type, base64-encoded key, optional comments), not 1: abc",
    ],
    [
      `ssh-foo ${data}`,
      "Invalid SSH public key: Key type ssh-foo not recognised; it should be one of: ecdsa-sha2-nistp256, ecdsa-sha2-nistp384, ecdsa-sha2-nistp521, sk-ecdsa-sha2-nistp256@openssh.com, sk-ssh-ed25519@openssh.com, ssh-dss, ssh-ed25519, ssh-rsa",
    ],
    [`${type} not-base64!`, unreadable],
    [`ssh-rsa ${data}`, unreadable],
    [`${type} ${data.slice(0, 40)}`, unreadable],
    [`${type} ${data}\n${type} ${data}`, unreadable],
    [blob("ssh-rsa", Buffer.from([1, 0, 1]), Buffer.alloc(64, 7)), unreadable],
    [blob("ecdsa-sha2-nistp256", Buffer.from("nistp384"), pointOf("secp384r1")), unreadable],
    [blob("ecdsa-sha2-nistp256", Buffer.from("nistp256"), Buffer.alloc(65, 4)), unreadable],
    [blob("ecdsa-sha2-nistp521", Buffer.from("nistp521"), pointOf("prime256v1")), unreadable],
    [
      blob("sk-ecdsa-sha2-nistp256@openssh.com", Buffer.from("nistp256"), Buffer.alloc(65, 4), Buffer.from("ssh:")),
      unreadable,
    ],
    [blob("ssh-rsa", Buffer.from([1, 0, 1]), Buffer.alloc(256, 0xc7)), unreadable],
    [blob("ssh-rsa", Buffer.from([0x81]), Buffer.alloc(256, 7)), unreadable],
    [blob("ssh-rsa", Buffer.from([1, 0, 1]), Buffer.concat([Buffer.alloc(128), Buffer.alloc(64, 7)])), unreadable],
    [blob("ssh-dss", ...Array.from({ length: 4 }, () => Buffer.alloc(20, 0xff))), unreadable],
    [`${type} ${data}=`, unreadable],
    [`${type} ${data}\u00a0ada`, unreadable],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => parseSshKey(text), { code: "invalid", fields: { key: [message] } }, text);
  }
});

test("a blank that OpenSSH doesn't know separates nothing", () => {
  const [type, data = ""] = ed25519.split(" ");
  for (const blank of ["\u00a0", "\u2003", "\u3000", "\ufeff", "\v", "\f"]) {
    for (const key of [`${type}${blank}${data}`, `${blank}${ed25519}`, `${type} ${data}${blank}comment`]) {
      assert.throws(() => parseSshKey(key), { code: "invalid" }, JSON.stringify(key));
    }
  }
  assert.equal(parseSshKey(`\t${type}\t${data}  Ada\r\n`).key, `${type}\t${data}  Ada`);
});

test("a comment can't make a list show something else than what is there", () => {
  for (const hidden of ["\u001B[2J", "\u0007", "\u202E", "\u2066", "\u200F", "\u2028", "\u0085"]) {
    const refusal = { code: "invalid", message: /^Invalid SSH public key: The comment has control characters, or/ };
    assert.throws(() => parseSshKey(`${ed25519}${hidden}x`), refusal, JSON.stringify(hidden));
    assert.throws(
      () => parseSshKey(`ssh-${hidden} AAAA`),
      (error: Error) => !error.message.includes(hidden),
    );
  }
  assert.equal(parseSshKey(`${ed25519} Ádám's\tlaptop 💻`).key, `${ed25519} Ádám's\tlaptop 💻`);
});

test("for any text, a key is read or refused", () => {
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .tuple(fc.constantFrom("ssh-rsa", "ssh-ed25519", "toString"), fc.base64String(), fc.string())
      .map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(line, (text) => {
      try {
        parseSshKey(text);
      } catch (error) {
        assert.ok(error instanceof Error && "code" in error && error.code === "invalid", String(error));
      }
    }),
  );
});

function pointOf(curve: string): Buffer {
  return createECDH(curve).generateKeys();
}

/** A key of that type with those fields, in the form of its text. */
function blob(type: string, ...fields: readonly Buffer[]): string {
  const framed = [Buffer.from(type), ...fields].flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  });
  return `${type} ${Buffer.concat(framed).toString("base64")}`;
}
