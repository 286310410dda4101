import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { allEvents, type NativeClient, tryLogIn } from "../../support/clients/native-client.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { startServer, type TestServer } from "../../support/server.ts";

// Many blocked attempts are one event: it is found by the accounts and addresses that it lists.

const behindProxy = ["--trusted-proxy", "127.0.0.0/8"];

/** Guesses until most of it is blocked; the server records what it has counted when it stops. */
async function guess(server: TestServer, victim: Person, address: string): Promise<void> {
  for (let attempt = 0; attempt < 25; attempt += 1) {
    const wrong = { username: victim.username, password: "a wrong password" };
    await tryLogIn(server, wrong, { headers: { "x-forwarded-for": address } });
  }
}

async function found(client: NativeClient, query: Readonly<Record<string, string>>): Promise<readonly number[]> {
  const events = await allEvents(client, query);
  return events.filter(({ action }) => action === "auth.login.blocked").map(({ id }) => id);
}

forEachKind((kind) => {
  test(`blocked logins are found by the accounts and addresses that they list, and by no others (${kind})`, async () => {
    await using server = await startServer({ kind, args: behindProxy });
    const [ann, ben] = [await makePerson(server), await makePerson(server)];
    assert.deepEqual(await found(admin(server).native, { owner: ann.username }), []);
    await guess(server, ann, "192.0.2.1");
    await server.stop();
    await server.start();
    const { native } = admin(server);
    const [blocked] = await allEvents(native, { action: "auth.login.blocked" });
    assert.ok(blocked !== undefined);
    const own = await allEvents(native, { owner: ann.username, exclude: "action:auth.login.blocked" });
    assert.ok(own.length > 0 && own.every(({ username }) => username === ann.username));

    for (const query of [
      { owner: ann.username },
      { ip: "192.0.2.1" },
      { ip: "192.0.2.0/24" },
      { ip: "192.0.2.0/31" },
      { ip: "192.0.0.0/14" },
      { owner: `${ann.username.slice(0, -1)}*` },
      { owner: ann.username, ip: "192.0.2.1" },
      { owner: ann.username, outcome: "failure" },
      { owner: ann.username, level: "AUDIT" },
      { ip: "192.0.2.1", type: "AUTHORISATION" },
    ]) {
      assert.deepEqual(await found(native, query), [blocked.id], JSON.stringify(query));
    }
    for (const query of [
      { owner: ben.username },
      { owner: ann.username.toUpperCase() },
      { owner: ann.username.slice(0, -1) },
      { owner: `${ann.username}x*` },
      { owner: "name" },
      { ip: "192.0.2.11" },
      { ip: "192.0.2.2/31" },
      { ip: "192.0.3.0/24" },
      { ip: "192.0.2.1", owner: ben.username },
      { owner: ann.username, level: "INFO" },
      { owner: ann.username, outcome: "success" },
    ]) {
      assert.deepEqual(await found(native, query), [], JSON.stringify(query));
    }
    // What is left out is who did it and from where: an event that lists others too stays.
    assert.deepEqual(await found(native, { exclude: `owner:${ann.username}` }), [blocked.id]);
    const counted = await native.ask("GET", `events/histogram?owner=${ann.username}`);
    assert.equal(counted.json<{ counted: number }>().counted, own.length + 1);
    const exported = await native.ask("GET", `events/export?format=jsonl&ip=192.0.2.1`);
    assert.ok(exported.text.includes(`"id":${blocked.id},`), exported.text);
    // B7: they belong to nobody.
    assert.deepEqual(await found(ann.native, { owner: ann.username }), []);
    assert.deepEqual(await found(ann.native, { ip: "192.0.2.1" }), []);
  });

  test(`blocked logins over IPv6 are found by the address and by the network that is listed (${kind})`, async () => {
    await using server = await startServer({ kind, args: behindProxy });
    const ann = await makePerson(server);
    await guess(server, ann, "2001:db8:1:2::1");
    await server.stop();
    await server.start();
    const { native } = admin(server);
    const [blocked] = await allEvents(native, { action: "auth.login.blocked" });
    assert.ok(blocked !== undefined);
    for (const ip of [
      "2001:db8:1:2::1",
      "2001:db8:1:2::/64",
      "2001:db8:1:2::/96",
      "2001:db8::/32",
      "2001:db8:1::/62",
    ]) {
      assert.deepEqual(await found(native, { ip }), [blocked.id], ip);
    }
    for (const ip of ["2001:db8:1:3::1", "2001:db8:1:4::/62", "2001:db8:2::/48", "0.0.0.0/0"]) {
      assert.deepEqual(await found(native, { ip }), [], ip);
    }
  });
});
