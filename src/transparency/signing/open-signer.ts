import { rmSync } from "node:fs";
import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import type { AppendKeys } from "../../database/writing/append-keys.ts";
import { nowMicros } from "../../time.ts";
import { Refusal } from "../../refusal.ts";
import { checkpointFileOf } from "./checkpoint-file.ts";
import { createIdentity } from "./identity-actions.ts";
import { type LogKey, makeLogKey, newOrigin, parseOrigin, readLogKey } from "./log-key.ts";
import { findIdentity, type Identity } from "../queries.ts";
import { Signer, type SignerParts } from "./signer.ts";

export interface SignerConfig {
  readonly keyFile: string;
  /** Those of the opened database. */
  readonly appendKeys: AppendKeys;
  /** The name of a new log; undefined for one that is drawn. */
  readonly origin: string | undefined;
  /** True for the one last checkpoint of a log that is leaving. */
  readonly signsMovedLog?: true;
}

/**
 * The signer of the log; undefined on a server that hasn't the log's key, which serves and doesn't sign.
 *
 * Makes the key of a log that has none. Refuses with `invalid` a key file that can't be read or an origin that isn't the
 * log's.
 */
export async function openSigner(
  db: Database,
  config: SignerConfig,
  machine: Actor,
  warn: SignerParts["warn"],
): Promise<Signer | undefined> {
  const found = await findIdentity(db);
  // One that is leaving gets its key where it goes.
  if (found === undefined && config.signsMovedLog === true) return undefined;
  const identity = found ?? (await makeIdentity(db, config, machine));
  if (config.origin !== undefined && config.origin !== identity.origin) {
    throw new Refusal(
      "invalid",
      `The log is called '${identity.origin}' since it was made, and can't become '${config.origin}': leave --log-origin out.`,
    );
  }
  const key = readLogKey(config.keyFile);
  if (key === undefined || key.log.text !== identity.logKey) return undefined;
  const { keyFile, appendKeys, signsMovedLog } = config;
  const parts = { db, key, appendKeys, checkpointFile: checkpointFileOf(keyFile), warn };
  return new Signer({ ...parts, ...(signsMovedLog !== undefined && { signsMovedLog }) });
}

/** The key is on disk before the log bears it: a log without its key could never sign. */
async function makeIdentity(db: Database, { keyFile, origin }: SignerConfig, machine: Actor): Promise<Identity> {
  const found = readLogKey(keyFile);
  if (found !== undefined && origin !== undefined && found.log.name !== origin) {
    throw new Refusal(
      "invalid",
      `The key in ${keyFile} is that of '${found.log.name}', not of '${origin}': leave --log-origin out, or name another --log-key.`,
    );
  }
  const key = found ?? makeLogKey(keyFile, origin === undefined ? newOrigin() : parseOrigin(origin, "--log-origin"));
  try {
    return await perform(db, machine, createIdentity, newIdentity(key));
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "conflict")) throw error;
    // Another server on the same database was quicker: what was just made is of no use.
    if (found === undefined) rmSync(keyFile);
    const identity = await findIdentity(db);
    if (identity === undefined) throw error;
    return identity;
  }
}

/** What a log is told of its keys. */
export function newIdentity({ log, cosigner }: LogKey) {
  return { origin: log.name, logKey: log.text, cosignerKey: cosigner.text, now: nowMicros() };
}
