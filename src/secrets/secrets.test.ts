import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { newNamedKey } from "../terminal/key-file.ts";
import { SecretsKeys } from "./secrets.ts";

const place = { table: "totp_device", row: "0c4b8a5e-9f6e-4c61-8d6c-3c9a1a6f8f10", column: "secret" };
const clear = "correct horse battery staple";

function folder(): Disposable & { readonly file: string } {
  const made = mkdtempSync(path.join(tmpdir(), "ironlog-secrets-"));
  return { file: path.join(made, "secrets.key"), [Symbol.dispose]: () => rmSync(made, { recursive: true }) };
}

test("a secret opens in its own place alone, and is stored nowhere in clear", () => {
  using at = folder();
  const keys = new SecretsKeys(at.file);
  const sealed = keys.seal(place, clear);
  assert.equal(statSync(at.file).mode & 0o777, 0o600);
  assert.equal(keys.open(place, sealed), clear);
  assert.equal(Buffer.from(sealed).includes(clear), false);
  assert.equal(readFileSync(at.file, "utf8").includes(clear), false);
  for (const other of [{ table: "oidc_provider" }, { row: "another" }, { column: "other" }]) {
    assert.equal(keys.open({ ...place, ...other }, sealed), undefined);
  }
  assert.notDeepEqual(keys.seal(place, clear), sealed, "no two sealings are alike");
});

test("a sealed secret with any byte changed, or cut anywhere, does not open", () => {
  using at = folder();
  const keys = new SecretsKeys(at.file);
  const sealed = keys.seal(place, clear);
  for (let byte = 0; byte < sealed.length; byte += 1) {
    const changed = Uint8Array.from(sealed, (value, index) => (index === byte ? value ^ 1 : value));
    assert.equal(keys.open(place, changed), undefined, `byte ${byte}`);
    assert.equal(keys.open(place, sealed.subarray(0, byte)), undefined, `cut at ${byte}`);
  }
});

test("the first key seals, every key opens, and a running process sees a changed file", () => {
  using at = folder();
  const keys = new SecretsKeys(at.file);
  const old = keys.seal(place, clear);
  const [first] = keys.all();
  assert.ok(first !== undefined);
  const next = newNamedKey();
  new SecretsKeys(at.file).write([next, first]);
  const anew = keys.seal(place, clear);
  assert.equal(Buffer.from(anew).subarray(0, 8).toString("hex"), next.id);
  assert.deepEqual(
    [old, anew].map((sealed) => keys.open(place, sealed)),
    [clear, clear],
  );
  new SecretsKeys(at.file).write([next]);
  assert.deepEqual(
    [old, anew].map((sealed) => keys.open(place, sealed)),
    [undefined, clear],
  );
});

test("a file that others may read or that was spoilt is refused, opens nothing, and is left as it is", () => {
  using at = folder();
  const keys = new SecretsKeys(at.file);
  const sealed = keys.seal(place, clear);
  chmodSync(at.file, 0o644);
  assert.throws(() => keys.seal(place, clear), { code: "secrets_key", message: /open to all users.*chmod 600/ });
  assert.equal(keys.open(place, sealed), undefined);
  chmodSync(at.file, 0o600);
  const text = `${readFileSync(at.file, "utf8")}0123456789abcdef c2VjcmV0\n`;
  writeFileSync(at.file, text);
  assert.throws(
    () => keys.seal(place, clear),
    (error: Error) => {
      assert.match(error.message, /line 3 is no secrets key/);
      return !error.message.includes("c2VjcmV0");
    },
  );
  assert.equal(keys.open(place, sealed), undefined);
  assert.equal(readFileSync(at.file, "utf8"), text);
});
