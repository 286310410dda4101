import type { EventTable } from "../../../src/database/tables.ts";

/** Events with these ids, from the first on; a transport reads nothing of them but id and time. */
export function sampleEvents(count: number, first = 1): readonly EventTable[] {
  return Array.from(
    { length: count },
    (_, index) => ({ id: first + index, created: 1_517_524_098_000_001 + first + index }) as EventTable,
  );
}
