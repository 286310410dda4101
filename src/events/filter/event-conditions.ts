import type { Expression, SqlBool } from "kysely";
import { isSeenBy, type NodeBuilder, nodeCondition, type NodeFilter } from "../../nodes/inventory/node-filter.ts";
import { addressBytes } from "../../verifiable-log/address-bytes.ts";
import { mirroredSource } from "../../verifiable-log/event-source.ts";
import type { AddressRange } from "./values/address-range.ts";
import { isBlockedLoginThat } from "./blocked-logins.ts";
import type { Condition, EventBuilder } from "./condition.ts";
import type { EventTerms, HostsPart, OwnPart, RealmPart, ResolvedFilter, TargetTerm } from "./filter.ts";
import { allLevels, levelNumbers } from "./level.ts";
import type { BlockedLoginTexts } from "./values/listed-addresses.ts";

/** A part of a filter that one condition stands for. */
export type FilterPart = keyof ResolvedFilter;

/** What a filter demands, part by part. */
export function conditionsOf(filter: ResolvedFilter): ReadonlyMap<FilterPart, Condition> {
  const { nodes, hosts, realm, own, seenBy, userId, levels, since, until, exclude, inventory, blockedLogins } = filter;
  const terms = termConditions(filter).map(([name, condition]): readonly [FilterPart, Condition] => [
    name,
    blockedLogins === undefined ? condition : orBlocked(blockedLogins, name, condition),
  ]);
  return new Map<FilterPart, Condition>([
    ...terms,
    ...part("inventory", inventory, (wanted) => isAboutNodeThat(nodeCondition(wanted))),
    ...part("nodes", nodes, (wanted) => (eb) => eb("node", "in", wanted)),
    ...part("hosts", hosts, isOfHosts),
    ...part("realm", realm, isOfRealm),
    ...part("own", own, isOwn),
    ...part("seenBy", seenBy, isVisibleTo),
    ...part("userId", userId, (id) => (eb) => eb("user_id", "=", id)),
    ...part("levels", isEveryLevel(levels) ? undefined : levels, (wanted) => (eb) => eb("level", "in", wanted)),
    ...part("since", since, (time) => (eb) => eb("created", ">=", time)),
    ...part("until", until, (time) => (eb) => eb("created", "<", time)),
    ...part("exclude", exclude, isNoneOf),
  ]);
}

/** What also holds for blocked logins that list such a user or address. */
function orBlocked({ atNames, fromIps }: BlockedLoginTexts, name: FilterPart, condition: Condition): Condition {
  if (name !== "usernames" && name !== "ips") return condition;
  const isBlocked = isBlockedLoginThat(name === "usernames" ? atNames : fromIps);
  return (eb) => eb.or([condition(eb), isBlocked(eb)]);
}

/** What the lists demand that are made of nothing but what was recorded. */
function termConditions(
  terms: Omit<EventTerms, "nodeNames" | "nodePrefixes" | "inventory">,
): readonly (readonly [FilterPart, Condition])[] {
  const {
    usernames,
    usernamePrefixes,
    types,
    typePrefixes,
    actions,
    actionPrefixes,
    outcomes,
    sources,
    traceIds,
    sessions,
    keys,
    targets,
  } = terms;
  const { ips, ipRanges } = terms;
  const hasIps = ips !== undefined || ipRanges !== undefined;
  return [
    ...part("usernames", eitherOf(usernames, usernamePrefixes), isOfNames),
    ...part("types", eitherOf(types, typePrefixes), isInOrBegins("type")),
    ...part("actions", eitherOf(actions, actionPrefixes), isInOrBegins("action")),
    ...part("outcomes", outcomes, isIn("outcome")),
    ...part("sources", sources, isFrom),
    ...part("ips", hasIps ? { ips: ips ?? [], ranges: ipRanges ?? [] } : undefined, isFromAddresses),
    ...part("traceIds", traceIds, isIn("trace_id")),
    ...part("sessions", sessions, isIn("session")),
    ...part("keys", keys, isIn("key")),
    ...part("targets", targets, (wanted) => (eb) => eb.or(wanted.map((target) => isTarget(target)(eb)))),
  ];
}

function part<Value>(
  name: FilterPart,
  value: Value | undefined,
  condition: (value: Value) => Condition,
): readonly (readonly [FilterPart, Condition])[] {
  return value === undefined ? [] : [[name, condition(value)]];
}

interface TextsOrBeginnings<Value> {
  readonly values: readonly Value[];
  readonly prefixes: readonly string[];
}

function eitherOf<Value>(
  values: readonly Value[] | undefined,
  prefixes: readonly string[] | undefined,
): TextsOrBeginnings<Value> | undefined {
  return values === undefined && prefixes === undefined
    ? undefined
    : { values: values ?? [], prefixes: prefixes ?? [] };
}

/** What excludes an event: any value of any list. Where the column holds nothing, the answer is unknown, and the event stays. */
function isNoneOf(terms: EventTerms): Condition {
  const { nodeNames, nodePrefixes, inventory, ...recorded } = terms;
  const nodes = eitherOf(nodeNames, nodePrefixes);
  const conditions = [
    ...termConditions(recorded).map(([, condition]) => condition),
    ...(nodes === undefined
      ? []
      : [isOfHosts({ hostnames: nodes.values, systemIds: nodes.values, prefixes: nodes.prefixes })]),
    ...separately(inventory ?? {}).map((one) => isAboutNodeThat(nodeCondition(one))),
  ];
  return (eb) =>
    eb.and(
      conditions.map((condition) =>
        eb(eb.case().when(condition(eb)).then(eb.lit(1)).else(eb.lit(0)).end(), "=", eb.lit(0)),
      ),
    );
}

/** One filter for each list of a node filter, all of the same viewer. */
export function separately({ seenBy, ...lists }: NodeFilter): readonly NodeFilter[] {
  return Object.entries(lists).map(([name, values]) => ({ [name]: values, ...(seenBy !== undefined && { seenBy }) }));
}

export function isEveryLevel(levels: readonly number[]): boolean {
  return allLevels.every((level) => levels.includes(level));
}

export function isAbout(systemId: string): Condition {
  return (eb) => eb("node", "=", systemId);
}

export const isAboutAny: Condition = (eb) => eb("node", "is not", null);

export function isHosted(hostname: string): Condition {
  return (eb) => eb("hostname", "=", hostname);
}

export function isNamed(username: string | null): Condition {
  return (eb) => (username === null ? eb("username", "is", null) : eb("username", "=", username));
}

function isOfNames({ values, prefixes }: TextsOrBeginnings<string | null>): Condition {
  return (eb) =>
    eb.or([...values.map((name) => isNamed(name)(eb)), ...prefixes.map((prefix) => begins("username", prefix)(eb))]);
}

function isIn(column: "outcome" | "trace_id" | "session" | "key") {
  return (values: readonly string[]): Condition =>
    (eb) =>
      eb(column, "in", values);
}

function isFromAddresses(wanted: { readonly ips: readonly string[]; readonly ranges: readonly AddressRange[] }) {
  return (eb: EventBuilder) =>
    eb.or([
      ...wanted.ips.map((ip) => isAddress(ip)(eb)),
      ...wanted.ranges.map(({ first, last }) => eb.and([eb("ip_bytes", ">=", first), eb("ip_bytes", "<=", last)])),
    ]);
}

/** An address in whichever form it was recorded, or exactly this text where it is none: each has an index. */
export function isAddress(ip: string): Condition {
  const bytes = addressBytes(ip);
  if (bytes !== null) return (eb) => eb("ip_bytes", "=", bytes);
  return (eb) => eb.and([eb("ip", "=", ip), eb("ip_bytes", "is", null)]);
}

/** The index of sources leaves out Ironlog's own, which most events are. */
export function isFrom(sources: readonly string[]): Condition {
  if (sources.includes("ironlog")) return (eb) => eb("source", "in", sources);
  return (eb) => eb.and([eb("source", "<>", eb.val("ironlog")), eb("source", "in", sources)]);
}

function isInOrBegins(column: "type" | "action") {
  return ({ values, prefixes }: TextsOrBeginnings<string>): Condition =>
    (eb) =>
      eb.or([
        ...(values.length === 0 ? [] : [eb(column, "in", values)]),
        ...prefixes.map((prefix) => begins(column, prefix)(eb)),
      ]);
}

type BegunColumn = "username" | "type" | "action" | "node" | "hostname" | "target_name" | "target_id";

/** Neither LIKE nor a range: what these mean depends on the database. Both count characters, and not as JavaScript does. */
function begins(column: BegunColumn, prefix: string): Condition {
  return (eb) => eb(eb.fn<string>("substr", [column, eb.lit(1), eb.lit(Array.from(prefix).length)]), "=", prefix);
}

function isTarget(target: TargetTerm): Condition {
  const is = (column: "target_name" | "target_id", text: string): Condition =>
    target.isBeginning === true ? begins(column, text) : (eb) => eb(column, "=", text);
  switch (target.kind) {
    case "either":
      return (eb) => eb.or([is("target_name", target.text)(eb), is("target_id", target.text)(eb)]);
    case "name":
      return is("target_name", target.name);
    case "id":
      return is("target_id", target.text);
    case "kind-and-name":
      return (eb) => eb.and([is("target_name", target.name)(eb), eb("target_kind", "=", target.targetKind)]);
  }
}

function isOfHosts({ hostnames, systemIds, prefixes = [] }: HostsPart): Condition {
  return (eb) =>
    eb.or([
      ...(hostnames.length === 0 ? [] : [eb("hostname", "in", hostnames)]),
      ...(systemIds.length === 0 ? [] : [eb("node", "in", systemIds)]),
      ...prefixes.flatMap((prefix) => [begins("hostname", prefix)(eb), begins("node", prefix)(eb)]),
    ]);
}

/** One seek for each event: a list of all nodes that match might be long. */
function isAboutNodeThat(condition: (eb: NodeBuilder) => Expression<SqlBool>): Condition {
  return (eb) =>
    eb.exists(
      eb
        .selectFrom("node")
        .select("node.id")
        .whereRef("node.system_id", "=", "event.node")
        // Inside, there is a node as well as the event.
        .where((inner) => condition(inner as unknown as NodeBuilder)),
    );
}

export function isOfPerson(realm: string, userId: number): Condition {
  return (eb) => eb.and([eb("realm", "=", realm), eb("realm_user_id", "=", userId)]);
}

function isOwn({ userId, linked }: OwnPart): Condition {
  return (eb) =>
    eb.or([
      eb("user_id", "=", userId),
      ...linked.map(({ realmUserId, ...person }) => isOfRealm({ ...person, userId: realmUserId })(eb)),
    ]);
}

function isOfRealm({ realm, generation, userId }: RealmPart): Condition {
  const isTheirs = userId === "all" ? [] : [isOfPerson(realm, userId)];
  return (eb) =>
    eb.and([
      ...isTheirs.map((condition) => condition(eb)),
      isFrom([mirroredSource(realm)])(eb),
      eb("generation", "=", generation),
    ]);
}

function isVisibleTo(own: OwnPart): Condition {
  const { userId } = own;
  const isAboutVisibleNode = isAboutNodeThat((eb) => isSeenBy(eb, userId));
  return (eb) =>
    eb.or([
      eb.and([eb("level", "=", levelNumbers.AUDIT), isOwn(own)(eb)]),
      eb.and([eb("level", "!=", levelNumbers.AUDIT), isAboutVisibleNode(eb)]),
    ]);
}
