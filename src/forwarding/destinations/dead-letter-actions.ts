import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { Refusal } from "../../refusal.ts";
import { canonicalJson } from "../../verifiable-log/canonical-json.ts";
import { destinationTarget } from "./destination-actions.ts";
import { getDestination } from "./destination-queries.ts";
import type { DeadLetterOrder } from "./destination.ts";

export interface DeadLetterRequest extends Omit<DeadLetterOrder, "id"> {
  readonly name: string;
  /** The orders that are done, and need not be kept. */
  readonly doneTo: number;
  readonly now: number;
}

const ordersMax = 100;

/** Orders that dead letters are sent again or dropped. The destination's worker does it. */
export const orderDeadLetters = defineAction({
  async run(tx, { name, does, event, doneTo, now }: DeadLetterRequest, _actor, firstEventId) {
    const destination = await getDestination(tx, name);
    const open = destination.orders.filter(({ id }) => id > doneTo);
    if (open.length >= ordersMax) {
      throw new Refusal("conflict", "Too many orders about dead letters wait for this destination: try again later.");
    }
    const orders = [...open, { id: firstEventId, does, event }];
    await tx
      .updateTable("destination")
      .set({ orders: canonicalJson(orders.map((order) => ({ ...order }))), updated: now })
      .where("id", "=", destination.id)
      .execute();
    return destination;
  },
  events: (destination, { does, event }) => [
    draftEvent(
      does === "drop" ? "delivery.drop" : "delivery.resend",
      { name: destination.name, event },
      { target: destinationTarget(destination), details: { event } },
    ),
  ],
});
