import assert from "node:assert/strict";
import { test } from "node:test";
import { sendRaw } from "../../support/clients/http-client.ts";
import type { NativeEvent } from "../../support/clients/native-client.ts";
import { allEvents, tryLogIn } from "../../support/clients/native-client.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { refusedStart, sharedServers, startServer, type TestServer } from "../../support/server.ts";

// Traps 8: the address is the peer's, unless that is a proxy that was declared; then the chain is read from the right.
// No storage is in it, so one kind of database is enough.

const proxyAddress = "127.77.0.1";
const otherProxy = "127.78.0.1";
const stranger = "127.79.0.1";
const serverOf = sharedServers({ args: ["--trusted-proxy", `${proxyAddress}/32`, "--trusted-proxy", "10.0.0.0/8"] });

/** The event of a login that came from `from` with these headers. */
async function loginBy(server: TestServer, from: string, headers: Record<string, string>): Promise<NativeEvent> {
  const person: Person = await makePerson(server);
  const answer = await tryLogIn(server, person, { from, headers });
  assert.equal(answer.status, 204, answer.text);
  const [event] = await allEvents(admin(server).native, { owner: person.username, action: "auth.login" });
  assert.ok(event !== undefined);
  return event;
}

const ipOf = async (from: string, forwarded: string): Promise<string | null> =>
  (await loginBy(await serverOf("sqlite"), from, { "x-forwarded-for": forwarded })).ip;

test("X-Forwarded-For of somebody who is no proxy is not believed", async () => {
  assert.equal(await ipOf(stranger, "203.0.113.9"), stranger);
  assert.equal(await ipOf(stranger, `203.0.113.9, ${proxyAddress}`), stranger);
});

test("without a declared proxy it is believed from nobody, loopback included", async () => {
  await using server = await startServer({ kind: "sqlite" });
  assert.equal((await loginBy(server, "127.0.0.1", { "x-forwarded-for": "203.0.113.9" })).ip, "127.0.0.1");
});

for (const [forwarded, ip] of [
  ["203.0.113.9", "203.0.113.9"],
  ["198.51.100.1, 203.0.113.9", "203.0.113.9"],
  ["203.0.113.9, 10.1.2.3", "203.0.113.9"],
  ["198.51.100.1,203.0.113.9,10.1.2.3,10.9.9.9", "203.0.113.9"],
  ["  203.0.113.9  ,  10.1.2.3 ", "203.0.113.9"],
  ["203.0.113.9:4711", "203.0.113.9"],
  ["[2001:db8::7]:4711", "2001:db8::7"],
  ["2001:DB8:0:0:0:0:0:7", "2001:db8::7"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["203.0.113.9, ::ffff:10.1.2.3", "203.0.113.9"],
  ["10.1.2.3", "10.1.2.3"],
  ["10.1.2.3, 10.4.5.6", "10.1.2.3"],
] as const) {
  test(`through a declared proxy, '${forwarded}' is ${ip}`, async () => {
    assert.equal(await ipOf(proxyAddress, forwarded), ip);
  });
}

for (const forwarded of [
  "",
  ",",
  "nonsense",
  "203.0.113.9, nonsense",
  "203.0.113.999",
  "unknown",
  "203.0.113.9, ",
  "_hidden",
]) {
  test(`through a declared proxy, '${forwarded}' never makes the address of somebody further left`, async () => {
    const ip = await ipOf(proxyAddress, forwarded);
    assert.ok(ip === proxyAddress || (forwarded === "203.0.113.9, " && ip === "203.0.113.9"), String(ip));
  });
}

test("several headers are one chain", async () => {
  const server = await serverOf("sqlite");
  const person = await makePerson(server);
  const body = new URLSearchParams({ username: person.username, password: person.password }).toString();
  const head = [
    "POST /MAAS/accounts/login/ HTTP/1.1",
    "Host: 127.0.0.1",
    "X-Forwarded-For: 198.51.100.1",
    "X-Forwarded-For: 203.0.113.9",
    "Content-Type: application/x-www-form-urlencoded",
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  assert.match(await sendRaw(server.url, `${head.join("\r\n")}\r\n\r\n${body}`, proxyAddress), /^HTTP\/1\.1 204 /);
  const [event] = await allEvents(admin(server).native, { owner: person.username, action: "auth.login" });
  assert.equal(event?.ip, "203.0.113.9");
});

test("A3: what the proxy said stands in the event as the chain it was", async () => {
  const server = await serverOf("sqlite");
  const event = await loginBy(server, proxyAddress, { "x-forwarded-for": "198.51.100.1, 203.0.113.9" });
  assert.equal(event.forwarded, "198.51.100.1, 203.0.113.9");
});

test("a proxy may be given as an address, as a network, and by the environment", async () => {
  await using server = await startServer({
    kind: "sqlite",
    env: { IRONLOG_TRUSTED_PROXY: `${proxyAddress},${otherProxy}/24` },
  });
  for (const from of [proxyAddress, otherProxy, "127.78.0.200"]) {
    assert.equal((await loginBy(server, from, { "x-forwarded-for": "203.0.113.9" })).ip, "203.0.113.9", from);
  }
  assert.equal((await loginBy(server, "127.78.1.1", { "x-forwarded-for": "203.0.113.9" })).ip, "127.78.1.1");
});

for (const [header, value] of [
  ["x-real-ip", "203.0.113.9"],
  ["forwarded", 'for="[2001:db8::7]:4711";proto=https, for=10.1.2.3'],
] as const) {
  test(`--trusted-header ${header}: that one is believed, and no other`, async () => {
    const args = ["--trusted-proxy", `${proxyAddress},10.0.0.0/8`, "--trusted-header", header];
    await using server = await startServer({ kind: "sqlite", args });
    const expected = header === "forwarded" ? "2001:db8::7" : value;
    const event = await loginBy(server, proxyAddress, { [header]: value, "x-forwarded-for": "198.51.100.66" });
    assert.deepEqual([event.ip, event.forwarded], [expected, value]);
    assert.equal((await loginBy(server, proxyAddress, { "x-forwarded-for": "198.51.100.66" })).ip, proxyAddress);
    assert.equal((await loginBy(server, stranger, { [header]: value })).ip, stranger);
  });
}

test("--trusted-header takes the names that it knows", async () => {
  const refused = await refusedStart(["--trusted-header", "x-client-ip", "--trusted-proxy", "10.0.0.1"]);
  assert.match(refused, /--trusted-header takes one of x-forwarded-for, x-real-ip, forwarded, not 'x-client-ip'\./);
  assert.match(
    await refusedStart(["--trusted-header", "forwarded"]),
    /Give --trusted-header together with --trusted-proxy/,
  );
});
