import type { Selectable } from "kysely";
import type { Reader } from "../audit/action.ts";
import type { SshKeyTable, SslKeyTable } from "./tables.ts";
import type { SshKey } from "./ssh-key.ts";
import type { SslKey } from "./ssl-key.ts";

/** A user's SSH keys, oldest first. */
export async function listSshKeys(db: Reader, userId: number): Promise<readonly SshKey[]> {
  const rows = await db.selectFrom("ssh_key").selectAll().where("user_id", "=", userId).orderBy("id").execute();
  return rows.map(asSshKey);
}

/** The SSH key with that id, whoever owns it. */
export async function findSshKey(db: Reader, id: number): Promise<SshKey | undefined> {
  const row = await db.selectFrom("ssh_key").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : asSshKey(row);
}

/** A user's SSL keys, oldest first. */
export async function listSslKeys(db: Reader, userId: number): Promise<readonly SslKey[]> {
  const rows = await db.selectFrom("ssl_key").selectAll().where("user_id", "=", userId).orderBy("id").execute();
  return rows.map(asSslKey);
}

/** The SSL key with that id, whoever owns it. */
export async function findSslKey(db: Reader, id: number): Promise<SslKey | undefined> {
  const row = await db.selectFrom("ssl_key").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : asSslKey(row);
}

function asSshKey(row: Selectable<SshKeyTable>): SshKey {
  const { id, user_id: userId, key, fingerprint, source, created } = row;
  return { id, userId, key, fingerprint, source, created };
}

function asSslKey(row: Selectable<SslKeyTable>): SslKey {
  const { id, user_id: userId, key, subject, fingerprint, expires, created } = row;
  return { id, userId, key, subject, fingerprint, expires, created };
}
