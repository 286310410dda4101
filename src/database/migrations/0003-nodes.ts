import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";
import { type ColumnTypes, columnTypes, guardTable } from "./building-blocks.ts";

/** The inventory that events are tied to, with the zone, the pool and the domain that there is from the start. */
export const nodes: SchemaStep = {
  async up(db, kind) {
    const statements = [
      ...tables(columnTypes(kind)),
      ...firstRows,
      ...auditedTables.flatMap((table) => guardTable(kind, table)),
      ...indexes,
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const auditedTables = ["zone", "pool", "domain", "node", "node_mac", "deleted_node", "tag", "node_tag"] as const;

const tables = ({ serial, integer, strict }: ColumnTypes): readonly string[] => [
  `create table zone (
    id ${serial},
    name text not null unique,
    description text not null
  ) ${strict}`,
  `create table pool (
    id ${serial},
    name text not null unique,
    description text not null
  ) ${strict}`,
  `create table domain (
    id ${serial},
    name text not null unique,
    authoritative ${integer} not null check (authoritative in (0, 1)),
    ttl ${integer}
  ) ${strict}`,
  `create table node (
    id ${serial},
    system_id text not null unique,
    hostname text not null unique,
    node_type ${integer} not null check (node_type between 0 and 4),
    status ${integer} not null check (status between 0 and 22),
    previous_status ${integer} not null check (previous_status between 0 and 22),
    domain_id ${integer} not null references domain (id),
    zone_id ${integer} not null references zone (id),
    pool_id ${integer} references pool (id),
    agent_name text not null,
    owner_id ${integer} references "user" (id),
    architecture text not null,
    power_type text not null,
    power_state text not null check (power_state in ('on', 'off', 'unknown', 'error')),
    description text not null,
    locked ${integer} not null check (locked in (0, 1)),
    created ${integer} not null,
    updated ${integer} not null
  ) ${strict}`,
  `create table node_mac (
    id ${serial},
    node_id ${integer} not null references node (id),
    mac text not null unique
  ) ${strict}`,
  `create table deleted_node (
    system_id text not null primary key,
    hostname text not null,
    deleted ${integer} not null
  ) ${strict}`,
  `create table tag (
    id ${serial},
    name text not null unique,
    definition text not null,
    comment text not null,
    kernel_opts text not null
  ) ${strict}`,
  `create table node_tag (
    node_id ${integer} not null references node (id),
    tag_id ${integer} not null references tag (id),
    primary key (node_id, tag_id)
  ) ${strict}`,
];

/** MAAS's: the zone has the id 1, the pool and the domain 0. */
const firstRows: readonly string[] = [
  `insert into zone (name, description) values ('default', '')`,
  `insert into pool (id, name, description) values (0, 'default', 'Default pool')`,
  `insert into domain (id, name, authoritative, ttl) values (0, 'maas', 1, null)`,
];

/** `event_node` was made for one node at a time, without levels. */
const indexes: readonly string[] = [
  `create index node_of_domain on node (domain_id)`,
  `create index node_of_zone on node (zone_id)`,
  `create index node_of_pool on node (pool_id)`,
  `create index node_of_agent on node (agent_name)`,
  `create index node_of_owner on node (owner_id)`,
  `create index mac_of_node on node_mac (node_id)`,
  `create index node_of_tag on node_tag (tag_id)`,
  `drop index event_node`,
  `create index event_node on event (node, level, id) where node is not null`,
  `create index event_hostname on event (hostname, level, id) where hostname is not null`,
  `create index event_of_any_node on event (level, id, node) where node is not null`,
  `create index event_user_node on event (user_id, node, level, id) where node is not null`,
  `create index event_username_node on event (username, node, level, id) where node is not null`,
];
