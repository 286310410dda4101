import type { Selectable } from "kysely";
import type { Reader } from "../../audit/action.ts";
import type { SslKeyTable } from "../tables.ts";
import type { SslKey } from "./ssl-key.ts";

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

function asSslKey({ user_id: userId, ...key }: Selectable<SslKeyTable>): SslKey {
  return { userId, ...key };
}
