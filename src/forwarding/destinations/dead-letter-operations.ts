import { Type } from "typebox";
import type { Database } from "../../database/database.ts";
import { listOf, nativeList } from "../../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { bodyOf } from "../../http/native/resource.ts";
import { Refusal } from "../../refusal.ts";
import { deadLettersAfter, findDeadLetter } from "../delivery/dead-letters.ts";
import { readDeliveryPosition } from "../delivery/position.ts";
import { orderDeadLetters } from "./dead-letter-actions.ts";
import { getDestination } from "./destination-queries.ts";
import { deadLetterSchema, nativeDeadLetter } from "./destination-schema.ts";
import type { DeadLetterOrder } from "./destination.ts";

const lettersMax = 500;

/** Events that destinations refused for good. */
export const deadLetterOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/destinations/{name}/dead-letters",
    method: "GET",
    id: "listDeadLetters",
    command: ["destinations", "dead-letters"],
    columns: ["event", "why", "tries", "noted"],
    who: "auditor",
    summary: "List what a destination refused",
    query: Type.Object({
      after: Type.Optional(Type.Integer({ minimum: 0, description: "Those of events behind this id." })),
    }),
    answer: {
      status: 200,
      description: `By event, ${lettersMax} at most: ask on behind the last one.`,
      schema: listOf(deadLetterSchema),
    },
    does: ({ query }) =>
      query(async ({ db, request: { path, query: given } }) => {
        const destination = await getDestination(db, path["name"] ?? "");
        const letters = await deadLettersAfter(db, destination, given.after ?? 0, lettersMax);
        return { status: 200, body: nativeList(letters.map(nativeDeadLetter)) };
      }),
  }),
  ordering("resend", "Send again what a destination refused", "What it takes now is no dead letter any more."),
  ordering("drop", "Forget what a destination refused", "The events stay in the log."),
];

function ordering(does: DeadLetterOrder["does"], summary: string, description: string): NativeOperation {
  return nativeOperation({
    path: `/destinations/{name}/dead-letters/${does}`,
    method: "POST",
    id: `${does}DeadLetters`,
    command: ["destinations", does],
    who: "administrator",
    needsFreshFactor: true,
    summary,
    description: `${description} One event, or all of them.`,
    body: bodyOf({
      event: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: Number.MAX_SAFE_INTEGER,
          description: "The id of the event; all unless given.",
        }),
      ),
    }),
    answer: {
      status: 202,
      description: "The destination's worker does it next; one that is paused when it goes on.",
      schema: Type.Object({ event: Type.Union([Type.Integer(), Type.Null()]) }),
    },
    does: ({ command }) =>
      command({
        action: orderDeadLetters,
        async input({ db, now, request: { path, body } }) {
          const name = path["name"] ?? "";
          const event = body.event ?? null;
          return { name, does, event, doneTo: await doneOrders(db, name, event), now };
        },
        output: (_destination, _call, { event }) => ({ status: 202, body: { event } }),
      }),
  });
}

/** Up to which order all are done. Refuses with `not_found` an event that is no dead letter. */
async function doneOrders(db: Database, name: string, event: number | null): Promise<number> {
  const destination = await getDestination(db, name);
  if (event !== null && (await findDeadLetter(db, destination, event)) === undefined) {
    throw new Refusal("not_found", `Destination '${name}' has no dead letter of event ${event}.`);
  }
  return (await readDeliveryPosition(db, destination))?.orders_done ?? 0;
}
