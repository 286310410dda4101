import assert from "node:assert/strict";
import { test } from "node:test";
import type { Transport } from "./destination.ts";
import { parseDestinationSecret, parseSettings } from "./destination-settings.ts";

const refuses = (transport: Transport, given: Parameters<typeof parseSettings>[1], why: RegExp): void =>
  assert.throws(() => parseSettings(transport, given), why, JSON.stringify(given));

test("what no header carries is refused where it is entered", () => {
  for (const text of ["t\u0142ken", "a\nb", "a\u0080b", " a", "a ", "\u{1f511}", ""]) {
    assert.throws(() => parseDestinationSecret("token", text), /Enter one line/, text);
    if (text !== "") refuses("loki", { tenant: text }, /Enter one line/);
  }
  for (const text of ["t", "tok en", "caf\u00e9"]) {
    assert.equal(parseDestinationSecret("token", text), text);
    assert.deepEqual(parseSettings("loki", { tenant: text }), { tenant: text });
  }
  refuses("elasticsearch", { username: "a:b" }, /without a colon/);
  assert.deepEqual(parseSettings("email", { username: "a:b" }), { username: "a:b" });
  // Basic authentication encodes it.
  assert.equal(parseDestinationSecret("password", "ha\u0142:o"), "ha\u0142:o");
});

test("port 0 is refused by each transport", () => {
  for (const [transport, url] of [
    ["syslog", "udp://siem.example:0"],
    ["syslog", "tls://siem.example:0"],
    ["webhook", "https://siem.example:0/in"],
    ["email", "smtp://siem.example:0"],
  ] as const) {
    refuses(transport, { url }, /port from 1 to 65535/);
  }
  assert.deepEqual(parseSettings("syslog", { url: "udp://siem.example:1" }), { url: "udp://siem.example:1" });
});

test("an address over HTTP has no query, since a secret in it would be shown", () => {
  for (const url of ["https://hooks.example/in?token=abc", "https://hooks.example/?"]) {
    refuses("webhook", { url }, /without \? and a query\. Put a secret into token or signing_key\./);
    refuses("loki", { url }, /Put a secret into token\.$/);
  }
  assert.deepEqual(parseSettings("webhook", { url: "https://hooks.example/in" }), { url: "https://hooks.example/in" });
});
