import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { freshAddress } from "../../support/clients/http-client.ts";
import { logIn, type NativeClient, tryLogIn } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { sampleCertificate, sampleSshKeys } from "../../support/sample-keys.ts";
import { sharedServers } from "../../support/server.ts";

// What a list of users says beside their profiles, and to whom.

const serverOf = sharedServers();

interface SeenUser {
  readonly username: string;
  readonly last_seen: string | null;
  readonly api_keys: number | null;
  readonly ssh_keys: number | null;
  readonly ssl_keys: number | null;
}

async function seen(by: NativeClient, username: string): Promise<SeenUser> {
  const one = (await by.ask("GET", `users/${username}`)).json<SeenUser>();
  const { items } = (await by.ask("GET", "users")).json<{ items: readonly SeenUser[] }>();
  assert.deepEqual(
    items.find((user) => user.username === username),
    one,
    "the list and the single user say the same",
  );
  return one;
}

async function lastLogin(by: NativeClient): Promise<string | null> {
  return (await by.ask("GET", "account")).json<{ last_login: string | null }>().last_login;
}

forEachKind((kind) => {
  test(`an administrator sees how many keys somebody has (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server).native;
    const person = await makePerson(server);
    await person.native.ask("POST", "account/tokens", { name: "second" });
    await person.native.ask("POST", "account/ssh-keys", { key: sampleSshKeys[0].key });
    await person.native.ask("POST", "account/ssh-keys", { key: sampleSshKeys[1].key });
    await person.native.ask("POST", "account/ssl-keys", { key: sampleCertificate });
    const { api_keys, ssh_keys, ssl_keys } = await seen(root, person.username);
    assert.deepEqual({ api_keys, ssh_keys, ssl_keys }, { api_keys: 2, ssh_keys: 2, ssl_keys: 1 });
  });

  test(`somebody else's keys and last visit are not to be seen, one's own are (${kind})`, async () => {
    const server = await serverOf(kind);
    const [person, other] = [await makePerson(server), await makePerson(server)];
    assert.deepEqual(
      await seen(person.native, other.username).then(({ last_seen, api_keys, ssh_keys, ssl_keys }) => [
        last_seen,
        api_keys,
        ssh_keys,
        ssl_keys,
      ]),
      [null, null, null, null],
    );
    const own = await seen(person.native, person.username);
    assert.equal(own.api_keys, 1);
    assert.notEqual(own.last_seen, null);
  });

  test(`who never came was never seen, whatever others tried or did to them (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server).native;
    const username = `absent-${process.pid}`;
    const password = "a password of nobody";
    await root.ask("POST", "users", { username, email: `${username}@example.com`, password });
    await root.ask("PATCH", `users/${username}`, { last_name: "Absent" });
    const guess = await tryLogIn(server, { username, password: "a guess" }, { api: "native", from: freshAddress() });
    assert.equal(guess.status, 401);
    assert.equal((await seen(root, username)).last_seen, null);
    const session = await logIn(server, { username, password });
    assert.equal((await seen(root, username)).last_seen, await lastLogin(session));
  });

  test(`somebody was seen when they last did something, by session or by API key (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server).native;
    const person = await makePerson(server);
    const before = (await seen(root, person.username)).last_seen ?? "";
    await person.native.ask("PATCH", "account", { last_name: "Once more" });
    const after = (await seen(root, person.username)).last_seen ?? "";
    assert.ok(after > before, `${before} … ${after}`);
    await tryLogIn(server, { username: person.username, password: "a guess" }, { from: freshAddress() });
    assert.equal((await seen(root, person.username)).last_seen, after, "a guess is nobody's visit");
  });

  for (const [what, table, column, used] of [
    ["a session", "session_use", "session_id", "session"],
    ["an API key", "token_use", "token_id", "token"],
  ] as const) {
    test(`using ${what} counts as being seen, though nothing is recorded of it (${kind})`, async () => {
      const server = await serverOf(kind);
      const person = await makePerson(server);
      await logIn(server, person);
      const later = Date.UTC(2100, 0, 1) * 1_000;
      await server.meddle(
        `insert into ${table} (${column}, last_used)
         select ${used}.id, ${later} from ${used} join "user" on "user".id = ${used}.user_id
         where "user".username = '${person.username}'
         on conflict (${column}) do update set last_used = ${later}`,
      );
      assert.equal((await seen(admin(server).native, person.username)).last_seen, "2100-01-01T00:00:00.000000Z");
    });
  }

  test(`the last login is known after its session has ended, and none is known where there was none (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    assert.equal(await lastLogin(person.native), null);
    const session = await logIn(server, person);
    const first = await lastLogin(person.native);
    assert.match(first ?? "", /^\d{4}-\d\d-\d\dT[\d:]+\.\d{6}Z$/);
    await session.ask("DELETE", "sessions");
    await person.native.ask("PATCH", "account", { last_name: "Later" });
    assert.equal(await lastLogin(person.native), first);
    await logIn(server, person);
    assert.ok(((await lastLogin(person.native)) ?? "") > (first ?? ""));
  });

  test(`who takes the name of a deleted user hasn't logged in as they did (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server).native;
    const person = await makePerson(server);
    await logIn(server, person);
    assert.equal((await root.ask("DELETE", `users/${person.username}`)).status, 204);
    const heir = await makePerson(server, { username: person.username });
    assert.equal(await lastLogin(heir.native), null);
  });
});
