import type { KyselyPlugin, QueryId } from "kysely";
import type { Database } from "../../src/database/database.ts";
import { registerWriter, writerOf } from "../../src/database/writing/writer.ts";

/**
 * The same database, on which something happens right after a table was read, before the reader can go on: what another
 * process may do at just that moment.
 */
export function afterReading(db: Database, table: string, happens: () => Promise<void>): Database {
  const awaited = new WeakSet<QueryId>();
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      if (JSON.stringify("from" in node ? node.from : {}).includes(`"name":"${table}"`)) awaited.add(queryId);
      return node;
    },
    async transformResult({ result, queryId }) {
      if (awaited.has(queryId)) await happens();
      return result;
    },
  };
  const watched = db.withPlugin(plugin);
  try {
    registerWriter(watched, writerOf(db));
  } catch {
    // One that is only read has no writer.
  }
  return watched;
}
