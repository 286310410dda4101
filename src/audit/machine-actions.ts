import { mismatch } from "./state.ts";
import type { QueryCreator } from "kysely";
import type { LogTables } from "../database/tables.ts";
import { Refusal } from "../refusal.ts";
import { type Action, defineAction } from "./action.ts";
import { type EventDraft, draftEvent } from "./event-draft.ts";

// What the server and the machine do by themselves, and refusals: acts that change nothing but the log.

/** An action that only tells. */
function report<Input>(draft: (input: Input) => EventDraft): Action<Input, void> {
  return defineAction({
    async run() {},
    events: (_result, input) => [draft(input)],
  });
}

export interface ServerFacts {
  readonly version: string;
  readonly database: string;
}

export const recordServerStart = report((server: ServerFacts & { readonly address: string }) =>
  draftEvent(
    "server.start",
    { version: server.version },
    { details: { version: server.version, database: server.database, address: server.address } },
  ),
);

export const recordServerStop = report((server: ServerFacts & { readonly signal: string }) =>
  draftEvent(
    "server.stop",
    { version: server.version },
    { details: { version: server.version, database: server.database, signal: server.signal } },
  ),
);

/** Records those steps of the schema that no event tells of yet. Refuses with `conflict` if there are none. */
export const migrateSchema = defineAction({
  async run(tx, steps: readonly string[]) {
    const recorded = await recordedSteps(tx.withTables<Pick<LogTables, "event">>());
    const missing = steps.filter((step) => !recorded.has(step));
    if (missing.length === 0) throw new Refusal("conflict", "These steps are recorded already.");
    return missing;
  },
  events: (steps) => [draftEvent("schema.migrate", { steps }, { details: { steps } })],
});

/** The steps of the schema that the log tells of. */
export async function recordedSteps(
  log: Pick<QueryCreator<Pick<LogTables, "event">>, "selectFrom">,
): Promise<ReadonlySet<string>> {
  const events = await log.selectFrom("event").select("details").where("action", "=", "schema.migrate").execute();
  return new Set(
    events.flatMap(({ details }) => {
      const { steps } = JSON.parse(details ?? "{}") as { readonly steps?: readonly string[] };
      return steps ?? [];
    }),
  );
}

/** A row that lets somebody in isn't what the log has committed to. */
export const rowDiffers = report(mismatch);

/** What was asked for, and on what: the path as it was sent. */
export interface RefusedRequest {
  readonly operation: string;
  readonly path: string;
}

/** Somebody without the right to it asked for an administrator's operation. */
export const refuseOperation = report(({ operation, path }: RefusedRequest) =>
  draftEvent("operation.refuse", { operation }, { outcome: "failure", details: { operation, path } }),
);
