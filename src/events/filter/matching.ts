import type { Database } from "../../database/database.ts";
import type { PlainEvent } from "../../database/event-columns.ts";
import { nodeCondition, type NodeFilter } from "../../nodes/inventory/node-filter.ts";
import { isInRange } from "./values/address-range.ts";
import { blockedLoginTextsOf, isListedIn } from "./blocked-logins.ts";
import { addressBytes } from "../../verifiable-log/address-bytes.ts";
import type { ListedTexts } from "./values/listed-addresses.ts";
import { separately } from "./event-conditions.ts";
import type { EventFilter, EventTerms, TargetTerm } from "./filter.ts";

/** What a filter of the native API can ask of an event. */
export type MatchedFilter = Omit<EventFilter, "hostnames" | "nodes" | "userId">;

type Matches = (event: PlainEvent) => boolean;

/** The system ids of nodes that match a filter of the inventory today. */
type NodesFound = ReadonlyMap<NodeFilter, ReadonlySet<string>>;

/** A filter as a function of one event. */
export interface EventMatcher {
  /** What it asks of nodes as they are today: the answers must be given to `matches`. */
  readonly inventories: readonly NodeFilter[];
  matches(event: PlainEvent, nodes?: NodesFound): boolean;
}

/** Finds without a database what the database finds by the same filter: `event-conditions.ts` says the same in SQL. */
export function matcherOf(filter: MatchedFilter): EventMatcher {
  const { levels, since = -Infinity, until = Infinity, inventory, exclude = {} } = filter;
  const wanted = termMatchers(filter, filter.inBlockedLogins === true);
  const unwanted = termMatchers(exclude, false);
  const excluded = separately(exclude.inventory ?? {});
  return {
    inventories: [...(inventory === undefined ? [] : [inventory]), ...excluded],
    matches: (event, nodes) =>
      levels.includes(event.level) &&
      event.created >= since &&
      event.created < until &&
      wanted.every((matches) => matches(event)) &&
      (inventory === undefined || isAbout(event, nodes?.get(inventory))) &&
      !unwanted.some((matches) => matches(event)) &&
      !excluded.some((one) => isAbout(event, nodes?.get(one))),
  };
}

/** Those of the events that match, by nodes as they are today. */
export async function matchingEvents<Event extends PlainEvent>(
  db: Database,
  { inventories, matches }: EventMatcher,
  events: readonly Event[],
): Promise<readonly Event[]> {
  if (inventories.length === 0) return events.filter((event) => matches(event));
  const named = [...new Set(events.flatMap(({ node }) => (node === null ? [] : [node])))];
  const found = new Map<NodeFilter, ReadonlySet<string>>();
  for (const inventory of inventories) found.set(inventory, await findNodes(db, inventory, named));
  return events.filter((event) => matches(event, found));
}

async function findNodes(db: Database, filter: NodeFilter, named: readonly string[]): Promise<ReadonlySet<string>> {
  if (named.length === 0) return new Set();
  const rows = await db
    .selectFrom("node")
    .select("node.system_id")
    .where("node.system_id", "in", named)
    .where((eb) => nodeCondition(filter)(eb))
    .execute();
  return new Set(rows.map(({ system_id }) => system_id));
}

function isAbout({ node }: PlainEvent, nodes: ReadonlySet<string> = new Set()): boolean {
  return node !== null && nodes.has(node);
}

/** What the lists demand that are made of nothing but what was recorded. */
function termMatchers(terms: EventTerms, inBlockedLogins: boolean): readonly Matches[] {
  const { targets, nodeNames, nodePrefixes } = terms;
  const isOneOf = <Name extends keyof PlainEvent>(
    column: Name,
    values: readonly PlainEvent[Name][] | undefined,
    prefixes?: readonly string[],
  ) =>
    values === undefined && prefixes === undefined
      ? []
      : [(event: PlainEvent) => values?.includes(event[column]) === true || begins(event[column], prefixes)];
  const orBlocked = (conditions: readonly Matches[], texts: readonly ListedTexts[]): readonly Matches[] =>
    inBlockedLogins
      ? conditions.map((matches) => (event) => matches(event) || isBlockedLogin(event, texts))
      : conditions;
  const { atNames, fromIps } = blockedLoginTextsOf(terms);
  return [
    ...orBlocked(isOneOf("username", terms.usernames, terms.usernamePrefixes), atNames),
    ...isOneOf("type", terms.types, terms.typePrefixes),
    ...isOneOf("action", terms.actions, terms.actionPrefixes),
    ...isOneOf("outcome", terms.outcomes),
    ...isOneOf("source", terms.sources),
    ...orBlocked(fromAddresses(terms), fromIps),
    ...isOneOf("trace_id", terms.traceIds),
    ...isOneOf("session", terms.sessions),
    ...isOneOf("key", terms.keys),
    ...(targets === undefined ? [] : [(event: PlainEvent) => targets.some((target) => isTarget(event, target))]),
    ...(nodeNames === undefined && nodePrefixes === undefined
      ? []
      : [
          ({ node, hostname }: PlainEvent) =>
            [node, hostname].some(
              (name) => name !== null && (nodeNames?.includes(name) === true || begins(name, nodePrefixes)),
            ),
        ]),
  ];
}

function begins(value: unknown, prefixes: readonly string[] = []): boolean {
  return typeof value === "string" && prefixes.some((prefix) => value.startsWith(prefix));
}

function isTarget({ target_kind: kind, target_id: id, target_name: name }: PlainEvent, target: TargetTerm): boolean {
  const is = (value: string | null, text: string): boolean =>
    target.isBeginning === true ? begins(value, [text]) : value === text;
  switch (target.kind) {
    case "either":
      return is(name, target.text) || is(id, target.text);
    case "name":
      return is(name, target.name);
    case "id":
      return is(id, target.text);
    case "kind-and-name":
      return is(name, target.name) && kind === target.targetKind;
  }
}

function fromAddresses({ ips, ipRanges = [] }: EventTerms): readonly Matches[] {
  if (ips === undefined && ipRanges.length === 0) return [];
  const known = (ips ?? []).map((ip) => ({ ip, bytes: addressBytes(ip) }));
  return [
    (event) => {
      const bytes = addressBytes(event.ip);
      if (bytes === null) return known.some(({ ip, bytes: none }) => none === null && ip === event.ip);
      return (
        known.some((one) => one.bytes?.equals(bytes) === true) || ipRanges.some((range) => isInRange(bytes, range))
      );
    },
  ];
}

function isBlockedLogin({ action, details }: PlainEvent, texts: readonly ListedTexts[]): boolean {
  return action === "auth.login.blocked" && isListedIn(details, texts);
}
