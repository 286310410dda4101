import { freshName } from "../worlds/world.ts";

/** A name that no other provider of this process has. */
export function freshProviderName(): string {
  return freshName("login")
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "-");
}
