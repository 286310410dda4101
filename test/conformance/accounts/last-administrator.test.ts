import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import type { Answer } from "../../support/clients/http-client.ts";
import type { MaasClient } from "../../support/clients/maas-client.ts";
import { allEvents, bearer, type NativeClient } from "../../support/clients/native-client.ts";
import { admin, type Administrator, makePerson, type Person } from "../../support/worlds/people.ts";
import { startSecondServer, startServer, type TestServer } from "../../support/server.ts";

// D3: there is always at least one active administrator.

interface Shown {
  readonly username: string;
  readonly is_superuser: boolean;
  readonly is_active: boolean;
}

async function activeAdministrators(client: NativeClient): Promise<readonly string[]> {
  const { items } = (await client.ask("GET", "users")).json<{ items: readonly Shown[] }>();
  return items.filter(({ is_superuser, is_active }) => is_superuser && is_active).map(({ username }) => username);
}

const wasDone = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** Ways for one administrator to be none any more. */
const ways = {
  demotion: (by: NativeClient, whom: string) => by.ask("PATCH", `users/${whom}`, { is_superuser: false }),
  deactivation: (by: NativeClient, whom: string) => by.ask("PATCH", `users/${whom}`, { is_active: false }),
  deletion: (by: NativeClient, whom: string) => by.ask("DELETE", `users/${whom}`),
  "demotion over MAAS's API": (_: NativeClient, whom: string, maas: MaasClient) =>
    maas.put(`users/${whom}/`, [["is_superuser", "0"]]),
} as const;

forEachKind((kind) => {
  test(`D3: the last active administrator can't be demoted, deactivated or deleted (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native, maas } = admin(server);
    // An administrator who isn't active doesn't count.
    const asleep = await makePerson(server, { isAdministrator: true });
    assert.ok(wasDone(await native.ask("PATCH", `users/${asleep.username}`, { is_active: false })));
    for (const [name, end] of Object.entries(ways)) {
      const answer = await end(native, "admin", maas);
      assert.ok(answer.status === 400 || answer.status === 409, `${name}: ${answer.status} ${answer.text}`);
      assert.deepEqual(await activeAdministrators(native), ["admin"], name);
    }
    const told = (await allEvents(native, { target: "admin", outcome: "success" })).map(({ action }) => action);
    assert.deepEqual(told, ["user.create"]);
  });

  test(`D3: with another active administrator each of it works, but deleting oneself (${kind})`, async () => {
    await using server = await startServer({ kind });
    const root = admin(server);
    for (const [name, end] of Object.entries(ways)) {
      const other = await makePerson(server, { isAdministrator: true });
      assert.ok(wasDone(await end(root.native, other.username, root.maas)), name);
    }
    const other = await makePerson(server, { isAdministrator: true });
    assert.ok(!wasDone(await ways.deletion(root.native, "admin")));
    assert.ok(wasDone(await ways.demotion(root.native, "admin")));
    assert.deepEqual(await activeAdministrators(other.native), [other.username]);
  });

  test(`D3: two administrators who end each other, or themselves, at the same moment leave one (${kind})`, async () => {
    await using server = await startServer({ kind });
    await race(server, server);
  });
});

test("D3: so they do over two servers on one PostgreSQL", async () => {
  await using first = await startServer({ kind: "postgres" });
  await using second = await startSecondServer(first);
  await race(first, second);
});

/** Lets two administrators end each other, and then themselves, over two servers at once, several times. */
async function race(first: TestServer, second: { readonly url: string }): Promise<void> {
  let keeper: Administrator = admin(first);
  for (const whom of ["each other", "themselves"] as const) {
    for (const way of ["demotion", "deactivation"] as const) {
      const rival: Person = await makeRival(first, keeper);
      const [one, two] = [keeper, { ...rival, native: bearer(second, rival.apiKey) }];
      const onSecond = bearer(second, rival.apiKey);
      const answers = await Promise.all(
        whom === "each other"
          ? [ways[way](one.native, two.username), ways[way](onSecond, one.username)]
          : [ways[way](one.native, one.username), ways[way](onSecond, two.username)],
      );
      assert.equal(
        answers.filter(wasDone).length,
        1,
        `${way} of ${whom}: ${answers.map(({ status }) => status).join()}`,
      );
      for (const answer of answers) assert.ok(answer.status < 500, answer.text);
      const survivor = (whom === "each other") === wasDone(answers[0]) ? one : rival;
      assert.deepEqual(await activeAdministrators(survivor.native), [survivor.username]);
      keeper = survivor;
    }
  }
}

/** One more administrator, made by whoever is one now. */
async function makeRival(server: TestServer, by: Administrator): Promise<Person> {
  const person = await makePerson(server, {}, by.maas);
  assert.ok(wasDone(await by.native.ask("PATCH", `users/${person.username}`, { is_superuser: true })));
  return person;
}
