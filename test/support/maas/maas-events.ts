/** An event as a MAAS has it in its table. */
export interface StandInEvent {
  readonly id: number;
  readonly level: number;
  readonly type: string;
  readonly typeWords: string;
  /** Milliseconds since 1970 UTC. */
  readonly created: number;
  readonly username: string;
  readonly userId: number | null;
  readonly description: string;
  readonly action: string;
  /** System id of its node. */
  readonly node: string | null;
  readonly hostname: string;
  readonly ip: string | null;
  readonly userAgent: string;
}

/** What a MAAS has: events by any order, and the nodes that still exist. */
export interface StandInState {
  /** As `3.3.11`. */
  version: string;
  events: StandInEvent[];
  readonly nodes: Set<string>;
}

/** An event that somebody has caused there; `id` and what matters are given. */
export function standInEvent(event: Partial<StandInEvent> & { readonly id: number }): StandInEvent {
  return {
    level: 0,
    type: "AUTHORISATION",
    typeWords: "Authorisation",
    created: Date.UTC(2024, 0, 1) + event.id * 1_000,
    username: "johnnybegood",
    userId: 12,
    description: `Did thing number ${event.id}.`,
    action: "",
    node: null,
    hostname: "",
    ip: "192.0.2.7",
    userAgent: "curl",
    ...event,
  };
}

/** An event about a node. */
export function nodeEvent(event: Partial<StandInEvent> & { readonly id: number; readonly node: string }): StandInEvent {
  const type = { level: 20, type: "NODE_CHANGED_STATUS", typeWords: "Node changed status" };
  return standInEvent({ ...type, username: "", userId: null, ip: null, hostname: `${event.node}.maas`, ...event });
}

const levels: Readonly<Record<string, number>> = {
  AUDIT: 0,
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  ERROR: 40,
  CRITICAL: 50,
};
const pageMax = 1_000;

interface Answered {
  readonly status: number;
  readonly body: string;
}

/** A page of `events/?op=query`, as API 2.0 of that version answers it. */
export function api2Events({ version, events, nodes }: StandInState, query: URLSearchParams): Answered {
  const number = (name: string): number | null => (query.has(name) ? Number(query.get(name)) : null);
  const [limit, after, before] = [number("limit") ?? 100, number("after"), number("before")];
  const level = query.get("level") ?? "INFO";
  if (limit > pageMax || (after !== null && before !== null)) return { status: 400, body: "Bad request" };
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const needsNode = level !== "AUDIT" || major > 3 || (major === 3 && minor >= 3);
  const shown = events
    .filter((event) => (level === "AUDIT" ? event.level === 0 : event.level >= (levels[level] ?? 0)))
    .filter((event) => level === "AUDIT" || event.level > 0)
    .filter(({ node }) => !needsNode || (node !== null && nodes.has(node)))
    .filter(({ id }) => (after === null || id > after) && (before === null || id < before))
    .toSorted((one, other) => one.id - other.id);
  const page = after === null ? shown.slice(-limit) : shown.slice(0, limit);
  // As Python does it with a sign that is no placeholder.
  if (page.some((event) => event.level === 0 && /%(?!\(username\)s|%)/.test(event.description))) {
    return { status: 500, body: "not enough arguments for format string" };
  }
  const body = { count: page.length, events: page.toReversed().map(asApi2), next_uri: "", prev_uri: null };
  return { status: 200, body: JSON.stringify(body) };
}

/** A page of API v3: counted from the newest event, which stands first. */
export function v3Events({ events }: StandInState, query: URLSearchParams): Answered {
  const [page, size] = [Number(query.get("page") ?? 1), Number(query.get("size") ?? 20)];
  if (size > pageMax || size < 1 || page < 1) return { status: 422, body: "{}" };
  const newestFirst = events.toSorted((one, other) => other.id - one.id);
  const items = newestFirst.slice((page - 1) * size, page * size).map(asV3);
  return { status: 200, body: JSON.stringify({ items, total: events.length, kind: "EventsList" }) };
}

/** Without what is null. */
function asV3({ id, created, level, type, typeWords, node, hostname, userId, username, ip, ...event }: StandInEvent) {
  const at = new Date(created).toISOString().replace("Z", "456Z");
  return {
    kind: "Event",
    id,
    created: at,
    updated: at,
    type: { name: type, description: typeWords, level: nameOf(level) },
    ...(node !== null && { node_system_id: node }),
    node_hostname: hostname,
    ...(userId !== null && { user_id: userId }),
    owner: username,
    ...(ip !== null && { ip_address: ip }),
    user_agent: event.userAgent,
    description: event.description,
    action: event.action,
  };
}

function asApi2(event: StandInEvent) {
  const { id, level, created, username, node, hostname, typeWords, description } = event;
  const [day = "", date = "", month = "", year = "", time = ""] = new Date(created).toUTCString().split(/,? /);
  return {
    username: username === "" ? "unknown" : username,
    node,
    hostname,
    id,
    level: nameOf(level),
    created: `${day}, ${date} ${month}. ${year} ${time}`,
    type: typeWords,
    description: level === 0 ? rendered(description, username) : description,
  };
}

function rendered(description: string, username: string): string {
  return description.replaceAll("%(username)s", username || "unknown").replaceAll("%%", "%");
}

function nameOf(level: number): string {
  return Object.keys(levels).find((name) => levels[name] === level) ?? "INFO";
}
