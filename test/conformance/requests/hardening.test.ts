import assert from "node:assert/strict";
import { test } from "node:test";
import { kinds } from "../../support/databases/databases.ts";
import { send } from "../../support/clients/http-client.ts";
import { allEvents, logIn, type NativePage } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers } from "../../support/server.ts";

// Each of these was open once.

const serverOf = sharedServers();

for (const kind of kinds) {
  test(`what a caller sends never comes back as markup, and no answer may run a script (${kind})`, async () => {
    const server = await serverOf(kind);
    const evil = encodeURIComponent("<script>alert(1)</script>");
    const oauth = `oauth_consumer_key=${evil}&oauth_token=${evil}&oauth_signature=c&oauth_signature_method=${evil}&oauth_timestamp=1&oauth_nonce=1&oauth_version=${evil}`;
    for (const path of [`/MAAS/api/2.0/users/?${oauth}`, `/MAAS/${evil}`, `/MAAS/accounts/logout/?${oauth}`]) {
      const answer = await send(server.url, path, { method: "POST" });
      assert.ok(!(answer.type.startsWith("text/html") && answer.text.includes("<script")), answer.text);
      assert.match(String(answer.headers["content-security-policy"]), /default-src 'none'/);
    }
  });

  test(`A5: a failed login is never put on whoever is logged in beside it (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const session = await logIn(server, person, { from: person.from });
    const name = freshName("nobody");
    await session.ask("POST", "session", { username: name, password: "wrong password" });
    await person.native.ask("POST", "session", { username: name, password: "wrong password" });
    const failures = await allEvents(admin(server).native, { action: "auth.login.failure", ip: person.from });
    assert.deepEqual(
      failures.map(({ username, user_id }) => [username, user_id]),
      [
        [null, null],
        [null, null],
      ],
    );
  });

  test(`a stale signature does not stand in the way of a login (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const answer = await send(server.url, "/api/v1/session", {
      method: "POST",
      headers: { authorization: "Bearer a:b:c", "content-type": "application/json" },
      body: JSON.stringify({ username: person.username, password: person.password }),
    });
    assert.equal(answer.status, 200, answer.text);
  });

  test(`A5: a wrong old password is recorded, and changes nothing (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const given = { old_password: "not the one", new_password: "another password" };
    const answer = await person.native.ask("PUT", "account/password", given);
    assert.equal(answer.status, 400);
    const [last] = await allEvents(admin(server).native, { owner: person.username });
    assert.equal(last?.action, "auth.login.failure");
    assert.equal(last.outcome, "failure");
    assert.deepEqual(last.details, { operation: "password change" });
    await logIn(server, person, { from: person.from });
  });

  test(`the links of an empty page can be followed (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    for (const path of ["events?owner=nobody-at-all", "events?before=1", "events?after=999999"]) {
      const { items, newer, older } = (await native.ask("GET", path)).json<NativePage>();
      assert.deepEqual(items, []);
      for (const link of [newer, older].filter((one) => one !== null)) {
        const next = await native.ask("GET", link.replace("/api/v1/", ""));
        assert.equal(next.status, 200, `${link}: ${next.text}`);
      }
    }
  });
}
