import { Type } from "typebox";
import { actingUser } from "../http/acting-user.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { invalidField } from "../refusal.ts";
import type { EventWindow } from "./filter.ts";
import { filterFields, parseFilter } from "./native-filter.ts";
import { type EventPage, readPage } from "./page.ts";
import { eventSchema, nativeColumns, nativeEvent } from "./native-event.ts";
import { getEvent } from "./one-event.ts";

const limitDefault = 100;
const limitMax = 1000;
/** A mix of filters that no index serves is answered short after so many entries, with a cursor to go on from. */
const entriesMax = 20_000;

const id = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

const eventQuery = Type.Object(
  {
    ...filterFields,
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
      "Newest first. Users see their own audit events and the other events of nodes that they may see, administrators all. Different filters must all hold; of one filter that is repeated, any. A page may be short although there is more: `older` (or `newer`) then goes on from where the search stopped.",
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
        const event = await getEvent(db, actingUser(actor), request.path["id"] ?? "", nativeColumns);
        return { status: 200, body: nativeEvent(event) };
      }),
  }),
];

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
