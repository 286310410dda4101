import { type Kysely, sql } from "kysely";
import { GrowingTree, type TileNode } from "../../verifiable-log/tree.ts";
import type { SchemaStep } from "./step.ts";
import type { Tables } from "../tables.ts";
import { columnTypes, guardTable, needsAction } from "./building-blocks.ts";

/** Rows that are read at a time where a log is older than its tree. */
const chunkSize = 10_000;

/** The Merkle tree over the log, the log's identities, its checkpoints, and what verifications found. */
export const tree: SchemaStep = {
  async up(db, kind) {
    const { serial, integer, bytes, strict } = columnTypes(kind);
    const statements = [
      `alter table log_head add column edge ${bytes} not null default ${kind === "sqlite" ? "x''" : "''"}`,
      // For events of a target that is named by its id; the name has its index.
      `create index event_target_id on event (target_id, id) where target_id is not null`,
      `create table tree_node (
        level ${integer} not null,
        position ${integer} not null,
        hash ${bytes} not null,
        primary key (level, position)
      ) ${strict}`,
      `create table log_identity (
        id ${serial},
        origin text not null unique,
        log_key text not null,
        cosigner_key text not null,
        since_size ${integer} not null,
        created ${integer} not null
      ) ${strict}`,
      `create table log_move (
        id ${serial},
        moved ${integer} not null
      ) ${strict}`,
      `create table checkpoint (
        id ${integer} not null primary key,
        size ${integer} not null,
        note text not null,
        signed ${integer} not null
      ) ${strict}`,
      `create table verification (
        id ${serial},
        finished ${integer} not null,
        size ${integer} not null,
        integrity text not null,
        completeness text not null,
        report text not null
      ) ${strict}`,
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
    await plantTree(db);
    const guards = [
      ...guardTable(kind, "log_identity"),
      ...guardTable(kind, "log_move"),
      ...(kind === "sqlite" ? sqliteGuards : postgresGuards),
    ];
    for (const statement of guards) await sql.raw(statement).execute(db);
  },
};

/** Builds the tree over the events that are there already. */
async function plantTree(db: Kysely<Tables>): Promise<void> {
  const grown = GrowingTree.from(0, Buffer.alloc(0));
  for (;;) {
    const rows = await db
      .selectFrom("event")
      .select(["id", "leaf_hash"])
      .where("id", ">", grown.size)
      .orderBy("id")
      .limit(chunkSize)
      .execute();
    if (rows.length === 0) break;
    const nodes: TileNode[] = [];
    for (const { id, leaf_hash } of rows) {
      if (id !== grown.size + 1) throw new Error(`the log has no event ${grown.size + 1}: it is damaged`);
      nodes.push(...grown.append(leaf_hash));
    }
    for (const { level, index, hash } of nodes) {
      await db.insertInto("tree_node").values({ level, position: index, hash }).execute();
    }
  }
  if (grown.size > 0) await db.updateTable("log_head").set({ edge: grown.frontier() }).execute();
}

const append = {
  tree_node: "the tree can only grow",
  checkpoint: "checkpoints are only added, or the newest replaced by a later one",
};

/** True of a checkpoint that may not come: out of its order, smaller than the last one, or ahead of the log. */
const sqliteMisplaced = `new.id <> coalesce((select max(id) from checkpoint), 0) + 1
  or new.size < coalesce((select max(size) from checkpoint), 0)
  or new.size > (select last_event_id from log_head)`;
const sqliteStale = `new.id <> old.id or old.id <> (select max(id) from checkpoint) or new.size < old.size
  or new.signed < old.signed or new.size > (select last_event_id from log_head)`;

const sqliteRefusal = (name: string, when: string, condition: string | undefined, message: string): string =>
  `create trigger ${name} before ${when}
    ${condition === undefined ? "" : `when ${condition}`}
    begin select raise(abort, '${message}'); end`;

const sqliteGuards: readonly string[] = [
  sqliteRefusal(
    "tree_node_needs_action",
    "insert on tree_node",
    "not exists (select 1 from open_action)",
    needsAction("tree_node"),
  ),
  sqliteRefusal("tree_node_changes", "update on tree_node", undefined, append.tree_node),
  sqliteRefusal("tree_node_stays", "delete on tree_node", undefined, append.tree_node),
  sqliteRefusal("checkpoint_follows", "insert on checkpoint", sqliteMisplaced, append.checkpoint),
  sqliteRefusal("checkpoint_moves", "update on checkpoint", sqliteStale, append.checkpoint),
  sqliteRefusal("checkpoint_stays", "delete on checkpoint", undefined, append.checkpoint),
];

const postgresRefusal = (name: string, condition: string, message: string): string =>
  `create function ${name}() returns trigger language plpgsql as $$
    begin
      if ${condition} then
        raise exception using errcode = 'integrity_constraint_violation', message = '${message}';
      end if;
      return new;
    end $$`;

/** What ends an action, in one call: the head moves, the guards look whether the event is there, the marker goes. */
const closeAction = `create function ironlog_close_action(event_id bigint, created bigint, new_edge bytea)
  returns void language plpgsql as $$
    begin
      update log_head set last_event_id = event_id, last_created = created, edge = new_edge;
      set constraints all immediate;
      set constraints all deferred;
      perform set_config('ironlog.event_id', '', true);
    end $$`;

const postgresGuards: readonly string[] = [
  closeAction,
  postgresRefusal("ironlog_checkpoint_insert", sqliteMisplaced, append.checkpoint),
  postgresRefusal("ironlog_checkpoint_update", sqliteStale, append.checkpoint),
  postgresRefusal("ironlog_tree_grows", "true", append.tree_node),
  `create trigger tree_node_insert before insert on tree_node for each row execute function ironlog_needs_action()`,
  `create trigger tree_node_change before update or delete on tree_node for each row execute function ironlog_tree_grows()`,
  `create trigger tree_node_truncate before truncate on tree_node for each statement execute function ironlog_tree_grows()`,
  `create trigger checkpoint_insert before insert on checkpoint for each row execute function ironlog_checkpoint_insert()`,
  `create trigger checkpoint_update before update on checkpoint for each row execute function ironlog_checkpoint_update()`,
  `create trigger checkpoint_delete before delete on checkpoint for each row execute function ironlog_append_only()`,
  `create trigger checkpoint_truncate before truncate on checkpoint for each statement execute function ironlog_append_only()`,
];
