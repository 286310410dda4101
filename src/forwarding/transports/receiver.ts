import type { EventTable } from "../../database/tables.ts";

/** Where a destination's events go. */
export interface Receiver extends AsyncDisposable {
  readonly batchMax: number;
  deliver(events: readonly EventTable[], signal: AbortSignal): Promise<Delivered>;
}
export interface Delivered {
  readonly taken: number;
  readonly refused: readonly { readonly id: number; readonly why: string }[];
}
export class BatchRefused extends Error {
  override readonly name = "BatchRefused";
}
export class ReceiverGone extends Error {
  override readonly name = "ReceiverGone";
}
export class RetryLater extends Error {
  override readonly name = "RetryLater";
  readonly afterMs: number | undefined;
  constructor(message: string, afterMs: number | undefined) {
    super(message);
    this.afterMs = afterMs;
  }
}
