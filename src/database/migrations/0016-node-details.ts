import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";
import { columnTypes } from "./building-blocks.ts";

/** What MAAS's clients set on a node and read back: its system, its size, and the machine that a device belongs to. */
export const nodeDetails: SchemaStep = {
  async up(db, kind) {
    const { integer } = columnTypes(kind);
    const columns = [
      `osystem text not null default ''`,
      `distro_series text not null default ''`,
      `hwe_kernel text not null default ''`,
      `min_hwe_kernel text not null default ''`,
      `swap_size_bytes ${integer}`,
      `cpu_count ${integer} not null default 0`,
      `memory_mib ${integer} not null default 0`,
      // No reference: a copy is loaded in the order of the ids, and a device may be older than its parent.
      `parent_system_id text`,
    ];
    for (const column of columns) await sql.raw(`alter table node add column ${column}`).execute(db);
    await sql.raw(`create index node_of_parent on node (parent_system_id)`).execute(db);
  },
};
