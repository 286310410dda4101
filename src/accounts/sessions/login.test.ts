import assert from "node:assert/strict";
import { argon2Sync, randomBytes } from "node:crypto";
import { test } from "node:test";
import { freshDatabase, kinds } from "../../../test/support/databases/databases.ts";
import { machineActor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { Unrecorded } from "../../http/authentication/unrecorded.ts";
import { attemptLogin, prepareSession } from "./login.ts";
import { LoginLimiter } from "../login-limits/login-limiter.ts";
import { asPasswordHash, parsePassword, type PasswordHash, PasswordHasher } from "../passwords/password.ts";
import { newSessionId } from "./session.ts";
import { logIn } from "./session-actions.ts";
import { changePassword, createUser } from "../users/user-actions.ts";
import { findAccount } from "../users/user-queries.ts";

const passwords = new PasswordHasher();

const machine = machineActor("tester");
const password = "correct horse battery";
const now = 1_767_323_045_000_000;

for (const kind of kinds) {
  test(`a login renews a password that was hashed with older parameters (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    await addUser(database.db, oldHash(password));
    assert.equal((await tryLogin(database.db)).user?.username, "ada");
    const { passwordHash } = await getAda(database.db);
    assert.equal(passwords.needsRehash(passwordHash), false);
    assert.equal((await tryLogin(database.db)).user?.username, "ada");
    assert.equal((await getAda(database.db)).passwordHash, passwordHash);
  });

  test(`a login that was checked against the old password does not survive its change (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    await addUser(database.db, await passwords.hash(parsePassword(password, "password")));
    const attempt = await attemptLogin(database.db, services(), machine, {
      username: "ada",
      password,
    });
    assert.equal(attempt.isPasswordRight, true);
    const { user, passwordHash: checkedHash } = await getAda(database.db);
    const newHash = await passwords.hash(parsePassword("another horse", "password"));
    await perform(database.db, machine, changePassword, { userId: user.id, checkedHash, newHash, now });
    const late = await perform(database.db, machine, logIn, { attempt, session: await session(attempt) });
    assert.equal(late.user, undefined);
    const [last] = await database.db.selectFrom("event").select("action").orderBy("id", "desc").limit(1).execute();
    assert.equal(last?.action, "auth.login.failure");
    assert.deepEqual(await database.db.selectFrom("session").select("id").execute(), []);
  });
}

async function addUser(db: Database, passwordHash: PasswordHash): Promise<void> {
  const user = { username: "ada", email: "", lastName: "", isSuperuser: true, passwordHash, now };
  await perform(db, machine, createUser, user);
}

function services() {
  return { limiter: new LoginLimiter(new Unrecorded()), passwords };
}

async function tryLogin(db: Database) {
  const attempt = await attemptLogin(db, services(), machine, { username: "ada", password });
  return perform(db, machine, logIn, { attempt, session: await session(attempt) });
}

function session(attempt: Parameters<typeof prepareSession>[1]) {
  return prepareSession(passwords, attempt, {
    password,
    sessionId: newSessionId(),
    lifetimeMicros: 1e12,
    actor: machine,
    now,
  });
}

async function getAda(db: Database) {
  const account = await findAccount(db, "ada");
  assert(account !== undefined);
  return account;
}

/** As it might have been stored years ago: half the memory. */
function oldHash(text: string): PasswordHash {
  const salt = randomBytes(16);
  const tag = argon2Sync("argon2id", {
    message: text,
    nonce: salt,
    parallelism: 1,
    tagLength: 32,
    memory: 9_728,
    passes: 2,
  });
  const base64 = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");
  return asPasswordHash(`$argon2id$v=19$m=9728,t=2,p=1$${base64(salt)}$${base64(tag)}`);
}
