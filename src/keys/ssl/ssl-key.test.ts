import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleCertificate } from "../../../test/support/sample-keys.ts";
import { parseSslKey, shownExpiry } from "./ssl-key.ts";

test("a certificate is kept as it was sent, with what openssl says of it", () => {
  const key = parseSslKey(`\n${sampleCertificate}\n`);
  assert.equal(key.key, `\n${sampleCertificate}\n`);
  assert.equal(key.subject, "CN=audit.example.com, O=Example");
  assert.match(key.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  assert.ok(key.expires > Date.UTC(2100, 0) * 1000);
});

test("the labels that OpenSSL reads are read, with what stands behind the certificate itself", () => {
  const { fingerprint } = parseSslKey(sampleCertificate);
  for (const label of ["X509 CERTIFICATE", "TRUSTED CERTIFICATE"]) {
    assert.equal(parseSslKey(sampleCertificate.replaceAll("CERTIFICATE", label)).fingerprint, fingerprint);
  }
  // Trust settings follow the certificate: here an empty sequence.
  const body = sampleCertificate.split("\n").slice(1, -2).join("");
  const trusted = Buffer.concat([Buffer.from(body, "base64"), Buffer.from("3000", "hex")]).toString("base64");
  const text = `-----BEGIN TRUSTED CERTIFICATE-----\n${trusted}\n-----END TRUSTED CERTIFICATE-----\n`;
  assert.equal(parseSslKey(text).fingerprint, fingerprint);
  assert.throws(
    () => parseSslKey(sampleCertificate.replaceAll("CERTIFICATE", "CERTIFICATE REQUEST")),
    /Invalid SSL key/,
  );
});

test("a certificate that outlives the database's numbers shows its own year", () => {
  const der = Buffer.from(sampleCertificate.split("\n").slice(1, -2).join(""), "base64");
  // Nobody checks its signature here.
  der.write("99661031081211Z", der.indexOf("21261031081211Z"));
  const text = `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
  const key = parseSslKey(text);
  assert.ok(Number.isSafeInteger(key.expires));
  assert.equal(shownExpiry(key), "9966-10-31T08:12:11.000000Z");
  assert.equal(shownExpiry(parseSslKey(sampleCertificate)), "2126-10-31T08:12:11.000000Z");
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
