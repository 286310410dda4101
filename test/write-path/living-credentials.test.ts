import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor, Credential } from "../../src/audit/actor.ts";
import { defineAction } from "../../src/audit/action.ts";
import { draftEvent, type EventDraft, type ReportedDraft } from "../../src/audit/event-draft.ts";
import { perform } from "../../src/audit/perform.ts";
import { logIn as logInAction } from "../../src/accounts/sessions/session-actions.ts";
import { changePassword, resetPassword } from "../../src/accounts/users/user-actions.ts";
import { getUser } from "../../src/accounts/users/user-queries.ts";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/opening.ts";
import { openForReading } from "../../src/database/reading.ts";
import { registerWriter, writerOf } from "../../src/database/writing/writer.ts";
import { deleteToken, insertToken, type NewToken, tokenCreated } from "../../src/tokens/actions.ts";
import type { Token } from "../../src/tokens/token.ts";
import { verifyLog } from "../../src/transparency/verification/verification.ts";
import { fingerprint } from "../../src/verifiable-log/fingerprint.ts";
import { allEvents, bearer, logIn } from "../support/clients/native-client.ts";
import { type FreshDatabase, freshDatabase, kinds } from "../support/databases/databases.ts";
import { takeGuardsOff, vouchForRows } from "../support/databases/guards.ts";
import { forgeEvents } from "../support/forged-events.ts";
import { openShell } from "../support/processes/command.ts";
import { locationOf, startServer, type TestServer } from "../support/server.ts";
import {
  actorFor,
  databaseWorld,
  hashOf,
  machine,
  newSession,
  newToken,
  now,
  rightPassword,
} from "../support/worlds/database-world.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { fingerprintOf } from "../support/worlds/world.ts";

import { groupColumns, listRows } from "./sound-log.ts";

// An event names a session or an API key only while it exists: an act of one that never was, or has ended, was forged.

async function verify(server: TestServer) {
  using shell = openShell();
  return shell.ironlog(["log", "verify", ...server.databaseArgs]);
}

async function faultsOf({ location }: Pick<FreshDatabase, "location">) {
  await using reading = await openForReading(location);
  return (await verifyLog(reading)).integrity.faults;
}

/** Keeps a server from writing anything until `letGo`. */
function holdWrites(db: Database): { letGo(): void } {
  const writer = writerOf(db);
  const { promise, resolve } = Promise.withResolvers<void>();
  registerWriter(db, {
    keys: writer.keys,
    async begin() {
      await promise;
      return writer.begin();
    },
    keepBooks: (work) => writer.keepBooks(work),
    seal: (work) => writer.seal(work),
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  });
  return { letGo: resolve };
}

const refused = draftEvent("operation.refuse", { operation: "users list" }, { outcome: "failure" });

/** As a program reports it whose key was made for that MAAS. */
const reported: ReportedDraft = {
  source: "maas:prod",
  level: 0,
  type: "MAAS_LOGIN",
  action: "maas.login",
  outcome: "success",
  occurred: null,
  username: "ada",
  description: "MAAS let 'ada' in.",
  details: null,
  target: null,
  node: null,
  hostname: null,
};

function withCredential(kind: Credential["kind"], name: string): Actor {
  const actor = actorFor({ id: 1, username: "admin", isSuperuser: true });
  const credential =
    kind === "session" ? { kind, id: 1, fingerprint: name } : { kind, tokenKey: "", fingerprint: name };
  return { ...actor, credential };
}

for (const kind of kinds) {
  test(`events by sessions and API keys that never were or have ended are found (${kind})`, async () => {
    await using server = await startServer({ kind });
    const root = admin(server);
    const person = await makePerson(server);
    const [ended, open] = [await logIn(server, person), await logIn(server, person)];
    const made = await person.native.ask("POST", "account/tokens", {});
    const { token_key: tokenKey, fingerprint: deletedKey } = made.json<Record<"token_key" | "fingerprint", string>>();
    assert.equal((await open.ask("DELETE", `account/tokens/${tokenKey}`)).status, 204);
    assert.equal((await ended.ask("DELETE", "session")).status, 204);
    const [openSession = "", endedSession = ""] = (
      await allEvents(root.native, { owner: person.username, action: "auth.login" })
    ).map(({ session }) => session ?? "");
    await server.stop();
    const alive = [withCredential("session", openSession), withCredential("token", fingerprintOf(person)), machine];
    await forgeEvents(
      locationOf(server),
      alive.map((actor) => ({ draft: refused, actor })),
    );
    const before = await verify(server);
    assert.equal(before.code, 0, before.stdout);
    const never = fingerprint("never");
    const dead = [
      withCredential("session", endedSession),
      withCredential("session", never),
      withCredential("token", deletedKey),
      withCredential("token", never),
    ];
    const first = await forgeEvents(locationOf(server), [
      ...dead.map((actor) => ({ draft: refused, actor })),
      { draft: reported, actor: withCredential("token", deletedKey) },
      { draft: draftEvent("auth.login", { username: "admin" }, { session: endedSession }), actor: machine },
    ]);
    const { code, stdout } = await verify(server);
    assert.equal(code, 1);
    const names = [endedSession, never, deletedKey, never, deletedKey];
    for (const [at, name] of names.entries()) {
      const words = at < 2 ? "session" : "API key";
      assert.match(
        stdout,
        new RegExp(`event ${first + at}: it names the ${words} ${name}, which no event had made or`),
      );
    }
    assert.match(stdout, new RegExp(`event ${first + 5}: it tells of the session ${endedSession}, and no row`));
  });

  test(`a ghost token that was made with the append key, used and taken away again is found by its acts (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { apiKey } = server.firstLogin;
    const [consumer, token, secret] = apiKey.split(":");
    await server.stop();
    const guardAgain = await takeGuardsOff(server, "token");
    await server.meddle(
      `insert into token (user_id, name, consumer_key, token_key, secret_hash, created)
        select user_id, 'ghost', 'ghost${consumer}', 'ghost${token}', secret_hash, created from token where token_key = '${token}'`,
    );
    await server.meddle(`insert into row_mac (table_name, key, event_id, salt, key_id, mac)
      select 'token', cast((select max(id) from token) as text), event_id, salt, key_id, mac from row_mac
        where table_name = 'token'`);
    await guardAgain();
    await vouchForRows(server);
    await server.start();
    const ghost = `ghost${consumer}:ghost${token}:${secret}`;
    const made = await bearer(server, ghost).ask("POST", "account/tokens", {});
    assert.equal(made.status, 201, made.text);
    await server.stop();
    const guardOnceMore = await takeGuardsOff(server, "token");
    const [row] = await server.meddle(`select id from token where token_key = 'ghost${token}'`);
    await server.meddle(`delete from row_mac where table_name = 'token' and key = '${String(row?.["id"])}'`);
    await server.meddle(`delete from token where id = ${String(row?.["id"])}`);
    await guardOnceMore();
    await vouchForRows(server);
    const { code, stdout } = await verify(server);
    assert.equal(code, 1);
    const name = fingerprintOf({ apiKey: ghost });
    assert.match(
      stdout,
      new RegExp(`^Integrity: DAMAGED .*\n  event \\d+: it names the API key ${name}, which[^\n]*\nCompl`),
    );
  });

  test(`refusals that were on their way when their session or API key ended are recorded without it (${kind})`, async () => {
    await using server = await startServer({ kind });
    assert.ok(server.database !== undefined);
    const [first, second] = [await makePerson(server), await makePerson(server)];
    const session = await logIn(server, first);
    const held = holdWrites(server.database.db);
    // Of so many the last one is refused without an event, and then all others wait for theirs.
    const answers = [session, second.native].map((client) => {
      const all = Array.from({ length: 31 }, async () => (await client.ask("GET", "users/admin/sessions")).status);
      return { all, first: Promise.race(all) };
    });
    for (const { first: answer } of answers) assert.equal(await answer, 429);
    await using other = await openDatabase(locationOf(server));
    await perform(other.db, machine, resetPassword, {
      username: first.username,
      newHash: hashOf("a new password"),
      endTokens: false,
      now,
    });
    const { id: userId, username } = await getUser(other.db, second.username);
    const [, tokenKey = ""] = second.apiKey.split(":");
    await perform(other.db, machine, deleteToken, { userId, username, tokenKey, now });
    held.letGo();
    const statuses = await Promise.all(answers.flatMap(({ all }) => all));
    assert.equal(statuses.filter((status) => status === 403).length, 60);
    for (const { username: owner } of [first, second]) {
      const events = await allEvents(admin(server).native, { owner, action: "operation.refuse" });
      assert.equal(events.length, 30);
      assert.ok(events.every(({ session: named, key }) => named === null && key === null));
    }
    await server.stop();
    const verified = await verify(server);
    assert.equal(verified.code, 0, verified.stdout);
  });

  test(`what an act of many rows names stays right where it ends it, or begins it (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { db } = database;
    const { bob } = await databaseWorld(db);
    const attempt = rightPassword(bob.user);
    const openMany = async (name: string) => {
      const open = (at: number) => perform(db, machine, logInAction, { attempt, session: newSession(`${name}-${at}`) });
      // As many at a time as share a commit: who waits longer than the queue lets is refused on a slow machine.
      for (let at = 0; at < 1_001; at += 64) {
        await Promise.all(Array.from({ length: Math.min(64, 1_001 - at) }, (_, more) => open(at + more)));
      }
    };
    await openMany("first");
    const latest = { ...newSession("latest"), endedBefore: now };
    const { sessionId } = await perform(db, machine, logInAction, { attempt, session: latest });
    assert.ok(sessionId !== undefined);
    await openMany("second");
    const credential = { kind: "session", id: sessionId, fingerprint: fingerprint(latest.tokenHash) } as const;
    const change = { userId: bob.user.id, checkedHash: hashOf("bob"), newHash: hashOf("new"), now };
    await perform(db, { ...bob.actor, credential }, changePassword, change);
    const rows = await listRows(db);
    const more = rows.filter(({ action }) => action === "state.more");
    assert.deepEqual(
      more.map(({ session }) => session),
      Array.from(more, () => credential.fingerprint),
    );
    assert.ok(more.length >= 2);
    assert.deepEqual(await faultsOf(database), []);
  });

  test(`an act that makes an API key must say which, and no other (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { bob } = await databaseWorld(database.db);
    const userId = bob.user.id;
    const makeTokens = (events: (...tokens: readonly Token[]) => readonly [EventDraft, ...EventDraft[]]) =>
      defineAction({
        run: async (tx, tokens: readonly NewToken[]) => Promise.all(tokens.map((token) => insertToken(tx, token))),
        events: (made) => events(...made),
      });
    const tokens = (...names: readonly string[]) => names.map((name) => ({ ...newToken(name), userId }));
    const both = makeTokens((...made) => made.map((token) => tokenCreated(token)) as [EventDraft, EventDraft]);
    const one = makeTokens((token) => [tokenCreated(token)]);
    await perform(database.db, bob.actor, one, tokens("alone"));
    for (let at = 0; at < 6; at += 1) {
      await perform(database.db, bob.actor, both, tokens(`one-${at}`, `other-${at}`));
    }
    assert.deepEqual(await faultsOf(database), [], "the act of ids 9 and 10 is no different");
    const misnamed = makeTokens((token) => [tokenCreated({ ...token, tokenKey: "another" })]);
    await perform(database.db, bob.actor, misnamed, tokens("misnamed"));
    const unnamed = makeTokens(() => [draftEvent("token.rename", undefined)]);
    await perform(database.db, bob.actor, unnamed, tokens("unnamed"));
    const last = (await listRows(database.db)).length;
    assert.deepEqual(await faultsOf(database), [
      { event: last, layer: "state", what: "row 16 of token was made, and no event names it" },
      {
        event: last - 1,
        layer: "state",
        what: `row 15 of token isn't the API key ${fingerprint("another")} that its event told of`,
      },
    ]);
  });

  test(`where what a login says is removed, that is the fault, and not all that was done in its session (${kind})`, async () => {
    await using server = await startServer({ kind });
    const person = await makePerson(server);
    const session = await logIn(server, person);
    const made = await session.ask("POST", "account/tokens", {});
    const key = bearer(server, made.json<{ api_key: string }>().api_key);
    assert.equal((await key.ask("GET", "users/admin/sessions")).status, 403);
    assert.equal((await session.ask("DELETE", "session")).status, 204);
    await server.stop();
    const guardAgain = await takeGuardsOff(server, "event");
    const [login] = await server.meddle(`select max(id) as id from event where action = 'auth.login'`);
    const [creation] = await server.meddle(`select max(id) as id from event where action = 'token.create'`);
    await server.meddle(`update event set ${emptied("origin")} where id = ${String(login?.["id"])}`);
    await server.meddle(`update event set ${emptied("subject")} where id = ${String(creation?.["id"])}`);
    await guardAgain();
    const { code, stdout } = await verify(server);
    assert.equal(code, 1);
    const faults = [...stdout.matchAll(/^ {2}event (\d+): (.*)$/gm)].map(([, id, what]) => `${id}: ${what}`);
    assert.deepEqual(faults, [
      `${String(login?.["id"])}: its columns of 'origin' have no salt: somebody has removed what was recorded`,
      `${String(creation?.["id"])}: its columns of 'subject' have no salt: somebody has removed what was recorded`,
    ]);
  });
}

function emptied(group: "origin" | "subject"): string {
  const columns = [...groupColumns[group], `${group}_salt`, ...(group === "origin" ? ["ip_bytes"] : [])];
  return columns.map((column) => `${column} = null`).join(", ");
}
