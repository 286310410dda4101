import type { SchemaPart } from "./building-blocks.ts";

/** The inventory that events are tied to, with the zone, the pool and the domain that there is from the start. */
export const nodes: SchemaPart = {
  audited: {
    zone: ["id"],
    pool: ["id"],
    domain: ["id"],
    node: ["id"],
    node_mac: ["id"],
    deleted_node: ["system_id"],
    tag: ["id"],
    node_tag: ["node_id", "tag_id"],
  },
  tables: ({ serial, integer, ordered, strict }) => [
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
    // Its system id is of the kind that the log's is: PostgreSQL compares no texts of different collations.
    // No reference for the parent: a copy is loaded in the order of the ids, and a device may be older than its parent.
    `create table node (
      id ${serial},
      system_id ${ordered} not null unique,
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
      updated ${integer} not null,
      osystem text not null default '',
      distro_series text not null default '',
      hwe_kernel text not null default '',
      min_hwe_kernel text not null default '',
      swap_size_bytes ${integer},
      cpu_count ${integer} not null default 0,
      memory_mib ${integer} not null default 0,
      parent_system_id text
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
    // MAAS's: the zone has the id 1, the pool and the domain 0.
    `insert into zone (name, description) values ('default', '')`,
    `insert into pool (id, name, description) values (0, 'default', 'Default pool')`,
    `insert into domain (id, name, authoritative, ttl) values (0, 'maas', 1, null)`,
    `create index node_of_domain on node (domain_id)`,
    `create index node_of_zone on node (zone_id)`,
    `create index node_of_pool on node (pool_id)`,
    `create index node_of_agent on node (agent_name)`,
    `create index node_of_owner on node (owner_id)`,
    `create index node_of_parent on node (parent_system_id)`,
    `create index mac_of_node on node_mac (node_id)`,
    `create index node_of_tag on node_tag (tag_id)`,
  ],
};
