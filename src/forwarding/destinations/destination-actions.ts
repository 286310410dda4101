import { defineAction, type Tx } from "../../audit/action.ts";
import { differences } from "../../audit/differences.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import type { SealedSecret } from "../../secrets/secrets.ts";
import { canonicalJson } from "../../verifiable-log/canonical-json.ts";
import { deliveredTo } from "../delivery/position.ts";
import {
  type Destination,
  type DestinationSecret,
  type DestinationSecrets,
  type DestinationSettings,
  type FilterSpan,
  type SentFormat,
  newestSpan,
  pausedBy,
  secretNames,
  type SettingName,
  type Transport,
} from "./destination.ts";
import { getDestination } from "./destination-queries.ts";
import { refuseUnreachable } from "./destination-settings.ts";

export interface NewDestination {
  readonly uuid: string;
  readonly name: string;
  readonly transport: Transport;
  readonly format: SentFormat;
  readonly settings: DestinationSettings;
  readonly secrets: Partial<DestinationSecrets<SealedSecret>>;
  readonly filter: readonly string[];
  readonly exclude: readonly string[];
  readonly isPaused: boolean;
  /** Behind which event it begins; `now` is the one that tells of its creation. */
  readonly startsAfter: number | "now";
  /** Microseconds. */
  readonly now: number;
}

export const createDestination = defineAction({
  async run(tx, given: NewDestination, _actor, firstEventId): Promise<Destination> {
    const { uuid, name, transport, format, settings, secrets, filter, exclude, now } = given;
    const has = { ...hasNone, ...hasOf(secrets) };
    refuseUnreachable({ transport, settings }, has);
    await refuseTakenName(tx, name);
    const filters: readonly FilterSpan[] = [{ after: 0, filter, exclude }];
    const startsAfter = given.startsAfter === "now" ? firstEventId : given.startsAfter;
    const paused = given.isPaused ? pausedBy.administrator : null;
    const { id } = await tx
      .insertInto("destination")
      .values({
        uuid,
        name,
        transport,
        format,
        settings: canonicalJson({ ...settings }),
        paused,
        ...noSecrets,
        ...columnsOf(secrets),
        filters: filtersText(filters),
        starts_after: startsAfter,
        start_number: 1,
        orders: "[]",
        created: now,
        updated: now,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    const common = { startsAfter, startNumber: 1, orders: [], created: now, updated: now };
    return { id, uuid, name, transport, format, settings, has, filters, paused, ...common };
  },
  events: (destination) => [
    draftEvent(
      "destination.create",
      { name: destination.name },
      {
        target: destinationTarget(destination),
        details: { ...shownDestination(destination), starts_after: destination.startsAfter },
      },
    ),
  ],
});

export interface DestinationUpdate {
  readonly name: string;
  readonly format?: SentFormat;
  /** Null for what is removed. */
  readonly settings: { readonly [Name in SettingName]?: DestinationSettings[Name] | null };
  /** Those that are given; the others stay. */
  readonly secrets: Partial<DestinationSecrets<SealedSecret>>;
  readonly filter?: readonly string[];
  readonly exclude?: readonly string[];
  readonly now: number;
}

/** Changes a destination. Another filter holds of the events behind the one that tells of it. */
export const updateDestination = defineAction({
  async run(tx, update: DestinationUpdate, _actor, firstEventId) {
    const { secrets, now } = update;
    const before = await getDestination(tx, update.name);
    const settings = merged(before.settings, update.settings);
    const has = { ...before.has, ...hasOf(secrets) };
    refuseUnreachable({ ...before, settings }, has);
    refuseForOthers(before, settings, has, secrets);
    const { format = before.format, filter, exclude } = update;
    const isFiltered = filter !== undefined || exclude !== undefined;
    const span = newestSpan(before);
    const next = { after: firstEventId, filter: filter ?? span.filter, exclude: exclude ?? span.exclude };
    const filters = isFiltered ? [...(await spansAhead(tx, before)), next] : before.filters;
    const after: Destination = { ...before, format, settings, has, filters, updated: now };
    await tx
      .updateTable("destination")
      .set({
        format,
        settings: canonicalJson({ ...settings }),
        filters: filtersText(filters),
        updated: now,
        ...columnsOf(secrets),
      })
      .where("id", "=", before.id)
      .execute();
    return { before, after, secrets };
  },
  events({ before, after, secrets }) {
    const values = differences(shownDestination(before), shownDestination(after));
    const changed = [...Object.keys(values), ...Object.keys(secrets)];
    const details = { changed, ...values };
    return [
      draftEvent("destination.update", { name: after.name, changed }, { target: destinationTarget(after), details }),
    ];
  },
});

export const deleteDestination = defineAction({
  async run(tx, { name }: { readonly name: string }) {
    const destination = await getDestination(tx, name);
    const delivered = await deliveredTo(tx, destination);
    await tx.deleteFrom("destination").where("id", "=", destination.id).execute();
    return { destination, delivered };
  },
  events: ({ destination, delivered }) => [
    draftEvent(
      "destination.delete",
      { name: destination.name },
      { target: destinationTarget(destination), details: { ...shownDestination(destination), ...delivered } },
    ),
  ],
});

export interface Pausing {
  readonly name: string;
  readonly why: keyof typeof pausedBy;
  readonly now: number;
}

/** Sends nothing more to a destination. Refuses with `conflict` where it is paused. */
export const pauseDestination = defineAction({
  async run(tx, { name, why, now }: Pausing) {
    const before = await getDestination(tx, name);
    if (before.paused !== null) throw new Refusal("conflict", "This destination is paused already.");
    const paused = pausedBy[why];
    await tx.updateTable("destination").set({ paused, updated: now }).where("id", "=", before.id).execute();
    return {
      after: { ...before, paused, updated: now } satisfies Destination,
      delivered: await deliveredTo(tx, before),
    };
  },
  events: ({ after, delivered }) => [
    draftEvent(
      "destination.pause",
      { name: after.name, why: after.paused },
      { target: destinationTarget(after), details: { why: after.paused, ...delivered } },
    ),
  ],
});

/** Sends on from where it was paused. Refuses with `conflict` where it isn't. */
export const resumeDestination = defineAction({
  async run(tx, { name, now }: { readonly name: string; readonly now: number }) {
    const before = await getDestination(tx, name);
    if (before.paused === null) throw new Refusal("conflict", "This destination isn't paused.");
    await tx.updateTable("destination").set({ paused: null, updated: now }).where("id", "=", before.id).execute();
    return { after: { ...before, paused: null, updated: now } satisfies Destination, was: before.paused };
  },
  events: ({ after, was }) => [
    draftEvent("destination.resume", { name: after.name }, { target: destinationTarget(after), details: { was } }),
  ],
});

export interface Replay {
  readonly name: string;
  readonly startsAfter: number | "now";
  readonly now: number;
}

/** Sends again, or leaves out, what lies between: the next event is the one behind that. All of it by the filter of today. */
export const replayDestination = defineAction({
  async run(tx, { name, startsAfter: given, now }: Replay, _actor, firstEventId) {
    const before = await getDestination(tx, name);
    const delivered = await deliveredTo(tx, before);
    const startsAfter = given === "now" ? firstEventId : given;
    const startNumber = before.startNumber + 1;
    const filters = [{ ...newestSpan(before), after: 0 }];
    await tx
      .updateTable("destination")
      .set({ starts_after: startsAfter, start_number: startNumber, filters: filtersText(filters), updated: now })
      .where("id", "=", before.id)
      .execute();
    return { after: { ...before, startsAfter, startNumber, filters, updated: now } satisfies Destination, delivered };
  },
  events: ({ after, delivered }) => [
    draftEvent(
      "destination.replay",
      { name: after.name, after: after.startsAfter },
      { target: destinationTarget(after), details: { starts_after: after.startsAfter, ...delivered } },
    ),
  ],
});

/** Records the event that is sent as a test. */
export const recordTest = defineAction({
  async run(tx, { name }: { readonly name: string }, _actor, firstEventId) {
    return { destination: await getDestination(tx, name), eventId: firstEventId };
  },
  events: ({ destination }) => [
    draftEvent("destination.test", { name: destination.name }, { target: destinationTarget(destination) }),
  ],
});

/** A secret was entered for one address: it isn't sent to another one that somebody enters later. */
function refuseForOthers(
  before: Destination,
  settings: DestinationSettings,
  has: DestinationSecrets<boolean>,
  given: DestinationUpdate["secrets"],
): void {
  const isElsewhere = before.settings.url !== settings.url || before.settings.username !== settings.username;
  const kept = secretNames.find((name) => has[name] && given[name] === undefined);
  if (!isElsewhere || kept === undefined) return;
  throw invalidField(kept, "Enter this again: it was entered for another address or user.");
}

/** The filters that events still wait for. */
async function spansAhead(tx: Tx, destination: Destination): Promise<readonly FilterSpan[]> {
  const { delivered_to: position } = await deliveredTo(tx, destination);
  return destination.filters.filter((_span, at) => (destination.filters[at + 1]?.after ?? Infinity) > position);
}

async function refuseTakenName(tx: Tx, name: string): Promise<void> {
  const taken = await tx.selectFrom("destination").select("id").where("name", "=", name).executeTakeFirst();
  if (taken === undefined) return;
  const message = "A destination with that name already exists.";
  throw new Refusal("conflict", message, { fields: { name: [message] } });
}

export function destinationTarget({ id, name }: Pick<Destination, "id" | "name">) {
  return { kind: "destination", id: String(id), name };
}

/** What is known of a destination by the names of the API, without its secrets. */
export function shownDestination(destination: Omit<Destination, "id" | "startsAfter">) {
  const { transport, format, settings } = destination;
  const { filter, exclude } = newestSpan(destination);
  return { transport, format, ...settings, filter, exclude, is_enabled: destination.paused === null };
}

function filtersText(filters: readonly FilterSpan[]): string {
  return canonicalJson(filters.map((span) => ({ ...span })));
}

function merged(before: DestinationSettings, changes: DestinationUpdate["settings"]): DestinationSettings {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
}

const noSecrets = { token: null, password: null, signing_key: null, client_key: null };
const hasNone: DestinationSecrets<boolean> = { token: false, password: false, signing_key: false, client_key: false };

function hasOf(secrets: Partial<DestinationSecrets<SealedSecret>>): Partial<DestinationSecrets<boolean>> {
  return Object.fromEntries(Object.entries(secrets).map(([name, sealed]) => [name, sealed !== null]));
}

function columnsOf(
  secrets: Partial<DestinationSecrets<SealedSecret>>,
): Partial<Record<DestinationSecret, Buffer | null>> {
  return Object.fromEntries(Object.entries(secrets).map(([name, sealed]) => [name, sealed && Buffer.from(sealed)]));
}
