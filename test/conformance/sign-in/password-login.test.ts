import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { freshAddress, send } from "../../support/clients/http-client.ts";
import { allEvents, anonymous, logIn, type NativeClient, tryLogIn } from "../../support/clients/native-client.ts";
import { takeGuardsOff } from "../../support/databases/guards.ts";
import { enrolApp } from "../../support/factors/app.ts";
import { openShell } from "../../support/processes/command.ts";
import {
  detailsOf,
  joinProvider,
  outline,
  recorded,
  signIn,
  somebody,
  tryToSignIn,
  whoIs,
} from "../../support/providers/sign-in.ts";
import { admin, makePerson, type Person, newApiKey } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

// Password login that is closed, the accounts that are kept for emergencies, and what somebody tries who has the database's password.

const serverOf = sharedServers();
const closed =
  "Password login is closed: sign in through your organisation's provider. Only break-glass accounts have a password.";

const setPasswords = (root: NativeClient, value: "on" | "off") =>
  root.ask("PUT", "settings/ironlog_password_login", { value });

/** Closes password login while `act` runs; the administrator of the first start is kept for emergencies. */
async function whileClosed(server: TestServer, act: (root: NativeClient) => Promise<void>): Promise<void> {
  const { native: root, username } = admin(server);
  await root.ask("PATCH", `users/${username}`, { is_break_glass: true });
  const off = await setPasswords(root, "off");
  assert.equal(off.status, 200, off.text);
  try {
    await act(root);
  } finally {
    assert.equal((await setPasswords(root, "on")).status, 200);
    await root.ask("PATCH", `users/${username}`, { is_break_glass: false });
  }
}

forEachKind((kind) => {
  test(`passwords can be closed only while an administrator comes in without, and nothing takes the last way away (${kind})`, async () => {
    const server = await serverOf(kind);
    await using joined = await joinProvider(server, { accounts: "create" });
    const { native: root, username } = admin(server);
    const refused = async (what: string, answer: Promise<{ status: number; text: string }>): Promise<void> => {
      const { status, text } = await answer;
      assert.equal(status, 409, `${what}: ${text}`);
      assert.match(text, /no administrator could sign in/, what);
    };
    await refused("nobody has signed in", setPasswords(root, "off"));
    const person = somebody();
    const { session } = await signIn(joined, person);
    await refused("only a user has", setPasswords(root, "off"));
    const { preferred_username: name } = person;
    const user = `users/${name}`;
    await root.ask("PATCH", user, { is_superuser: true });
    assert.equal((await setPasswords(root, "off")).status, 200);
    const [identity] = (await root.ask("GET", `${user}/identities`)).json<{ items: readonly { id: number }[] }>().items;
    const takings: readonly (readonly [string, string, object?])[] = [
      ["PATCH", `oidc-providers/${joined.name}`, { is_enabled: false }],
      ["DELETE", `oidc-providers/${joined.name}`],
      ["DELETE", `${user}/identities/${identity?.id}`],
      ["PATCH", user, { is_superuser: false }],
      ["PATCH", user, { is_active: false }],
      ["DELETE", user],
    ];
    for (const [method, path, body] of takings) await refused(`${method} ${path}`, root.ask(method, path, body));
    assert.equal(await whoIs(session), name, "nothing of it was done");
    assert.equal((await root.ask("PATCH", `users/${username}`, { is_break_glass: true })).status, 200);
    assert.equal((await root.ask("PATCH", user, { is_superuser: false })).status, 200);
    assert.equal((await root.ask("DELETE", user)).status, 204, "its link goes with it");
    await refused("the last one", root.ask("PATCH", `users/${username}`, { is_break_glass: false }));
    assert.equal((await setPasswords(root, "on")).status, 200);
    assert.equal((await root.ask("PATCH", `users/${username}`, { is_break_glass: false })).status, 200);
    const person2 = await makePerson(server);
    assert.equal((await root.ask("PATCH", `users/${person2.username}`, { is_break_glass: true })).status, 400);
  });

  test(`a break-glass account that a provider made is a way in only after its password was set (${kind})`, async () => {
    const server = await serverOf(kind);
    await using joined = await joinProvider(server, { accounts: "create" });
    const { native: root, username } = admin(server);
    const person = somebody();
    await signIn(joined, person);
    const user = `users/${person.preferred_username}`;
    const hasPassword = async (path: string) =>
      (await root.ask("GET", path)).json<{ readonly has_password: boolean }>().has_password;
    assert.deepEqual([await hasPassword(user), await hasPassword(`users/${username}`)], [false, true]);
    const made = await root.ask("PATCH", user, { is_superuser: true, is_break_glass: true });
    assert.equal(made.status, 200, made.text);
    // What the provider says of the person is not what is tried here.
    assert.equal((await root.ask("PATCH", `oidc-providers/${joined.name}`, { is_enabled: false })).status, 200);
    const refused = await setPasswords(root, "off");
    assert.equal(refused.status, 409, refused.text);
    assert.match(refused.text, /with a password a break-glass account/);
    const password = "a password 1";
    const set = await root.ask("PUT", `${user}/password`, { new_password: password });
    assert.ok(set.status < 300, set.text);
    assert.equal(await hasPassword(user), true);
    const off = await setPasswords(root, "off");
    assert.equal(off.status, 200, off.text);
    const who = { username: person.preferred_username, password };
    assert.equal(await whoIs(await logIn(server, who, { from: freshAddress() })), who.username);
    assert.equal((await setPasswords(root, "on")).status, 200);
    assert.equal((await root.ask("DELETE", user)).status, 204);
  });

  test(`while passwords are closed nobody comes in with one but by a break-glass account, whose login is an alarm (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const { username, password } = server.firstLogin;
    await whileClosed(server, async (root) => {
      assert.deepEqual((await root.ask("GET", "sign-in")).json<{ has_passwords: boolean }>().has_passwords, false);
      await refusesPassword(server, person, "password login is closed");
      await refusesPassword(server, { username: "nobody-there", password: "a password 1" }, "password login is closed");
      await refusesPassword(server, { username, password: "a wrong password" }, undefined);
      // Their programs go on, and their password waits.
      assert.equal((await person.native.ask("GET", "account")).status, 200);
      const change = await person.native.ask("PUT", "account/password", {
        old_password: person.password,
        new_password: "another password",
      });
      assert.equal(change.status, 409, change.text);
      const used = await recorded({ server }, () => logIn(server, { username, password }, { from: freshAddress() }));
      assert.deepEqual(outline(used), [
        ["auth.login", "success", username],
        ["auth.break_glass", "failure", username],
      ]);
      assert.equal(used[1]?.description, `Break-glass account '${username}' logged in.`);
      const key = await recorded({ server }, () => newApiKey(server, { username, password }));
      assert.deepEqual(
        key.map(({ action }) => action),
        ["token.create", "auth.break_glass"],
      );
      using shell = openShell();
      const made = freshName("late");
      const ran = await shell.ironlog(
        ["createadmin", "--username", made, "--email", `${made}@example.com`, ...server.databaseArgs],
        { input: "a password 1\n" },
      );
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /is a break-glass account/);
      const session = await logIn(server, { username: made, password: "a password 1" }, { from: freshAddress() });
      assert.equal(await whoIs(session), made);
      await root.ask("DELETE", `users/${made}`);
    });
    await logIn(server, person, { from: freshAddress() });
  });

  test(`a login that was begun with a password isn't finished after passwords were closed (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const app = await enrolApp(person);
    const asked = await tryLogIn(server, person, { api: "native" });
    const { pending_login } = asked.json<{ readonly pending_login: string }>();
    await whileClosed(server, async () => {
      const code = app.recoveryCodes[0];
      const answer = await anonymous(server).ask("POST", "session/factor", { pending_login, code });
      assert.equal(answer.status, 401, answer.text);
      assert.equal(answer.cookie("sessionid"), undefined);
    });
  });

  test(`a setting that was changed by SQL opens no password login, and an event tells of it (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    await whileClosed(server, async (root) => {
      const guardAgain = await takeGuardsOff(server, "setting");
      const set = (value: string) =>
        server.meddle(`update setting set value = '${value}' where name = 'ironlog_password_login'`);
      await set('"on"');
      const before = await mismatches(root);
      await refusesPassword(server, person, "password login is closed");
      assert.equal((await mismatches(root))[0]?.["table"], "setting", String(before.length));
      await set('"off"');
      await guardAgain();
    });
  });

  test(`who has the database's password lets nobody in by an identity or a provider (${kind})`, async () => {
    const server = await serverOf(kind);
    await using joined = await joinProvider(server, { accounts: "create" });
    const { native: root, username } = admin(server);
    const person = somebody();
    const { session } = await signIn(joined, person);
    const byName = (name: string) => `(select id from "user" where username = '${name}')`;
    const acts: readonly (readonly [table: string, act: string, undo: string])[] = [
      [
        "oidc_identity",
        `update oidc_identity set user_id = ${byName(username)} where subject = '${person.sub}'`,
        `update oidc_identity set user_id = ${byName(person.preferred_username)} where subject = '${person.sub}'`,
      ],
      [
        "oidc_provider",
        `update oidc_provider set accounts = 'link' where name = '${joined.name}'`,
        `update oidc_provider set accounts = 'create' where name = '${joined.name}'`,
      ],
    ];
    for (const [table, act, undo] of acts) {
      await bySql(server, act);
      assert.equal(await tryToSignIn(joined, person), "/login?failed=changed", table);
      assert.equal((await mismatches(root))[0]?.["table"], table);
      await bySql(server, undo);
      assert.equal(await tryToSignIn(joined, person), "/", `${table} is as it was`);
    }
    // Somebody of theirs at the provider becomes the administrator here.
    const stranger = somebody();
    await bySql(
      server,
      `insert into oidc_identity (user_id, provider_id, subject, created) select ${byName(username)}, id, '${stranger.sub}', 1 from oidc_provider where name = '${joined.name}'`,
    );
    assert.equal(await tryToSignIn(joined, stranger), "/login?failed=changed");
    await bySql(server, `delete from oidc_identity where subject = '${stranger.sub}'`);
    // A session that forgets where it came from would outlive the provider's word.
    await bySql(server, `update session set identity_id = null where identity_id is not null`);
    assert.equal(await whoIs(session), undefined);
  });

  test(`keys of people who haven't come back for long are listed (${kind})`, async () => {
    const server = await serverOf(kind);
    await using joined = await joinProvider(server);
    const { native: root } = admin(server);
    const link = async (person: Person) => {
      const linked = { provider: joined.name, subject: `sub-of-${person.username}` };
      assert.equal((await root.ask("POST", `users/${person.username}/identities`, linked)).status, 201);
      await signIn(joined, { sub: linked.subject });
    };
    const [gone, here] = [await makePerson(server), await makePerson(server)];
    for (const person of [gone, here]) await link(person);
    const longAgo = (Date.now() - 100 * 24 * 3_600_000) * 1_000;
    await bySql(server, `update oidc_identity set last_login = ${longAgo} where subject = 'sub-of-${gone.username}'`);
    const listed = async (days: number) => {
      const answer = await root.ask("GET", `oidc-leavers?days=${days}`);
      const { items } = answer.json<{ items: readonly { username: string; api_keys: number; issuer: string }[] }>();
      return items.map((one) => [one.username, one.api_keys, one.issuer]);
    };
    assert.deepEqual(await listed(90), [[gone.username, 1, joined.provider.issuer]]);
    assert.deepEqual(await listed(120), []);
    await root.ask("PATCH", `users/${gone.username}`, { is_active: false });
    assert.deepEqual(await listed(90), []);
  });
});

/** Tries a password at both APIs and at MAAS's token view; each attempt is recorded. */
async function refusesPassword(
  server: TestServer,
  who: { readonly username: string; readonly password: string },
  reason: string | undefined,
): Promise<void> {
  const from = freshAddress();
  const events = await recorded({ server }, async () => {
    const native = await tryLogIn(server, who, { api: "native", from });
    assert.deepEqual([native.status, native.json<{ detail: string }>().detail], [401, closed]);
    const maas = await tryLogIn(server, who, { from });
    assert.deepEqual([maas.status, maas.json()], [400, { __all__: [closed] }]);
    const body = new URLSearchParams({ ...who }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const token = await send(server.url, "/MAAS/accounts/authenticate/", { method: "POST", from, headers, body });
    assert.deepEqual([token.status, token.text], [403, closed]);
  });
  const failures = events.filter(({ action }) => action === "auth.login.failure");
  assert.equal(failures.length, 3);
  for (const failure of failures) assert.equal(detailsOf(failure)["reason"], reason);
}

/** Runs a statement as somebody can who owns the tables. Honest changes are noted again when it returns. */
async function bySql(server: TestServer, statement: string): Promise<void> {
  const guardAgain = await takeGuardsOff(server, "oidc_identity", "oidc_provider", "session");
  await server.meddle(statement);
  await guardAgain();
}

async function mismatches(root: NativeClient): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await allEvents(root, { action: "state.mismatch" })).map(detailsOf);
}
