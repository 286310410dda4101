import type { Selectable } from "kysely";
import type { Reader } from "../../audit/action.ts";
import type { Database } from "../../database/database.ts";
import type { UserTable } from "../tables.ts";
import { Refusal } from "../../refusal.ts";
import { asPasswordHash, type PasswordHash } from "../passwords/password.ts";
import type { User } from "./user.ts";

/** A user with what only the login may see. */
export interface Account {
  readonly user: User;
  readonly passwordHash: PasswordHash;
}

/** Everybody, by name. */
export async function listUsers(db: Database): Promise<readonly User[]> {
  const rows = await db.selectFrom("user").selectAll().orderBy("username").execute();
  return rows.map(asUser);
}

export async function findUser(db: Database, username: string): Promise<User | undefined> {
  return (await findAccount(db, username))?.user;
}

/** The user of that name. Refuses with `not_found`. */
export async function getUser(db: Database, username: string): Promise<User> {
  const user = await findUser(db, username);
  if (user === undefined) throw noSuchUser(username);
  return user;
}

export async function findAccount(db: Reader, username: string): Promise<Account | undefined> {
  const row = await db.selectFrom("user").selectAll().where("username", "=", username).executeTakeFirst();
  return row === undefined ? undefined : asAccount(row);
}

export async function findAccountById(db: Reader, id: number): Promise<Account | undefined> {
  const row = await db.selectFrom("user").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : asAccount(row);
}

/** True once there is anybody at all. */
export async function hasUsers(db: Reader): Promise<boolean> {
  return (await db.selectFrom("user").select("id").limit(1).executeTakeFirst()) !== undefined;
}

export function noSuchUser(username: string): Refusal {
  return new Refusal("not_found", `There is no user '${username}'.`);
}

function asAccount(row: Selectable<UserTable>): Account {
  return { user: asUser(row), passwordHash: asPasswordHash(row.password_hash) };
}

function asUser(row: Selectable<UserTable>): User {
  return {
    id: row.id,
    username: row.username,
    lastName: row.last_name,
    email: row.email,
    isSuperuser: row.is_superuser === 1,
    isAuditor: row.is_auditor === 1,
    isBreakGlass: row.is_break_glass === 1,
    hasPassword: row.is_password_unset === null,
    isActive: row.is_active === 1,
    created: row.created,
    factorSince: row.factor_since,
    roleSince: row.role_since,
  };
}

/** Whether nobody but the first administrator has an account, who still has the password that was drawn for them. */
export async function isFirstLogin(db: Database): Promise<boolean> {
  const users = await db.selectFrom("user").select("id").limit(2).execute();
  if (users.length !== 1) return false;
  const changed = await db
    .selectFrom("event")
    .select("id")
    .where("action", "in", ["user.password.change", "user.password.reset"])
    .limit(1)
    .executeTakeFirst();
  return changed === undefined;
}
