import type { SchemaPart } from "./building-blocks.ts";

/** The log, its head, its tree, and the keys that make a repeated report harmless. */
export const log: SchemaPart = {
  audited: { report: ["id"] },
  tables: ({ serial, integer, bytes, ordered, strict }, kind) => [
    // What each column is, and in which group it is hashed: docs/log-format.md.
    `create table event (
      id ${integer} not null primary key,
      level ${integer} not null,
      type ${ordered} not null,
      action text not null,
      outcome text not null check (outcome in ('success', 'failure')),
      source text not null,
      created ${integer} not null,
      occurred ${integer},
      username ${ordered},
      user_id ${integer},
      actor_salt ${bytes},
      ip text,
      user_agent text,
      endpoint text,
      trace_id text,
      forwarded text,
      reporter_id ${integer},
      reporter text,
      session text,
      key text,
      origin_salt ${bytes},
      target_kind text,
      target_id ${ordered},
      target_name ${ordered},
      description text,
      details text,
      subject_salt ${bytes},
      node ${ordered},
      hostname ${ordered},
      node_salt ${bytes},
      generation ${integer},
      source_event_id ${integer},
      source_type text,
      source_type_words text,
      realm text,
      realm_user_id ${integer},
      provenance_salt ${bytes},
      state text,
      state_salt ${bytes},
      commitments ${bytes} not null,
      leaf_hash ${bytes} not null,
      ip_bytes ${bytes}
    ) ${strict}`,
    `create table log_head (
      one ${integer} not null primary key check (one = 1),
      last_event_id ${integer} not null,
      last_created ${integer} not null,
      frontier ${bytes} not null,
      key_id text,
      mac ${bytes},
      newest_mac ${bytes}
    ) ${strict}`,
    `insert into log_head (one, last_event_id, last_created, frontier) values (1, 0, 0, ${kind === "sqlite" ? "x''" : "''"})`,
    `create table tree_node (
      level ${integer} not null,
      position ${integer} not null,
      hash ${bytes} not null,
      primary key (level, position)
    ) ${strict}`,
    // The hashes of 256 leaves each, so that the tree can be read where their rows are not.
    `create table leaf_tile (
      position ${integer} not null primary key,
      hashes ${bytes} not null
    ) ${strict}`,
    // What authenticates a row of an audited table: the salt of its digests, the event that stated it last, and a code over both.
    `create table row_mac (
      table_name text not null,
      key text not null,
      event_id ${integer} not null,
      salt ${bytes} not null,
      key_id text not null,
      mac ${bytes} not null,
      primary key (table_name, key)
    ) ${strict}`,
    // Its user may be deleted; the key stays, or a repeat would be recorded again.
    `create table report (
      id ${serial},
      user_id ${integer} not null,
      covers text not null,
      key text not null,
      digest ${bytes} not null,
      first_event_id ${integer} not null,
      event_count ${integer} not null
    ) ${strict}`,
    `create unique index report_key on report (user_id, covers, key)`,
    ...eventIndexes,
  ],
};

/** One for each way to page through the log: what is asked for first, the id last. */
const eventIndexes: readonly string[] = [
  `create index event_level on event (level, id)`,
  `create index event_user on event (user_id, level, id)`,
  `create index event_username on event (username, level, id)`,
  `create index event_action on event (action, id)`,
  `create index event_type on event (type, id)`,
  `create index event_failure on event (id) where outcome = 'failure'`,
  `create index event_source on event (source, id) where source <> 'ironlog'`,
  // What a mirrored source has recorded is recorded here once, for good.
  `create unique index event_of_source on event (source, generation, source_event_id) where source_event_id is not null`,
  `create index event_ip on event (ip_bytes, id) where ip_bytes is not null`,
  // What is no address: next to nothing.
  `create index event_ip_text on event (ip, id) where ip is not null and ip_bytes is null`,
  `create index event_session on event (session, id) where session is not null`,
  `create index event_key on event (key, id) where key is not null`,
  `create index event_node on event (node, level, id) where node is not null`,
  `create index event_hostname on event (hostname, level, id) where hostname is not null`,
  `create index event_of_any_node on event (level, id, node) where node is not null`,
  `create index event_user_node on event (user_id, node, level, id) where node is not null`,
  `create index event_username_node on event (username, node, level, id) where node is not null`,
  `create index event_realm on event (realm, realm_user_id, level, id) where realm is not null`,
  `create index event_target on event (target_name, id) where target_name is not null`,
  `create index event_target_id on event (target_id, id) where target_id is not null`,
  `create index event_trace on event (trace_id, id) where trace_id is not null`,
  `create index event_created on event (created, id)`,
];
