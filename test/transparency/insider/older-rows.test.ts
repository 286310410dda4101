import assert from "node:assert/strict";
import { test } from "node:test";
import { allEvents, bearer, logIn, type NativeClient } from "../../support/clients/native-client.ts";
import { kinds } from "../../support/databases/databases.ts";
import { takeGuardsOff } from "../../support/databases/guards.ts";
import { openShell } from "../../support/processes/command.ts";
import { powerFailure } from "../../support/reports.ts";
import { startSecondServer, startServer, type TestServer } from "../../support/server.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { literal, type Row } from "../mutations.ts";

// Rows as they once were, with the codes that they bore: right in all but that the log has gone on. Put back by the owner of the tables.

type KeptTable = "user" | "token" | "setting" | "log_head";

const keyOf: Readonly<Record<KeptTable, string>> = { user: "id", token: "id", setting: "name", log_head: "one" };

/** Takes a table's newest row with its code. Gives what puts both back later. */
async function keepNewest(server: TestServer, table: KeptTable): Promise<() => Promise<void>> {
  const key = keyOf[table];
  const [row = {}] = await server.meddle(`select * from "${table}" order by ${key} desc limit 1`);
  const ofRow = `${key} = ${literal(row[key] as string, server.kind)}`;
  const ofCode = `table_name = '${table}' and key = '${String(row[key])}'`;
  const [code] = await server.meddle(`select * from row_mac where ${ofCode}`);
  const put = (into: string, where: string, columns: Row): readonly string[] => {
    const names = Object.keys(columns);
    const values = names.map((name) => literal(columns[name] ?? null, server.kind));
    return [
      `update "${into}" set ${names.flatMap((name, at) => (name === key ? [] : [`${name} = ${values[at]}`])).join(", ")} where ${where}`,
      `insert into "${into}" (${names.join(", ")}) select ${values.join(", ")} where not exists (select 1 from "${into}" where ${where})`,
    ];
  };
  const statements = [
    ...put(table, ofRow, row as Row),
    ...(code === undefined ? [] : put("row_mac", ofCode, code as Row)),
  ];
  return async () => {
    const guardAgain = await takeGuardsOff(server, table);
    for (const statement of statements) await server.meddle(statement);
    await guardAgain();
  };
}

/** A person who was an administrator: what puts that back, and what puts back that they aren't. */
interface Demoted {
  readonly person: Person;
  readonly older: () => Promise<void>;
  readonly newer: () => Promise<void>;
  readonly headThen: () => Promise<void>;
  readonly headNow: () => Promise<void>;
}

async function makeDemoted(server: TestServer): Promise<Demoted> {
  const person = await makePerson(server);
  const older = await setAdministrator(server, admin(server).native, person, true);
  const newer = await setAdministrator(server, admin(server).native, person, false);
  return { person, older: older.row, newer: newer.row, headThen: older.head, headNow: newer.head };
}

async function setAdministrator(server: TestServer, root: NativeClient, { username }: Person, isSuperuser: boolean) {
  assert.equal((await root.ask("PATCH", `users/${username}`, { is_superuser: isSuperuser })).status, 200);
  return { row: await keepNewest(server, "user"), head: await keepNewest(server, "log_head") };
}

async function mismatches(server: TestServer): Promise<number> {
  return (await allEvents(admin(server).native, { action: "state.mismatch" })).length;
}

async function verified(server: TestServer) {
  await server.stop();
  using shell = openShell();
  return shell.ironlog(["log", "verify", ...server.databaseArgs]);
}

for (const kind of kinds) {
  test(`an administrator's older row with its code, undone after use: its use is refused (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { person, older, newer } = await makeDemoted(server);
    await older();
    assert.equal((await person.native.ask("GET", "users")).status, 401);
    await newer();
    assert.equal((await person.native.ask("GET", "users")).status, 200);
    assert.equal(await mismatches(server), 1);
    const ran = await verified(server);
    assert.equal(ran.code, 0, ran.stdout);
  });

  for (const when of ["before", "after"] as const) {
    test(`the same where the row comes back ${when} the server has started again (${kind})`, async () => {
      await using server = await startServer({ kind });
      const { person, older, newer } = await makeDemoted(server);
      await server.stop();
      if (when === "before") await older();
      await server.start();
      if (when === "after") await older();
      assert.equal((await person.native.ask("GET", "users")).status, 401);
      assert.equal((await admin(server).native.ask("GET", "users")).status, 200, "others go on");
      assert.equal(
        (await admin(server).native.ask("POST", "account/tokens", {})).status,
        201,
        "and what they do is recorded",
      );
      assert.equal((await person.native.ask("GET", "users")).status, 401);
      await newer();
      assert.equal((await person.native.ask("GET", "users")).status, 200);
      assert.equal(await mismatches(server), 1);
      const ran = await verified(server);
      assert.equal(ran.code, 0, ran.stdout);
    });
  }

  test(`an older row with the head of that time, undone after use: nobody is let in (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { person, older, newer, headThen, headNow } = await makeDemoted(server);
    await older();
    await headThen();
    assert.equal((await person.native.ask("GET", "users")).status, 503);
    await newer();
    await headNow();
    assert.equal((await person.native.ask("GET", "users")).status, 200);
    await server.stop();
    const headLast = await keepNewest(server, "log_head");
    await older();
    await headThen();
    await assert.rejects(server.start(), /The head of the log was not left by anybody/);
    await newer();
    await headLast();
    await server.start();
    assert.equal((await person.native.ask("GET", "users")).status, 200);
    const ran = await verified(server);
    assert.equal(ran.code, 0, ran.stdout);
  });

  test(`a deleted API key that is put back with its code lets nobody in, also after a new start (${kind})`, async () => {
    await using server = await startServer({ kind });
    const root = admin(server);
    const made = (await root.native.ask("POST", "account/tokens", {})).json<{ token_key: string; api_key: string }>();
    const kept = await keepNewest(server, "token");
    assert.equal((await root.native.ask("DELETE", `account/tokens/${made.token_key}`)).status, 204);
    await kept();
    assert.equal((await bearer(server, made.api_key).ask("GET", "users")).status, 401);
    await server.stop();
    await server.start();
    assert.equal((await bearer(server, made.api_key).ask("GET", "users")).status, 401);
    assert.equal(await mismatches(server), 2, "each server tells of it");
    const ran = await verified(server);
    assert.equal(ran.code, 1, ran.stdout);
    assert.match(ran.stdout, /row \d+ of token was recorded by no event/);
  });

  test(`a setting that is taken away by SQL doesn't count as not set (${kind})`, async () => {
    await using server = await startServer({ kind });
    const person = await makePerson(server);
    const set = await admin(server).native.ask("PUT", "settings/ironlog_session_idle_seconds", { value: 3_600 });
    assert.equal(set.status, 200, set.text);
    const kept = await keepNewest(server, "setting");
    const guardAgain = await takeGuardsOff(server, "setting");
    await server.meddle("delete from setting");
    await guardAgain();
    await server.stop();
    await server.start();
    const session = await logIn(server, person, { from: person.from });
    assert.equal((await session.ask("GET", "account")).status, 200);
    await kept();
    assert.equal(await mismatches(server), 1);
  });
}

test("a server knows what another one has changed since", async () => {
  await using server = await startServer({ kind: "postgres" });
  const { person, older, newer } = await makeDemoted(server);
  await using second = await startSecondServer(server);
  const there = bearer({ url: second.url }, person.apiKey);
  assert.equal((await there.ask("GET", "users")).status, 200);
  const again = await setAdministrator(server, admin(server).native, person, true);
  const last = await setAdministrator(server, admin(server).native, person, false);
  for (const row of [older, newer, again.row]) {
    await row();
    assert.equal((await there.ask("GET", "users")).status, 401);
  }
  await last.row();
  assert.equal((await there.ask("GET", "users")).status, 200);
  assert.equal(await mismatches(server), 1);
});

for (const part of ["head", "newest_mac"] as const) {
  test(`an idle server lets nobody in by an older row that comes back with the ${part} of that time`, async () => {
    await using server = await startServer({ kind: "postgres" });
    const person = await makePerson(server);
    await using second = await startSecondServer(server);
    const there = bearer({ url: second.url }, person.apiKey);
    const older = await setAdministrator(server, admin(server).native, person, true);
    const [then] = await server.meddle("select encode(newest_mac, 'hex') as mac from log_head");
    assert.equal((await there.ask("GET", "settings")).status, 200, "it is an administrator's");
    const newer = await setAdministrator(server, admin(server).native, person, false);
    await older.row();
    if (part === "head") await older.head();
    else {
      const guardAgain = await takeGuardsOff(server, "log_head");
      await server.meddle(`update log_head set newest_mac = '\\x${String(then?.["mac"])}'`);
      await guardAgain();
    }
    assert.equal((await there.ask("GET", "settings")).status, 503);
    await newer.row();
    await newer.head();
    assert.equal((await there.ask("GET", "settings")).status, 403);
  });
}

for (const kind of kinds) {
  test(`nobody is refused while their rows change all the time (${kind})`, async () => {
    await using server = await startServer({ kind });
    await using others = new AsyncDisposableStack();
    const second = kind === "sqlite" ? server : others.use(await startSecondServer(server));
    const person = await makePerson(server);
    const places = [server, { url: second.url }];
    const clients = places.map(({ url }) => bearer({ url }, person.apiKey));
    const roots = places.map(({ url }) => bearer({ url }, server.firstLogin.apiKey));
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const root = roots[at % 2] ?? admin(server).native;
        const changed = await root.ask("PATCH", `users/${person.username}`, { last_name: `Name ${at}` });
        const asked = await Promise.all(clients.map((client) => client.ask("GET", "account")));
        return [changed, ...asked].map(({ status }) => status);
      }),
    );
    assert.deepEqual([...new Set(statuses.flat())], [200]);
    assert.equal(await mismatches(server), 0);
    const ran = await verified(server);
    assert.equal(ran.code, 0, ran.stdout);
  });
}

test("a server that was away for more events than it would read one by one goes on by what stands beside the rows", async () => {
  await using server = await startServer({ kind: "postgres" });
  const { person, older, newer } = await makeDemoted(server);
  await using second = await startSecondServer(server);
  const there = bearer({ url: second.url }, person.apiKey);
  assert.equal((await there.ask("GET", "users")).status, 200);
  for (let batch = 0; batch < 3; batch += 1) {
    const events = Array.from({ length: 400 }, () => powerFailure);
    const sent = await admin(server).native.ask("POST", "events", events);
    assert.ok(sent.status < 300, sent.text);
  }
  await setAdministrator(server, admin(server).native, person, true);
  await older();
  assert.equal((await there.ask("GET", "users")).status, 401);
  await newer();
});
