import {
  authenticate,
  endSessions,
  logIn,
  logOut,
  type LoginAttempt,
  type NewSession,
  recordBlockedLogins,
} from "../../../src/accounts/sessions/session-actions.ts";
import {
  changePassword,
  createFirstAdministrator,
  createUser,
  deleteUser,
  resetPassword,
  updateUser,
} from "../../../src/accounts/users/user-actions.ts";
import type { Action } from "../../../src/audit/action.ts";
import type { Actor } from "../../../src/audit/actor.ts";
import {
  migrateSchema,
  refuseOperation,
  rowDiffers,
  recordServerStart,
  recordServerStop,
} from "../../../src/audit/machine-actions.ts";
import { perform } from "../../../src/audit/perform.ts";
import { recordReview } from "../../../src/access-review/actions.ts";
import { recordReads } from "../../../src/events/reading/read-actions.ts";
import { recordExport } from "../../../src/events/exporting/export-actions.ts";
import { parseReport, type Report } from "../../../src/events/reporting/report.ts";
import { recordReport } from "../../../src/events/reporting/report-actions.ts";
import { parseReportedEvent } from "../../../src/events/reporting/reported-event.ts";
import { createSshKey, deleteSshKey, importSshKeys } from "../../../src/keys/ssh/actions.ts";
import { createSslKey, deleteSslKey } from "../../../src/keys/ssl/actions.ts";
import { updateSetting } from "../../../src/settings/actions.ts";
import { createToken, createTokenFor, deleteToken, refuseToken, renameToken } from "../../../src/tokens/actions.ts";
import { findDeletedToken } from "../../../src/tokens/queries.ts";
import { type Act, type ActionExample, example } from "./example.ts";
import {
  hashOf,
  machine,
  newSession,
  newToken,
  newUser,
  now,
  type DatabaseWorld,
} from "../../support/worlds/database-world.ts";

const sshKey = { key: "ssh-ed25519 AAAA bob@example.com", fingerprint: "SHA256:AAAA" };
const sslKey = { key: "-----BEGIN CERTIFICATE-----", subject: "CN=bob", fingerprint: "AA:BB", expires: now };
const ownerOf = ({ id, username }: DatabaseWorld["bob"]["user"]) => ({ userId: id, username });

/** Accounts, tokens, keys, settings, events, and what the machine records of itself. */
export const accountActionExamples: Readonly<Record<string, ActionExample>> = {
  "accounts/createUser": example(createUser, ({ ada }) => [ada.actor, newUser("cid")]),
  "accounts/createUser (refused)": example(createUser, ({ ada }) => [ada.actor, newUser("bob")]),
  "accounts/createFirstAdministrator": inEmptyDatabase(createFirstAdministrator, [
    machine,
    { user: { ...newUser("ada"), isSuperuser: true }, token: newToken("ada-1") },
  ]),
  "accounts/updateUser (everything)": example(updateUser, ({ ada }) => [
    ada.actor,
    { username: "bob", changes: { email: "b@b", lastName: "B", isSuperuser: true, isActive: false }, now },
  ]),
  "accounts/updateUser (activates)": example(updateUser, async ({ db, ada }) => {
    await perform(db, ada.actor, updateUser, { username: "bob", changes: { isActive: false }, now });
    return [ada.actor, { username: "bob", changes: { isActive: true }, now }];
  }),
  "accounts/updateUser (nothing)": example(updateUser, ({ ada }) => [ada.actor, { username: "bob", changes: {}, now }]),
  "accounts/updateUser (break-glass)": example(updateUser, ({ ada }) => [
    ada.actor,
    { username: "ada", changes: { isBreakGlass: true }, now },
  ]),
  "accounts/changePassword": example(changePassword, ({ bob }) => [
    bob.actor,
    { userId: bob.user.id, checkedHash: hashOf("bob"), newHash: hashOf("new"), now },
  ]),
  "accounts/changePassword (ends tokens)": example(changePassword, ({ bob }) => [
    bob.actor,
    { userId: bob.user.id, checkedHash: hashOf("bob"), newHash: hashOf("new"), endTokens: true, now },
  ]),
  "accounts/resetPassword": example(resetPassword, ({ ada }) => [
    ada.actor,
    { username: "bob", newHash: hashOf("new"), now },
  ]),
  "accounts/deleteUser": example(deleteUser, ({ ada }) => [ada.actor, { username: "bob", now }]),
  "accounts/deleteUser (refused)": example(deleteUser, ({ bob }) => [bob.actor, { username: "ada", now }]),
  "accounts/logIn": example(logIn, ({ bob }) => [anonymous(bob.actor), login(bob, { isPasswordRight: true })]),
  "accounts/logIn (wrong password)": example(logIn, ({ bob }) => [
    anonymous(bob.actor),
    login(bob, { isPasswordRight: false }),
  ]),
  "accounts/logIn (break-glass)": example(logIn, async ({ db, ada }) => {
    await perform(db, ada.actor, updateUser, { username: "ada", changes: { isBreakGlass: true }, now });
    return [anonymous(ada.actor), login(ada, { isPasswordRight: true })];
  }),
  "accounts/authenticate": example(authenticate, ({ bob }) => [
    anonymous(bob.actor),
    { attempt: login(bob, { isPasswordRight: true }).attempt, token: newToken("bob-2") },
  ]),
  "accounts/logOut": example(logOut, ({ bob }) => [bob.actor, { sessionId: bob.sessionId, username: "bob" }]),
  "accounts/endSessions": example(endSessions, ({ ada, bob }) => [
    ada.actor,
    { user: bob.user, sessionId: undefined, now },
  ]),
  "accounts/recordBlockedLogins": example(recordBlockedLogins, () => [
    machine,
    {
      attempts: 7,
      byKind: { logins: 5, tokens: 2, operations: 0 },
      accounts: { most: [{ name: "bob", attempts: 6 }], others: 0 },
      addresses: {
        most: [
          { name: "192.0.2.1", attempts: 5 },
          { name: "2001:db8::/64", attempts: 2 },
        ],
        others: 3,
      },
    },
  ]),
  "keys/createSshKey": example(createSshKey, ({ bob }) => [bob.actor, { owner: ownerOf(bob.user), key: sshKey, now }]),
  "keys/importSshKeys": example(importSshKeys, ({ bob }) => [
    bob.actor,
    { owner: ownerOf(bob.user), source: "gh:bob", keys: [sshKey, { ...sshKey, key: `${sshKey.key} two` }], now },
  ]),
  "keys/deleteSshKey": example(deleteSshKey, async ({ db, bob }) => {
    const { key } = await perform(db, bob.actor, createSshKey, { owner: ownerOf(bob.user), key: sshKey, now });
    return [bob.actor, { userId: bob.user.id, id: key.id }];
  }),
  "keys/createSslKey": example(createSslKey, ({ bob }) => [bob.actor, { userId: bob.user.id, key: sslKey, now }]),
  "keys/deleteSslKey": example(deleteSslKey, async ({ db, bob }) => {
    const { id } = await perform(db, bob.actor, createSslKey, { userId: bob.user.id, key: sslKey, now });
    return [bob.actor, { userId: bob.user.id, id }];
  }),
  "settings/updateSetting": example(updateSetting, ({ ada }) => [
    ada.actor,
    { name: "maas_name", value: "m", isSecretNew: false, now },
  ]),
  "tokens/createToken": example(createToken, ({ bob }) => [bob.actor, { ...newToken("bob-2"), userId: bob.user.id }]),
  "tokens/createTokenFor": example(createTokenFor, ({ ada }) => [
    ada.actor,
    {
      owner: { id: 0, username: "bob" },
      token: { ...newToken("bob-2"), scopes: ["events:write"] as const, expires: now + 1, source: "maas:prod" },
    },
  ]),
  "tokens/renameToken": example(renameToken, ({ bob }) => [
    bob.actor,
    { userId: bob.user.id, tokenKey: bob.tokenKey, name: "laptop" },
  ]),
  "tokens/deleteToken": example(deleteToken, ({ bob }) => [
    bob.actor,
    { userId: bob.user.id, username: "bob", tokenKey: bob.tokenKey, now },
  ]),
  "tokens/refuseToken": example(refuseToken, async ({ db, bob }) => {
    const { tokenKey, user } = bob;
    await perform(db, bob.actor, deleteToken, { userId: user.id, username: "bob", tokenKey, now });
    const deleted = await findDeletedToken(db, tokenKey);
    if (deleted === undefined) throw new Error("the token was not kept");
    return [anonymous(bob.actor), { ...deleted, reason: "deleted" } as const];
  }),
  "events/recordExport": example(recordExport, ({ bob }) => [
    bob.actor,
    {
      format: "csv" as const,
      order: "newest" as const,
      shown: { owner: ["bob"], exclude: ["outcome:failure"] },
      upToId: 3,
      count: 2,
      countAtLeast: 2,
    },
  ]),
  "events/recordReads": example(recordReads, ({ ada }) => [
    ada.actor,
    {
      reader: { id: "1", username: "ada" },
      credential: "0123456789abcdef",
      counts: { query: 12, proof: 1, stream: 0 },
      from: now,
      to: now,
    },
  ]),
  "access-review/recordReview": example(recordReview, ({ ada }) => [
    ada.actor,
    { scope: { now, since: now, unusedDays: 90 }, review: { findings: [], changesLeftOut: 0 } },
  ]),
  "events/recordReport": example(recordReport, ({ ada }) => [ada.actor, reportOf({ one: "Tested.", two: "Tested." })]),
  "events/recordReport (partly a repeat)": example(recordReport, async ({ db, ada }) => {
    await perform(db, ada.actor, recordReport, reportOf({ one: "Tested." }));
    return [ada.actor, reportOf({ one: "Tested.", two: "Tested." })];
  }),
  "events/recordReport (refused)": example(recordReport, async ({ db, ada }) => {
    await perform(db, ada.actor, recordReport, reportOf({ one: "Tested." }));
    return [ada.actor, reportOf({ one: "Another." })];
  }),
  "audit/recordServerStart": example(recordServerStart, () => [
    machine,
    { version: "1.0", database: "SQLite", address: "127.0.0.1:5240" },
  ]),
  "audit/recordServerStop": example(recordServerStop, () => [
    machine,
    { version: "1.0", database: "SQLite", signal: "SIGTERM" },
  ]),
  "audit/migrateSchema": example(migrateSchema, () => [machine, ["0001-schema"]]),
  "audit/rowDiffers": example(rowDiffers, () => [machine, { table: "user", key: "1" }]),
  "audit/refuseOperation": example(refuseOperation, ({ bob }) => [
    bob.actor,
    { operation: "users create", path: "/MAAS/api/2.0/users/" },
  ]),
};

/** Reported events of these descriptions under these keys, with a node that the inventory doesn't know. */
function reportOf(described: Readonly<Record<string, string>>): Report {
  const given = { type: "NODE_TEST", action: "node.test", node: "abc" };
  const events = Object.entries(described).map(([key, description]) =>
    parseReportedEvent({ ...given, key, description }, now, null),
  );
  return parseReport(events, undefined);
}

function inEmptyDatabase<Input, Result>(action: Action<Input, Result>, [actor, input]: Act<Input>): ActionExample {
  return { action, prepare: async (db) => () => perform(db, actor, action, input) };
}

/** Whoever logs in isn't anybody yet. */
function anonymous(actor: Actor): Actor {
  return { ...actor, user: null };
}

function login(
  { user }: Pick<DatabaseWorld["ada"], "user">,
  { isPasswordRight }: Pick<LoginAttempt, "isPasswordRight">,
): { readonly attempt: LoginAttempt; readonly session: NewSession } {
  const attempt = { account: { user, passwordHash: hashOf(user.username) }, isPasswordRight };
  return { attempt, session: { ...newSession(`${user.username}-2`), rehashed: hashOf(`${user.username} again`) } };
}
