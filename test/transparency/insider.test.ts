import assert from "node:assert/strict";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { csrfToken, hashSessionId, newSessionId } from "../../src/accounts/sessions/session.ts";
import { allEvents, bearer, logIn, sessionClient } from "../support/clients/native-client.ts";
import { send } from "../support/clients/http-client.ts";
import { kinds } from "../support/databases/databases.ts";
import { takeGuardsOff } from "../support/databases/guards.ts";
import { openShell, type Ran } from "../support/processes/command.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { appendBySql } from "./append-by-sql.ts";
import { literal } from "./mutations.ts";
import { admin, makePerson } from "../support/worlds/people.ts";

// What somebody does who has the database password, and what notices it. Each act goes around the guards first, as the owner of
// the tables can.

async function verified(server: TestServer): Promise<Ran> {
  await server.stop();
  using shell = openShell();
  return shell.ironlog(["log", "verify", ...server.databaseArgs]);
}

function assertFound({ code, stdout, stderr }: Ran, what: RegExp): void {
  assert.equal(code, 1, stdout + stderr);
  assert.match(stdout, what);
}

for (const kind of kinds) {
  for (const [name, ageMicros] of [
    ["forged own event", 0],
    ["event dated back", 3_600_000_000],
  ] as const) {
    test(`${name}: nothing is appended behind it, the log isn't signed any more, and it is found (${kind})`, async () => {
      await using server = await startServer({ kind });
      const root = admin(server);
      await appendBySql(server, { ageMicros });
      const answer = await root.native.ask("POST", "account/tokens", {});
      assert.equal(answer.json<{ code: string }>().code, "forged_head");
      await server.untilLogged(/stopped signing checkpoints/);
      const ready = await send(server.url, "/readyz");
      assert.match(ready.text, /^degraded: .*not signing/);
      assertFound(await verified(server), /log_head was not left by anybody who has the log's append key/);
    });
  }

  test(`administrator by SQL, kept: the session and the key are refused, and a verification names the row (${kind})`, async () => {
    await using server = await startServer({ kind });
    const person = await makePerson(server);
    const session = await logIn(server, person, { from: person.from });
    const guardAgain = await takeGuardsOff(server, "user", "session", "token");
    await server.meddle(`update "user" set is_superuser = 1 where username = '${person.username}'`);
    await guardAgain();
    assert.equal((await session.ask("GET", "users")).status, 401);
    assert.equal((await person.native.ask("GET", "users")).status, 401);
    const [alarm] = await allEvents(admin(server).native, { action: "state.mismatch" });
    assert.equal(alarm?.description, "A row of 'user' differs from what the log committed to.");
    assert.equal(alarm?.outcome, "failure");
    assertFound(await verified(server), /row \d+ of user is not what this event stated last/);
  });

  test(`administrator by SQL, undone after use: its use is refused, and an event stays (${kind})`, async () => {
    await using server = await startServer({ kind });
    const person = await makePerson(server);
    const session = await logIn(server, person, { from: person.from });
    const guardAgain = await takeGuardsOff(server, "user", "session", "token");
    await server.meddle(`update "user" set is_superuser = 1 where username = '${person.username}'`);
    assert.equal((await session.ask("GET", "users")).status, 401);
    await server.meddle(`update "user" set is_superuser = 0 where username = '${person.username}'`);
    await guardAgain();
    assert.equal((await session.ask("GET", "account")).status, 200);
    assert.equal((await allEvents(admin(server).native, { action: "state.mismatch" })).length, 1);
    const ran = await verified(server);
    assert.equal(ran.code, 0, ran.stdout);
  });

  test(`a lifetime that was set by SQL revives no session, also if it is set back after use (${kind})`, async () => {
    await using server = await startServer({ kind });
    const root = admin(server);
    const person = await makePerson(server);
    const session = await logIn(server, person, { from: person.from });
    const [row] = await server.meddle("select id, created from session order by id desc limit 1");
    const dayMicros = 86_400_000_000;
    const longAgo = Number(row?.["created"]) - dayMicros;
    await server.meddle(`delete from session_use where session_id = ${String(row?.["id"])}`);
    await server.meddle(`insert into session_use (session_id, last_used) values (${String(row?.["id"])}, ${longAgo})`);
    assert.equal((await session.ask("GET", "account")).status, 401, "nobody has used it for a day");
    const guardAgain = await takeGuardsOff(server, "setting");
    await server.meddle(
      "insert into setting (name, value, updated) values ('ironlog_session_idle_seconds', '31536000', 1)",
    );
    // What is known of the settings is known up to an event.
    assert.equal((await root.native.ask("POST", "account/tokens", {})).status, 201);
    assert.equal((await session.ask("GET", "account")).status, 401);
    await server.meddle("delete from setting");
    await guardAgain();
    const told = await allEvents(root.native, { action: "state.mismatch" });
    assert.deepEqual(
      told.map(({ details }) => details?.["key"]),
      ["ironlog_session_idle_seconds"],
    );
  });

  test(`a number that JavaScript can't hold: the account lets nobody in, and a verification tells of it (${kind})`, async () => {
    await using server = await startServer({ kind });
    const person = await makePerson(server);
    const guardAgain = await takeGuardsOff(server, "user");
    await server.meddle(`update "user" set updated = 9007199254740995 where username = '${person.username}'`);
    await guardAgain();
    assert.equal((await person.native.ask("GET", "account")).status, 401);
    assert.equal((await allEvents(admin(server).native, { action: "state.mismatch" })).length, 1);
    assertFound(await verified(server), /row \d+ of user is not what this event stated last|stored rows can't be read/);
  });

  test(`a ghost token: it lets nobody in, and a verification names it (${kind})`, async () => {
    await using server = await startServer({ kind });
    const person = await makePerson(server);
    const [consumer, token, secret] = person.apiKey.split(":");
    const guardAgain = await takeGuardsOff(server, "user", "session", "token");
    await server.meddle(
      `insert into token (user_id, name, consumer_key, token_key, secret_hash, created)
        select 1, 'ghost', 'ghost${consumer}', 'ghost${token}', secret_hash, created from token where token_key = '${token}'`,
    );
    await guardAgain();
    const ghost = bearer(server, `ghost${consumer}:ghost${token}:${secret}`);
    assert.equal((await ghost.ask("GET", "users")).status, 401);
    assertFound(await verified(server), /row \d+ of token was recorded by no event/);
  });

  test(`a replaced password hash: it lets nobody in, and a verification names the account (${kind})`, async () => {
    await using server = await startServer({ kind });
    const [person, other] = [await makePerson(server), await makePerson(server)];
    const guardAgain = await takeGuardsOff(server, "user", "session", "token");
    await server.meddle(
      `update "user" set password_hash = (select password_hash from "user" where username = '${other.username}')
        where username = '${person.username}'`,
    );
    await guardAgain();
    const login = logIn(server, { ...person, password: other.password }, { from: person.from });
    await assert.rejects(login);
    assertFound(await verified(server), /row \d+ of user is not what this event stated last/);
  });

  test(`a change by SQL isn't laundered by the next honest change: that one tells of it (${kind})`, async () => {
    await using server = await startServer({ kind });
    const person = await makePerson(server);
    const root = admin(server);
    const guardAgain = await takeGuardsOff(server, "user", "session", "token");
    await server.meddle(`update "user" set last_name = 'Mallory' where username = '${person.username}'`);
    await guardAgain();
    const changed = await root.native.ask("PATCH", `users/${person.username}`, { last_name: "Honest" });
    assert.equal(changed.status, 200, changed.text);
    assert.equal((await allEvents(root.native, { action: "state.mismatch" })).length, 1);
    assertFound(await verified(server), /row \d+ of user was changed behind the log before this event/);
  });

  test(`a deleted row is missed (${kind})`, async () => {
    await using server = await startServer({ kind });
    await makePerson(server);
    const guardAgain = await takeGuardsOff(server, "user", "session", "token");
    await server.meddle("delete from token where id = (select max(id) from token)");
    await guardAgain();
    assertFound(await verified(server), /row \d+ of token, which this event stated last, is gone/);
  });

  test(`two accounts with swapped ids are found (${kind})`, async () => {
    await using server = await startServer({ kind });
    const [one, other] = [await makePerson(server), await makePerson(server)];
    const guardAgain = await takeGuardsOff(server, "user", "session", "token");
    const swap = (from: string, to: string) =>
      server.meddle(`update "user" set username = '${to}' where username = '${from}'`);
    await swap(one.username, "between");
    await swap(other.username, one.username);
    await swap("between", other.username);
    await guardAgain();
    assertFound(await verified(server), /row \d+ of user is not what this event stated last/);
  });

  test(`a sequence set back is found: the next account would get a deleted one's events (${kind})`, async () => {
    await using server = await startServer({ kind });
    await makePerson(server);
    await server.meddle(
      kind === "sqlite"
        ? `update sqlite_sequence set seq = 1 where name = 'user'`
        : `select setval(pg_get_serial_sequence('"user"', 'id'), 1)`,
    );
    assertFound(await verified(server), /the next id of user would be one that was given before/);
  });

  test(`a code of a row that somebody has made up is found (${kind})`, async () => {
    await using server = await startServer({ kind });
    await makePerson(server);
    await server.meddle("update row_mac set mac = salt where table_name = 'token'");
    assertFound(await verified(server), /row \d+ of token bears a code that nobody with the append key has made/);
  });
}

test("an index that leads a stranger's cookie to an administrator's session lets nobody in (sqlite)", async () => {
  await using server = await startServer({ kind: "sqlite" });
  const person = await makePerson(server, { isAdministrator: true });
  await logIn(server, person, { from: person.from });
  const [own] = await server.meddle(
    "select token_hash, (select sql from sqlite_schema where name = 'session') as sql from session",
  );
  const [ownHash, text] = [own?.["token_hash"] as Uint8Array, String(own?.["sql"])];
  const cookie = newSessionId();
  const set = (hash: Uint8Array): string => `update session set token_hash = ${literal(hash, "sqlite")}`;
  const guardAgain = await takeGuardsOff(server, "session");
  {
    using database = new DatabaseSync(path.join(server.data, "ironlog.db"), { defensive: false });
    database.exec(`${set(hashSessionId(cookie))}; create temp table hidden as
      select rowid as place, * from sqlite_schema where name = 'sqlite_autoindex_session_1'`);
    // The index keeps the other hash while the table gets its own back.
    database.exec(`pragma writable_schema = on; delete from sqlite_schema where name = 'sqlite_autoindex_session_1';
      update sqlite_schema set sql = '${text.replace(" unique", "")}' where name = 'session'; pragma writable_schema = reset`);
    database.exec(`${set(ownHash)}; pragma writable_schema = on; update sqlite_schema set sql = '${text}' where name = 'session';
      insert into sqlite_schema (rowid, type, name, tbl_name, rootpage, sql) select * from hidden; pragma writable_schema = reset`);
  }
  await guardAgain();
  const stranger = sessionClient(server, cookie, csrfToken(cookie));
  assert.equal((await stranger.ask("GET", "users")).status, 401);
  assert.equal((await allEvents(admin(server).native, { action: "state.mismatch" })).length, 1);
});
