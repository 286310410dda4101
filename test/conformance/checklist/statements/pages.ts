import type { MaasEvent, MaasPage } from "../../../support/clients/maas-client.ts";
import type { NamedParameters } from "../clients/client.ts";
import { expectAnswer, expectThat } from "../expectations.ts";
import { recorded } from "./records.ts";
import type { KeyHolder, World } from "../world.ts";

/** What an event shows, in this order. */
export const eventKeys: readonly (keyof MaasEvent)[] = [
  "username",
  "node",
  "hostname",
  "id",
  "level",
  "created",
  "type",
  "description",
];

const eventsUri = "/MAAS/api/2.0/events/?";

/** A page without events, with its links' queries. */
export function emptyPage(next: string, previous: string | null): MaasPage {
  const prev_uri = previous === null ? null : `${eventsUri}${previous}`;
  return { count: 0, events: [], next_uri: `${eventsUri}${next}`, prev_uri };
}

export function idsOf({ events }: MaasPage): readonly number[] {
  return events.map(({ id }) => id);
}

export function expectNewestFirst(about: string, page: MaasPage): void {
  const ids = idsOf(page);
  const isFalling = ids.every((id, at) => at === 0 || id < (ids[at - 1] ?? 0));
  expectThat(`${about}: ids`, isFalling, "each smaller than the one before", ids);
}

/** Fails unless a query for events is answered with this refusal. */
export async function expectRefused(person: KeyHolder, parameters: NamedParameters, text: string): Promise<void> {
  const answer = await person.query("events/", "query", parameters);
  expectAnswer(answer, { status: 400, type: "text/plain; charset=utf-8", text });
}

/** Somebody new with five events, and their ids, oldest first. */
export async function fiveEvents(
  world: World,
): Promise<{ readonly person: KeyHolder; readonly owner: string; readonly ids: readonly number[] }> {
  const person = await world.person();
  const { events } = await recorded(world, person.username, () => makeEvents(person, 5));
  expectThat("five new tokens: their audit events", events.length === 5, "five", events);
  return { person, owner: person.username, ids: events.map(({ id }) => id) };
}

/** Has somebody do as many things that are recorded. */
export async function makeEvents(person: KeyHolder, count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    expectAnswer(await person.perform("account/", "create_authorisation_token"), { status: 200 });
  }
}

/** The instant that `created` names, as Python's `%a, %d %b. %Y %H:%M:%S` reads it in UTC; NaN where it can't. */
export function instantOf(created: string): number {
  const [, day, month = "", year, time] =
    created.match(/^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2})\. (\d{4}) ([\d:]{8})$/) ?? [];
  const number = months.indexOf(month) + 1;
  return number === 0 ? Number.NaN : Date.parse(`${year}-${String(number).padStart(2, "0")}-${day}T${time}Z`);
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
