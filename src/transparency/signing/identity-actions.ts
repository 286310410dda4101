import { defineAction } from "../../audit/action.ts";
import { draftEvent, type Target } from "../../audit/event-draft.ts";
import { Refusal } from "../../refusal.ts";
import { type Identity, findIdentity } from "../queries.ts";

export interface NewIdentity {
  readonly origin: string;
  /** The keys that verify, as text. */
  readonly logKey: string;
  readonly cosignerKey: string;
  readonly now: number;
}

/** Gives a new log its name and keys. Refuses with `conflict` if it has them already. */
export const createIdentity = defineAction({
  async run(tx, identity: NewIdentity, _actor, firstEventId): Promise<Identity> {
    if ((await findIdentity(tx)) !== undefined) throw new Refusal("conflict", "The log has its key already.");
    return insertIdentity(tx, identity, firstEventId - 1);
  },
  events: (identity) => [
    draftEvent(
      "log.key.create",
      { origin: identity.origin },
      { target: logTarget(identity), details: keysOf(identity) },
    ),
  ],
});

/**
 * Gives a log that was restored from a backup, or whose key is lost or stolen, a new name and new keys: the old ones never
 * sign for it again, since two histories under one name are what nobody must be able to show.
 */
export const renewIdentity = defineAction({
  async run(tx, input: { identity: NewIdentity; lastCheckpoint: string | null }, _actor, firstEventId) {
    const old = await findIdentity(tx);
    if (old === undefined) throw new Refusal("conflict", "The log has no key yet: ironlog serve makes it.");
    return { old, renewed: await insertIdentity(tx, input.identity, firstEventId - 1) };
  },
  events: ({ old, renewed }, { lastCheckpoint }) => [
    draftEvent(
      "log.identity.renew",
      { origin: renewed.origin, old: old.origin },
      {
        target: logTarget(renewed),
        details: {
          ...keysOf(renewed),
          old_origin: old.origin,
          old_log_key: old.logKey,
          old_last_checkpoint: lastCheckpoint,
        },
      },
    ),
  ],
});

function logTarget({ origin }: Identity): Target {
  return { kind: "log", id: origin, name: origin };
}

/** What a verification holds the stored identity against. */
function keysOf({ logKey, cosignerKey, created }: Identity) {
  return { log_key: logKey, cosigner_key: cosignerKey, since: created };
}

async function insertIdentity(
  tx: Parameters<typeof createIdentity.run>[0],
  { origin, logKey, cosignerKey, now }: NewIdentity,
  sinceSize: number,
): Promise<Identity> {
  const { id } = await tx
    .insertInto("log_identity")
    .values({ origin, log_key: logKey, cosigner_key: cosignerKey, since_size: sinceSize, created: now })
    .returning("id")
    .executeTakeFirstOrThrow();
  return { id, origin, logKey, cosignerKey, sinceSize, created: now };
}
