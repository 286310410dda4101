import { eventTypes } from "../../audit/kinds.ts";
import type { Database } from "../../database/database.ts";

/** INFO to CRITICAL, as MAAS numbers them: audit events, with the number 0, are no message of a node. */
const messageLevels = [20, 30, 40, 50] as const;

/** One query names so many nodes at most: databases bound the number of parameters. */
const nodesPerQuery = 500;

/** What each node's newest event of level INFO or above says, as MAAS shows it: `type - description`. By system id. */
export async function statusMessages(db: Database, systemIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const messages = new Map<string, string>();
  for (let start = 0; start < systemIds.length; start += nodesPerQuery) {
    for (const [systemId, message] of await messagesOf(db, systemIds.slice(start, start + nodesPerQuery))) {
      messages.set(systemId, message);
    }
  }
  return messages;
}

async function messagesOf(db: Database, systemIds: readonly string[]): Promise<readonly (readonly [string, string])[]> {
  // One seek for each node and level: a group by node would read all of a node's events.
  const newest = await db
    .selectFrom("node")
    .select((eb) =>
      messageLevels.map((level) =>
        eb
          .selectFrom("event")
          .select("event.id")
          .whereRef("event.node", "=", "node.system_id")
          .where("event.level", "=", level)
          .orderBy("event.id", "desc")
          .limit(1)
          .as(`at_${level}`),
      ),
    )
    .where("node.system_id", "in", systemIds)
    .execute();
  const ids = newest.map((row) => Math.max(0, ...Object.values(row).map(Number))).filter((id) => id > 0);
  if (ids.length === 0) return [];
  const events = await db.selectFrom("event").select(["node", "type", "description"]).where("id", "in", ids).execute();
  return events.map(({ node, type, description }) => {
    const words: string = Object.entries(eventTypes).find(([name]) => name === type)?.[1] ?? type;
    return [node ?? "", description === null || description === "" ? words : `${words} - ${description}`];
  });
}
