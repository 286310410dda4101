import assert from "node:assert/strict";
import { test } from "node:test";
import { allEvents, logIn } from "../../support/clients/native-client.ts";
import { kinds } from "../../support/databases/databases.ts";
import { sharedServers } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { fingerprintOf } from "../../support/worlds/world.ts";

// A3: an event names the session and the API key that acted by short public fingerprints.

const serverOf = sharedServers();

for (const kind of kinds) {
  test(`what was done in a session is found by it, its login and its logout included (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const person = await makePerson(server);
    const session = await logIn(server, person, { from: person.from });
    await logIn(server, person, { from: person.from });
    assert.equal((await session.ask("POST", "account/tokens", {})).status, 201);
    assert.equal((await session.ask("DELETE", "session")).status, 204);
    const [first] = (await allEvents(root.native, { owner: person.username, action: "auth.login" })).toReversed();
    assert.match(first?.session ?? "", /^sha256:[0-9a-f]{16}$/);
    const found = await allEvents(root.native, { session: first?.session ?? "" });
    assert.deepEqual(
      found.map(({ action, key }) => [action, key]),
      [
        ["auth.logout", null],
        ["token.create", null],
        ["auth.login", null],
      ],
    );
    const logins = await allEvents(root.native, { owner: person.username, action: "auth.login" });
    assert.equal(new Set(logins.map((login) => login.session)).size, 2);
  });

  test(`what an API key did is found by it, by those who may see it alone (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const [person, stranger] = [await makePerson(server), await makePerson(server)];
    const made = await person.native.ask("POST", "account/tokens", {});
    await person.native.ask("DELETE", `account/tokens/${made.json<{ token_key: string }>().token_key}`);
    const key = fingerprintOf(person);
    const found = await allEvents(root.native, { key });
    assert.deepEqual(
      found.map(({ action, session, username }) => [action, session, username]),
      [
        ["token.delete", null, person.username],
        ["token.create", null, person.username],
      ],
    );
    assert.deepEqual(await allEvents(person.native, { key }), found);
    assert.deepEqual(await allEvents(stranger.native, { key }), []);
    const others = await allEvents(root.native, { owner: person.username, exclude: `key:${key}` });
    assert.ok(others.length > 0 && others.every((event) => event.key !== key));
  });
}
