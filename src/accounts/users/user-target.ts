import type { Target } from "../../audit/event-draft.ts";
import type { User } from "./user.ts";

/** A user as what was acted upon. */
export function userTarget({ id, username }: Pick<User, "id" | "username">): Target {
  return { kind: "user", id: String(id), name: username };
}
