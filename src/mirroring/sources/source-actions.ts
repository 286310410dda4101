import { mirroredSource } from "../../verifiable-log/event-source.ts";
import { defineAction, type Tx } from "../../audit/action.ts";
import { differences } from "../../audit/differences.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import type { LogTables } from "../../database/tables.ts";
import { withoutPassword } from "../../database/dialects/postgres-url.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import type { SealedSecret } from "../../secrets/secrets.ts";
import { deleteRealmIdentities } from "../../accounts/realms/realm-identity-actions.ts";
import { deleteRealmSessions } from "../../accounts/sessions/realm-sessions.ts";
import { refuseUnreadable, type Secrecy, type Source, type SourceSettings, wayOf } from "./source.ts";
import { getSource } from "./source-queries.ts";

export interface NewSource {
  readonly uuid: string;
  readonly settings: SourceSettings;
  readonly secrets: Secrecy<SealedSecret>;
  /** Microseconds. */
  readonly now: number;
}

export const createSource = defineAction({
  async run(tx, { uuid, settings, secrets, now }: NewSource) {
    const has = hasOf(secrets);
    refuseUnreadable(settings, has);
    await refuseTakenName(tx, settings.name);
    const generation = await nextGeneration(tx, settings.name);
    const { id } = await tx
      .insertInto("source")
      .values({ ...rowOf(settings), ...columnsOf(secrets), uuid, generation, created: now, updated: now })
      .returning("id")
      .executeTakeFirstOrThrow();
    return { ...settings, id, uuid, generation, has, created: now, updated: now } satisfies Source;
  },
  events: (source) => [
    draftEvent(
      "source.create",
      { name: source.name },
      { target: sourceTarget(source), details: { ...shownSourceSettings(source), generation: source.generation } },
    ),
  ],
});

export interface SourceUpdate {
  readonly name: string;
  readonly changes: Partial<Omit<SourceSettings, "name">>;
  /** Those that are given; the others stay. */
  readonly secrets: Partial<Secrecy<SealedSecret>>;
  /** Microseconds. */
  readonly now: number;
}

export const updateSource = defineAction({
  async run(tx, { name, changes, secrets, now }: SourceUpdate) {
    const before = await getSource(tx, name);
    const settings: Source = { ...before, ...changes, has: { ...before.has, ...hasOf(secrets) }, updated: now };
    refuseUnreadable(settings, settings.has);
    refuseForOthers(before, settings, secrets);
    // What ways show of one event differs: what another way shows is mirrored anew, beside what is recorded.
    const isReadAnew = wayOf(before) !== wayOf(settings);
    const next = isReadAnew ? await nextGeneration(tx, name) : 0;
    const after: Source = { ...settings, generation: Math.max(before.generation, next) };
    await tx
      .updateTable("source")
      .set({ ...rowOf(after), ...columnsOf(secrets), generation: after.generation, updated: now })
      .where("id", "=", before.id)
      .execute();
    await deleteRealmSessions(tx, name);
    // Who was proven to be somebody was so at the old address.
    if (before.url !== after.url || before.database !== after.database) await deleteRealmIdentities(tx, name);
    return { before, after, secrets };
  },
  events({ before, after, secrets }) {
    const shown = (source: Source) => ({ ...shownSourceSettings(source), generation: source.generation });
    const values = differences(shown(before), shown(after));
    const changed = [...Object.keys(values), ...Object.keys(columnsOf(secrets))];
    const details = { changed, ...values };
    return [draftEvent("source.update", { name: after.name, changed }, { target: sourceTarget(after), details })];
  },
});

/** Deletes a source. What was mirrored from it stays. */
export const deleteSource = defineAction({
  async run(tx, { name }: { readonly name: string }) {
    const source = await getSource(tx, name);
    await tx.deleteFrom("source").where("id", "=", source.id).execute();
    await deleteRealmSessions(tx, name);
    await deleteRealmIdentities(tx, name);
    return source;
  },
  events: (source) => [
    draftEvent(
      "source.delete",
      { name: source.name },
      { target: sourceTarget(source), details: { ...shownSourceSettings(source), generation: source.generation } },
    ),
  ],
});

/** Goes on with a source that was set back: its ids mean other events from now on, and all of them are mirrored anew. */
export const continueSource = defineAction({
  async run(tx, { name, now }: { readonly name: string; readonly now: number }) {
    const before = await getSource(tx, name);
    const generation = before.generation + 1;
    await tx.updateTable("source").set({ generation, updated: now }).where("id", "=", before.id).execute();
    await deleteRealmSessions(tx, name);
    return { ...before, generation, updated: now } satisfies Source;
  },
  events: (source) => [
    draftEvent(
      "source.continue",
      { name: source.name, generation: source.generation },
      { target: sourceTarget(source), details: { generation: source.generation } },
    ),
  ],
});

/** A secret was entered for one address: it isn't sent to another one that somebody enters later. */
function refuseForOthers(before: Source, after: Source, given: SourceUpdate["secrets"]): void {
  const kept = (name: keyof Source["has"]): boolean => after.has[name] && given[name] === undefined;
  if (before.database !== after.database && kept("databasePassword")) throw enterAgain("database_password", "database");
  if (before.url !== after.url && kept("apiKey")) throw enterAgain("apikey", "url");
  if (before.url !== after.url && kept("password")) throw enterAgain("password", "url");
  if (before.username !== after.username && kept("password")) throw enterAgain("password", "username");
}

function enterAgain(secret: string, address: string): Refusal {
  return invalidField(secret, `Enter this again: it was entered for another ${address}.`);
}

/** A name that was used before goes on behind its last generation, by what its deletion told: ids, links and people of an earlier MAAS aren't those of this one. */
async function nextGeneration(tx: Tx, name: string): Promise<number> {
  const last = await tx
    .withTables<Pick<LogTables, "event">>()
    .selectFrom("event")
    .select("generation")
    .where("source", "=", mirroredSource(name))
    .where("source_event_id", "is not", null)
    .orderBy("generation", "desc")
    .limit(1)
    .executeTakeFirst();
  return Math.max(last?.generation ?? 0, await deletedGeneration(tx, name)) + 1;
}

/** The generation that a source of that name had when it was deleted; 0 where none was. */
async function deletedGeneration(tx: Tx, name: string): Promise<number> {
  const deleted = await tx
    .withTables<Pick<LogTables, "event">>()
    .selectFrom("event")
    .select("details")
    .where("target_name", "=", name)
    .where("action", "=", "source.delete")
    .where("source", "=", "ironlog")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  const { generation = 0 } = JSON.parse(deleted?.details ?? "{}") as { readonly generation?: number };
  return generation;
}

async function refuseTakenName(tx: Tx, name: string): Promise<void> {
  const taken = await tx.selectFrom("source").select("id").where("name", "=", name).executeTakeFirst();
  if (taken === undefined) return;
  const message = "A source with that name already exists.";
  throw new Refusal("conflict", message, { fields: { name: [message] } });
}

export function sourceTarget({ id, name }: Pick<Source, "id" | "name">) {
  return { kind: "source", id: String(id), name };
}

/** A source's settings by the names that people know, without its secrets. */
export function shownSourceSettings(source: SourceSettings) {
  return {
    database: source.database === null ? null : withoutPassword(source.database),
    url: source.url,
    username: source.username,
    plain_http: source.allowsPlainHttp,
    is_enabled: source.isEnabled,
  };
}

function rowOf({ name, database, url, username, allowsPlainHttp, isEnabled }: SourceSettings) {
  return {
    name,
    database,
    url,
    username,
    allows_plain_http: Number(allowsPlainHttp),
    is_enabled: Number(isEnabled),
  };
}

function hasOf<Given extends Partial<Secrecy<SealedSecret>>>(secrets: Given) {
  const entries = Object.entries(secrets).map(([name, sealed]) => [name, sealed !== null]);
  // The same names.
  return Object.fromEntries(entries) as { readonly [Name in keyof Given]: boolean };
}

function columnsOf({ databasePassword, apiKey, password }: Partial<Secrecy<SealedSecret>>) {
  return {
    ...(databasePassword !== undefined && { database_password: databasePassword && Buffer.from(databasePassword) }),
    ...(apiKey !== undefined && { api_key: apiKey && Buffer.from(apiKey) }),
    ...(password !== undefined && { password: password && Buffer.from(password) }),
  };
}
