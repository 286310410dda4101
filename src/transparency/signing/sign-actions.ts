import type { QueryCreator } from "kysely";
import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import type { ActionName } from "../../audit/kinds.ts";
import type { LogTables } from "../../database/tables.ts";
import { Refusal } from "../../refusal.ts";

/** Records that signing has stopped, and why. Refuses with `conflict` if the log tells of that already. */
export const recordSignStop = defineAction({
  async run(tx, stop: { readonly reason: string }) {
    if (await isStopRecorded(tx.withTables<Pick<LogTables, "event">>())) {
      throw new Refusal("conflict", "The log tells already that signing has stopped.");
    }
    return stop;
  },
  events: ({ reason }) => [draftEvent("log.sign.stop", { reason }, { outcome: "failure", details: { reason } })],
});

/** Records that signing goes on. Refuses with `conflict` if the log doesn't tell that it had stopped. */
export const recordSignResume = defineAction({
  async run(tx, _input: undefined) {
    if (!(await isStopRecorded(tx.withTables<Pick<LogTables, "event">>()))) {
      throw new Refusal("conflict", "The log tells of no stop.");
    }
  },
  events: () => [draftEvent("log.sign.resume", undefined)],
});

/** True if the newest event about signing tells of a stop. */
export async function isStopRecorded(
  log: Pick<QueryCreator<Pick<LogTables, "event">>, "selectFrom">,
): Promise<boolean> {
  // Two queries: each finds its event at one end of an index.
  const newest = async (action: ActionName): Promise<number> => {
    const event = await log
      .selectFrom("event")
      .select("id")
      .where("action", "=", action)
      .where("source", "=", "ironlog")
      .orderBy("id", "desc")
      .limit(1)
      .executeTakeFirst();
    return event?.id ?? 0;
  };
  const stopped = await newest("log.sign.stop");
  return stopped > (await newest("log.sign.resume"));
}
