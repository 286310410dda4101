import { Type } from "typebox";
import { lastEventId } from "../../database/version-cache.ts";
import { viewerOf } from "../../http/authentication/acting-user.ts";
import type { FindEnd } from "../../http/native/end-reason.ts";
import { OpenAnswers } from "../../http/native/open-answers.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { nowMicros } from "../../time.ts";
import { invalidField } from "../../refusal.ts";
import { followEvents } from "./event-stream.ts";
import { readsOf } from "../reading/reads.ts";
import { filterFields, parseFilter } from "../filter/native-filter.ts";

/** A browser has six connections to a server: these are two browsers full of tabs. */
const limits = { perUserMax: 12, max: 300 };
/** Longer than a laptop's network needs to come back, and shorter than the memory for those who don't. */
const patienceMs = 30_000;

const streamQuery = Type.Object(
  {
    ...filterFields,
    after: Type.Optional(
      Type.Integer({ minimum: 0, description: "Begin with what is newer than the event of this id, not with now." }),
    ),
  },
  { additionalProperties: false },
);

/** The log as it grows. */
export function nativeStreamOperation(findEnd: FindEnd): NativeOperation {
  const open = new OpenAnswers("streams", limits);
  return nativeOperation({
    path: "/events/stream",
    method: "GET",
    id: "streamEvents",
    command: ["events", "follow"],
    who: "user",
    alsoMirrored: true,
    scope: "events:read",
    summary: "Follow events",
    description: `Server-sent events, in the order of their ids and without a gap: id is the event's, event is event, data its JSON on one line. A comment comes every 15 seconds at least. When the session or API key has ended, or its user sees less than before, an event of the name end says so, with reason session_ended, token_ended, user_deactivated, demoted or server_stopped, and the answer is over. A user has ${limits.perUserMax} at most.`,
    query: streamQuery,
    headers: { "last-event-id": "Begin with what is newer than the event of this id: browsers send it by themselves." },
    answer: {
      status: 200,
      description: "Events, for as long as both sides want.",
      streams: ["text/event-stream"],
      isGetOnly: true,
      open,
    },
    does: ({ query }) =>
      query(async (call) => {
        const { db, actor, credentials } = call;
        const { query, headers } = call.request;
        const viewer = viewerOf(actor);
        const filter = parseFilter(query);
        const afterId = parseLastId(headers["last-event-id"]) ?? query.after ?? (await lastEventId(db));
        await readsOf(db).note(call, "stream");
        return {
          status: 200,
          stream: {
            contentType: "text/event-stream; charset=utf-8",
            patienceMs,
            chunks(ends) {
              const following = {
                db,
                viewer,
                filter,
                afterId,
                findEnd: () => findEnd(db, { actor, credentials }, nowMicros()),
              };
              return followEvents(following, ends);
            },
          },
        };
      }),
  });
}

/** A browser that has seen no event yet sends an empty one, or none. */
function parseLastId(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^\d{1,15}$/.test(text)) throw invalidField("last-event-id", "Send the id of an event.");
  return Number(text);
}
