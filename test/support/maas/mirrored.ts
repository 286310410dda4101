import assert from "node:assert/strict";
import { allEvents, type NativeClient, type NativeEvent } from "../clients/native-client.ts";
import type { TestServer } from "../server.ts";
import { until } from "../until.ts";
import { admin } from "../worlds/people.ts";
import type { MaasDatabaseStandIn } from "./maas-database.ts";

/** A source with its ledger, as the native API shows it. */
export interface ShownSource {
  readonly state: string;
  readonly trouble: string | null;
  readonly generation: number;
  readonly recorded_to: number;
  readonly waiting: number;
  readonly mirrored: number;
  readonly gaps: number | null;
  readonly vanished: number | null;
  readonly changed: number | null;
  readonly coverage: string | null;
  readonly first_id: number | null;
  readonly comparison_ended: string | null;
  readonly runs: readonly { readonly state: string; readonly first: number; readonly last: number }[];
}

/** Creates the source `prod` of that database. */
export async function mirrorProd(native: NativeClient, maas: MaasDatabaseStandIn, more: object = {}): Promise<void> {
  await mirrorSource(native, maas, { name: "prod", ...more });
}

/** Creates a source of that database. */
export async function mirrorSource(
  native: NativeClient,
  maas: MaasDatabaseStandIn,
  more: { readonly name: string; readonly url?: string },
): Promise<void> {
  const body = { database: maas.mirrorUrl, database_password: maas.password, ...more };
  const answer = await native.ask("POST", "sources", body);
  assert.equal(answer.status, 201, answer.text);
}

export async function readProd(native: NativeClient): Promise<ShownSource> {
  const answer = await native.ask("GET", "sources/prod");
  assert.equal(answer.status, 200, answer.text);
  return answer.json<ShownSource>();
}

/** Waits until every id up to this one is settled. */
export async function untilMirrored(native: NativeClient, id: number): Promise<ShownSource> {
  await until(async () => (await readProd(native)).recorded_to >= id);
  return readProd(native);
}

/** Waits until the source is in that state. */
export async function untilState(native: NativeClient, state: string): Promise<ShownSource> {
  await until(async () => (await readProd(native)).state === state);
  return readProd(native);
}

/** What was mirrored, in the order in which it was recorded. */
export async function mirroredEvents(native: NativeClient): Promise<readonly MirroredEvent[]> {
  const events: readonly NativeEvent[] = await allEvents(native, { source: "maas:prod" });
  // Every event has these fields.
  return events.toReversed() as unknown as readonly MirroredEvent[];
}

export interface MirroredEvent extends NativeEvent {
  readonly generation: number;
  readonly source_event_id: number;
  readonly source_type: string;
  readonly source_type_words: string;
  readonly realm: string | null;
  readonly realm_user_id: number | null;
}

/** Has a source of that name, from which nothing is mirrored. */
export async function haveSource(server: TestServer, name: string): Promise<void> {
  const { native } = admin(server);
  if ((await native.ask("GET", `sources/${name}`)).status === 200) return;
  const database = "postgres://ironlog_mirror@127.0.0.1:1/maasdb";
  const made = await native.ask("POST", "sources", { name, database, is_enabled: false });
  assert.equal(made.status, 201, made.text);
}
