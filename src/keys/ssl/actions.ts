import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { Refusal } from "../../refusal.ts";
import { alreadyThere, keyTarget, refuseForeign, type UnwantedKey } from "../own-keys.ts";
import { findSslKey, listSslKeys } from "./queries.ts";
import type { ParsedSslKey, SslKey } from "./ssl-key.ts";

export const createSslKey = defineAction({
  async run(tx, { userId, key, now }: { userId: number; key: ParsedSslKey; now: number }): Promise<SslKey> {
    const own = await listSslKeys(tx, userId);
    if (own.some(({ fingerprint }) => fingerprint === key.fingerprint)) {
      throw new Refusal("invalid", alreadyThere, { fields: { key: [alreadyThere] } });
    }
    const values = { user_id: userId, ...key, created: now };
    const { id } = await tx.insertInto("ssl_key").values(values).returning("id").executeTakeFirstOrThrow();
    return { id, userId, ...key, created: now };
  },
  events: (key) => [draftEvent("sslkey.create", undefined, about(key))],
});

export const deleteSslKey = defineAction({
  async run(tx, { userId, id }: UnwantedKey) {
    const key = refuseForeign(await findSslKey(tx, id), userId, "delete");
    await tx.deleteFrom("ssl_key").where("id", "=", id).execute();
    return key;
  },
  events: (key) => [draftEvent("sslkey.delete", { id: key.id }, about(key))],
});

function about(key: SslKey) {
  return { target: keyTarget("sslkey", key), details: { subject: key.subject, fingerprint: key.fingerprint } };
}
