import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { allEvents, bearer, logIn, type NativeClient } from "../../support/clients/native-client.ts";
import { openAnswer, sentEvents } from "../../support/clients/open-answer.ts";
import { admin, makePerson, newApiKey, type Person } from "../../support/worlds/people.ts";
import { fingerprintOf } from "../../support/worlds/world.ts";
import { sharedServers, startSecondServer, startServer, type TestServer } from "../../support/server.ts";

// D1: which acts on an account end its API keys, how the log tells of it, and that nothing brings them back.

const serverOf = sharedServers();

const newPassword = "a new password";

/** What the newest event of an action on somebody says. */
async function detailsOf(server: TestServer, action: string, { username }: Person) {
  const [event] = await allEvents(admin(server).native, { action, target: username });
  assert.ok(event !== undefined, `no ${action}`);
  return event.details;
}

async function assertEnded(person: Person, keys: readonly NativeClient[]): Promise<void> {
  for (const key of keys) assert.equal((await key.ask("GET", "account")).status, 401);
  assert.equal((await person.maas.get("users/?op=whoami")).status, 401);
}

/** Somebody with two keys. */
async function withTwoKeys(server: TestServer) {
  const person = await makePerson(server);
  const second = await newApiKey(server, person, person.from);
  return { person, keys: [person.native, bearer(server, second)], ended: [person, { apiKey: second }] };
}

/** What ends keys, by the word of those who ask for it. */
const endings = {
  "an administrator's reset": ({ username }, root) =>
    root.ask("PUT", `users/${username}/password`, { new_password: newPassword }),
  "one's own change that asks for it": ({ native, password }) =>
    native.ask("PUT", "account/password", { old_password: password, new_password: newPassword, end_tokens: true }),
} as const satisfies Record<string, (person: Person, root: NativeClient) => Promise<{ readonly status: number }>>;

forEachKind((kind) => {
  for (const [name, end] of Object.entries(endings)) {
    test(`D1: a stream by API key ends with ${name} (${kind})`, async () => {
      const server = await serverOf(kind);
      const person = await makePerson(server);
      using stream = await openAnswer(server.url, "events/stream", { authorization: `Bearer ${person.apiKey}` });
      await stream.until((text) => text.startsWith("retry: "));
      assert.equal((await end(person, admin(server).native)).status, 204);
      assert.equal(await stream.ended, "whole");
      assert.equal(sentEvents(stream.text).at(-1)?.data["reason"], "token_ended");
    });
  }

  for (const api of ["maas", "native"] as const) {
    for (const endTokens of [true, false]) {
      test(`D1: one's own change in the ${api} API ${endTokens ? "ends" : "keeps"} keys as asked (${kind})`, async () => {
        const server = await serverOf(kind);
        const { person, keys, ended } = await withTwoKeys(server);
        const passwords = { old_password: person.password, new_password: newPassword };
        const answer =
          api === "maas"
            ? await person.maas.post("account/?op=change_password", [
                ...Object.entries(passwords),
                ["end_tokens", endTokens ? "1" : "0"],
              ])
            : await person.native.ask("PUT", "account/password", { ...passwords, end_tokens: endTokens });
        assert.equal(answer.status, 204, answer.text);
        const details = await detailsOf(server, "user.password.change", person);
        if (endTokens) {
          await assertEnded(person, keys);
          assert.deepEqual(details, { sessions_ended: 0, tokens_deleted: 2, tokens: ended.map(fingerprintOf) });
        } else {
          for (const key of keys) assert.equal((await key.ask("GET", "account")).status, 200);
          assert.deepEqual(details, { sessions_ended: 0 });
        }
        const still = await logIn(server, { ...person, password: newPassword }, { from: person.from });
        const { items } = (await still.ask("GET", "account/tokens")).json<{ items: readonly unknown[] }>();
        assert.equal(items.length, endTokens ? 0 : 2);
      });
    }

    test(`D1: a wrong old password in the ${api} API ends no key (${kind})`, async () => {
      const server = await serverOf(kind);
      const person = await makePerson(server);
      const passwords = { old_password: "a wrong password", new_password: newPassword };
      const answer =
        api === "maas"
          ? await person.maas.post("account/?op=change_password", [...Object.entries(passwords), ["end_tokens", "1"]])
          : await person.native.ask("PUT", "account/password", { ...passwords, end_tokens: true });
      assert.equal(answer.status, 400);
      assert.equal((await person.native.ask("GET", "account")).status, 200);
    });
  }

  test(`D1: end_tokens that is no truth value is refused by its name (${kind})`, async () => {
    const person = await makePerson(await serverOf(kind));
    const passwords = { old_password: person.password, new_password: newPassword };
    const maas = await person.maas.post("account/?op=change_password", [
      ...Object.entries(passwords),
      ["end_tokens", "yes"],
    ]);
    assert.equal(maas.status, 400);
    assert.match(maas.text, /end_tokens/);
    const native = await person.native.ask("PUT", "account/password", { ...passwords, end_tokens: "yes" });
    assert.equal(native.status, 400);
    assert.ok("end_tokens" in native.json<{ errors: object }>().errors);
  });

  test(`D1: an administrator's reset ends keys at once, and says which (${kind})`, async () => {
    const server = await serverOf(kind);
    const { person, keys, ended } = await withTwoKeys(server);
    // Both are in the server's memory now.
    for (const key of keys) assert.equal((await key.ask("GET", "account")).status, 200);
    const reset = await admin(server).native.ask("PUT", `users/${person.username}/password`, {
      new_password: newPassword,
    });
    assert.equal(reset.status, 204, reset.text);
    await assertEnded(person, keys);
    assert.deepEqual(await detailsOf(server, "user.password.reset", person), {
      sessions_ended: 0,
      tokens_deleted: 2,
      tokens: ended.map(fingerprintOf),
    });
  });

  for (const api of ["maas", "native"] as const) {
    test(`D1: a deactivation in the ${api} API ends keys, and activation brings none back (${kind})`, async () => {
      const server = await serverOf(kind);
      const { person, keys, ended } = await withTwoKeys(server);
      const root = admin(server);
      const setActive = (is_active: boolean) =>
        api === "maas"
          ? root.maas.put(`users/${person.username}/`, [["is_active", is_active ? "1" : "0"]])
          : root.native.ask("PATCH", `users/${person.username}`, { is_active });
      assert.equal((await setActive(false)).status, 200);
      for (const key of keys) assert.equal((await key.ask("GET", "account")).status, 403);
      assert.deepEqual(await detailsOf(server, "user.deactivate", person), {
        sessions_ended: 0,
        tokens_deleted: 2,
        tokens: ended.map(fingerprintOf),
      });
      // Nor one that was made in the meantime, as an older version may have left some.
      const made = await root.native.ask("POST", `users/${person.username}/tokens`, { scopes: ["events:read"] });
      assert.equal(made.status, 201, made.text);
      const meanwhile = made.json<{ api_key: string }>().api_key;
      assert.equal((await setActive(true)).status, 200);
      await assertEnded(person, [...keys, bearer(server, meanwhile)]);
      assert.deepEqual(await detailsOf(server, "user.activate", person), {
        tokens_deleted: 1,
        tokens: [fingerprintOf({ apiKey: meanwhile })],
      });
    });
  }
});

test("D1: keys that end at one server end at the other at once", async () => {
  await using first = await startServer({ kind: "postgres" });
  await using second = await startSecondServer(first);
  const person = await makePerson(first);
  const there = bearer(second, person.apiKey);
  assert.equal((await there.ask("GET", "account")).status, 200);
  const body = { old_password: person.password, new_password: newPassword, end_tokens: true };
  assert.equal((await person.native.ask("PUT", "account/password", body)).status, 204);
  assert.equal((await there.ask("GET", "account")).status, 401);
});
