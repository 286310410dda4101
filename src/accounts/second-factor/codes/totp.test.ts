import assert from "node:assert/strict";
import { test } from "node:test";
import { base32 } from "./base32.ts";
import { hashRecoveryCode, drawRecoveryCodes, isRecoveryCode } from "./recovery-code.ts";
import { findStep, otpauthUri, stepAt, totpCode } from "./totp.ts";

/** The secret of both RFCs' vectors. */
const secret = Buffer.from("12345678901234567890");

test("codes are those of RFC 4226, appendix D", () => {
  const expected = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split(" ");
  assert.deepEqual(
    expected.map((_, counter) => totpCode(secret, counter)),
    expected,
  );
});

test("codes at a time are those of RFC 6238, appendix B: the last six digits of its eight", () => {
  const vectors: Readonly<Record<number, string>> = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
  };
  for (const [seconds, code] of Object.entries(vectors)) {
    assert.equal(totpCode(secret, stepAt(Number(seconds) * 1000)), code.slice(2), seconds);
  }
});

test("a code is taken one step early and one step late, and not two", () => {
  const nowMs = 1_234_567_890_000;
  const now = stepAt(nowMs);
  const found = [-2, -1, 0, 1, 2].map((ahead) => findStep(secret, totpCode(secret, now + ahead), nowMs));
  assert.deepEqual(found, [undefined, now - 1, now, now + 1, undefined]);
  for (const wrong of ["", "12345", "1234567", "aaaaaa"]) assert.equal(findStep(secret, wrong, nowMs), undefined);
});

test("base32 is that of RFC 4648, section 10, without padding", () => {
  const vectors = {
    "": "",
    f: "MY",
    fo: "MZXQ",
    foo: "MZXW6",
    foob: "MZXW6YQ",
    fooba: "MZXW6YTB",
    foobar: "MZXW6YTBOI",
  };
  for (const [text, expected] of Object.entries(vectors)) assert.equal(base32(Buffer.from(text)), expected);
});

test("the address for an app names the server and the user", () => {
  assert.equal(
    otpauthUri({ secret, issuer: "Ironlog a&b", username: "bob@example.com" }),
    "otpauth://totp/Ironlog%20a%26b:bob%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Ironlog%20a%26b",
  );
});

test("a recovery code is found however it is typed, and only for its user", () => {
  const { codes, hashes } = drawRecoveryCodes(7);
  assert.equal(new Set(codes).size, 10);
  for (const [at, code] of codes.entries()) {
    assert.match(code, /^(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
    for (const typed of [code, code.toLowerCase(), code.replaceAll("-", ""), ` ${code.replaceAll("-", " ")} `]) {
      assert.ok(isRecoveryCode(typed));
      assert.deepEqual(hashRecoveryCode(7, typed), hashes[at]);
      assert.notDeepEqual(hashRecoveryCode(8, typed), hashes[at]);
    }
  }
});
