import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { GaveUp, type Turn } from "../../following/worker.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import { movePosition, type SourcePosition } from "../ledger/position.ts";
import type { Source } from "../sources/source.ts";
import { recordSetBack } from "./mirror-actions.ts";

/** What a source's worker works with. */
export interface MirrorParts {
  readonly db: Database;
  readonly secrets: Secrets;
  readonly actor: Actor;
}

/** Tells once that a source was set back, and ends its worker until an administrator has decided. */
export async function stopSetBack(
  { db, actor }: MirrorParts,
  source: Source,
  now: SourcePosition & { readonly set_back: string | null },
  before: SourcePosition,
  turn: Turn,
): Promise<never> {
  const reason = now.set_back ?? "";
  if (before.set_back === null) await perform(db, actor, recordSetBack, { source, reason });
  await movePosition(turn.keepBooks, source, { position: now });
  throw new GaveUp(
    `it was set back (${reason}). To mirror it anew as another generation: ironlog PROFILE sources continue ${source.name}`,
  );
}
