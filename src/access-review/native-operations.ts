import { Type } from "typebox";
import { nativeOperation } from "../http/native/operation.ts";
import { dayMicros, parseTime, rfc3339Micros, rfc3339OrNull } from "../time.ts";
import { recordReview } from "./actions.ts";
import { changesMax, type Finding, findingKinds, reviewAccess } from "./review.ts";
import { timeOrNull } from "../http/native/time.ts";

/** Unless somebody says otherwise. */
const unusedDays = 90;

const findingSchema = Type.Object({
  finding: Type.Enum([...findingKinds]),
  username: Type.String({ description: "Whose account or key it is." }),
  what: Type.String({ description: "The role, the key's name, or what was done." }),
  since: timeOrNull("Since when somebody has the role; when the account or key was made; when the change was."),
  by: Type.Union([Type.String(), Type.Null()], {
    description: "Who gave the role or made the change; null where no event tells, and for an account or a key.",
  }),
  last_used: timeOrNull("Null for never, and for a change."),
  event: Type.Union([Type.Integer(), Type.Null()], { description: "The event that tells of the role or the change." }),
});

/** Who may what, as a list: a table on a terminal, CSV, JSON. It is a command: its making is recorded first. */
export const accessReviewOperation = nativeOperation({
  path: "/reports/access",
  method: "POST",
  id: "reviewAccess",
  command: ["report", "access"],
  columns: ["finding", "username", "what", "since", "by", "last_used"],
  who: "auditor",
  alsoAuditors: true,
  summary: "Review everybody's access",
  description: `Who is administrator or auditor, since when and by whom; active accounts and API keys that nobody has used for so long; keys without an end; what has changed in who may do what, the newest ${changesMax} of it. That it was made is recorded, as access.review.`,
  body: Type.Object(
    {
      since: Type.Optional(
        Type.String({
          "x-time": true,
          description: `Tell of changes from this time (RFC 3339) on; the last ${unusedDays} days unless given.`,
        }),
      ),
      unused_days: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 3_650,
          description: `What nobody has used for so many days is unused; ${unusedDays} unless given.`,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  answer: {
    status: 200,
    description: "What there is to look at, by kind.",
    schema: Type.Object({
      made: Type.String({ format: "date-time" }),
      since: Type.String({ format: "date-time", description: "Changes from then on." }),
      unused_days: Type.Integer(),
      changes_left_out: Type.Integer({ description: "Older changes that are not in it: the events have them." }),
      items: Type.Array(findingSchema),
    }),
  },
  does: ({ command }) =>
    command({
      action: recordReview,
      async input({ db, now, request: { body } }) {
        const since = body.since === undefined ? now - unusedDays * dayMicros : parseTime(body.since, "since");
        const scope = { now, since, unusedDays: body.unused_days ?? unusedDays };
        return { scope, review: await reviewAccess(db, scope) };
      },
      output: ({ scope, review }) => ({
        status: 200,
        body: {
          made: rfc3339Micros(scope.now),
          since: rfc3339Micros(scope.since),
          unused_days: scope.unusedDays,
          changes_left_out: review.changesLeftOut,
          items: review.findings.map(nativeFinding),
        },
      }),
    }),
});

function nativeFinding({ finding, username, what, since, by, lastUsed, event }: Finding) {
  return { finding, username, what, since: rfc3339OrNull(since), by, last_used: rfc3339OrNull(lastUsed), event };
}
