import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleCertificate } from "../../test/support/sample-keys.ts";
import { parseSslKey, validUntil } from "./ssl-key.ts";

test("a certificate is kept as it was sent, with what openssl says of it", () => {
  const key = parseSslKey(`\n${sampleCertificate}\n`);
  assert.equal(key.key, `\n${sampleCertificate}\n`);
  assert.equal(key.subject, "CN=audit.example.com, O=Example");
  assert.match(key.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  assert.ok(key.expires > Date.UTC(2100, 0) * 1000);
});

test("what is no certificate is refused, and a private key is not kept", () => {
  const refusal = (message: string) => ({ code: "invalid", fields: { key: [message] } });
  assert.throws(() => parseSslKey(" \n"), refusal("This field is required."));
  for (const text of [
    "abc",
    sampleCertificate.replace("M", "!"),
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
  ]) {
    assert.throws(() => parseSslKey(text), refusal("Invalid SSL key."));
  }
  const withKey = `${sampleCertificate}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`;
  assert.throws(() => parseSslKey(withKey), /holds a private key: send the certificate alone/);
});

test("a certificate is read under the labels that OpenSSL knows", () => {
  for (const label of ["X509 CERTIFICATE", "TRUSTED CERTIFICATE"]) {
    const key = sampleCertificate.replaceAll(/(?<=BEGIN |END )CERTIFICATE/g, label);
    assert.equal(parseSslKey(key).subject, parseSslKey(sampleCertificate).subject, label);
    assert.equal(validUntil(key), validUntil(sampleCertificate));
  }
});
