import pg from "pg";
import { UnusableDatabase } from "../failures.ts";

// A pooler in transaction mode lends a connection of the server for one transaction at a time. What was set for a session,
// prepared statements and the reader's read-only mode are then lost, or somebody else's.

/** How often two clients are given the chance to be lent the same connection. */
const rounds = 4;

/** Throws `UnusableDatabase` where a pooler stands between that gives two clients one connection of the server. */
export async function refuseTransactionPooling(options: pg.ClientConfig, where: string): Promise<void> {
  const [one, other] = [new pg.Client(options), new pg.Client(options)];
  for (const client of [one, other]) client.on("error", () => {});
  try {
    await one.connect();
    const first = await backendOf(one);
    // PostgreSQL names its own process to a client, for cancelling; a pooler makes numbers up.
    if (first === announced(one)) return;
    await other.connect();
    for (let round = 0; round < rounds; round += 1) {
      await other.query("begin");
      // Where the pool has one connection alone, the first client would have to wait for the second one's end.
      const isLentToBoth = (await backendOf(other)) === first || (await backendOf(one)) !== first;
      await other.query("rollback");
      if (!isLentToBoth) continue;
      throw new UnusableDatabase(
        `${where} is a pooler in transaction mode, such as PgBouncer's: give PostgreSQL's own port, or a pool with pool_mode = session`,
      );
    }
  } finally {
    await Promise.allSettled([one.end(), other.end()]);
  }
}

async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid ?? 0;
}

/** The process that the server has named while connecting. The types don't know it. */
function announced(client: pg.Client): unknown {
  return (client as unknown as { readonly processID: unknown }).processID;
}
