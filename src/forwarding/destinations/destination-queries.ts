import type { Selectable } from "kysely";
import type { Reader } from "../../audit/action.ts";
import { findTrusted } from "../../audit/row-trust.ts";
import type { Database } from "../../database/database.ts";
import { Refusal } from "../../refusal.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import { imageOf } from "../../verifiable-log/row-digest.ts";
import type { DestinationTable } from "../tables.ts";
import {
  type DeadLetterOrder,
  type Destination,
  type DestinationSecret,
  type DestinationSettings,
  type FilterSpan,
  type SentFormat,
  type Transport,
} from "./destination.ts";

type DestinationRow = Selectable<DestinationTable>;

/** All destinations, by name. */
export async function listDestinations(db: Reader): Promise<readonly Destination[]> {
  return (await db.selectFrom("destination").selectAll().orderBy("name").execute()).map(asDestination);
}

/** The destination of that name. Refuses with `not_found`. */
export async function getDestination(db: Reader, name: string): Promise<Destination> {
  return asDestination(await getRow(db, name));
}

/** The destination as it is now, if anything is to be sent to it. */
export async function findActive(db: Reader, { id }: Pick<Destination, "id">): Promise<Destination | undefined> {
  const row = await db.selectFrom("destination").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined || row.paused !== null ? undefined : asDestination(row);
}

/** Whether nobody has changed a destination since it was read. */
export async function isCurrent(db: Reader, { id, updated }: Pick<Destination, "id" | "updated">): Promise<boolean> {
  const row = await db.selectFrom("destination").select("updated").where("id", "=", id).executeTakeFirst();
  return row?.updated === updated;
}

/** A destination with what opens its secrets, for who sends to it. */
export interface OpenDestination extends Destination {
  /** Undefined where there is none. Throws where no key that is there opens it. */
  secret(which: DestinationSecret): string | undefined;
}

/** The destination with its secrets, if it is as events left it: nothing is sent to what was changed by SQL. Refuses with `not_found`. */
export async function openDestination(
  db: Database,
  secrets: Secrets | undefined,
  name: string,
): Promise<OpenDestination> {
  const row = await getRow(db, name);
  const trusted = await findTrusted(db, "destination", row.id, imageOf(row));
  if (trusted === undefined) throw noSuchDestination(name);
  if (trusted === null) {
    throw new Error(`the settings of destination '${name}' were changed by SQL: delete it and create it again`);
  }
  return {
    ...asDestination(row),
    secret(which) {
      const sealed = row[which];
      if (sealed === null) return undefined;
      const clear = secrets?.open(destinationSecretPlace(row.uuid, which), sealed);
      if (clear !== undefined) return clear;
      throw new Error(`no secrets key opens the ${which} of destination '${name}': enter it again`);
    },
  };
}

/** What a destination's secret is encrypted for. */
export const destinationSecretPlace = (row: string, which: DestinationSecret) => ({
  table: "destination",
  row,
  column: which,
});

async function getRow(db: Reader, name: string): Promise<DestinationRow> {
  const row = await db.selectFrom("destination").selectAll().where("name", "=", name).executeTakeFirst();
  if (row === undefined) throw noSuchDestination(name);
  return row;
}

function noSuchDestination(name: string): Refusal {
  return new Refusal("not_found", `There is no destination '${name.slice(0, 100)}'.`);
}

/** What stands in the columns was checked when it was written. */
function asDestination(row: DestinationRow): Destination {
  return {
    id: row.id,
    uuid: row.uuid,
    name: row.name,
    transport: row.transport as Transport,
    format: row.format as SentFormat,
    settings: JSON.parse(row.settings) as DestinationSettings,
    filters: JSON.parse(row.filters) as readonly FilterSpan[],
    has: {
      token: row.token !== null,
      password: row.password !== null,
      signing_key: row.signing_key !== null,
      client_key: row.client_key !== null,
    },
    paused: row.paused,
    startsAfter: row.starts_after,
    startNumber: row.start_number,
    orders: JSON.parse(row.orders) as readonly DeadLetterOrder[],
    created: row.created,
    updated: row.updated,
  };
}
