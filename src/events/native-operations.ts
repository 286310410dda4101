import { Type } from "typebox";
import { actingUser } from "../http/acting-user.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { invalidField, Refusal } from "../refusal.ts";
import type { EventFilter, EventWindow } from "./filter.ts";
import { allLevels, findLevel, levelNumbers } from "./level.ts";
import { type EventPage, readPage } from "./page.ts";
import { eventSchema, nativeColumns, nativeEvent } from "./native-event.ts";
import { parseTime } from "../http/time.ts";

const limitDefault = 100;
const limitMax = 1000;
/** A mix of filters that no index serves is answered short after so many entries, with a cursor to go on from. */
const entriesMax = 20_000;

const text = (description: string) => Type.Optional(Type.String({ description }));
const id = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

const eventQuery = Type.Object(
  {
    level: text(`Exactly this level: ${Object.keys(levelNumbers).join(", ")}. All levels unless given.`),
    owner: text("The acting user's name, as it was then; empty for nobody."),
    type: text("The type's stable name, such as AUTHORISATION."),
    action: text("Such as auth.login."),
    outcome: Type.Optional(Type.Enum(["success", "failure"])),
    source: Type.Optional(Type.Enum(["ironlog", "external"])),
    ip: text("The request's address."),
    node: text("The node's system id."),
    target: text("The name of what was acted upon."),
    trace_id: text("The request's trace id: all that one request did."),
    since: text("Recorded at this time (RFC 3339) or later."),
    until: text("Recorded before this time (RFC 3339)."),
    before: id("The newest events older than the event of this id."),
    // 0 is before the first one.
    after: id("The oldest events newer than the event of this id, still newest first."),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limitMax, description: `${limitDefault} unless given.` })),
  },
  { additionalProperties: false },
);

/** Reading the log. */
export const nativeEventOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/events",
    method: "GET",
    id: "listEvents",
    who: "user",
    scope: "events:read",
    summary: "List events",
    description:
      "Newest first. Users see their own audit events and the other events of nodes that they may see, administrators all. A page may be short although there is more: `older` (or `newer`) then goes on from where the search stopped.",
    query: eventQuery,
    answer: {
      status: 200,
      description:
        "A page. `newer` and `older` are the paths of the pages beside it; `older` is null at the log's start.",
      schema: Type.Object({
        items: Type.Array(eventSchema),
        newer: Type.Union([Type.String(), Type.Null()]),
        older: Type.Union([Type.String(), Type.Null()]),
      }),
    },
    does: ({ question }) =>
      question(async ({ db, actor, request: { query, search } }) => {
        if (query.before !== undefined && query.after !== undefined) {
          throw invalidField("after", "Give before or after, not both.");
        }
        const window = windowOf(query);
        const limit = query.limit ?? limitDefault;
        const page = await readPage(db, actingUser(actor), {
          columns: nativeColumns,
          filter: parseFilter(query),
          window,
          limit,
          entriesMax,
        });
        const items = page.events.map(nativeEvent);
        return { status: 200, body: { items, ...links(search, window, page, limit) } };
      }),
  }),
  nativeOperation({
    path: "/events/{id}",
    method: "GET",
    id: "readEvent",
    who: "user",
    scope: "events:read",
    summary: "Read an event",
    answer: { status: 200, description: "The event with all its fields.", schema: eventSchema },
    does: ({ question }) =>
      question(async ({ db, actor, request }) => {
        const wanted = request.path["id"] ?? "";
        const number = /^[1-9]\d{0,14}$/.test(wanted) ? Number(wanted) : 0;
        const { events } = await readPage(db, actingUser(actor), {
          columns: nativeColumns,
          filter: { levels: allLevels },
          window: { kind: "before", id: number + 1 },
          limit: 1,
          // The event itself comes first, or it isn't there for this viewer.
          entriesMax: 1,
        });
        const [event] = events;
        // The same answer for an event of somebody else's as for none: it tells nothing.
        if (event === undefined || event.id !== number) throw new Refusal("not_found", `There is no event ${wanted}.`);
        return { status: 200, body: nativeEvent(event) };
      }),
  }),
];

interface GivenFilter {
  readonly level?: string;
  readonly owner?: string;
  readonly type?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly source?: string;
  readonly ip?: string;
  readonly node?: string;
  readonly target?: string;
  readonly trace_id?: string;
  readonly since?: string;
  readonly until?: string;
}

function parseFilter(query: GivenFilter): EventFilter {
  const { type, action, outcome, source, ip, node, target, trace_id: traceId, owner, since, until } = query;
  return {
    levels: query.level === undefined ? allLevels : [parseLevel(query.level)],
    ...(owner !== undefined && { usernames: [owner === "" ? null : owner] }),
    ...(type !== undefined && { type }),
    ...(action !== undefined && { action }),
    ...(outcome !== undefined && { outcome }),
    ...(source !== undefined && { source }),
    ...(ip !== undefined && { ip }),
    ...(node !== undefined && { nodes: [node] }),
    ...(target !== undefined && { target }),
    ...(traceId !== undefined && { traceId }),
    ...(since !== undefined && { since: parseTime(since, "since") }),
    ...(until !== undefined && { until: parseTime(until, "until") }),
  };
}

function parseLevel(name: string): number {
  const level = findLevel(name);
  if (level === undefined) {
    throw invalidField("level", `'${name}' is no level: use one of ${Object.keys(levelNumbers).join(", ")}.`);
  }
  return level;
}

function windowOf({ before, after }: { readonly before?: number; readonly after?: number }): EventWindow {
  if (before !== undefined) return { kind: "before", id: before };
  return after === undefined ? { kind: "newest" } : { kind: "after", id: after };
}

/** The pages beside this one. What is newer may still come, so there is always a way to ask for it. */
function links(search: string, window: EventWindow, { events, stoppedAt }: EventPage<"id">, limit: number) {
  const link = (name: "before" | "after", cursor: number): string => {
    const parameters = new URLSearchParams(search);
    parameters.delete("before");
    parameters.delete("after");
    parameters.append(name, String(cursor));
    return `/api/v1/events?${parameters.toString()}`;
  };
  const newest = events[0]?.id;
  const oldest = events.at(-1)?.id;
  const isForward = window.kind === "after";
  const from = window.kind === "newest" ? 0 : window.id;
  const newer = isForward ? (stoppedAt ?? newest ?? from) : (newest ?? Math.max(0, from - 1));
  const isAtStart = !isForward && stoppedAt === undefined && events.length < limit;
  const older = isForward ? (oldest ?? from + 1) : (stoppedAt ?? oldest ?? from);
  return { newer: link("after", newer), older: isAtStart ? null : link("before", older) };
}
