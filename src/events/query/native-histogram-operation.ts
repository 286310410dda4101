import { Type } from "typebox";
import type { Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import { longReadsOf } from "../../database/readers/long-reads.ts";
import { viewerOf } from "../../http/authentication/acting-user.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { invalidField } from "../../refusal.ts";
import { rfc3339Micros } from "../../time.ts";
import { calendarEdges } from "./calendar-bins.ts";
import { countEvents } from "./histogram.ts";
import { matchesMax } from "./matches.ts";
import { allLevels } from "../filter/level.ts";
import { filterFields, parseFilter } from "../filter/native-filter.ts";
import { readPage } from "./page.ts";
import { textField, textSearchOf } from "./text-field.ts";
import { readsOf } from "../reading/reads.ts";

const binsDefault = 60;
const binsMax = 500;
const secondMicros = 1_000_000;
/** Index entries among which the first event is sought that somebody may see. */
const entriesMax = 20_000;

const histogramQuery = Type.Object(
  {
    ...filterFields,
    text: textField,
    bins: Type.Optional(
      Type.Integer({ minimum: 1, maximum: binsMax, description: `At most so many; ${binsDefault} unless given.` }),
    ),
    time_zone: Type.Optional(
      Type.String({
        maxLength: 100,
        description: "Whose days and hours bins begin with: an IANA name; UTC unless given.",
      }),
    ),
  },
  { additionalProperties: false },
);

const time = (description: string) => Type.String({ format: "date-time", description });

/** How many events there were, and when. */
export const nativeHistogramOperation: NativeOperation = nativeOperation({
  path: "/events/histogram",
  method: "GET",
  id: "countEvents",
  command: ["events", "histogram"],
  who: "user",
  alsoMirrored: true,
  scope: "events:read",
  summary: "Count events over time",
  description: `Bins are as a clock or a calendar divides time in \`time_zone\`, from seconds over quarters of an hour, days and weeks to months and years: the shortest with which at most \`bins\` of them reach from since to until. The first is cut off at since, the last at until. since is the first event's second unless given, until the end of this second, or a second after a since that is later. Administrators who ask for nothing but times get every event counted; of other queries the newest ${matchesMax} matches are.`,
  query: histogramQuery,
  answer: {
    status: 200,
    description: "All bins, the empty ones too, oldest first.",
    schema: Type.Object({
      since: time("Where the first bin starts."),
      until: time("Where the last bin ends."),
      counted_since: time(
        `What was recorded before wasn't counted: matches beyond the newest ${matchesMax}, or beyond what they were sought in. since where all was counted.`,
      ),
      failures_counted_since: time("The same for failures."),
      is_exact: Type.Boolean({
        description: "False where something wasn't counted, or where the clock was set back.",
      }),
      counted: Type.Integer({ description: "The sum of all bins." }),
      bins: Type.Array(
        Type.Object({ start: time("Until the next one's."), count: Type.Integer(), failures: Type.Integer() }),
      ),
    }),
  },
  does: ({ query }) =>
    query(async (call) => {
      const { db, actor, now, request } = call;
      const { query } = request;
      const { bins = binsDefault, time_zone: timeZone = "UTC", text, ...given } = query;
      const { since, until, ...filter } = parseFilter(given);
      const searched = textSearchOf(db, text);
      const viewer = viewerOf(actor);
      await readsOf(db).note(call, "query");
      const end = until ?? endAfter(since, await endOfNow(db, now));
      const start = since ?? Math.min(await firstSecond(db, viewer, now), end - secondMicros);
      if (start >= end) throw invalidField("until", "Give a time after since.");
      const edges = calendarEdges({ since: start, until: end }, bins, timeZone);
      const histogram = await countEvents(longReadsOf(db), viewer, { filter, text: searched }, edges);
      return {
        status: 200,
        body: {
          since: rfc3339Micros(start),
          until: rfc3339Micros(end),
          counted_since: rfc3339Micros(histogram.countedSince ?? start),
          failures_counted_since: rfc3339Micros(histogram.countedSince ?? start),
          is_exact: histogram.isExact && histogram.countedSince === undefined,
          counted: histogram.bins.reduce((sum, { count }) => sum + count, 0),
          bins: histogram.bins.map(({ start, count, failures }) => ({ start: rfc3339Micros(start), count, failures })),
        },
      };
    }),
});

/** Of what is to come there is nothing yet, which a second of it says as well as all of it. */
function endAfter(since: number | undefined, end: number): number {
  return since === undefined || since < end ? end : since + secondMicros;
}

/** The end of this second, or of the newest event's, if its clock was ahead. */
async function endOfNow(db: Database, now: number): Promise<number> {
  const last = await db.selectFrom("log_head").select("last_created").executeTakeFirst();
  return (Math.floor(Math.max(now, last?.last_created ?? 0) / secondMicros) + 1) * secondMicros;
}

/** The second of the first event that the viewer may see: when the log began is not for everybody. */
async function firstSecond(db: Database, viewer: Viewer, now: number): Promise<number> {
  const { events } = await readPage(db, viewer, {
    columns: ["id", "created"],
    filter: { levels: allLevels },
    window: { kind: "after", id: 0 },
    limit: 1,
    entriesMax,
  });
  return Math.floor((events[0]?.created ?? now) / secondMicros) * secondMicros;
}
