import { Type } from "typebox";
import { longReadsOf } from "../../database/readers/long-reads.ts";
import { viewerOf } from "../../http/authentication/acting-user.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { timeOrNull } from "../../http/native/time.ts";
import { rfc3339OrNull } from "../../time.ts";
import { filterFields, parseFilter } from "../filter/native-filter.ts";
import { readsOf } from "../reading/reads.ts";
import { matchesMax } from "./matches.ts";
import { textField, textSearchOf } from "./text-field.ts";
import { countTop, type GroupingName, topGroupings } from "./top.ts";

const limitDefault = 10;
const limitMax = 100;

const topQuery = Type.Object(
  {
    ...filterFields,
    text: textField,
    by: Type.Enum(Object.keys(topGroupings) as GroupingName[], { description: "What events are counted by." }),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: limitMax, description: `At most so many; ${limitDefault} unless given.` }),
    ),
  },
  { additionalProperties: false },
);

/** Which users, addresses, actions … are most frequent. */
export const nativeTopOperation: NativeOperation = nativeOperation({
  path: "/events/top",
  method: "GET",
  id: "topOfEvents",
  command: ["events", "top"],
  who: "user",
  alsoMirrored: true,
  scope: "events:read",
  summary: "List the most frequent users, addresses, actions …",
  description: `Counts the events that match and that the caller may see by one of their values: all of them, or the newest ${matchesMax}, or as many as a bound of work finds, and \`counted_since\` says which. A value is one that the filter of the same name takes (of user: owner).`,
  query: topQuery,
  answer: {
    status: 200,
    description: "The most frequent first.",
    schema: Type.Object({
      items: Type.Array(
        Type.Object({
          value: Type.Union([Type.String(), Type.Null()], { description: "Null where the events have none." }),
          count: Type.Integer(),
          failures: Type.Integer({ description: "How many of these failed." }),
        }),
      ),
      values: Type.Integer({ description: "How many different values were counted." }),
      counted: Type.Integer({ description: "How many events were counted." }),
      counted_since: timeOrNull("What was recorded before this time wasn't counted; null where all was."),
    }),
  },
  does: ({ query }) =>
    query(async (call) => {
      const { db, actor, request } = call;
      const { by, limit = limitDefault, text, ...given } = request.query;
      const wanted = { filter: parseFilter(given), text: textSearchOf(db, text) };
      await readsOf(db).note(call, "query");
      const top = await countTop(longReadsOf(db), viewerOf(actor), wanted, by, limit);
      const { items, values, counted, countedSince } = top;
      return { status: 200, body: { items, values, counted, counted_since: rfc3339OrNull(countedSince ?? null) } };
    }),
});
