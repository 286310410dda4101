import { type ActionName } from "../../audit/kinds.ts";
import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { destinationTarget } from "../destinations/destination-actions.ts";
import type { PlainEvent } from "../../database/event-columns.ts";
import type { Destination } from "../destinations/destination.ts";

export interface DeliveryState {
  readonly destination: Pick<Destination, "id" | "name">;
  /** Up to this event it has all that it should. */
  readonly event: number;
  /** Of that event; null where it has none. */
  readonly leafHash: Uint8Array | null;
  /** How many were acknowledged since the last receipt. */
  readonly delivered: number;
  /** Why delivery doesn't go on. */
  readonly why?: string;
}

/** Records how far a destination is, so that the log proves what had left the machine by then. */
function recording(action: ActionName & ("delivery.receipt" | "delivery.stall" | "delivery.recover")) {
  return defineAction({
    async run() {},
    events: (_result: void, { destination, event, leafHash, delivered, why }: DeliveryState) => [
      draftEvent(
        action,
        { name: destination.name, event },
        {
          target: destinationTarget(destination),
          ...(action === "delivery.stall" && { outcome: "failure" as const }),
          details: {
            delivered_to: event,
            leaf_hash: leafHash === null ? null : Buffer.from(leafHash).toString("base64"),
            delivered,
            ...(why !== undefined && { why }),
          },
        },
      ),
    ],
  });
}

export const recordReceipt = recording("delivery.receipt");
export const recordStall = recording("delivery.stall");
export const recordRecovery = recording("delivery.recover");

export interface Rejection {
  readonly destination: Pick<Destination, "id" | "name">;
  /** How many of the events from `first` to `last` the receiver doesn't take. */
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly why: string;
}

/** Records that a receiver took some of a batch for good, and didn't say which. */
export const recordRejection = defineAction({
  async run() {},
  events: (_result: void, { destination, why, ...counted }: Rejection) => [
    draftEvent(
      "delivery.reject",
      { name: destination.name, ...counted },
      {
        target: destinationTarget(destination),
        outcome: "failure",
        details: { ...counted, why: why.slice(0, 500) },
      },
    ),
  ],
});

/** Whether an event is an alert of a rule that names this destination. */
export function isAlertFor({ action, source, details }: PlainEvent, destination: string): boolean {
  if (action !== "alert.raise" || source !== "ironlog" || details === null) return false;
  const { destinations = [] } = JSON.parse(details) as { readonly destinations?: readonly string[] };
  return destinations.includes(destination);
}

/** What is told of deliveries, and of alerts: no reason for another receipt. */
export function isAboutDelivery(action: string): boolean {
  return ["delivery.receipt", "delivery.stall", "delivery.recover", "delivery.reject", "alert.raise"].includes(action);
}
