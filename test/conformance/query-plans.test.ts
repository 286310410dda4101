import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { filterFields } from "../../src/events/filter/native-filter.ts";
import { kinds } from "../support/databases/databases.ts";
import { scansOfPostgres, scansOfSqlite, type Statement, statementsOf } from "../support/databases/plans.ts";
import { tryLogIn } from "../support/clients/native-client.ts";
import { powerFailure, report } from "../support/reports.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { admin, makePerson } from "../support/worlds/people.ts";

// No request reads a table that grows from one end to the other, whatever SQLite was told of the tables by `analyze`, and when.

/** Values that a filter takes, where not any text or not only one. */
const valuesOf: Readonly<Record<string, readonly string[]>> = {
  level: ["AUDIT"],
  outcome: ["failure"],
  source: ["external"],
  ip: ["127.0.0.1", "x", "127.0.0.0/8", "2001:db8::/32"],
  owner: ["x", "a*", "*"],
  type: ["x", "AUTH*"],
  node: ["x", "h*"],
  target: ["x", "user/x", "a*", "user/a*"],
  action: ["auth.*"],
  mac_address: ["52:54:00:00:00:01"],
  since: ["2026-01-01T00:00:00Z"],
  until: ["2099-01-01T00:00:00Z"],
  exclude: ["owner:nobody"],
};

async function askAround(server: TestServer): Promise<void> {
  const root = admin(server);
  const person = await makePerson(server);
  const session = await tryLogIn(server, person);
  assert.equal(session.status, 204, session.text);
  await tryLogIn(server, { ...person, password: "wrong password" });
  for (const { native, maas } of [root, person]) {
    for (const name of Object.keys(filterFields)) {
      for (const value of valuesOf[name] ?? ["x"]) {
        for (const rest of ["", "&before=1000", "&after=3"]) {
          const answer = await native.ask("GET", `events?limit=20&${name}=${encodeURIComponent(value)}${rest}`);
          assert.equal(answer.status, 200, answer.text);
        }
      }
    }
    for (const place of ["events?limit=20", "events?limit=20&before=1000", "account/tokens"]) {
      assert.equal((await native.ask("GET", place)).status, 200, place);
    }
    assert.equal((await maas.ask("events/?op=query&level=AUDIT")).status, 200);
    const made = await native.ask("POST", "account/tokens", { name: "another" });
    const { token_key: key } = made.json<{ token_key: string }>();
    assert.equal((await native.ask("DELETE", `account/tokens/${key}`)).status, 204);
  }
  await report(root.native, { ...powerFailure, key: "once" });
  assert.equal((await root.native.ask("GET", "events/3/proof")).status, 200);
}

for (const kind of kinds) {
  test(`no request reads a growing table whole, on an empty log, a larger one, and with statistics of an almost empty one (${kind})`, async () => {
    await using server = await startServer({ kind });
    const scansIn = (statements: readonly Statement[]): readonly string[] | Promise<readonly string[]> =>
      kind === "sqlite"
        ? scansOfSqlite(path.join(server.data, "ironlog.db"), statements)
        : scansOfPostgres(server.databaseArgs.at(-1) ?? "", statements);
    const before = await statementsOf(() => askAround(server));
    assert.ok(before.length > 150, `${before.length} statements`);
    assert.deepEqual(await scansIn(before), []);
    // Statistics of next to nothing, which last.
    await server.stop();
    await server.meddle("analyze");
    await server.start();
    const { native } = admin(server);
    for (let made = 0; made < 10; made += 1) {
      await report(
        native,
        Array.from({ length: 1_000 }, () => powerFailure),
      );
    }
    const after = await statementsOf(() => askAround(server));
    assert.deepEqual(await scansIn([...before, ...after]), []);
  });
}
