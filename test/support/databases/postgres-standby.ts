import { execFileSync } from "node:child_process";
import pg from "pg";
import { type Cluster, startCluster } from "./postgres-cluster.ts";
import { until } from "../until.ts";

/** A standby that follows a cluster until it is promoted. */
export interface Standby extends Cluster {
  /** Returns once it has all that the primary has written. */
  untilEven(): Promise<void>;
  /** Makes it the writer. */
  promote(): Promise<void>;
}

export async function startStandby(primary: Cluster): Promise<Standby> {
  const standby = await startCluster({ fill: (data, as) => copyData(primary, data, as) });
  return {
    ...standby,
    async untilEven() {
      const [written] = await ask(primary.url, "select pg_current_wal_flush_lsn()::text as at");
      const text = `select pg_last_wal_replay_lsn() >= '${String(written?.["at"])}'::pg_lsn as even`;
      await until(async () => (await ask(standby.url, text))[0]?.["even"] === true);
    },
    async promote() {
      await ask(standby.url, "select pg_promote()");
    },
  };
}

/** As `pg_basebackup` does, which the package doesn't have. */
async function copyData(primary: Cluster, data: string, as: { readonly uid?: number }): Promise<void> {
  const client = new pg.Client({ connectionString: primary.url });
  await client.connect();
  await client.query("select pg_backup_start('standby', true)");
  execFileSync("cp", ["-R", `${primary.data}/.`, data], { ...as });
  const { rows } = await client.query<{ labelfile: string }>("select labelfile from pg_backup_stop(false)");
  await client.end();
  const { port } = new URL(primary.url);
  const script = `cd "$0" && rm -f postmaster.pid && cat > backup_label && touch standby.signal &&
    echo "primary_conninfo = 'host=127.0.0.1 port=${port} user=ironlog'" >> postgresql.auto.conf`;
  execFileSync("/bin/sh", ["-c", script, data], { ...as, input: rows[0]?.labelfile ?? "" });
}

async function ask(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
