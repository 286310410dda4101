import { Type } from "typebox";
import type { Viewer } from "../audit/actor.ts";
import type { Database } from "../database/database.ts";
import { viewerOf } from "../http/authentication/acting-user.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { invalidField } from "../refusal.ts";
import { rfc3339Micros } from "../time.ts";
import type { EventWindow } from "./filter/filter.ts";
import { filterFields, parseFilter } from "./filter/native-filter.ts";
import { readsOf } from "./reading/reads.ts";
import { type EventPage, readPage } from "./query/page.ts";
import { eventSchema, nativeColumns, nativeEvent } from "./rendering/native-event.ts";
import { findOtherCases } from "./filter/other-case.ts";
import { getEvent, timeNear } from "./query/one-event.ts";
import { textField, textSearchOf } from "./query/text-field.ts";
import { readTextPage, textBounds } from "./query/text-page.ts";
import { timeOrNull } from "../http/native/time.ts";

const limitDefault = 100;
const limitMax = 1000;
/** A mix of filters that no index serves is answered short after so many entries, with a cursor to go on from. */
const entriesMax = 20_000;

const id = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

const eventQuery = Type.Object(
  {
    ...filterFields,
    text: textField,
    before: id("The newest events older than the event of this id."),
    // 0 is before the first one.
    after: id("The oldest events newer than the event of this id, still newest first."),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limitMax, description: `${limitDefault} unless given.` })),
  },
  { additionalProperties: false },
);

const searchedTo = Type.Object(
  {
    id: Type.Integer({ description: "The id that the search came to." }),
    created: timeOrNull("When the event there was recorded; null where you see no event near it."),
  },
  { description: "Where the search stopped before the page was full; null where it didn't." },
);

const searched = Type.Object(
  {
    indexed_to: Type.Union([Type.Integer(), Type.Null()], {
      description:
        "Up to which event this server's search index was asked; newer events, and all where it is 0, were looked at one by one. Null where you don't see everything: your own events are looked at without an index.",
    }),
    is_complete: Type.Boolean({
      description: `False where the page was cut short, after ${textBounds.rowsMax} events or ${textBounds.indexMsMax} milliseconds: there may be more, from \`searched_to\` on.`,
    }),
  },
  { description: "How `text` was searched for; null without it." },
);

const otherCase = Type.Object({
  filter: Type.Enum(["owner", "type", "action", "node", "target"], { description: "The filter to give." }),
  value: Type.String({ description: "Its value." }),
});

/** Reading the log. */
export const nativeEventOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/events",
    method: "GET",
    id: "listEvents",
    command: ["events", "search"],
    columns: ["id", "created", "username", "ip", "action", "outcome", "description"],
    who: "user",
    alsoMirrored: true,
    scope: "events:read",
    summary: "List events",
    description:
      "Newest first. Users see their own audit events and the other events of nodes that they may see, administrators all. Different filters must all hold; of one filter that is repeated, any. A page may be short although there is more: `searched_to` then says how far the search came, and `older` (or `newer`) goes on from there.",
    query: eventQuery,
    answer: {
      status: 200,
      description:
        "A page. `newer` and `older` are the paths of the pages beside it; `older` is null at the log's start.",
      schema: Type.Object({
        items: Type.Array(eventSchema),
        newer: Type.Union([Type.String(), Type.Null()]),
        older: Type.Union([Type.String(), Type.Null()]),
        searched_to: Type.Union([searchedTo, Type.Null()]),
        search: Type.Union([searched, Type.Null()]),
        did_you_mean: Type.Array(otherCase, {
          description:
            "Where nothing was found: names in the log that differ from yours in case alone. Unless you see everything, only your own name.",
        }),
      }),
    },
    does: ({ query }) =>
      query(async (call) => {
        const { db, actor, request } = call;
        const { query, search } = request;
        if (query.before !== undefined && query.after !== undefined) {
          throw invalidField("after", "Give before or after, not both.");
        }
        const window = windowOf(query);
        const limit = query.limit ?? limitDefault;
        const wanted = { columns: nativeColumns, filter: parseFilter(query), window, limit };
        const text = textSearchOf(db, query.text);
        await readsOf(db).note(call, "query");
        const viewer = viewerOf(actor);
        const page =
          text === undefined
            ? await readPage(db, viewer, { ...wanted, entriesMax })
            : await readTextPage(db, viewer, { ...wanted, ...text });
        const items = page.events.map(nativeEvent);
        const stop = page.stoppedAt === undefined ? null : await placeOf(db, viewer, page.stoppedAt);
        const isNothing = items.length === 0 && stop === null && window.kind === "newest";
        const others = isNothing ? await findOtherCases(db, viewer, wanted.filter) : [];
        const indexedTo = "indexedTo" in page ? (page.indexedTo ?? null) : null;
        return {
          status: 200,
          body: {
            items,
            ...links(`${request.basePath}/api/v1/events`, search, window, page, limit),
            searched_to: stop,
            search: text === undefined ? null : { indexed_to: indexedTo, is_complete: stop === null },
            did_you_mean: others,
          },
        };
      }),
  }),
  nativeOperation({
    path: "/events/{id}",
    method: "GET",
    id: "readEvent",
    command: ["events", "read"],
    who: "user",
    alsoMirrored: true,
    scope: "events:read",
    summary: "Read an event",
    description: "An event that is not what was recorded is refused, as `damaged`.",
    answer: { status: 200, description: "The event with all its fields.", schema: eventSchema },
    does: ({ query }) =>
      query(async (call) => {
        const { db, actor, request } = call;
        const viewer = viewerOf(actor);
        const event = await getEvent(db, viewer, request.path["id"] ?? "");
        if (event.user_id === null || event.user_id !== actor.user?.id) await readsOf(db).note(call, "query");
        return { status: 200, body: nativeEvent(event) };
      }),
  }),
];

/** A place in the log, with the time of the event there or of the first older one that the viewer may see. */
async function placeOf(db: Database, viewer: Viewer, id: number) {
  const created = await timeNear(db, viewer, id);
  return { id, created: created === undefined ? null : rfc3339Micros(created) };
}

function windowOf({ before, after }: { readonly before?: number; readonly after?: number }): EventWindow {
  if (before !== undefined) return { kind: "before", id: before };
  return after === undefined ? { kind: "newest" } : { kind: "after", id: after };
}

/** The pages beside this one. What is newer may still come, so there is always a way to ask for it. */
function links(
  path: string,
  search: string,
  window: EventWindow,
  { events, stoppedAt }: EventPage<"id">,
  limit: number,
) {
  const link = (name: "before" | "after", cursor: number): string => {
    const parameters = new URLSearchParams(search);
    parameters.delete("before");
    parameters.delete("after");
    parameters.append(name, String(cursor));
    return `${path}?${parameters.toString()}`;
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
