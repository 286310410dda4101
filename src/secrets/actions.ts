import { defineAction } from "../audit/action.ts";
import { draftEvent } from "../audit/event-draft.ts";
import { Refusal } from "../refusal.ts";
import type { StoredSecret } from "./sealed-rows.ts";

/** A secret, and what it is once it was sealed anew. */
export interface Resealing extends StoredSecret {
  readonly anew: Uint8Array;
}

export interface Rotation {
  /** The id of the key that seals from now on. */
  readonly key: string;
  readonly secrets: readonly Resealing[];
  /** How many no key opens: they stay as they are. */
  readonly unopened: number;
}

/** Secrets are sealed with another key. Refuses with `conflict` where one was changed since it was read. */
export const rotateSecrets = defineAction({
  async run(tx, { secrets }: Rotation) {
    for (const { place, sealed, anew } of secrets) {
      const { table, row, column } = place;
      // The columns are known by name alone.
      const { numUpdatedRows } = await tx
        .updateTable(table as "user")
        .set({ [column]: anew } as never)
        .where("uuid" as never, "=", row as never)
        .where(column as never, "=", sealed as never)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) throw new Refusal("conflict", "A secret was changed just now: run it again.");
    }
  },
  events: (_result, { key, secrets, unopened }) => [
    draftEvent(
      "secrets.rotate",
      { key, sealed: secrets.length },
      { details: { key, sealed: secrets.length, unopened } },
    ),
  ],
});
