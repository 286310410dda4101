import { type Static, type TSchema, Type } from "typebox";
import { eventKinds } from "../../audit/kinds.ts";
import { parseBound } from "../../time.ts";
import { parseMacs } from "../../nodes/inventory/mac-address.ts";
import type { NodeFilter } from "../../nodes/inventory/node-filter.ts";
import { invalidField } from "../../refusal.ts";
import { parseAddresses } from "./values/address-range.ts";
import { parseGivenText, parseGivenTexts } from "./values/beginnings.ts";
import type { EventFilter, EventTerms, TargetTerm } from "./filter.ts";
import { allLevels, type LevelName, levelNumbers } from "./level.ts";

/** Of one filter, and of exclusions: more than anybody types. */
const valuesMax = 50;

/** The last microsecond that the database's numbers and JavaScript's dates hold. */
const timeMax = Number.MAX_SAFE_INTEGER;

const levelNames = Object.keys(levelNumbers) as readonly LevelName[];
const outcomes = ["success", "failure"] as const;

const many = <Item extends TSchema>(item: Item, description: string) =>
  Type.Optional(Type.Array(item, { maxItems: valuesMax, description }));
const text = (description: string) => many(Type.String(), description);

/** What may be asked for, and excluded. */
const termFields = {
  level: many(Type.Enum([...levelNames]), "Exactly this level. All levels unless given."),
  owner: text(
    "The acting user's name, as it was then, or an account that blocked logins were aimed at; empty for nobody; svc-* for all that begin so.",
  ),
  type: text("The type's stable name, such as AUTHORISATION; NODE_* for all that begin so."),
  action: many(
    Type.String({ examples: Object.keys(eventKinds) }),
    "Such as auth.login; auth.* for all that begin so, up to a dot.",
  ),
  outcome: many(Type.Enum([...outcomes]), "Whether it was done."),
  source: text("`ironlog`, `external` for what other programs report, or `maas:NAME` for a mirrored MAAS."),
  ip: text(
    "The request's address, or one that blocked logins came from; a network, such as 198.51.100.0/24 or 2001:db8::/32, for all in it.",
  ),
  node: text("The node's system id or hostname, as it was recorded; web-* for all that begin so."),
  target: text(
    "The name or id of what was acted upon, or its kind and name, such as user/johnnybegood; user/svc-* for all that begin so.",
  ),
  trace_id: text("The request's trace id: all that one request did."),
  session: text("The fingerprint of the session that acted: all that was done in one login."),
  key: text("The fingerprint of the API key that acted: all that was done with it."),
  zone: text("Of nodes that are in this zone today."),
  domain: text("Of nodes that are in this domain today."),
  pool: text("Of nodes that are in this resource pool today."),
  mac_address: text("Of nodes that have this MAC address today."),
  agent_name: text("Of nodes that are allocated for this agent today."),
};

type TermName = keyof typeof termFields;
const termNames = Object.keys(termFields) as readonly TermName[];

/** The filters of everything that reads events: each may be repeated, and then means any of its values. */
export const filterFields = {
  ...termFields,
  exclude: text(`NAME:VALUE, not to be shown. NAME is one of ${termNames.join(", ")}.`),
  since: Type.Optional(Type.String({ "x-time": true, description: "Recorded at this time (RFC 3339) or later." })),
  until: Type.Optional(Type.String({ "x-time": true, description: "Recorded before this time (RFC 3339)." })),
};

const filterSchema = Type.Object(filterFields, { additionalProperties: false });
export type GivenFilter = Static<typeof filterSchema>;

/** What a query asks for, as its schema has let it through. Refuses with `invalid` what no schema can say. */
export function parseFilter(given: GivenFilter): EventFilter {
  const { exclude, since, until } = given;
  return { ...filterOf(given, (name) => name, exclude), ...parseBounds(since, until) };
}

/** The same of `NAME:VALUE` pairs, as settings keep them: no times. Refuses with `invalid`. */
export function parseFilterPairs(filter: readonly string[], exclude: readonly string[]): EventFilter {
  return filterOf(parsePairs(filter, "filter"), () => "filter", exclude);
}

function filterOf(
  given: GivenTerms,
  fieldOf: (name: TermName) => string,
  exclude: readonly string[] = [],
): EventFilter {
  const wanted = parseTerms(given, fieldOf);
  const { levels, outcomes: noOutcomes, ...unwanted } = parseTerms(parsePairs(exclude, "exclude"), () => "exclude");
  const leftLevels = without(wanted.levels ?? allLevels, levels);
  const leftOutcomes = without(wanted.outcomes ?? outcomes, noOutcomes);
  // Of closed lists what is left is known.
  const isNothingLeft = leftOutcomes.length === 0;
  const { levels: _levels, outcomes: _outcomes, ...terms } = wanted;
  return {
    ...terms,
    levels: isNothingLeft ? [] : leftLevels,
    ...(!outcomes.every((outcome) => leftOutcomes.includes(outcome)) && { outcomes: leftOutcomes }),
    ...(Object.keys(unwanted).length > 0 && { exclude: unwanted }),
    ...(asksForPeople(terms) && { inBlockedLogins: true as const }),
  };
}

/** Whether it is asked for what blocked logins list. */
function asksForPeople({ usernames, usernamePrefixes, ips, ipRanges }: EventTerms): boolean {
  return [usernames, usernamePrefixes, ips, ipRanges].some((list) => list !== undefined);
}

/** Times before all that can be recorded, or behind it, bound nothing on their side, and leave nothing on the other. */
function parseBounds(since: string | undefined, until: string | undefined): Pick<EventFilter, "since" | "until"> {
  const [from, to] = [parsedBound(since, "since", -Infinity), parsedBound(until, "until", Infinity)];
  const finite = (bound: number): number => Math.max(-timeMax, Math.min(timeMax, bound));
  return { ...(from !== -Infinity && { since: finite(from) }), ...(to !== Infinity && { until: finite(to) }) };
}

function parsedBound(text: string | undefined, field: string, none: number): number {
  return text === undefined ? none : parseBound(text, field);
}

/** What was asked for, by name, for the log: what isn't given is left out. */
export function shownFilter(given: GivenFilter): Readonly<Record<string, readonly string[] | string>> {
  const names = Object.keys(filterFields) as readonly (keyof GivenFilter)[];
  return Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
}

function without<Value>(all: readonly Value[], some: readonly Value[] = []): readonly Value[] {
  return all.filter((value) => !some.includes(value));
}

type GivenTerms = Readonly<Partial<Record<TermName, readonly string[]>>>;

/** `NAME:VALUE` by name. */
function parsePairs(pairs: readonly string[], field: "filter" | "exclude"): GivenTerms {
  const values: Partial<Record<TermName, string[]>> = {};
  for (const pair of pairs) {
    const at = pair.indexOf(":");
    const name = termNames.find((known) => known === pair.slice(0, at));
    if (pair.startsWith("text:")) {
      throw invalidField(field, "Words can't be searched for here, only in GET /api/v1/events: give other filters.");
    }
    if (at < 0 || name === undefined) {
      throw invalidField(
        field,
        field === "exclude"
          ? `'${pair}' can't be excluded: give NAME:VALUE with one of ${termNames.join(", ")}.`
          : `'${pair}' is no filter: give NAME:VALUE with one of ${termNames.join(", ")}.`,
      );
    }
    (values[name] ??= []).push(pair.slice(at + 1));
  }
  return values;
}

/** `fieldOf` says what the caller calls the field. */
function parseTerms(given: GivenTerms, fieldOf: (name: TermName) => string) {
  const closed = <Value extends string>(name: TermName, known: readonly Value[]): readonly Value[] | undefined =>
    given[name]?.map((value) => parseChoice(value, name, known, fieldOf(name)));
  const { owner, type, ip, node, target, trace_id: traceId, session, key } = given;
  const levels = closed("level", levelNames)?.map((name) => levelNumbers[name]);
  const inventory = parseInventory(given, fieldOf);
  const [owners, types] = [parseGivenTexts(owner, fieldOf("owner")), parseGivenTexts(type, fieldOf("type"))];
  const nodes = parseGivenTexts(node, fieldOf("node"));
  const terms: Given<EventTerms & { readonly levels?: readonly number[] }> = {
    levels,
    usernames: owners.texts?.map((name) => (name === "" ? null : name)),
    usernamePrefixes: owners.beginnings,
    types: types.texts,
    typePrefixes: types.beginnings,
    ...parseActions(given.action, fieldOf("action")),
    outcomes: closed("outcome", outcomes),
    sources: parseSources(given.source, fieldOf("source")),
    ...parseAddresses(ip, fieldOf("ip")),
    traceIds: traceId,
    sessions: session,
    keys: key,
    targets: target?.flatMap((text) => parseTarget(text, fieldOf("target"))),
    nodeNames: nodes.texts,
    nodePrefixes: nodes.beginnings,
    inventory: Object.keys(inventory).length === 0 ? undefined : inventory,
  };
  return leftOut(terms);
}

function parseChoice<Value extends string>(text: string, name: string, known: readonly Value[], field: string): Value {
  const value = known.find((one) => one === text);
  if (value === undefined) throw invalidField(field, `'${text}' is no ${name}: use one of ${known.join(", ")}.`);
  return value;
}

function parseActions(given: readonly string[] | undefined, field: string) {
  const wrong = given?.find((text) => text.includes("*") && !/^[^*]+\.\*$/.test(text));
  if (wrong !== undefined) {
    throw invalidField(field, `'${wrong}' is no action: a * stands at the end and behind a dot, as in auth.*`);
  }
  const actions = given?.filter((text) => !text.endsWith("*"));
  const actionPrefixes = given?.filter((text) => text.endsWith("*")).map((text) => text.slice(0, -1));
  return {
    actions: actions?.length === 0 ? undefined : actions,
    actionPrefixes: actionPrefixes?.length === 0 ? undefined : actionPrefixes,
  };
}

function parseSources(given: readonly string[] | undefined, field: string): readonly string[] | undefined {
  const wrong = given?.find((name) => !/^(ironlog|external|maas:.+)$/s.test(name));
  if (wrong !== undefined) {
    throw invalidField(
      field,
      `'${wrong}' is no source: use one of ironlog, external, or maas:NAME for a mirrored MAAS.`,
    );
  }
  return given;
}

/** What has a slash may be a name that has one, too. */
function parseTarget(given: string, field: string): readonly TargetTerm[] {
  const { text, isBeginning } = parseGivenText(given, field);
  const at = text.indexOf("/");
  const how = isBeginning ? ({ isBeginning } as const) : {};
  if (at < 0) return [{ kind: "either", text, ...how }];
  return [
    { kind: "name", name: text, ...how },
    { kind: "kind-and-name", targetKind: text.slice(0, at), name: text.slice(at + 1), ...how },
  ];
}

function parseInventory(given: GivenTerms, fieldOf: (name: TermName) => string): NodeFilter {
  const { zone, domain, pool, mac_address: mac, agent_name: agentName } = given;
  const inventory: Given<NodeFilter> = {
    zones: zone,
    domains: domain,
    pools: pool,
    macs: mac === undefined ? undefined : parseMacs(mac, fieldOf("mac_address")),
    agentNames: agentName,
  };
  return leftOut(inventory);
}

type Given<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | undefined };

/** Without what is undefined. */
function leftOut<Fields extends object>(given: Given<Fields>): Fields {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Fields;
}
