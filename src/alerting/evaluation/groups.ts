import type { EventTable } from "../../database/tables.ts";
import type { Grouping } from "../rules/rule.ts";

/** A group of events that an event belongs to, and how many attempts it stands for. */
export interface Grouped {
  /** One value for each grouping. */
  readonly values: readonly string[];
  readonly weight: number;
}

/** Of an event that counts many attempts: by account, and by address. */
interface BlockedDetails {
  readonly accounts?: readonly { readonly name: string; readonly attempts: number }[];
  readonly addresses?: readonly { readonly address: string; readonly attempts: number }[];
  readonly attempts?: number;
}

/** The groups of an event; none where it lacks what they are told apart by. */
export function groupsOf(event: EventTable, groupBy: readonly Grouping[]): readonly Grouped[] {
  if (event.action === "auth.login.blocked") return groupsOfBlocked(event, groupBy);
  const values = groupBy.map((grouping) => valueOf(event, grouping));
  return values.every((value) => value !== null) ? [{ values, weight: 1 }] : [];
}

/** What a group is remembered by. */
export function groupKey(values: readonly string[]): string {
  return JSON.stringify(values);
}

function groupsOfBlocked({ details }: EventTable, [grouping]: readonly Grouping[]): readonly Grouped[] {
  const { accounts = [], addresses = [], attempts = 1 } = JSON.parse(details ?? "{}") as BlockedDetails;
  if (grouping === undefined) return [{ values: [], weight: attempts }];
  if (grouping === "user") return accounts.map(({ name, attempts: weight }) => ({ values: [name], weight }));
  if (grouping === "ip") return addresses.map(({ address, attempts: weight }) => ({ values: [address], weight }));
  return [];
}

function valueOf(event: EventTable, grouping: Grouping): string | null {
  switch (grouping) {
    case "user":
      return event.username === null ? null : nameOf(event.realm, event.username);
    case "ip":
      return event.ip;
    case "target": {
      const name = event.target_name ?? event.target_id;
      return name === null ? null : `${event.target_kind ?? ""}/${name === "" ? (event.target_id ?? "") : name}`;
    }
    case "node":
      return event.node ?? event.hostname;
    case "session":
    case "key":
    case "action":
      return event[grouping];
  }
}

/** People of a mirrored MAAS are others than those here. */
function nameOf(realm: string | null, username: string): string {
  return realm === null ? username : `${username} of MAAS ${realm}`;
}
