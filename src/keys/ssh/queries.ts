import type { Selectable } from "kysely";
import type { Reader } from "../../audit/action.ts";
import type { SshKeyTable } from "../tables.ts";
import type { SshKey } from "./ssh-key.ts";

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

function asSshKey({ user_id: userId, ...key }: Selectable<SshKeyTable>): SshKey {
  return { userId, ...key };
}
