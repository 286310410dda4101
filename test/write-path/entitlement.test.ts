import assert from "node:assert/strict";
import { test } from "node:test";
import { endSessions, logOut } from "../../src/accounts/sessions/session-actions.ts";
import { deleteUser, updateUser } from "../../src/accounts/users/user-actions.ts";
import type { UserChanges } from "../../src/accounts/users/user-rows.ts";
import type { Actor } from "../../src/audit/actor.ts";
import { refuseOperation } from "../../src/audit/machine-actions.ts";
import { perform } from "../../src/audit/perform.ts";
import { whileEntitled } from "../../src/audit/while-entitled.ts";
import { lastEventId } from "../../src/database/version-cache.ts";
import { createToken, deleteToken } from "../../src/tokens/actions.ts";
import { freshDatabase, kinds } from "../support/databases/databases.ts";
import { actorFor, newToken, now, type DatabaseWorld, databaseWorld } from "../support/worlds/database-world.ts";

// What was let in may have lost its right by the time its turn comes: it is asked again under the log's lock.

const makeToken = whileEntitled(createToken);

for (const kind of kinds) {
  test(`whoever was deleted, deactivated or demoted while waiting changes nothing (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const people = await databaseWorld(database.db);
    await change(people, "ada", { isSuperuser: false, after: "bob" });
    const before = await lastEventId(database.db);
    const adaAsBefore = actorFor({ ...people.ada.user, isSuperuser: true });
    const token = { ...newToken("late"), userId: people.ada.user.id };
    await assert.rejects(perform(database.db, adaAsBefore, makeToken, token), { code: "forbidden" });

    await change(people, "ada", { isActive: false, after: "bob" });
    await assert.rejects(perform(database.db, actorFor(people.ada.user), makeToken, token), {
      code: "unauthenticated",
    });

    await perform(database.db, actorFor(people.bob.user), deleteUser, { username: "ada", now });
    await assert.rejects(perform(database.db, actorFor(people.ada.user), makeToken, token), {
      code: "unauthenticated",
    });
    assert.equal(await lastEventId(database.db), before + 3);
  });

  test(`an ended session and a deleted API key change nothing any more (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { bob } = await databaseWorld(database.db);
    const bySession = { ...bob.actor, credential: { kind: "session", id: bob.sessionId, fingerprint: "s" } } as const;
    const byToken = { ...bob.actor, credential: { kind: "token", tokenKey: bob.tokenKey, fingerprint: "t" } } as const;
    const token = (key: string) => ({ ...newToken(key), userId: bob.user.id });
    await perform(database.db, bySession, makeToken, token("a"));
    await perform(database.db, byToken, makeToken, token("b"));
    await perform(database.db, bob.actor, endSessions, { user: bob.user, sessionId: undefined, now });
    const { id: userId, username } = bob.user;
    await perform(database.db, bob.actor, deleteToken, { userId, username, tokenKey: bob.tokenKey, now });
    for (const actor of [bySession, byToken]) {
      await assert.rejects(perform(database.db, actor, makeToken, token("c")), { code: "unauthenticated" });
    }
  });

  test(`what is recorded of a request after its session or API key has ended names neither (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { bob } = await databaseWorld(database.db);
    const bySession = { ...bob.actor, credential: { kind: "session", id: bob.sessionId, fingerprint: "s" } } as const;
    const byToken = { ...bob.actor, credential: { kind: "token", tokenKey: bob.tokenKey, fingerprint: "t" } } as const;
    const refuse = (actor: Actor) =>
      perform(database.db, actor, refuseOperation, { operation: "users list", path: "/" });
    const { id: userId, username } = bob.user;
    // In one group, and so in one transaction.
    await Promise.all([
      refuse(bySession),
      refuse(byToken),
      perform(database.db, bySession, logOut, { sessionId: bob.sessionId, username }),
      perform(database.db, byToken, deleteToken, { userId, username, tokenKey: bob.tokenKey, now }),
      refuse(bySession),
      refuse(byToken),
    ]);
    const events = await database.db.selectFrom("event").selectAll().orderBy("id", "desc").limit(6).execute();
    assert.deepEqual(
      events.toReversed().map((event) => [event.action, event.username, event.ip, event.session, event.key]),
      [
        ["operation.refuse", "bob", bob.actor.origin.ip, "s", null],
        ["operation.refuse", "bob", bob.actor.origin.ip, null, "t"],
        ["auth.logout", "bob", bob.actor.origin.ip, "s", null],
        ["token.delete", "bob", bob.actor.origin.ip, null, "t"],
        ["operation.refuse", "bob", bob.actor.origin.ip, null, null],
        ["operation.refuse", "bob", bob.actor.origin.ip, null, null],
      ],
    );
  });

  test(`whoever still has the right, or acts without a user, goes on (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { bob } = await databaseWorld(database.db);
    await perform(database.db, bob.actor, makeToken, { ...newToken("a"), userId: bob.user.id });
    await perform(database.db, { ...bob.actor, user: null }, makeToken, { ...newToken("b"), userId: bob.user.id });
  });
}

/** Makes the other one administrator first, so that there is always one. */
async function change(
  { db, ada }: DatabaseWorld,
  username: string,
  { after, ...changes }: UserChanges & { readonly after: string },
) {
  await perform(db, ada.actor, updateUser, { username: after, changes: { isSuperuser: true }, now });
  await perform(db, ada.actor, updateUser, { username, changes, now });
}
