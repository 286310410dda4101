import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { checkedLookup, type ListeningAddress, refuseUnsafe, type Resolve, UnsafeReceiver } from "./safe-receiver.ts";

const refuses = (host: string, own: readonly ListeningAddress[] = [], port = 443): boolean => {
  try {
    refuseUnsafe(host, port, own);
    return false;
  } catch (error) {
    assert.ok(error instanceof UnsafeReceiver);
    return true;
  }
};

test("link-local addresses and those of metadata are refused, in each of their forms", () => {
  for (const host of [
    "169.254.169.254",
    "169.254.0.1",
    "169.254.255.255",
    "::ffff:169.254.169.254",
    "[::ffff:a9fe:a9fe]",
    "0:0:0:0:0:ffff:169.254.169.254",
    "::169.254.169.254",
    "64:ff9b::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "::ffff:0:169.254.169.254",
    "::ffff:0:a83f:8110",
    "64:ff9b:1::169.254.169.254",
    "64:ff9b:1:a9fe:a9:fe00::",
    "64:ff9b:1:a9:fe:a9fe::",
    "64:ff9b:1:0:a9:fea9:fe00:0",
    "2001:0:a9fe:a9fe::1",
    "2001::5601:5601",
    "fe80::1",
    "fe80::1%eth0",
    "febf:ffff::1",
    "fd00:ec2::254",
    "fd00:0ec2:0:0:0:0:0:0254",
    "100.100.100.200",
    "::ffff:100.100.100.200",
    "168.63.129.16",
    "64:ff9b::a83f:8110",
  ]) {
    assert.ok(refuses(host), host);
  }
});

test("loopback, private and public addresses are taken, also those beside the refused ones", () => {
  for (const host of [
    "127.0.0.1",
    "::1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "fd12:3456::1",
    "169.253.255.255",
    "169.255.0.0",
    "fec0::1",
    "fe7f::1",
    "fd00:ec2::253",
    "100.100.100.201",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::8.8.8.8",
    "::ffff:0:8.8.8.8",
    "2001:0:808:808::f7f7:f7f7",
    "2001:1::5601:5601",
    "2002:808:808::a9fe:a9fe",
    "2001:db8::a9fe:a9fe",
    "siem.example",
  ]) {
    assert.ok(!refuses(host), host);
  }
});

test("where Ironlog listens is refused, on its port alone, and as each address that leads there", () => {
  const loopback = [{ host: "127.0.0.1", port: 5240 }];
  for (const host of ["127.0.0.1", "::ffff:127.0.0.1", "0.0.0.0", "64:ff9b::7f00:1", "::ffff:0:7f00:1", "64:ff9b::"]) {
    assert.ok(refuses(host, loopback, 5240), host);
    assert.ok(!refuses(host, loopback, 5241), host);
  }
  assert.ok(!refuses("10.1.2.3", loopback, 5240));
  for (const own of ["0.0.0.0", "::"]) {
    const all = [{ host: own, port: 5240 }];
    const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    // A link-local one is refused anyhow.
    const addresses = interfaces.map(({ address }) => address);
    for (const host of ["127.0.0.1", "127.9.9.9", "::1", "::", ...addresses]) assert.ok(refuses(host, all, 5240), host);
    assert.ok(!refuses("192.0.2.77", all, 5240));
  }
  assert.ok(refuses("::1", [{ host: "localhost", port: 5240 }], 5240));
});

const answers =
  (...addresses: readonly string[]): Resolve =>
  (_, __, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

async function look(
  lookup: ReturnType<typeof checkedLookup>,
  all: boolean,
): Promise<string | readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup("siem.example", { all }, (error, address) => (error === null ? resolve(address) : reject(error)));
  });
}

test("a name gives only addresses that were checked, and fails where it has no other", async () => {
  const mixed = answers("169.254.169.254", "10.0.0.7", "fe80::1");
  assert.deepEqual(await look(checkedLookup(443, [], mixed), true), [{ address: "10.0.0.7", family: 4 }]);
  assert.equal(await look(checkedLookup(443, [], mixed), false), "10.0.0.7");
  const unsafe = checkedLookup(443, [], answers("::ffff:169.254.169.254"));
  await assert.rejects(look(unsafe, true), /siem\.example leads to ::ffff:169\.254\.169\.254.*nothing is sent there/);
  const own = checkedLookup(5240, [{ host: "127.0.0.1", port: 5240 }], answers("127.0.0.1"));
  await assert.rejects(look(own, false), UnsafeReceiver);
  await assert.rejects(look(checkedLookup(443, [], answers()), false), UnsafeReceiver);
});

test("a number that a resolver reads as an address is checked as what it leads to", async () => {
  const lookup = checkedLookup(443, []);
  await assert.rejects(
    new Promise((resolve, reject) => {
      lookup("2852039166", {}, (error, address) => (error === null ? resolve(address) : reject(error)));
    }),
    /169\.254\.169\.254/,
  );
});
