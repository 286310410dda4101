import assert from "node:assert/strict";
import { test } from "node:test";
import { allEvents, bearer, logIn, sessionClient } from "../../support/clients/native-client.ts";
import { kinds } from "../../support/databases/databases.ts";
import { sampleSshKeys } from "../../support/sample-keys.ts";
import { sharedServers } from "../../support/server.ts";
import { until } from "../../support/until.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { freshAddress } from "../../support/clients/http-client.ts";
import { freshName } from "../../support/worlds/world.ts";

// What an administrator needs who is told that a key or a cookie has leaked: where it is used, what it did, its end.

const serverOf = sharedServers();

interface Listed<Item> {
  readonly items: readonly Item[];
}
interface ListedKey {
  readonly name: string;
  readonly fingerprint: string;
  readonly token_key: string;
  readonly last_ip: string | null;
}
interface ListedSession {
  readonly id: number;
  readonly fingerprint: string;
  readonly ip: string | null;
  readonly last_ip: string | null;
}

for (const kind of kinds) {
  test(`a key that leaked: from where it is used, what it did, and its end (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const person = await makePerson(server);
    const name = freshName("key");
    const made = await person.native.ask("POST", "account/tokens", { name });
    const { api_key: apiKey } = made.json<{ readonly api_key: string }>();
    const found = async (): Promise<ListedKey | undefined> =>
      (await root.native.ask("GET", `users/${person.username}/tokens`))
        .json<Listed<ListedKey>>()
        .items.find((key) => key.name === name);
    assert.equal((await found())?.last_ip, null);
    const [own, thief] = [freshAddress(), freshAddress()];
    for (const from of [own, thief]) {
      assert.equal((await bearer(server, apiKey, from).ask("GET", "account")).status, 200);
      // Within the hour, and seen all the same.
      await until(async () => (await found())?.last_ip === from);
    }
    assert.equal((await bearer(server, apiKey, thief).ask("POST", "views", { name: "theirs" })).status, 201);
    const key = await found();
    const [event, ...more] = await allEvents(root.native, { key: key?.fingerprint ?? "" });
    assert.deepEqual([event?.action, event?.ip, more.length], ["view.create", thief, 0]);
    assert.equal((await root.native.ask("DELETE", `users/${person.username}/tokens/${key?.token_key}`)).status, 204);
    assert.equal((await bearer(server, apiKey, thief).ask("GET", "account")).status, 401);
  });

  test(`one of somebody's sessions: what it did, and its end by an administrator alone (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const person = await makePerson(server);
    const kept = await logIn(server, person, { from: freshAddress() });
    const from = freshAddress();
    const stolen = await logIn(server, person, { from });
    const path = `users/${person.username}/sessions`;
    const listed = async () => (await root.native.ask("GET", path)).json<Listed<ListedSession>>().items;
    const [newest] = await listed();
    assert.deepEqual([newest?.ip, newest?.last_ip], [from, from]);
    const elsewhere = freshAddress();
    const thief = sessionClient(server, stolen.sessionId, "", elsewhere);
    assert.equal((await thief.ask("GET", "account")).status, 200);
    // Within the minute, and seen all the same.
    await until(async () => (await listed())[0]?.last_ip === elsewhere);
    assert.equal((await stolen.ask("POST", "views", { name: "theirs" })).status, 201);
    const events = await allEvents(root.native, { session: newest?.fingerprint ?? "" });
    assert.deepEqual(
      events.map(({ action }) => action),
      ["view.create", "auth.login"],
    );
    const other = await makePerson(server);
    assert.equal((await person.native.ask("DELETE", `${path}/${newest?.id}`)).status, 403);
    assert.equal((await root.native.ask("DELETE", `users/${other.username}/sessions/${newest?.id}`)).status, 404);
    assert.equal((await root.native.ask("DELETE", `${path}/${newest?.id}`)).status, 204);
    assert.equal((await stolen.ask("GET", "session")).status, 401);
    assert.equal((await kept.ask("GET", "session")).status, 200);
    const [end] = await allEvents(root.native, { action: "session.end", target: person.username });
    assert.deepEqual(end?.details, { sessions_ended: 1, ended_session: newest?.fingerprint });
  });

  test(`SSH keys of somebody are shown to administrators and auditors alone (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const [person, auditor] = [await makePerson(server), await makePerson(server, { isAuditor: true })];
    const [key] = sampleSshKeys;
    await person.native.ask("POST", "account/ssh-keys", { key: key?.key });
    const path = `users/${person.username}/ssh-keys`;
    for (const { native } of [root, auditor]) {
      const { items } = (await native.ask("GET", path)).json<Listed<{ readonly fingerprint: string }>>();
      assert.deepEqual(
        items.map(({ fingerprint }) => fingerprint),
        [key?.fingerprint],
      );
    }
    assert.equal((await person.native.ask("GET", path)).status, 403);
    assert.equal((await root.native.ask("GET", `users/${freshName("nobody")}/ssh-keys`)).status, 404);
  });
}
