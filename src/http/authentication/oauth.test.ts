import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { Refusal } from "../../refusal.ts";
import { findOAuthCredentials, type OAuthSource, verifyPlaintextSignature } from "./oauth.ts";

function source(pairs: Record<string, string> = {}): OAuthSource {
  return { last: (name) => pairs[name] };
}

const nothing = source();

function fromHeader(header: string) {
  return findOAuthCredentials(header, nothing, nothing);
}

const signed = {
  consumerKey: "CK",
  tokenKey: "TK",
  signature: "&TS",
  signatureMethod: "PLAINTEXT",
  timestamp: "1795418915",
  nonce: "8938507658117797618",
  version: "1.0",
} as const;

const pairs = {
  oauth_consumer_key: "CK",
  oauth_token: "TK",
  oauth_signature: "&TS",
  oauth_signature_method: "PLAINTEXT",
  oauth_timestamp: "1795418915",
  oauth_nonce: "8938507658117797618",
} as const;

const cliHeader =
  'OAuth oauth_nonce="8938507658117797618", oauth_timestamp="1795418915", oauth_version="1.0", ' +
  'oauth_signature_method="PLAINTEXT", oauth_consumer_key="CK", oauth_token="TK", oauth_signature="%26TS"';

test("the maas command's header is read", () => {
  assert.deepEqual(fromHeader(cliHeader), signed);
});

test("python-libmaas's header, with a realm in front, is read", () => {
  assert.deepEqual(fromHeader(cliHeader.replace("OAuth ", 'OAuth realm="OAuth", ')), signed);
});

test("gomaasapi's header, in any order with its realm anywhere, is read", () => {
  const header =
    'OAuth oauth_signature="%26TS", realm="MAAS+API", oauth_nonce="00ff00ff00ff00ff00ff00ff00ff00ff", oauth_token="TK", ' +
    'oauth_timestamp="1795418915", oauth_consumer_key="CK", oauth_version="1.0", oauth_signature_method="PLAINTEXT"';
  assert.deepEqual(fromHeader(header), { ...signed, nonce: "00ff00ff00ff00ff00ff00ff00ff00ff" });
});

test("curl's header, without quotes and with the signature unencoded, is read", () => {
  const header =
    "OAuth oauth_version=1.0, oauth_signature_method=PLAINTEXT, oauth_consumer_key=CK, oauth_token=TK, " +
    "oauth_signature=&TS, oauth_nonce=0e0c5b5e-4d2b-4a5b-9a0e-0f9d0a8e7b11, oauth_timestamp=1795418915";
  assert.deepEqual(fromHeader(header), { ...signed, nonce: "0e0c5b5e-4d2b-4a5b-9a0e-0f9d0a8e7b11" });
});

test("for any order of the parameters and any place of the realm, the credentials are the same", () => {
  const pieces = [...cliHeader.slice("OAuth ".length).split(", "), 'realm="MAAS+API"'];
  fc.assert(
    fc.property(
      fc.shuffledSubarray(pieces, { minLength: pieces.length }),
      fc.constantFrom(",", ", ", " , "),
      (p, by) => {
        assert.deepEqual(fromHeader(`OAuth ${p.join(by)}`), signed);
      },
    ),
  );
});

test("the scheme is OAuth in that very case, followed by a blank", () => {
  for (const scheme of ["oauth ", "OAUTH ", "OAuth\t", " OAuth ", "Bearer "]) {
    assert.equal(fromHeader(cliHeader.replace("OAuth ", scheme)), undefined);
  }
});

test("a request without one of the six parameters is anonymous, one with an empty one is not", () => {
  for (const name of Object.keys(pairs)) {
    const others = Object.fromEntries(Object.entries(pairs).filter(([other]) => other !== name));
    assert.equal(findOAuthCredentials(undefined, source(others), nothing), undefined, name);
  }
  assert.equal(findOAuthCredentials(undefined, source({ ...pairs, oauth_token: "" }), nothing)?.tokenKey, "");
  assert.equal(findOAuthCredentials(undefined, nothing, nothing), undefined);
});

test("a version need not be sent", () => {
  assert.equal(findOAuthCredentials(undefined, source(pairs), nothing)?.version, undefined);
});

test("the query overrides the header, and the header overrides the form", () => {
  const form = source({ ...pairs, oauth_token: "form", oauth_nonce: "form" });
  const header = 'OAuth oauth_token="header", oauth_nonce="header"';
  const found = findOAuthCredentials(header, source({ oauth_nonce: "query" }), form);
  assert.deepEqual([found?.nonce, found?.tokenKey, found?.consumerKey], ["query", "header", "CK"]);
});

test("a plus stays a plus, and what is malformed stays as it was sent", () => {
  for (const [sent, read] of [
    ["a+b", "a+b"],
    ["%2", "%2"],
    ["%zz%26", "%zz&"],
    ["%ff", "%ff"],
    ["a%00", "a%00"],
    ['""a""', "a"],
    ["a=b", "a=b"],
  ] as const) {
    assert.equal(fromHeader(`${cliHeader}, oauth_nonce=${sent}`)?.nonce, read);
  }
});

test("pieces without an equals sign are passed over", () => {
  assert.deepEqual(fromHeader(`${cliHeader},, oauth_token, ,=`), signed);
});

test("an OAuth header beyond 8 KiB is refused, another scheme's is none of its business", () => {
  assert.throws(
    () => fromHeader(`OAuth ${"x".repeat(8_192)}`),
    (error) => error instanceof Refusal && error.code === "invalid",
  );
  assert.equal(fromHeader(`Negotiate ${"x".repeat(12_000)}`), undefined);
});

test("for any text after it, a header's own parameters are still read", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.deepEqual(fromHeader(`${cliHeader}, x${text}`)?.consumerKey, "CK");
    }),
  );
});

test("a PLAINTEXT signature is an ampersand and the secret, nothing else", () => {
  const secretHash = createHash("sha256").update("TS").digest();
  assert.equal(verifyPlaintextSignature("&TS", secretHash), true);
  for (const signature of ["TS", "&TS&", "&&TS", "&ts", "&", "", "xTS", "%26TS", "&TS\0"]) {
    assert.equal(verifyPlaintextSignature(signature, secretHash), false, signature);
  }
});

test("a secret's hash that is no SHA-256 is a bug", () => {
  assert.throws(() => verifyPlaintextSignature("&TS", Buffer.alloc(31)), { name: "AssertionError" });
});
