import assert from "node:assert/strict";
import { BlockList, isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { limiterPrefix } from "../../../http/request/client-address.ts";
import { addressBytes } from "../../../verifiable-log/address-bytes.ts";
import { addressText, isInRange, parseAddresses } from "./address-range.ts";
import { isListedIn } from "../blocked-logins.ts";
import { listedIn } from "./listed-addresses.ts";

const bytesOf = (ip: string): Buffer => addressBytes(ip) ?? assert.fail(ip);

function rangeOf(network: string) {
  const [range] = parseAddresses([network], "ip").ipRanges ?? [];
  return range ?? assert.fail(network);
}

/** Addresses of both kinds that are often near each other, with many zeros. */
const group = fc.constantFrom(0, 0, 1, 0x2001, 0xdb8, 0xdb9, 0xffff);
const ipv6 = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .map((groups) => groups.map((one) => one.toString(16)).join(":"));
const octet = fc.constantFrom(0, 1, 100, 127, 128, 198, 199, 255);
const ipv4 = fc.array(octet, { minLength: 4, maxLength: 4 }).map((octets) => octets.join("."));
const address = fc.oneof(ipv4, ipv6).map((ip) => addressText(bytesOf(ip)));

/** The network of so many bits that an address is in. */
function networkOf(ip: string, bits: number): string {
  const before = isIP(ip) === 4 ? 96 : 0;
  const first = bytesOf(ip).map((byte, at) => {
    const own = Math.min(8, Math.max(0, bits + before - 8 * at));
    return byte & (0xff << (8 - own));
  });
  return `${addressText(first)}/${bits}`;
}

const network = address.chain((ip) =>
  fc.integer({ min: 0, max: isIP(ip) === 4 ? 32 : 128 }).map((bits) => networkOf(ip, bits)),
);
/** What is written as IPv4 there is a network of IPv6 as well. */
const plainNetwork = network.filter(
  (text) => Number(text.split("/")[1]) <= (isIP(text.split("/")[0] ?? "") === 4 ? 32 : 128),
);

test("for any network and address, an address is in it as Node's own list of networks says", () => {
  fc.assert(
    fc.property(plainNetwork, address, (text, ip) => {
      const [first = "", bits] = text.split("/");
      const family = isIP(first) === 4 ? "ipv4" : "ipv6";
      // IPv4 lies within IPv6 here.
      fc.pre(isIP(first) === isIP(ip));
      const list = new BlockList();
      list.addSubnet(first, Number(bits), family);
      assert.equal(isInRange(bytesOf(ip), rangeOf(text)), list.check(ip, family));
    }),
    { numRuns: 2_000 },
  );
});

test("for any network, what a blocked login lists is found if it is in it, and otherwise only by a whole group", () => {
  fc.assert(
    fc.property(plainNetwork, address, (text, ip) => {
      const range = rangeOf(text);
      const listed = limiterPrefix(ip);
      const details = `{"accounts":[],"addresses":[{"address":"${listed}","attempts":3}]}`;
      const found = isListedIn(details, [listedIn(range)]);
      const [first = ""] = listed.split("/");
      // One of the two lies in the other.
      const overlaps =
        isInRange(bytesOf(first), range) || (isIP(ip) === 6 && networkOf(addressText(range.first), 64) === listed);
      if (overlaps) assert.ok(found, `${text} ${listed}`);
      const cut = Math.min(range.bits, 64) % 16;
      const isExact = isIP(text.split("/")[0] ?? "") === 4 || (range.bits > 80 && cut === 0) || cut === 0 || cut >= 8;
      const holdsIpv4 = isInRange(bytesOf("0.0.0.0"), range);
      if (isExact && !holdsIpv4) assert.equal(found, overlaps, `${text} ${listed}`);
    }),
    { numRuns: 5_000 },
  );
});

test("a network that cuts a group of an address finds no other half of it where that is looked for", () => {
  const lists = (network: string, listed: string) =>
    isListedIn(`[{"address":"${listed}"}]`, [listedIn(rangeOf(network))]);
  assert.ok(lists("2001:db8:4000::/40", "2001:db8:40ff:1::/64"));
  assert.ok(!lists("2001:db8:4000::/40", "2001:db8:4100::/64"));
  assert.ok(lists("198.51.100.128/25", "198.51.100.200"));
  assert.ok(!lists("198.51.100.128/25", "198.51.100.2"));
  assert.ok(!lists("198.51.100.2/32", "198.51.100.20"));
  assert.ok(!lists("0.0.0.0/0", "2001:db8::/64"));
  // More values than are looked for.
  assert.ok(lists("2001:db8:4000::/36", "2001:db8:9000::/64"));
});

test("what is no network is refused with the mend, and addresses are taken in any form", () => {
  for (const [text, mend] of [
    ["198.51.100.7/24", /write 198\.51\.100\.0\/24 for the network, or 198\.51\.100\.7 for the address/],
    ["2001:DB8::1/32", /write 2001:db8::\/32 for the network/],
    ["198.51.100.0/33", /198\.51\.100\.0\/24 or 2001:db8::\/32/],
    ["2001:db8::/129", /2001:db8::\/32/],
    ["198.51.100.0/", /198\.51\.100\.0\/24/],
    ["198.51.100.0/024", /198\.51\.100\.0\/24/],
    ["fe80::%eth0/64", /2001:db8::\/32/],
    ["198.51.100/24", /198\.51\.100\.0\/24/],
    ["198.51.100.*", /198\.51\.100\.0\/24/],
  ] as const) {
    assert.throws(() => parseAddresses([text], "ip"), mend, text);
  }
  assert.deepEqual(parseAddresses(["2001:DB8:0::1", "::ffff:192.0.2.1", "a name"], "ip").ips, [
    "2001:db8::1",
    "192.0.2.1",
    "a name",
  ]);
});
