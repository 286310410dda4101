import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import * as fc from "fast-check";
import { Refusal } from "../../refusal.ts";
import { clientAddress, limiterNetwork, limiterPrefix, parseTrustedProxies } from "./client-address.ts";

const trusted = parseTrustedProxies(["10.0.0.0/8", "192.0.2.7", "fd00::/8"]);

function ip(peer: string | undefined, forwardedFor?: string): string | null {
  return clientAddress(peer, forwardedFor, trusted).ip;
}

test("the peer's address counts where the peer is not trusted, whatever it forwards", () => {
  assert.deepEqual(clientAddress("203.0.113.5", "198.51.100.1", trusted), { ip: "203.0.113.5", forwarded: null });
  assert.deepEqual(clientAddress("203.0.113.5", undefined, trusted), { ip: "203.0.113.5", forwarded: null });
});

test("behind a trusted proxy, the first untrusted address from the right counts", () => {
  assert.deepEqual(clientAddress("10.1.2.3", "1.1.1.1, 198.51.100.1, 10.0.0.9", trusted), {
    ip: "198.51.100.1",
    forwarded: "1.1.1.1, 198.51.100.1, 10.0.0.9",
  });
  assert.equal(ip("192.0.2.7", "198.51.100.1"), "198.51.100.1");
  assert.equal(ip("192.0.2.8", "198.51.100.1"), "192.0.2.8");
});

test("where every hop is trusted, the leftmost counts", () => {
  assert.equal(ip("10.0.0.1", "10.0.0.3,10.0.0.2"), "10.0.0.3");
  assert.equal(ip("10.0.0.1"), "10.0.0.1");
});

test("an IPv4-mapped proxy is the IPv4 proxy, and so is its client", () => {
  assert.equal(ip("::ffff:10.0.0.1", "::FFFF:c633:6401"), "198.51.100.1");
  assert.equal(ip("::ffff:203.0.113.5", "198.51.100.1"), "203.0.113.5");
  const mapped = parseTrustedProxies(["::ffff:10.0.0.0/104"]);
  assert.equal(clientAddress("10.9.9.9", "198.51.100.1", mapped).ip, "198.51.100.1");
});

test("ports, brackets, zones and blanks around addresses are stripped", () => {
  for (const [text, address] of [
    ["198.51.100.1:4711", "198.51.100.1"],
    ["[2001:DB8:0:0::1]:443", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["  2001:db8:0:0:0:0:0:1 ", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["[fe80::1%25eth0]:80", "fe80::1"],
    ["[::ffff:198.51.100.1]:80", "198.51.100.1"],
  ] as const) {
    assert.equal(ip("fd00::1", text), address, text);
  }
});

test("what is no address ends the chain, and the last good one stands", () => {
  for (const garbage of ["unknown", "", "198.51.100.1:", "[198.51.100.1]", "[::1", "010.0.0.1", "1.2.3", "::1::"]) {
    assert.equal(ip("10.0.0.1", `203.0.113.5, ${garbage}, 10.0.0.2`), "10.0.0.2", garbage);
    assert.equal(ip("10.0.0.1", garbage), "10.0.0.1", garbage);
  }
});

test("an unknown peer has no address and its headers are not believed", () => {
  assert.deepEqual(clientAddress(undefined, "198.51.100.1", trusted), { ip: null, forwarded: null });
});

test("what a trusted proxy forwarded is kept as well-formed text of at most 1,000 characters", () => {
  const { forwarded } = clientAddress("10.0.0.1", `\u0000${"x".repeat(2_000)}`, trusted);
  assert.equal(forwarded, `\ufffd${"x".repeat(999)}`);
});

test("a trusted proxy that is no address or network is refused", () => {
  for (const cidr of [
    "",
    "proxy",
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "fe80::1%eth0",
    "10.0.0.0/-1",
  ]) {
    assert.throws(
      () => parseTrustedProxies(["10.0.0.1", cidr]),
      (error) => error instanceof Refusal && error.code === "invalid" && error.message.includes("--trusted-proxy"),
      cidr,
    );
  }
});

test("for any address behind any number of trusted hops, that address is found in canonical form", () => {
  const hop = fc.constantFrom("10.0.0.1", "fd00::2", "::ffff:10.1.1.1", "[fd00::3]:80", "192.0.2.7:1");
  const client = fc.oneof(fc.ipV4(), fc.ipV6()).filter((address) => ip(address, "1.1.1.1") === ip(address));
  fc.assert(
    fc.property(client, fc.array(hop), fc.array(fc.string()), (client, hops, madeUp) => {
      const found = ip("10.0.0.1", [...madeUp, client, ...hops].join(","));
      assert.equal(found, ip(client));
      assert.equal(found, found?.toLowerCase());
    }),
  );
});

test("for any peer and header, the answer is null or an address that a limiter can count", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), fc.string({ unit: "binary" }), (peer, header) => {
      const found = ip(peer, header);
      if (found !== null) assert.notEqual(isIP(limiterPrefix(found).replace("/64", "")), 0);
    }),
  );
});

test("a limiter counts an IPv4 address itself and an IPv6 address's /64", () => {
  for (const [address, prefix] of [
    ["198.51.100.1", "198.51.100.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8::/64"],
    ["2001:db8:0:1::", "2001:db8:0:1::/64"],
    ["1:2:3:4:5:6::", "1:2:3:4::/64"],
    ["1::4:5:6:7:8", "1:0:0:4::/64"],
    ["::1", "::/64"],
    ["::", "::/64"],
    ["64:ff9b::192.0.2.1", "64:ff9b::/64"],
    ["::192.0.2.1", "::/64"],
  ] as const) {
    assert.equal(limiterPrefix(address), prefix, address);
  }
});

test("a limiter counts an IPv4 address's /24 and an IPv6 address's /48 too", () => {
  for (const [address, network] of [
    ["198.51.100.17", "198.51.100.0/24"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
    ["2001:db8::1", "2001:db8::/48"],
    ["1::4:5:6:7:8", "1::/48"],
  ] as const) {
    assert.equal(limiterNetwork(address), network, address);
  }
});

test("for any two IPv6 addresses with the same first 64 bits, the limiter's prefix is the same", () => {
  const half = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(half, half, half, (network, one, other) => {
      fc.pre(network.some((group) => group !== 0));
      assert.equal(limiterPrefix(fromGroups([...network, ...one])), limiterPrefix(fromGroups([...network, ...other])));
    }),
  );
});

function fromGroups(groups: readonly number[]): string {
  return ip(groups.map((group) => group.toString(16)).join(":")) ?? "";
}

test("X-Real-IP is one address, and believed of a trusted proxy alone", () => {
  const by = (peer: string, text: string) => clientAddress(peer, text, trusted, "x-real-ip").ip;
  assert.equal(by("10.0.0.1", "198.51.100.1"), "198.51.100.1");
  assert.equal(by("10.0.0.1", "2001:DB8::1"), "2001:db8::1");
  assert.equal(by("203.0.113.5", "198.51.100.1"), "203.0.113.5");
  assert.equal(by("10.0.0.1", "nonsense"), "10.0.0.1");
});

test("Forwarded is read as RFC 7239 writes it, from the right", () => {
  for (const [text, address] of [
    ["for=198.51.100.1", "198.51.100.1"],
    ["For=198.51.100.1;proto=https;by=10.0.0.1", "198.51.100.1"],
    ['for="198.51.100.1:4711"', "198.51.100.1"],
    ['for="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"],
    ['proto=http; for="[2001:db8::1]"', "2001:db8::1"],
    ["for=1.1.1.1, for=198.51.100.1, for=10.0.0.9", "198.51.100.1"],
    ['for="198.51.100.1";host="a,b;for=9.9.9.9"', "198.51.100.1"],
    ['for="[2001:db8::1]";host="a\\", for=9.9.9.9;x=\\""', "2001:db8::1"],
    // A quotation that the client left open is its own.
    ['for=1.2.3.4;x=", for="[2001:db8::9]"', "2001:db8::9"],
    ['for=1.2.3.4;x=", for="192.0.2.1:4711";proto=https', "192.0.2.1"],
    ['for=1.2.3.4;x=", for=192.0.2.1;host="a"', "192.0.2.1"],
    ['for=1.2.3.4;x="\\, for=192.0.2.1', "192.0.2.1"],
    ['for="192.0.2.3", x=", for=192.0.2.1', "192.0.2.1"],
    ['for=1.2.3.4;x=", for=192.0.2.1, for=10.0.0.9', "192.0.2.1"],
    // What hides its client, or is written wrongly, ends the chain: who passed it on stands.
    ["for=198.51.100.1, for=unknown", "10.0.0.1"],
    ["for=198.51.100.1, for=_hidden, for=10.0.0.2", "10.0.0.2"],
    ["for=198.51.100.1, by=10.0.0.3", "10.0.0.1"],
    ["for=198.51.100.1;for=9.9.9.9", "10.0.0.1"],
    ["for=198.51.100.1, ", "10.0.0.1"],
    ["198.51.100.1", "10.0.0.1"],
    ['for="198.51.100.1', "10.0.0.1"],
  ] as const) {
    assert.equal(clientAddress("10.0.0.1", text, trusted, "forwarded").ip, address, text);
  }
});
