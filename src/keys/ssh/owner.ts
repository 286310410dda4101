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
  const user = await db
    .selectFrom("user")
    .select(["id", "username"])
    .where("username", "=", username)
    .executeTakeFirst();
  if (user === undefined) throw new Refusal("invalid", "Supplied username does not match any current users.");
  return { userId: user.id, username: user.username };
}
