import assert from "node:assert/strict";
import { test } from "node:test";
import { createUser } from "../../src/accounts/users/user-actions.ts";
import { getUser } from "../../src/accounts/users/user-queries.ts";
import { parsePassword } from "../../src/accounts/passwords/password.ts";
import { perform } from "../../src/audit/perform.ts";
import { createToken } from "../../src/tokens/actions.ts";
import { noLimits } from "../../src/tokens/limits.ts";
import { drawToken, formatApiKey } from "../../src/tokens/token.ts";
import { allEvents, bearer } from "../support/clients/native-client.ts";
import { forEachKind } from "../support/each-kind.ts";
import { sharedServers, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { accountOf, machine } from "../support/worlds/database-world.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { describePerson, type PersonDescription } from "../support/worlds/world.ts";

// Who may what, and what of it nobody needs.

const serverOf = sharedServers();

interface Finding {
  readonly finding: string;
  readonly username: string;
  readonly what: string;
  readonly since: string | null;
  readonly by: string | null;
  readonly last_used: string | null;
  readonly event: number | null;
}

interface Review {
  readonly since: string;
  readonly unused_days: number;
  readonly changes_left_out: number;
  readonly items: readonly Finding[];
}

/** So long ago that nothing of a test's is as old. */
const longAgo = Date.UTC(2020, 0, 1) * 1_000;

/** Somebody who never came, and somebody's key, both made years ago: no request can do that. Gives the key. */
async function makeLongAgo(
  { database }: TestServer,
  { absent, keyOwner }: { readonly absent: PersonDescription; readonly keyOwner: string },
): Promise<string> {
  assert.ok(database !== undefined);
  const { db, passwords } = database;
  const passwordHash = await passwords.hash(parsePassword(absent.password, "password"));
  await perform(db, machine, createUser, accountOf(absent, passwordHash, longAgo));
  const { token, credentials } = drawToken("ends", longAgo, { ...noLimits, expires: Date.UTC(2099, 0, 1) * 1_000 });
  const { id: userId } = await getUser(db, keyOwner);
  await perform(db, machine, createToken, { ...token, userId, credentials });
  return formatApiKey(credentials);
}

forEachKind((kind) => {
  test(`a review says who reads everything, since when and by whom (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const person = await makePerson(server);
    const review = async (): Promise<readonly Finding[]> => {
      const answer = await root.native.ask("POST", "reports/access", {});
      assert.equal(answer.status, 200, answer.text);
      return answer.json<Review>().items.filter(({ username }) => username === person.username);
    };
    const roles = async () => (await review()).filter(({ finding }) => finding === "reads everything");
    assert.deepEqual(await roles(), []);
    await root.native.ask("PATCH", `users/${person.username}`, { is_auditor: true });
    const [change] = await allEvents(root.native, { target: person.username, action: "user.permission.change" });
    assert.ok(change !== undefined);
    const [auditor, ...none] = await roles();
    assert.ok(auditor !== undefined && none.length === 0);
    const { what, since, by, event } = auditor;
    assert.deepEqual(
      { what, since, by, event },
      { what: "auditor", since: change.created, by: root.username, event: change.id },
    );
    await root.native.ask("PATCH", `users/${person.username}`, { is_superuser: true, is_active: false });
    assert.deepEqual(
      (await roles()).map((one) => one.what),
      ["admin (deactivated)"],
    );
    // What another program reports gives nobody a role.
    const forged = { kind: "user", id: event === null ? "" : String(change.target_id), name: person.username };
    const report = {
      type: "X",
      action: "user.permission.change",
      username: "mallory",
      description: "d",
      target: forged,
    };
    assert.equal((await root.native.ask("POST", "events", report)).status, 201);
    assert.notEqual((await roles())[0]?.by, "mallory");
    // A key is its owner's, whoever made it.
    await root.native.ask("PATCH", `users/${person.username}`, { is_active: true });
    const made = await root.native.ask("POST", `users/${person.username}/tokens`, { scopes: ["events:read"] });
    assert.equal(made.status, 201, made.text);
    const changes = (await review()).filter(({ finding }) => finding === "change");
    assert.ok(changes.some(({ what: words, by: maker }) => words === "Created token." && maker === root.username));
    assert.ok(changes.some(({ event: id }) => id === change.id));
    assert.ok(changes.every((one) => one.since !== null && one.event !== null));
  });

  test(`accounts and keys that nobody uses, and keys without an end, are named (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const person = await makePerson(server);
    const absent = describePerson({});
    const api_key = await makeLongAgo(server, { absent, keyOwner: person.username });
    const review = async (named: readonly string[]): Promise<readonly (readonly string[])[]> => {
      const { items } = (await root.native.ask("POST", "reports/access", {})).json<Review>();
      return items
        .filter(({ finding, username }) => named.includes(username) && /unused|endless/.test(finding))
        .map(({ finding, username, what }) => [finding, username, what]);
    };
    const endless = (username: string) => ["endless key", username, "tests"];
    assert.deepEqual(await review([person.username, absent.username]), [
      ["unused account", absent.username, "user"],
      ["unused key", person.username, "ends"],
      endless(person.username),
    ]);
    // A request that only reads is a use, too.
    assert.equal((await bearer(server, api_key).ask("GET", "account")).status, 200);
    const lastUse = async () => {
      const { items } = (await person.native.ask("GET", "account/tokens")).json<{
        items: readonly { name: string; last_used: string | null }[];
      }>();
      return items.find(({ name }) => name === "ends")?.last_used ?? null;
    };
    await until(async () => (await lastUse()) !== null);
    assert.deepEqual(
      (await review([person.username])).filter(([finding]) => finding === "unused key"),
      [],
    );
  });

  test(`making a review is recorded with what it found; what is asked wrongly is refused, and isn't (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const auditor = await makePerson(server, { isAuditor: true });
    const key = (await auditor.native.ask("POST", "account/tokens", { scopes: ["audit"] })).json<{ api_key: string }>();
    const ask = { since: "2026-01-01T00:00:00Z", unused_days: 30 };
    const answer = await bearer(server, key.api_key).ask("POST", "reports/access", ask);
    assert.equal(answer.status, 200, answer.text);
    const review = answer.json<Review>();
    assert.deepEqual([review.since, review.unused_days], ["2026-01-01T00:00:00.000000Z", 30]);
    const [event, ...others] = await allEvents(root.native, { owner: auditor.username, action: "access.review" });
    assert.ok(event !== undefined && others.length === 0);
    const count = (finding: string) => review.items.filter((item) => item.finding === finding).length;
    assert.deepEqual(event.details, {
      since: review.since,
      unused_days: 30,
      found: {
        reads_everything: count("reads everything"),
        unused_account: count("unused account"),
        unused_key: count("unused key"),
        endless_key: count("endless key"),
        change: count("change") + review.changes_left_out,
      },
    });
    for (const [wrong, field] of [
      [{ since: "last year" }, "since"],
      [{ unused_days: 0 }, "unused_days"],
      [{ days: 3 }, "days"],
    ] as const) {
      const refused = await auditor.native.ask("POST", "reports/access", wrong);
      assert.equal(refused.status, 400);
      assert.ok(Object.hasOwn(refused.json<{ errors: object }>().errors, field), refused.text);
    }
    assert.equal((await allEvents(root.native, { owner: auditor.username, action: "access.review" })).length, 1);
  });
});
