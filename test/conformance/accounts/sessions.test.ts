import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { takeGuardsOff } from "../../support/databases/guards.ts";
import { freshAddress, send } from "../../support/clients/http-client.ts";
import { encode } from "../../support/clients/maas-client.ts";
import { allEvents, logIn, type SessionClient, tryLogIn } from "../../support/clients/native-client.ts";
import { makePerson, twoPeople, type TwoPeople } from "../../support/worlds/people.ts";
import { sharedServerProcesses, sharedServers, startServer } from "../../support/server.ts";

// D1, D2 and 5.3: what a session is good for, and what ends it.

const serverOf = sharedServers();
/** With passwords at their real cost: a login takes long enough to be overtaken. */
const processOf = sharedServerProcesses();

const isGood = async (session: SessionClient): Promise<boolean> => {
  const native = (await session.ask("GET", "session")).status;
  const maas = (await session.send("/MAAS/api/2.0/users/?op=whoami")).status;
  assert.equal(maas, native, "both APIs agree");
  assert.ok(native === 200 || native === 401, String(native));
  return native === 200;
};

/** What ends all sessions of somebody, each by its rule. */
const endings = {
  "changing one's own password": ({ person }) =>
    person.native.ask("PUT", "account/password", { old_password: person.password, new_password: "a new password" }),
  "an administrator's reset": ({ person, root }) =>
    root.native.ask("PUT", `users/${person.username}/password`, { new_password: "a new password" }),
  deactivation: ({ person, root }) => root.native.ask("PATCH", `users/${person.username}`, { is_active: false }),
  deletion: ({ person, root }) => root.native.ask("DELETE", `users/${person.username}`),
} as const satisfies Record<string, (people: TwoPeople) => Promise<{ readonly status: number }>>;

forEachKind((kind) => {
  for (const [name, end] of Object.entries(endings)) {
    test(`D1: ${name} ends every session, and no other user's (${kind})`, async () => {
      const people = await twoPeople(await serverOf(kind));
      const { server, person } = people;
      const other = await makePerson(server);
      const sessions = [
        await logIn(server, person),
        await logIn(server, person, { api: "native" }),
        await logIn(server, person),
      ];
      const others = await logIn(server, other);
      for (const session of [...sessions, others]) assert.ok(await isGood(session));
      const { status } = await end(people);
      assert.ok(status === 200 || status === 204, String(status));
      for (const session of sessions) {
        assert.ok(!(await isGood(session)));
        const { code } = (await session.ask("GET", "session")).json<{ code: string }>();
        assert.equal(
          code,
          name.includes("password") || name.includes("reset") ? "password_changed" : "unauthenticated",
        );
      }
      assert.ok(await isGood(others));
    });

    test(`D1: no login that was checked against the old state survives ${name} (${kind})`, async () => {
      const rounds = 2;
      for (let round = 0; round < rounds; round += 1) {
        const people = await twoPeople(await processOf(kind));
        const logins = [1, 2, 3, 4].map(() =>
          tryLogIn(people.server, people.person, { api: "native", from: freshAddress() }),
        );
        const [ended, ...answers] = await Promise.all([end(people), ...logins]);
        assert.ok(ended.status < 300, String(ended.status));
        for (const answer of answers) {
          const id = answer.cookie("sessionid");
          if (id === undefined) continue;
          const late = await send(people.server.url, "/api/v1/session", { headers: { cookie: `sessionid=${id}` } });
          assert.equal(late.status, 401);
        }
      }
    });
  }

  test(`why a session ended is known for as long as its cookie may come back (${kind})`, async () => {
    await using server = await startServer({ kind });
    const people = await twoPeople(server);
    const noted = () => server.meddle("select ended from session_ended_by_password");
    await logIn(server, people.person);
    assert.equal((await endings["an administrator's reset"](people)).status, 204);
    assert.equal((await noted()).length, 1);
    await server.stop();
    const guardAgain = await takeGuardsOff(server, "session_ended_by_password");
    await server.meddle(`update session_ended_by_password set ended = ended - ${15 * 86_400_000_000}`);
    await guardAgain();
    await server.start();
    assert.equal((await endings["an administrator's reset"](people)).status, 204);
    assert.equal((await noted()).length, 0);
  });

  test(`D1: a session that changes its own password ends, too (${kind})`, async () => {
    const { server, person } = await twoPeople(await serverOf(kind));
    const session = await logIn(server, person);
    const body = { old_password: person.password, new_password: "a new password" };
    assert.equal((await session.ask("PUT", "account/password", body)).status, 204);
    assert.ok(!(await isGood(session)));
    assert.equal((await tryLogIn(server, person, { from: freshAddress() })).status, 400);
    assert.ok(await isGood(await logIn(server, { ...person, password: "a new password" })));
  });

  test(`D1: API tokens outlive a change of one's own password (${kind})`, async () => {
    const { person } = await twoPeople(await serverOf(kind));
    const body = { old_password: person.password, new_password: "a new password" };
    await person.native.ask("PUT", "account/password", body);
    assert.equal((await person.native.ask("GET", "account")).status, 200);
    assert.equal((await person.maas.get("users/?op=whoami")).status, 200);
  });

  test(`D2: sessions that a password change ends are no logouts (${kind})`, async () => {
    const { server, person, root } = await twoPeople(await serverOf(kind));
    await logIn(server, person);
    await logIn(server, person);
    await person.native.ask("PUT", "account/password", {
      old_password: person.password,
      new_password: "a new password",
    });
    const events = await allEvents(root.native, { owner: person.username });
    assert.deepEqual(
      events.map(({ action }) => action),
      ["user.password.change", "auth.login", "auth.login", "token.create"],
    );
    assert.deepEqual(events[0]?.details, { sessions_ended: 2 });
  });

  test(`5.3: the login view's cookies: the session's can't be read by scripts (${kind})`, async () => {
    const { server, person } = await twoPeople(await serverOf(kind));
    for (const api of ["maas", "native"] as const) {
      const cookies = (await tryLogIn(server, person, { api })).headers["set-cookie"] ?? [];
      const session = cookies.find((cookie) => cookie.startsWith("sessionid=")) ?? "";
      assert.match(session, /; HttpOnly/i);
      assert.match(session, /; SameSite=(Lax|Strict)/i);
      assert.match(session, /; Path=\//i);
      const form = cookies.find((cookie) => cookie.startsWith("csrftoken=")) ?? "";
      assert.doesNotMatch(form, /HttpOnly/i);
      assert.doesNotMatch(session + form, /; Secure/i);
    }
  });

  test(`58, 5.3: logging out needs the form token, POST and a session (${kind})`, async () => {
    const { server, person } = await twoPeople(await serverOf(kind));
    const path = "/MAAS/accounts/logout/";
    const session = await logIn(server, person);
    assert.equal((await session.send(path, { method: "POST", body: "", headers: { "x-csrftoken": "" } })).status, 403);
    assert.equal((await session.send(path)).status, 405);
    assert.ok(await isGood(session));
    assert.equal((await session.send(path, { method: "POST", body: "" })).status, 204);
    assert.ok(!(await isGood(session)));
    const nobody = await send(server.url, path, { method: "POST", body: "" });
    assert.equal(nobody.status, 302);
    assert.match(String(nobody.headers.location), /^\/MAAS\/\?next=/);
  });

  test(`5.3: csrf/ tells a session its form token, nobody else's (${kind})`, async () => {
    const { server, person } = await twoPeople(await serverOf(kind));
    const path = "/MAAS/account/csrf/";
    const session = await logIn(server, person);
    const answer = await session.send(path, { method: "POST", body: "" });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json(), { csrf: session.formToken });
    const nobody = await send(server.url, path, { method: "POST", body: "" });
    assert.equal(nobody.status, 403);
    assert.equal(nobody.text, "");
    assert.equal((await session.send(path)).status, 405);
  });

  test(`5.3: GET of the login view tells the state; of authenticate/ it is a 405 (${kind})`, async () => {
    const { server } = await twoPeople(await serverOf(kind));
    const login = await send(server.url, "/MAAS/accounts/login/");
    assert.equal(login.type, "application/json");
    assert.deepEqual(login.json(), { authenticated: false, external_auth_url: null, no_users: false });
    assert.equal((await send(server.url, "/MAAS/accounts/authenticate/")).status, 405);
    assert.equal((await send(server.url, "/MAAS/accounts/discharge-request/")).status, 404);
  });

  test(`59: authenticate/ gives a new key each time, and no session (${kind})`, async () => {
    const { server, person } = await twoPeople(await serverOf(kind));
    const secrets = new Set<string>();
    for (let round = 0; round < 2; round += 1) {
      const answer = await send(server.url, "/MAAS/accounts/authenticate/", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: encode([
          ["username", person.username],
          ["password", person.password],
          ["consumer", "me@laptop"],
        ]),
      });
      assert.equal(answer.status, 200);
      assert.equal(answer.type, "application/json");
      assert.equal(answer.headers["set-cookie"], undefined);
      const key = answer.json<Record<string, string>>();
      assert.deepEqual(Object.keys(key).sort(), ["consumer_key", "name", "token_key", "token_secret"]);
      assert.equal(key["name"], "me@laptop");
      secrets.add(key["token_secret"] ?? "");
    }
    assert.equal(secrets.size, 2);
  });

  test(`a session can end all others and stay, in one event (${kind})`, async () => {
    const { server, person, root } = await twoPeople(await serverOf(kind));
    const others = [await logIn(server, person), await logIn(server, person)];
    const current = await logIn(server, person);
    const foreign = await logIn(server, await makePerson(server));
    assert.equal((await current.ask("DELETE", "sessions?except=newest")).status, 400);
    assert.equal((await current.ask("DELETE", "sessions?except=current")).status, 204);
    for (const other of others) assert.ok(!(await isGood(other)));
    assert.ok(await isGood(current));
    assert.ok(await isGood(foreign));
    const [event] = await allEvents(root.native, { owner: person.username, action: "session.end" });
    assert.equal(event?.description, `Ended 2 sessions of '${person.username}'.`);
    assert.equal((await person.native.ask("DELETE", "sessions?except=current")).status, 204, "an API key has none");
    assert.ok(!(await isGood(current)));
  });

  test(`sessions are listed with address, agent and last use, and ended one by one (${kind})`, async () => {
    const { server, person } = await twoPeople(await serverOf(kind));
    const old = await logIn(server, person, { from: person.from, headers: { "user-agent": "old agent" } });
    const current = await logIn(server, person, { from: freshAddress(), headers: { "user-agent": "new agent" } });
    const list = async () =>
      (await current.ask("GET", "sessions")).json<{ items: readonly Record<string, unknown>[] }>().items;
    const [newest, oldest, ...others] = await list();
    assert.deepEqual(others, []);
    assert.equal(newest?.["user_agent"], "new agent");
    assert.equal(newest["is_current"], true);
    assert.equal(oldest?.["ip"], person.from);
    assert.equal(oldest["is_current"], false);
    assert.ok(Math.abs(Date.parse(String(oldest["last_used"])) - Date.now()) < 120_000);
    assert.ok(Date.parse(String(oldest["expires"])) > Date.now());
    assert.equal((await current.ask("DELETE", `sessions/${String(oldest["id"])}`)).status, 204);
    assert.ok(!(await isGood(old)));
    assert.ok(await isGood(current));
    assert.equal((await list()).length, 1);
  });

  test(`somebody else's session can be neither seen nor ended, but by an administrator (${kind})`, async () => {
    const { server, person, root } = await twoPeople(await serverOf(kind));
    const other = await makePerson(server);
    const [mine, theirs] = [await logIn(server, person), await logIn(server, other)];
    const { items } = (await theirs.ask("GET", "sessions")).json<{ items: readonly { id: number }[] }>();
    assert.equal((await mine.ask("DELETE", `sessions/${items[0]?.id}`)).status, 404);
    assert.equal((await mine.ask("GET", `users/${other.username}/sessions`)).status, 403);
    assert.equal((await mine.ask("DELETE", `users/${other.username}/sessions`)).status, 403);
    assert.ok(await isGood(theirs));
    assert.equal((await root.native.ask("DELETE", `users/${other.username}/sessions`)).status, 204);
    assert.ok(!(await isGood(theirs)));
    assert.ok(await isGood(mine));
  });

  test(`a session outlives a restart of the server (${kind})`, async () => {
    const { server, person } = await twoPeople(await serverOf(kind));
    const session = await logIn(server, person);
    await server.stop();
    await server.start();
    assert.equal((await send(server.url, "/api/v1/session", { headers: { cookie: session.cookies } })).status, 200);
    const created = await send(server.url, "/api/v1/account/tokens", {
      method: "POST",
      headers: { cookie: session.cookies, "x-csrftoken": session.formToken, "content-type": "application/json" },
      body: "{}",
    });
    assert.equal(created.status, 201);
  });
});
