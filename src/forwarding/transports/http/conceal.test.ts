import assert from "node:assert/strict";
import { test } from "node:test";
import { conceal, secretsIn } from "./conceal.ts";

const password = 'pä/ss "wörd+&';
const login = `ada:${password}`;
const basic = `Basic ${Buffer.from(login).toString("base64")}`;

function shown(said: string, authorization: string, status = 401): string {
  return conceal(status, Buffer.from(said), secretsIn(authorization)).toString();
}

test("a login is covered in each form in which an answer repeats it", () => {
  const percent = encodeURIComponent(password);
  for (const form of [
    basic.slice("Basic ".length),
    encodeURIComponent(basic.slice("Basic ".length)),
    login,
    encodeURIComponent(login),
    password,
    percent,
    percent.replaceAll(/%../g, (hex) => hex.toLowerCase()),
    new URLSearchParams({ s: password }).toString().slice(2),
    JSON.stringify(password).slice(1, -1),
    JSON.stringify(password).slice(1, -1).replaceAll("/", "\\/"),
    Buffer.from(password).toString("base64"),
  ]) {
    assert.equal(shown(`no: ${form}, ünknown`, basic), "no: ***, ünknown", form);
  }
  assert.equal(shown(`ada with ${password}`, basic), "ada with ***");
});

test("a token is covered behind each scheme; what is short stays readable", () => {
  for (const scheme of ["Bearer", "Splunk", "ApiKey"]) {
    assert.equal(shown("bad tok/en==, tok%2Fen%3D%3D", `${scheme} tok/en==`), "bad ***, ***");
  }
  assert.equal(shown("a bad answer", "Bearer a"), "a bad answer");
  assert.equal(shown("a bad answer", "Basic "), "a bad answer");
});

test("an answer that is read keeps its lengths and its names", () => {
  assert.equal(shown('{"reason":"tok-1234"}', "Bearer tok-1234", 200), '{"reason":"********"}');
  assert.equal(shown('{"reason":"x"}', "Bearer reason", 200), '{"reason":"x"}');
});
