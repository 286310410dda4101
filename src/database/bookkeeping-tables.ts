// What the machine notes for itself. Nobody acted, so there is no event.

/** The last event that a worker has done its work on. */
export interface WorkerCursorTable {
  worker: string;
  event_id: number;
  leaf_hash: Uint8Array;
  moved: number;
}
