import { mkdtempSync, rmSync } from "node:fs";
import { postgresAt } from "../test/support/databases/locations.ts";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { parsePassword, PasswordHasher } from "../src/accounts/passwords/password.ts";
import { createFirstAdministrator } from "../src/accounts/users/user-actions.ts";
import { machineActor } from "../src/audit/actor.ts";
import { perform } from "../src/audit/perform.ts";
import { openDatabase } from "../src/database/opening.ts";
import { eventColumns } from "../src/database/event-columns.ts";
import { createToken, renameToken } from "../src/tokens/actions.ts";
import { type ApiKeyParts, drawToken } from "../src/tokens/token.ts";
import { startCluster } from "../test/support/databases/postgres-cluster.ts";
import { reportRequest } from "./bulk.ts";
import { signedRequests } from "./events-page.ts";
import { inTurn, type Measurement } from "./support/case.ts";
import { load } from "./support/load.ts";
import { startProgram, startServer } from "./support/started.ts";

const passwords = new PasswordHasher();

const rounds = 5;
const roundMs = 2_000;
const stored = 10_000;
const concurrency = 64;
const eventsPerRequest = 1_000;

/** What PostgreSQL adds: pages, single actions and reports, each against the bare thing over the same driver. */
export async function run(): Promise<Readonly<Record<string, Measurement>>> {
  const cluster = await startCluster();
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-bench-"));
  try {
    const credentials = await prepare(cluster.url);
    const server = await startServer(folder, {
      IRONLOG_DATABASE: cluster.url,
      IRONLOG_APPEND_KEY: postgresAt(cluster.url).appendKeyFile,
    });
    try {
      const bulk = await measureBulk(cluster.url, server.port, credentials);
      const page = await measurePage(cluster.url, server.port, credentials);
      return { ...page, ...(await measureActions(cluster.url)), ...bulk };
    } finally {
      await server.stop();
    }
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An administrator, and events to read. */
async function prepare(url: string): Promise<ApiKeyParts> {
  await using open = await openDatabase(postgresAt(url));
  const machine = machineActor("bench");
  const { token, credentials } = drawToken("bench", 1);
  const passwordHash = await passwords.hash(parsePassword("correct horse battery", "password"));
  const user = { username: "admin", email: "", lastName: "", isSuperuser: true, passwordHash, now: 1 };
  await perform(open.db, machine, createFirstAdministrator, { user, token });
  const rename = async (name: string): Promise<void> => {
    await perform(open.db, machine, renameToken, { userId: 1, tokenKey: credentials.tokenKey, name });
  };
  for (let done = 0; done < stored; done += 500) {
    await Promise.all(Array.from({ length: 500 }, (_, index) => rename(`${done}-${index}`)));
  }
  return credentials;
}

async function measurePage(url: string, port: number, credentials: ApiKeyParts) {
  const program = path.join(import.meta.dirname, "support", "reference-server.ts");
  const reference = await startProgram([program, url, path.dirname(postgresAt(url).appendKeyFile)]);
  try {
    const signed = signedRequests(credentials);
    const rate = async (at: number): Promise<number> => (await load(at, signed, roundMs)).requestsPerSecond;
    await rate(port);
    await rate(reference.port);
    return {
      "pg-events-page": await inTurn(
        rounds,
        "requests/s",
        () => rate(port),
        () => rate(reference.port),
      ),
    };
  } finally {
    await reference.stop();
  }
}

/** An action that inserts a row, and its event: against the same two inserts, as many to a commit. */
async function measureActions(url: string) {
  await using open = await openDatabase(postgresAt(url));
  const machine = machineActor("bench");
  const bare = await BareInserts.begin(url, "token.create", 1);
  try {
    const ours = async (): Promise<number> => {
      const start = performance.now();
      let done = 0;
      const lane = async (number: number): Promise<void> => {
        while (performance.now() - start < roundMs) {
          await perform(open.db, machine, createToken, { ...drawToken(`${number}-${done}`, 1).token, userId: 1 });
          done += 1;
        }
      };
      await Promise.all(Array.from({ length: concurrency }, (_, number) => lane(number)));
      return (done * 1000) / (performance.now() - start);
    };
    await ours();
    return { "pg-actions": await inTurn(rounds, "actions/s", ours, () => bare.rate(concurrency, true)) };
  } finally {
    await bare.end();
  }
}

async function measureBulk(url: string, port: number, credentials: ApiKeyParts) {
  const request = reportRequest(credentials);
  const ours = async (): Promise<number> =>
    (await load(port, () => request, roundMs, 2)).requestsPerSecond * eventsPerRequest;
  await ours();
  const bare = await BareInserts.begin(url, "node.status", eventsPerRequest);
  try {
    return { "pg-bulk": await inTurn(rounds, "events/s", ours, () => bare.rate(eventsPerRequest)) };
  } finally {
    await bare.end();
  }
}

/** Inserts the same rows one by one, so many to a commit, into a copy of the same table with the same indexes and no triggers. */
class BareInserts {
  readonly #client: pg.Client;
  readonly #rows: readonly unknown[][];
  #id: number;

  private constructor(client: pg.Client, rows: readonly unknown[][], lastId: number) {
    this.#client = client;
    this.#rows = rows;
    this.#id = lastId;
  }

  static async begin(url: string, action: string, count: number): Promise<BareInserts> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<unknown[]>({
      text: `select ${eventColumns.join(", ")} from event where action = $1 order by id desc limit $2`,
      values: [action, count],
      rowMode: "array",
    });
    for (const table of ["event", "token"] as const) {
      const bare = bareTables[table];
      await client.query(`drop table if exists ${bare}; create table ${bare} (like ${table} including all)`);
      // As deep as the log's own indexes are.
      await client.query(`insert into ${bare} overriding system value select * from ${table}`);
    }
    await client.query("select setval(pg_get_serial_sequence('bare_token', 'id'), (select max(id) from bare_token))");
    const last = await client.query<{ id: number }>("select max(id)::int as id from bare");
    return new BareInserts(client, rows, last.rows[0]?.id ?? 0);
  }

  /** Rows of events a second, each with a row of `token` before it where that is asked for. */
  async rate(perCommit: number, withToken = false): Promise<number> {
    const start = performance.now();
    let inserted = 0;
    while (performance.now() - start < roundMs) {
      await this.#client.query("begin");
      for (let index = 0; index < perCommit; index += 1) {
        if (withToken) {
          const { name, consumerKey, tokenKey, secretHash, created } = drawToken("bench", 1).token;
          await this.#client.query({ ...insertToken, values: [1, name, consumerKey, tokenKey, secretHash, created] });
        }
        const [, ...others] = this.#rows[index % this.#rows.length] ?? [];
        await this.#client.query({ ...insert, values: [(this.#id += 1), ...others] });
      }
      await this.#client.query("commit");
      inserted += perCommit;
    }
    return (inserted * 1000) / (performance.now() - start);
  }

  async end(): Promise<void> {
    await this.#client.query("drop table bare, bare_token");
    await this.#client.end();
  }
}

const bareTables = { event: "bare", token: "bare_token" } as const;

const insert = {
  name: "insert",
  text: `insert into bare (${eventColumns.join(", ")}) values (${eventColumns.map((_, index) => `$${index + 1}`).join(", ")})`,
};

const insertToken = {
  name: "insert-token",
  text: `insert into bare_token (user_id, name, consumer_key, token_key, secret_hash, created)
    values ($1, $2, $3, $4, $5, $6) returning id`,
};
