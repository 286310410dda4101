import type { PlainEvent } from "../../database/event-columns.ts";
import { isIP } from "node:net";
import { limiterPrefix } from "../../http/request/client-address.ts";
import type { Grouping, RuleSettings } from "../rules/rule.ts";

/** A group of events that an event belongs to, and how many attempts it stands for. */
export interface Grouped {
  /** One value for each grouping. */
  readonly values: readonly string[];
  readonly weight: number;
}

/** What of a rule says which groups there are. */
export type GroupedRule = Pick<RuleSettings, "groupBy" | "filter" | "exclude">;

/** Of an event that counts many attempts: by account, and by address. */
interface BlockedDetails {
  readonly accounts?: readonly { readonly name: string; readonly attempts: number }[];
  readonly addresses?: readonly { readonly address: string; readonly attempts: number }[];
  readonly attempts?: number;
}

/** The groups of an event; none where it lacks what they are told apart by. `rule` says of whom attempts count that one event sums up. */
export function groupsOf(event: PlainEvent, { groupBy, ...rule }: GroupedRule): readonly Grouped[] {
  // What others report under that name may say anything.
  if (event.action === "auth.login.blocked" && event.source === "ironlog") return groupsOfBlocked(event, groupBy, rule);
  const values = groupBy.map((grouping) => valueOf(event, grouping));
  return values.every((value) => value !== null) ? [{ values, weight: 1 }] : [];
}

/** What a group is remembered by. */
export function groupKey(values: readonly string[]): string {
  return JSON.stringify(values);
}

/** What must be remembered to look at an event by a rule. */
export function keysOf(rule: GroupedRule & Pick<RuleSettings, "kind">, event: PlainEvent): readonly string[] {
  if (rule.kind === "absence") return [groupKey([])];
  return groupsOf(event, rule).flatMap(({ values }) => [groupKey(values), groupKey(values.slice(0, -1))]);
}

function groupsOfBlocked(
  { details }: PlainEvent,
  [grouping]: readonly Grouping[],
  rule: Omit<GroupedRule, "groupBy">,
): readonly Grouped[] {
  const { accounts = [], addresses = [], attempts = 1 } = JSON.parse(details ?? "{}") as BlockedDetails;
  const users = accounts
    .filter(({ name }) => isMeant(name, "owner", rule))
    .map(({ name, attempts: weight }) => ({ value: name, weight }));
  const ips = addresses
    .filter(({ address }) => isMeant(address, "ip", rule))
    .map(({ address, attempts: weight }) => ({ value: address, weight }));
  const all = (some: readonly { readonly weight: number }[]): number =>
    some.reduce((sum, { weight }) => sum + weight, 0);
  if (grouping === "user") return users.map(({ value, weight }) => ({ values: [value], weight }));
  if (grouping === "ip") return ips.map(({ value, weight }) => ({ values: [value], weight }));
  if (grouping !== undefined) return [];
  // The attempts on those accounts, or from those addresses, where the rule is about some.
  const weights = [
    attempts,
    ...(isAbout("owner", rule) ? [all(users)] : []),
    ...(isAbout("ip", rule) ? [all(ips)] : []),
  ];
  return [{ values: [], weight: Math.min(...weights) }];
}

function isAbout(name: "owner" | "ip", { filter, exclude }: Omit<GroupedRule, "groupBy">): boolean {
  return [...filter, ...exclude].some((pair) => pair.startsWith(`${name}:`));
}

/** Whether a rule is about that account or address: one that it names, or any where it names none, and none that it excludes. */
function isMeant(value: string, name: "owner" | "ip", { filter, exclude }: Omit<GroupedRule, "groupBy">): boolean {
  const valuesOf = (pairs: readonly string[]): readonly string[] =>
    pairs.filter((pair) => pair.startsWith(`${name}:`)).map((pair) => asGrouped(name, pair.slice(name.length + 1)));
  const wanted = valuesOf(filter);
  return (wanted.length === 0 || wanted.includes(value)) && !valuesOf(exclude).includes(value);
}

function asGrouped(name: "owner" | "ip", value: string): string {
  return name === "ip" ? networkOf(value) : value;
}

/** Whoever has an IPv6 address has its /64: blocked logins are summed so, too. */
function networkOf(ip: string): string {
  return isIP(ip) === 0 ? ip : limiterPrefix(ip);
}

function valueOf(event: PlainEvent, grouping: Grouping): string | null {
  switch (grouping) {
    case "user":
      return event.username === null ? null : nameOf(event.realm, event.username);
    case "ip":
      return event.ip === null ? null : networkOf(event.ip);
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
