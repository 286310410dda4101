import { Kysely, PostgresDialect } from "kysely";
import type { Database } from "../database.ts";
import { PostgresClient } from "../dialects/postgres-client.ts";
import { createConnectionPool } from "../dialects/postgres.ts";
import { withoutPassword } from "../dialects/postgres-url.ts";
import type { Tables } from "../tables.ts";

const connectionsMax = 4;
/** One that is further behind is of no use. */
const lagMicrosMax = 60_000_000;

/** A hot standby of the database, for what may be a moment old. It is used while it follows, and is looked at again and again. */
export class Standby implements AsyncDisposable {
  readonly #primary: Database;
  readonly #reader: Kysely<Tables>;
  readonly #place: string;
  #lastEventId: number | undefined;
  #isUsable = false;

  constructor(primary: Database, url: string) {
    this.#primary = primary;
    this.#place = withoutPassword(url);
    const pool = createConnectionPool(url, "asking", { max: connectionsMax, Client: PostgresClient });
    this.#reader = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  }

  /** Undefined while it can't be used: not looked at yet, out of reach, too far behind, or of another log. */
  get usable(): Database | undefined {
    // The same object behind a type that has no way to write; the connections refuse it as well.
    return this.#isUsable ? (this.#reader as unknown as Database) : undefined;
  }

  /** Up to which event it has the log; undefined before it was asked. */
  get lastEventId(): number | undefined {
    return this.#lastEventId;
  }

  /** Looks whether it can be used. Throws why it can't. */
  async look(): Promise<void> {
    try {
      await this.#check();
      this.#isUsable = true;
    } catch (error) {
      this.#isUsable = false;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isUsable = false;
    await this.#reader.destroy();
  }

  async #check(): Promise<void> {
    // The same object behind a type that has no way to write.
    const reader = this.#reader as unknown as Database;
    const [theirs, ours] = await Promise.all([newestOf(reader), newestOf(this.#primary)]);
    this.#lastEventId = theirs?.id ?? 0;
    // It may be a moment ahead, too: the two were not asked at the same time.
    const id = Math.min(theirs?.id ?? 0, ours?.id ?? 0);
    const [theirHash, ourHash] = await Promise.all([leafHashOf(reader, id), leafHashOf(this.#primary, id)]);
    const isSame = theirHash !== undefined && ourHash !== undefined && Buffer.from(theirHash).equals(ourHash);
    if (ours !== undefined && !isSame) {
      throw new Error(`${this.#place} has another log: is it a standby of this database?`);
    }
    const lag = (ours?.created ?? 0) - (theirs?.created ?? 0);
    if (lag > lagMicrosMax) throw new Error(`${this.#place} is ${Math.round(lag / 1e6)} s behind`);
  }
}

function newestOf(db: Database) {
  return db.selectFrom("event").select(["id", "created"]).orderBy("id", "desc").limit(1).executeTakeFirst();
}

async function leafHashOf(db: Database, id: number): Promise<Uint8Array | undefined> {
  return (await db.selectFrom("event").select("leaf_hash").where("id", "=", id).executeTakeFirst())?.leaf_hash;
}
