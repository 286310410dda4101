import type { Database } from "../../database/database.ts";
import { plainColumns } from "../../database/event-columns.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import { type OpenDestination, openDestination } from "../destinations/destination-queries.ts";
import type { Receiver } from "../transports/receiver.ts";

/** Sends one event to a destination. Why it was not acknowledged, or not by everybody; undefined where it was. */
export type TestDelivery = (db: Database, name: string, event: number) => Promise<string | undefined>;

/** Beyond it whoever waits for the answer has gone. */
const waitMsMax = 30_000;

export function testDelivery(
  secrets: Secrets,
  openReceiver: (destination: OpenDestination) => Promise<Receiver>,
): TestDelivery {
  return async (db, name, event) => {
    const row = await db.selectFrom("event").select(plainColumns).where("id", "=", event).executeTakeFirstOrThrow();
    const late = AbortSignal.timeout(waitMsMax);
    try {
      const destination = await openDestination(db, secrets, name);
      // Files are named after their destination: one with an event of a test isn't to look like those of the worker.
      await using receiver = await openReceiver({ ...destination, name: `${destination.name}-test` });
      const { refused, unnamed, note } = await receiver.deliver([row], late);
      return refused[0]?.why ?? unnamed?.why ?? note;
    } catch (error) {
      if (late.aborted) return `it was not acknowledged within ${waitMsMax / 1_000} seconds`;
      return error instanceof Error && error.message !== "" ? error.message : String(error);
    }
  };
}
