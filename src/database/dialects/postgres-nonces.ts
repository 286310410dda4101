import type pg from "pg";
import { nonceRememberSeconds, noncesForgottenMax, type SharedNonces, type UsedNonce } from "../nonces.ts";
import { PostgresClient } from "./postgres-client.ts";
import type { SeekingConfig } from "./postgres-seeking.ts";
import { prepareConnection } from "./postgres-session.ts";

type Outcome = "new" | "used" | "forgotten";

interface Waiting extends UsedNonce {
  settle(outcome: Outcome): void;
  fail(error: unknown): void;
}

/** Nonces that are written in one statement. */
const batchMax = 500;
/** How often old ones are forgotten. */
const forgetSeconds = 60;

const useNonces = {
  name: "use-nonces",
  text: `with fresh as (
      insert into nonce (id, used) select * from unnest($1::bytea[], $2::bigint[]) on conflict do nothing returning id
    )
    select (select since from nonce_start) as since, array(select id from fresh) as fresh,
      array(select id from early_nonce where id = any($1)) as early`,
};

interface Answer {
  readonly since: number | null;
  readonly fresh: readonly Buffer[];
  /** Those of requests that were dated ahead: a crash doesn't lose them. */
  readonly early: readonly Buffer[];
}

/** Nonces in an unlogged table, over a connection of their own: what waits meanwhile goes with the next statement. */
export class PostgresNonces implements SharedNonces {
  readonly #options: SeekingConfig;
  #client: Promise<pg.Client> | undefined;
  #waiting: Waiting[] = [];
  #work: Promise<void> | undefined;
  #forgotten = 0;

  constructor(options: SeekingConfig) {
    this.#options = options;
  }

  use(nonce: UsedNonce): Promise<Outcome> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    this.#waiting.push({ ...nonce, settle: resolve, fail: reject });
    this.#work ??= this.#drain();
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#work;
    await this.#client?.then((client) => client.end()).catch(() => {});
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchMax);
      try {
        await this.#write(batch);
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    this.#work = undefined;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const client = await this.#connected();
    const [{ nowSeconds } = { nowSeconds: 0 }] = batch;
    const { rows } = await client.query<Answer>({
      ...useNonces,
      values: [batch.map(({ id }) => id), batch.map((nonce) => Math.floor(nonce.nowSeconds))],
    });
    const since = rows[0]?.since ?? (await this.#beginAnew(client, nowSeconds));
    const [fresh, early] = [textsOf(rows[0]?.fresh), textsOf(rows[0]?.early)];
    for (const { id, timestampSeconds, settle } of batch) {
      const text = Buffer.from(id).toString("base64");
      const isNew = fresh.has(text) && !early.has(text);
      settle(timestampSeconds < since ? "forgotten" : isNew ? "new" : "used");
    }
    if (nowSeconds - this.#forgotten >= forgetSeconds) {
      this.#forgotten = nowSeconds;
      await this.#forget(client, Math.floor(nowSeconds) - nonceRememberSeconds);
    }
  }

  /** A crash has emptied the tables: what was signed up to now may have been used. */
  async #beginAnew(client: pg.Client, nowSeconds: number): Promise<number> {
    const since = Math.floor(nowSeconds) + 1;
    await client.query("insert into nonce_start (one, since) values (1, $1) on conflict do nothing", [since]);
    const { rows } = await client.query<{ since: number }>("select since from nonce_start");
    return rows[0]?.since ?? since;
  }

  async #forget(client: pg.Client, before: number): Promise<void> {
    const text = `delete from nonce where id in (select id from nonce where used < $1 limit ${noncesForgottenMax})`;
    let gone: number | null;
    do ({ rowCount: gone } = await client.query(text, [before]));
    while (gone === noncesForgottenMax);
  }

  #connected(): Promise<pg.Client> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<pg.Client> {
    const client = new PostgresClient(this.#options);
    client.on("error", () => (this.#client = undefined));
    client.on("end", () => (this.#client = undefined));
    try {
      await client.connect();
      await prepareConnection(client, "noting");
      return client;
    } catch (error) {
      this.#client = undefined;
      client.end().catch(() => {});
      throw error;
    }
  }
}

function textsOf(ids: readonly Buffer[] | undefined): ReadonlySet<string> {
  return new Set(ids?.map((id) => id.toString("base64")));
}
