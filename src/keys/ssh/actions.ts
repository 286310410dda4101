import { defineAction, type Tx } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { Refusal } from "../../refusal.ts";
import { alreadyThere, keyTarget, refuseForeign, type UnwantedKey } from "../own-keys.ts";
import { keysPerSourceMax } from "./key-source.ts";
import { findSshKey, listSshKeys } from "./queries.ts";
import type { ParsedSshKey, SshKey } from "./ssh-key.ts";

/** Whose key it is to be. */
interface Owner {
  readonly userId: number;
  readonly username: string;
}

export const createSshKey = defineAction({
  async run(tx, { owner, key, now }: { owner: Owner; key: ParsedSshKey; now: number }) {
    const own = await listSshKeys(tx, owner.userId);
    if (own.some((other) => other.fingerprint === key.fingerprint && other.source === null)) {
      throw new Refusal("invalid", alreadyThere, { fields: { __all__: [alreadyThere] } });
    }
    return { owner, key: await insertSshKey(tx, owner, key, null, now) };
  },
  events: ({ owner, key }) => [
    draftEvent("sshkey.create", undefined, {
      target: keyTarget("sshkey", key),
      details: { fingerprint: key.fingerprint, user: owner.username },
    }),
  ],
});

/**
 * Adds those of the fetched keys that aren't there yet, all or none; keys that vanished at their source stay. Refuses
 * where that would make more keys of one source than `keysPerSourceMax`: the event names them all.
 */
export const importSshKeys = defineAction({
  async run(tx, input: { owner: Owner; source: string; keys: readonly ParsedSshKey[]; now: number }) {
    const { owner, source, keys, now } = input;
    const known = new Set((await fromSource(tx, owner, source)).map(({ fingerprint }) => fingerprint));
    const missing = keys.filter(({ fingerprint }) => !known.has(fingerprint));
    const fresh = new Map(missing.map((key) => [key.fingerprint, key]));
    if (known.size + fresh.size > keysPerSourceMax) {
      const message = `Unable to import SSH keys. With the ${known.size} that are here already, ${source} would have ${known.size + fresh.size} keys: at most ${keysPerSourceMax} are taken. Delete those that are no longer there.`;
      throw new Refusal("invalid", message);
    }
    for (const key of fresh.values()) await insertSshKey(tx, owner, key, source, now);
    return { owner, source, imported: [...fresh.values()], all: await fromSource(tx, owner, source) };
  },
  events: ({ owner, source, imported, all }) => [
    draftEvent("sshkey.import", undefined, {
      target: { kind: "user", id: String(owner.userId), name: owner.username },
      details: {
        source,
        fingerprints: all.map(({ fingerprint }) => fingerprint),
        imported: imported.map(({ fingerprint }) => fingerprint),
      },
    }),
  ],
});

export const deleteSshKey = defineAction({
  async run(tx, { userId, id }: UnwantedKey) {
    const key = refuseForeign(await findSshKey(tx, id), userId, "delete");
    await tx.deleteFrom("ssh_key").where("id", "=", id).execute();
    return key;
  },
  events: (key) => [
    draftEvent(
      "sshkey.delete",
      { id: key.id },
      {
        target: keyTarget("sshkey", key),
        details: { fingerprint: key.fingerprint, source: key.source },
      },
    ),
  ],
});

async function fromSource(tx: Tx, owner: Owner, source: string): Promise<readonly SshKey[]> {
  return (await listSshKeys(tx, owner.userId)).filter((key) => key.source === source);
}

async function insertSshKey(
  tx: Tx,
  { userId }: Owner,
  { key, fingerprint }: ParsedSshKey,
  source: string | null,
  now: number,
): Promise<SshKey> {
  const { id } = await tx
    .insertInto("ssh_key")
    .values({ user_id: userId, key, fingerprint, source, created: now })
    .returning("id")
    .executeTakeFirstOrThrow();
  return { id, userId, key, fingerprint, source, created: now };
}
