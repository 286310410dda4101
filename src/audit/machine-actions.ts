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

export const startServer = report((server: ServerFacts & { readonly address: string }) =>
  draftEvent(
    "server.start",
    { version: server.version },
    { details: { version: server.version, database: server.database, address: server.address } },
  ),
);

export const stopServer = report((server: ServerFacts & { readonly signal: string }) =>
  draftEvent(
    "server.stop",
    { version: server.version },
    { details: { version: server.version, database: server.database, signal: server.signal } },
  ),
);

export const migrateSchema = report((steps: readonly string[]) =>
  draftEvent("schema.migrate", { steps }, { details: { steps } }),
);

/** Somebody without the right to it asked for an administrator's operation. */
export const refuseOperation = report((operation: string) =>
  draftEvent("operation.refuse", { operation }, { outcome: "failure", details: { operation } }),
);
