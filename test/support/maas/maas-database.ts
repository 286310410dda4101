import pg from "pg";

/** The shapes that MAAS's event table has had. */
export const maasVersions = ["2.7", "3.3", "3.7"] as const;
export type MaasVersion = (typeof maasVersions)[number];

/** A MAAS's database, made from what is known of its tables: events, their types, users, and the trigger that tells of events. */
export interface MaasDatabaseStandIn extends AsyncDisposable {
  /** As its owner, for whoever plays MAAS. */
  readonly url: string;
  /** As the role that mirrors, without its password. */
  readonly mirrorUrl: string;
  readonly password: string;
  ask<Row extends object = Readonly<Record<string, unknown>>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<readonly Row[]>;
  /** A connection of MAAS's own; ended with the database. */
  connect(): Promise<pg.Client>;
  /** Writes an event as MAAS does; gives its id. */
  write(event?: Partial<MaasEventRow>, client?: pg.Client): Promise<number>;
  /** Makes an account there. */
  addUser(user: { readonly id: number; readonly username: string; readonly isSuperuser?: boolean }): Promise<void>;
  /** Takes back the grant by which people's ids are known. */
  hidePeople(): Promise<void>;
  /** Writes so many events at once. */
  writeMany(count: number): Promise<void>;
}

/** What MAAS writes of an event. */
export interface MaasEventRow {
  readonly type: string;
  readonly username: string;
  readonly userId: number | null;
  readonly description: string;
  readonly action: string;
  readonly ip: string | null;
  readonly userAgent: string;
  readonly endpoint: number;
  readonly systemId: string | null;
  readonly hostname: string;
  readonly created: string;
}

const typical: MaasEventRow = {
  type: "AUTHORISATION",
  username: "johnnybegood",
  userId: 12,
  description: "Created token.",
  action: "",
  ip: "192.0.2.7",
  userAgent: "Python-httplib2/0.20.2",
  endpoint: 0,
  systemId: null,
  hostname: "",
  created: "2024-05-06T07:08:09.123456Z",
};

const eventTypes = [
  ["AUTHORISATION", "Authorisation", 0],
  ["SETTINGS", "Settings", 0],
  ["NODE_POWER_ON", "Node powered on", 10],
  ["NODE_CHANGED_STATUS", "Node changed status", 20],
  ["NODE_POWER_FAILED", "Failed to power on", 40],
] as const;

let made = 0;

/** Makes one in the tests' cluster, or at `cluster`, the URL of another one. */
export async function makeMaasDatabase(version: MaasVersion = "3.3", cluster?: string): Promise<MaasDatabaseStandIn> {
  // The tests' own cluster has hooks of node:test, which slow a benchmark down.
  const admin = cluster ?? (await (await import("../databases/databases.ts")).clusterUrl());
  made += 1;
  const name = `maas_${process.pid}_${made}`;
  const role = `mirror_${process.pid}_${made}`;
  const password = `password-of-${role}:@/?`;
  await once(admin, `create database ${name}`);
  const url = admin.replace(/\/postgres$/, `/${name}`);
  const clients: pg.Client[] = [];
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    clients.push(client);
    return client;
  };
  const own = await connect();
  for (const statement of tablesOf(version)) await own.query(statement);
  for (const [type, words, level] of eventTypes) {
    await own.query(
      "insert into maasserver_eventtype (created, updated, name, description, level) values (now(), now(), $1, $2, $3)",
      [type, words, level],
    );
  }
  // As docs/mirror.md says it.
  await own.query(`create role ${role} login password '${password}'`);
  await own.query(`grant select on maasserver_event, maasserver_eventtype to ${role}`);
  await own.query(`grant select (id, username, is_active, is_superuser) on auth_user to ${role}`);
  const { hostname, port } = new URL(url);
  return {
    url,
    mirrorUrl: `postgres://${role}@${hostname}:${port}/${name}`,
    password,
    connect,
    ask: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await own.query<Row>(text, [...values])).rows,
    async write(event = {}, client = own) {
      const row = { ...typical, ...event };
      const { rows } = await client.query<{ id: string }>(
        `insert into maasserver_event (created, updated, action, description, type_id, node_hostname, username,
            ip_address, user_agent, endpoint, node_system_id, user_id)
          select $1, $1, $2, $3, id, $4, $5, $6::inet, $7, $8, $9, $10 from maasserver_eventtype where name = $11
          returning id`,
        [
          row.created,
          row.action,
          row.description,
          row.hostname,
          row.username,
          row.ip,
          row.userAgent,
          row.endpoint,
          row.systemId,
          row.userId,
          row.type,
        ],
      );
      return Number(rows[0]?.id);
    },
    async addUser({ id, username, isSuperuser = false }) {
      await own.query("insert into auth_user (id, username, password, is_superuser) values ($1, $2, 'hashed', $3)", [
        id,
        username,
        isSuperuser,
      ]);
    },
    async hidePeople() {
      await own.query(`revoke select (id, username, is_active, is_superuser) on auth_user from ${role}`);
    },
    async writeMany(count) {
      await own.query(
        `insert into maasserver_event (created, updated, action, description, type_id, node_hostname, username,
            ip_address, user_agent, endpoint, node_system_id, user_id)
          select '2024-01-01Z'::timestamptz + n * interval '1 second', now(), '', 'Did thing number ' || n || '.',
            (select id from maasserver_eventtype where name = 'AUTHORISATION'), '', 'user' || n % 7, '192.0.2.1',
            'curl', 1, null, n % 7 from generate_series(1, $1::int) as n`,
        [count],
      );
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.end().catch(() => {})));
      await once(admin, `drop database if exists ${name} with (force)`);
      await once(admin, `drop role if exists ${role}`);
    },
  };
}

function tablesOf(version: MaasVersion): readonly string[] {
  const key = { "2.7": "serial", "3.3": "serial", "3.7": "bigint generated by default as identity" }[version];
  const node = version === "3.7" ? "bigint" : "integer";
  return [
    `create table auth_user (id serial primary key, username varchar(150) not null unique, password varchar(128) not null,
      is_superuser boolean not null default false, is_active boolean not null default true)`,
    `create table maasserver_node (id serial primary key, hostname varchar(255) not null, system_id varchar(41) not null unique)`,
    `create table maasserver_eventtype (id serial primary key, created timestamptz not null, updated timestamptz not null,
      name varchar(255) not null unique, description varchar(255) not null, level integer not null)`,
    `create table maasserver_event (
      id ${key} primary key, created timestamptz not null, updated timestamptz not null, action text not null,
      description text not null, node_id ${node} references maasserver_node (id), type_id integer not null references maasserver_eventtype (id),
      node_hostname varchar(255) not null, username varchar(150) not null, ip_address inet, user_agent text not null,
      endpoint integer not null, node_system_id varchar(41), user_id integer)`,
    `create index on maasserver_event (created)`,
    `create index on maasserver_event (node_id, id)`,
    `create function event_create_notify() returns trigger language plpgsql as
      $$ begin perform pg_notify('event_create', new.id::text); return new; end $$`,
    `create trigger event_create after insert on maasserver_event for each row execute function event_create_notify()`,
  ];
}

async function once(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
