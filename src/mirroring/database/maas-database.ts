import assert from "node:assert/strict";
import type pg from "pg";
import { connectionOptions } from "../../database/dialects/postgres.ts";
import { PostgresClient } from "../../database/dialects/postgres-client.ts";
import { withoutPassword } from "../../database/dialects/postgres-url.ts";
import type { MaasEvent } from "../recording/mirrored-event.ts";
import type { OpenSource } from "../sources/source-queries.ts";
import type { OpenGap } from "./id-tracker.ts";

// What is read from a MAAS's own database, by a role that may read `maasserver_event` and `maasserver_eventtype`. The columns are
// the same from MAAS 2.7 on; ids are 32 bits wide in old ones.

/** MAAS tells on this channel of each event that it commits. */
const channel = "event_create";

/** Which database it is. Another one may hold a copy, or an older state. */
export interface Place {
  readonly systemIdentifier: string;
  readonly timeline: number;
  /** The table's own number: a dump that is restored has another one. */
  readonly table: number;
}

/** Rows of one poll. */
export interface Polled {
  readonly rows: readonly MaasEvent[];
  /** Transactions that can write, taken after the rows were read. */
  readonly writing: ReadonlySet<string>;
}

/** An open connection to a MAAS's database. */
export class MaasDatabase implements AsyncDisposable {
  readonly #client: pg.Client;
  #fault: Error | undefined;
  #news = Promise.withResolvers<void>();

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** Connects. Throws where it can't, with the mend where that is known. */
  static async connect(source: OpenSource): Promise<MaasDatabase> {
    const { database } = source;
    if (database === null) throw new Error(`source '${source.name}' has no database`);
    const password = source.secret("databasePassword");
    const url = password === undefined ? database : withPassword(database, password);
    const client = new PostgresClient({ ...connectionOptions(url), application_name: `ironlog mirror ${source.name}` });
    const opened = new MaasDatabase(client);
    client.on("error", (error) => (opened.#fault = error));
    client.on("notification", () => opened.#news.resolve());
    try {
      await client.connect();
      await opened.#refuseStandby();
      // A lock or a plan that goes wrong must not hold up MAAS.
      await client.query(
        "set statement_timeout = '60s'; set lock_timeout = '10s'; set default_transaction_read_only = on",
      );
      // Along the ids, also where that database has not counted its rows yet: it would look through the whole table for each page.
      await client.query("set enable_seqscan = off; set enable_bitmapscan = off");
      await client.query(`listen ${channel}`);
      return opened;
    } catch (error) {
      await opened[Symbol.asyncDispose]();
      throw new Error(`cannot read ${withoutPassword(database)}: ${mendOf(error)}`, { cause: error });
    }
  }

  /** The error that ended the connection; undefined while it stands. */
  get fault(): Error | undefined {
    return this.#fault;
  }

  /** Fulfilled once MAAS has committed an event since `forgetNews` was called last. */
  get news(): Promise<void> {
    return this.#news.promise;
  }

  forgetNews(): void {
    this.#news = Promise.withResolvers();
  }

  async place(): Promise<Place> {
    const [row] = await this.#ask<Place>(
      `select (select system_identifier::text from pg_control_system()) as "systemIdentifier",
        (select timeline_id from pg_control_checkpoint()) as timeline,
        'maasserver_event'::regclass::oid::bigint as table`,
    );
    if (row === undefined) throw new Error("the database doesn't say which one it is");
    return row;
  }

  /**
   * Rows that fill open gaps and rows above `highest`, in the order of their ids, at most `rowsMax`; then the transactions that
   * are writing. In this order: a transaction that ends in between has its rows seen by the next poll.
   */
  async poll(highest: number, gaps: readonly OpenGap[], rowsMax: number): Promise<Polled> {
    // One message: between messages these rows would wait for what is being recorded meanwhile.
    const [, rows, locks] = await this.#askAll(
      `begin isolation level repeatable read read only; ${pollQuery(highest, gaps, rowsMax)}; ${writersQuery}; commit`,
    );
    const writing = (locks as readonly { readonly holder: string }[]).map(({ holder }) => holder);
    return { rows: (rows as readonly MaasEvent[]).map(checked), writing: new Set(writing) };
  }

  /** Rows with ids above `after` and up to `to`, in the order of their ids, at most `rowsMax`. */
  async read(after: number, to: number, rowsMax: number): Promise<readonly MaasEvent[]> {
    return (
      await this.#ask<MaasEvent>(
        `select ${columns} from maasserver_event e left join maasserver_eventtype t on t.id = e.type_id
          where e.id > $1 and e.id <= $2 order by e.id limit $3`,
        [after, to, rowsMax],
      )
    ).map(checked);
  }

  /** What is there: the first and the last row, and about how many there are. */
  async summary(): Promise<DatabaseSummary> {
    const [row] = await this.#ask<DatabaseSummary>(
      `select (select min(id) from maasserver_event) as "firstId", (select max(id) from maasserver_event) as "lastId",
        (select ${micros("created")} from maasserver_event order by id limit 1) as "firstTime",
        (select ${micros("created")} from maasserver_event order by id desc limit 1) as "lastTime",
        (select reltuples::bigint from pg_class where oid = 'maasserver_event'::regclass) as rows,
        (select format_type(atttypid, null) from pg_attribute
          where attrelid = 'maasserver_event'::regclass and attname = 'id') as "idType",
        current_setting('server_version') as "serverVersion"`,
    );
    if (row === undefined) throw new Error("the database doesn't answer");
    return { ...row, rows: row.rows === null || row.rows < 0 ? null : row.rows };
  }

  /** The person of that name or id; undefined where there is none. Throws `PeopleHidden` where the role may not look. */
  async person(who: WantedPerson): Promise<DatabasePerson | undefined> {
    try {
      const [person] = await this.#ask<DatabasePerson>(
        `select id::bigint as id, username, is_active as "isActive", is_superuser as "isSuperuser"
          from auth_user where ${"id" in who ? "id" : "username"} = $1`,
        ["id" in who ? who.id : who.username],
      );
      return person === undefined ? undefined : checkedPerson(person);
    } catch (error) {
      const { cause } = error as Error;
      if (cause instanceof Error && "code" in cause && cause.code === "42501") throw new PeopleHidden();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#fault ??= new Error("the connection was closed");
    await this.#client.end().catch(() => {});
  }

  async #refuseStandby(): Promise<void> {
    const [row] = await this.#ask<{ isStandby: boolean }>(`select pg_is_in_recovery() as "isStandby"`);
    if (row?.isStandby !== true) return;
    throw new Error(
      "this is a standby, which doesn't show who is writing, so that events could be missed: enter the primary's address",
    );
  }

  /** The rows of each of several statements. What they have begun is taken back where one fails. */
  async #askAll(statements: string): Promise<readonly (readonly object[])[]> {
    if (this.#fault !== undefined) throw this.#fault;
    try {
      // What node-postgres gives for several statements, its types don't know.
      const results: unknown = await this.#client.query(statements);
      return (results as readonly { readonly rows: readonly object[] }[]).map(({ rows }) => rows);
    } catch (error) {
      await this.#client.query("rollback").catch(() => {});
      throw new Error(mendOf(error), { cause: error });
    }
  }

  async #ask<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    if (this.#fault !== undefined) throw this.#fault;
    try {
      return (await this.#client.query<Row>(text, [...values])).rows;
    } catch (error) {
      throw new Error(mendOf(error), { cause: error });
    }
  }
}

/** Whom a MAAS's database is asked for. */
export type WantedPerson = { readonly id: number } | { readonly username: string };

/** What lets the role read it, and no passwords. */
export const peopleGrant = "GRANT SELECT (id, username, is_active, is_superuser) ON auth_user";

/** The role may not read who the people of that MAAS are. */
export class PeopleHidden extends Error {}

/** Somebody as a MAAS's database knows them. */
export interface DatabasePerson {
  readonly id: number;
  readonly username: string;
  readonly isActive: boolean;
  readonly isSuperuser: boolean;
}

function checkedPerson(person: DatabasePerson): DatabasePerson {
  if (!Number.isSafeInteger(person.id)) throw new Error(`user ${person.username} has an id that is too large`);
  return person;
}

export interface DatabaseSummary {
  /** Null where there is no event. */
  readonly firstId: number | null;
  readonly lastId: number | null;
  /** Microseconds. */
  readonly firstTime: number | null;
  readonly lastTime: number | null;
  /** As the database estimates it; null where it has not done so yet. */
  readonly rows: number | null;
  readonly idType: string;
  readonly serverVersion: string;
}

const micros = (column: string): string => `round(extract(epoch from ${column}) * 1000000)::bigint`;

const columns = `e.id::bigint as id, ${micros("e.created")} as created, coalesce(t.name, '') as type,
  coalesce(t.description, '') as "typeWords", coalesce(t.level, 0) as level, coalesce(e.action, '') as action,
  coalesce(e.description, '') as description, e.node_system_id as "systemId", coalesce(e.node_hostname, '') as hostname,
  coalesce(e.username, '') as username, e.user_id::bigint as "userId", host(e.ip_address) as ip,
  coalesce(e.user_agent, '') as "userAgent", e.endpoint as endpoint`;

/** Numbers alone are put into it: several statements in one message take no parameters. */
function pollQuery(highest: number, gaps: readonly OpenGap[], rowsMax: number): string {
  const ids = (numbers: readonly number[]): string => `array[${numbers.map(asId).join(", ")}]::bigint[]`;
  const [firsts, lasts] = [gaps.map(({ first }) => first), gaps.map(({ last }) => last)];
  return `select ${columns} from (
      select inside.* from unnest(${ids(firsts)}, ${ids(lasts)}) as gap (first, last)
        cross join lateral (
          select * from maasserver_event where id >= gap.first and id <= gap.last order by id limit ${asId(rowsMax)}
        ) as inside
      union all
      (select * from maasserver_event where id > ${asId(highest)} order by id limit ${asId(rowsMax)})
    ) e left join maasserver_eventtype t on t.id = e.type_id
    order by e.id limit ${asId(rowsMax)}`;
}

function asId(number: number): string {
  assert(Number.isSafeInteger(number), "ids are whole numbers");
  return String(number);
}

const writersQuery = `select virtualtransaction as holder from pg_locks
  where relation = 'maasserver_event'::regclass and mode = 'RowExclusiveLock'
    and database = (select oid from pg_database where datname = current_database())`;

/** Numbers that JavaScript can hold; a table in which somebody entered others isn't read on. */
function checked(row: MaasEvent): MaasEvent {
  for (const name of ["id", "created", "userId"] as const) {
    const value = row[name];
    if (value !== null && !Number.isSafeInteger(value))
      throw new Error(`event ${row.id} has a ${name} that is too large`);
  }
  return row;
}

function withPassword(database: string, password: string): string {
  return database.replace(/^([a-z]+:\/\/[^@/?#]*)@/, `$1:${encodeURIComponent(password)}@`);
}

/** What is wrong, and what mends it where that is known. */
function mendOf(error: unknown): string {
  const reason = error instanceof Error && error.message !== "" ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "42501") return `${reason}: run GRANT SELECT ON maasserver_event, maasserver_eventtype TO the role`;
  if (code === "42P01") return `${reason}: this isn't the database of a MAAS`;
  if (code === "28P01") return `${reason}: enter the role's password as database_password`;
  if (code === "28000" && reason.includes("no encryption")) {
    return `${reason}: add ?sslmode=no-verify, or better verify-full, to the address`;
  }
  if (code === "28000") return `${reason}: add a line for this machine to pg_hba.conf on the MAAS host`;
  return reason;
}
