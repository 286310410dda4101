import type { ActingUser } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import { Refusal } from "../../refusal.ts";

/** Whose a new key is to be: one's own, or as an administrator that of the user who is named. Refuses with MAAS's words. */
export async function findOwner(db: Database, acting: ActingUser, username: string | undefined) {
  if (username === undefined) return { userId: acting.id, username: acting.username };
  if (!acting.isSuperuser) {
    throw new Refusal("invalid", "Only administrators can specify a user when creating an SSH key.", {
      isForAdministrators: true,
    });
  }
  const userId = await findUserId(db, username);
  if (userId === undefined) throw new Refusal("invalid", "Supplied username does not match any current users.");
  return { userId, username };
}

/** The id of the user of that name. Refuses with `not_found`. */
export async function getUserId(db: Database, username: string): Promise<number> {
  const userId = await findUserId(db, username);
  if (userId === undefined) throw new Refusal("not_found", `There is no user '${username}'.`);
  return userId;
}

async function findUserId(db: Database, username: string): Promise<number | undefined> {
  const row = await db.selectFrom("user").select("id").where("username", "=", username).executeTakeFirst();
  return row?.id;
}
