import assert from "node:assert/strict";
import os from "node:os";
import { test } from "node:test";
import { isKnownHost, knownHosts, parseAllowedHosts } from "./host.ts";

const known = knownHosts("https://Audit.Example.com:8443", ["proxy.internal", "UPPER"]);

test("an address is known, in every form that a client writes it", () => {
  for (const host of ["192.0.2.1", "192.0.2.1:5240", "[::1]", "[2001:db8::1]:5240", "127.0.0.1:"]) {
    assert.ok(isKnownHost(host, known), host);
  }
});

test("a name is known if it's localhost, the machine's, that of the URL or an allowed one", () => {
  for (const host of ["localhost", "LOCALHOST:80", os.hostname(), "audit.example.com", "audit.example.com.:1"]) {
    assert.ok(isKnownHost(host, known), host);
  }
  for (const host of ["proxy.internal:5240", "upper"]) assert.ok(isKnownHost(host, known), host);
});

test("no other name is known", () => {
  for (const host of [
    "",
    ":80",
    "evil.example",
    "audit.example.com.evil.example",
    "localhost.evil.example",
    "evil.localhost",
    "192.0.2.1.evil.example",
    "192.0.2",
    "0x7f000001",
    "2130706433",
    "::1",
    "[evil]",
    "[::1].evil.example",
    "[192.0.2.1]",
    "localhost:80:80",
    "localhost@evil.example",
    "user@localhost",
    "localhost, evil.example",
    "localhost/",
    " localhost",
  ]) {
    assert.ok(!isKnownHost(host, known), host);
  }
});

test("what is allowed is a name, and nothing that only looks like one", () => {
  assert.deepEqual(parseAllowedHosts(["audit.example.com", "iron_log"]), ["audit.example.com", "iron_log"]);
  for (const name of ["https://audit.example.com", "audit.example.com:80", "*.example.com", "", "a b", "a..b"]) {
    assert.throws(() => parseAllowedHosts([name]), { code: "invalid", message: /--allowed-host takes a host name/ });
  }
});
