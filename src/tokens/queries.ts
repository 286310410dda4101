import { hash } from "node:crypto";
import type { Selectable } from "kysely";
import type { Reader } from "../audit/action.ts";
import type { Database } from "../database/database.ts";
import type { TokenTable } from "./tables.ts";
import type { Scope } from "../http/authentication/credentials.ts";
import { Refusal } from "../refusal.ts";
import type { TokenLimits } from "./limits.ts";
import type { Token } from "./token.ts";

/** A user's tokens, oldest first. */
export async function listTokens(db: Reader, userId: number): Promise<readonly Token[]> {
  const rows = await db.selectFrom("token").selectAll().where("user_id", "=", userId).orderBy("id").execute();
  return rows.map(asToken);
}

/** A token, with when it was used last: microseconds, to the hour; null for never. And from where. */
export interface SeenToken extends Token {
  readonly lastUsed: number | null;
  readonly lastIp: string | null;
}

/** The tokens of one user, or of everybody, oldest first. */
export async function listSeenTokens(db: Database, userId?: number): Promise<readonly SeenToken[]> {
  const rows = await db
    .selectFrom("token")
    .leftJoin("token_use", "token_use.token_id", "token.id")
    .selectAll("token")
    .select(["token_use.last_used", "token_use.ip as last_ip"])
    .$if(userId !== undefined, (query) => query.where("token.user_id", "=", userId ?? 0))
    .orderBy("token.id")
    .execute();
  return rows.map((row) => ({ ...asToken(row), lastUsed: row.last_used, lastIp: row.last_ip }));
}

/** The token with that key, if it is the user's own. */
export async function findToken(db: Reader, userId: number, tokenKey: string): Promise<Token | undefined> {
  const row = await db
    .selectFrom("token")
    .selectAll()
    .where("token_key", "=", tokenKey)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row === undefined ? undefined : asToken(row);
}

/** Whoever a token is made for. */
export interface TokenOwner {
  readonly id: number;
  readonly username: string;
}

export async function getTokenOwner(db: Reader, username: string): Promise<TokenOwner> {
  const user = await db
    .selectFrom("user")
    .select(["id", "username"])
    .where("username", "=", username)
    .executeTakeFirst();
  if (user === undefined) throw new Refusal("not_found", `There is no user '${username}'.`);
  return user;
}

/** What a signed request is checked against. */
export interface TokenHolder extends TokenLimits {
  readonly tokenId: number;
  readonly tokenKey: string;
  readonly consumerKey: string;
  readonly secretHash: Uint8Array;
  readonly userId: number;
  readonly username: string;
  readonly isSuperuser: boolean;
  readonly isAuditor: boolean;
  readonly isActive: boolean;
}

/** The token with that key and the user it belongs to. */
export async function findTokenHolder(db: Database, tokenKey: string): Promise<TokenHolder | undefined> {
  const row = await db
    .selectFrom("token")
    .innerJoin("user", "user.id", "token.user_id")
    .select([
      "token.id as token_id",
      "token.token_key",
      "token.consumer_key",
      "token.secret_hash",
      "token.scopes",
      "token.expires",
      "token.source",
      "user.id as user_id",
      "user.username",
      "user.is_superuser",
      "user.is_auditor",
      "user.is_active",
    ])
    .where("token.token_key", "=", tokenKey)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    tokenId: row.token_id,
    tokenKey: row.token_key,
    consumerKey: row.consumer_key,
    secretHash: row.secret_hash,
    userId: row.user_id,
    username: row.username,
    isSuperuser: row.is_superuser === 1,
    isAuditor: row.is_auditor === 1,
    isActive: row.is_active === 1,
    ...limitsOf(row),
  };
}

export async function hasConsumer(db: Database, consumerKey: string): Promise<boolean> {
  const row = await db.selectFrom("token").select("id").where("consumer_key", "=", consumerKey).executeTakeFirst();
  return row !== undefined;
}

/** Whether any of these, wherever it stands, is a part of a key that this server has ever issued; a secret too. */
export async function isPartIssued(db: Database, parts: readonly string[]): Promise<boolean> {
  const hashes = parts.map((part) => hash("sha256", part, "buffer"));
  for (const table of ["token", "deleted_token"] as const) {
    const row = await db
      .selectFrom(table)
      .select("token_key")
      .where((eb) =>
        eb.or([eb("token_key", "in", parts), eb("consumer_key", "in", parts), eb("secret_hash", "in", hashes)]),
      )
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined) return true;
  }
  return false;
}

/** What is left of a token that was deleted. */
export interface DeletedToken {
  readonly tokenKey: string;
  readonly consumerKey: string;
  readonly secretHash: Uint8Array;
  readonly userId: number;
  readonly username: string;
  /** Whether its user is still there, but deactivated, which deletes tokens. */
  readonly isUserDeactivated: boolean;
}

export async function findDeletedToken(db: Database, tokenKey: string): Promise<DeletedToken | undefined> {
  const row = await db
    .selectFrom("deleted_token")
    .leftJoin("user", "user.id", "deleted_token.user_id")
    .selectAll("deleted_token")
    .select("user.is_active")
    .where("token_key", "=", tokenKey)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    tokenKey: row.token_key,
    consumerKey: row.consumer_key,
    secretHash: row.secret_hash,
    userId: row.user_id,
    username: row.username,
    isUserDeactivated: row.is_active === 0,
  };
}

function asToken(row: Selectable<TokenTable>): Token {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    consumerKey: row.consumer_key,
    tokenKey: row.token_key,
    created: row.created,
    ...limitsOf(row),
  };
}

function limitsOf({ scopes, expires, source }: Pick<Selectable<TokenTable>, keyof TokenLimits>): TokenLimits {
  // Only parseLimits has made what stands in the table.
  return { scopes: scopes === null ? null : (scopes.split(" ") as Scope[]), expires, source };
}
