import { machineActor } from "../../src/audit/actor.ts";
import { draftEvent } from "../../src/audit/event-draft.ts";
import { growLog } from "../../src/audit/growth.ts";
import { eventColumns } from "../../src/database/event-columns.ts";
import { AppendKeys } from "../../src/database/writing/append-keys.ts";
import type { Kind } from "../support/databases/databases.ts";
import { takeGuardsOff } from "../support/databases/guards.ts";
import type { TestServer } from "../support/server.ts";
import { literal } from "./mutations.ts";

/**
 * Appends an event by SQL that is right in everything; in the head's code only where the file of append keys is given. It may be
 * dated back.
 */
export async function appendBySql(
  server: TestServer,
  { ageMicros = 0, appendKeyFile }: { readonly ageMicros?: number; readonly appendKeyFile?: string },
): Promise<void> {
  const [row] = await server.meddle("select * from log_head");
  const head = row as {
    last_event_id: number;
    last_created: number;
    frontier: Uint8Array;
    key_id: string;
    newest_mac: Uint8Array;
  };
  const draft = draftEvent("user.permission.change", { username: "admin", isSuperuser: true, was: "user" });
  const grown = growLog(head, head.last_created - ageMicros, [{ draft, actor: machineActor("root") }]);
  const [identity] = await server.meddle("select origin from log_identity order by id desc limit 1");
  const code =
    appendKeyFile === undefined
      ? "mac"
      : literal(
          new AppendKeys(appendKeyFile).authenticate(
            { ...grown.head, origin: String(identity?.["origin"]) },
            // The event changes no row.
            { mac: Buffer.from(head.newest_mac) },
            head.key_id,
          ).mac,
          server.kind,
        );
  const guardAgain = await takeGuardsOff(server, "event", "log_head");
  for (const statement of appendStatements(grown, code, server.kind)) await server.meddle(statement);
  await guardAgain();
}

/** The SQL that appends a log's next event; `code` is the SQL of the head's. */
export function appendStatements(
  { head, rows }: ReturnType<typeof growLog>,
  code: string,
  kind: Kind,
): readonly string[] {
  const values = eventColumns.map((column) => literal(rows[0]?.[column] ?? null, kind));
  return [
    `insert into event (${eventColumns.join(", ")}) values (${values.join(", ")})`,
    `update log_head set last_event_id = ${head.last_event_id}, last_created = ${head.last_created},
      frontier = ${literal(head.frontier, kind)}, mac = ${code}`,
  ];
}
