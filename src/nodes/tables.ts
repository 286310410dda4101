import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const nodesTables: OwnedTables = {
  zone: drawn,
  pool: drawn,
  domain: drawn,
  node: drawn,
  node_mac: drawn,
  deleted_node: { keys: ["system_id"], rights: "change" },
  tag: drawn,
  node_tag: { keys: ["node_id", "tag_id"], rights: "change" },
};

declare module "../database/tables.ts" {
  interface DomainTables {
    zone: ZoneTable;
    pool: PoolTable;
    domain: DomainTable;
    node: NodeTable;
    node_mac: NodeMacTable;
    deleted_node: DeletedNodeTable;
    tag: TagTable;
    node_tag: NodeTagTable;
  }
}

export interface ZoneTable {
  id: Generated<number>;
  name: string;
  description: string;
}

/** A resource pool. */
export interface PoolTable {
  id: Generated<number>;
  name: string;
  description: string;
}

export interface DomainTable {
  id: Generated<number>;
  name: string;
  authoritative: number;
  /** Seconds. */
  ttl: number | null;
}

export interface NodeTable {
  id: Generated<number>;
  /** Never given twice: events are tied to it. */
  system_id: string;
  hostname: string;
  /** 0 to 4, as MAAS numbers them; so is the status. */
  node_type: number;
  status: number;
  /** What a test or the rescue mode came from. */
  previous_status: number;
  domain_id: number;
  zone_id: number;
  /** Null for what is no machine. */
  pool_id: number | null;
  agent_name: string;
  owner_id: number | null;
  architecture: string;
  power_type: string;
  power_state: string;
  description: string;
  locked: number;
  created: number;
  updated: number;
  osystem: Generated<string>;
  distro_series: Generated<string>;
  hwe_kernel: Generated<string>;
  min_hwe_kernel: Generated<string>;
  /** Null where the system decides. */
  swap_size_bytes: number | null;
  /** 0 where it isn't known; so is the memory. */
  cpu_count: Generated<number>;
  memory_mib: Generated<number>;
  /** The system id of the node that a device belongs to. */
  parent_system_id: string | null;
}

/** A network interface, of which only the address is known: `aa:bb:cc:dd:ee:ff`. */
export interface NodeMacTable {
  id: Generated<number>;
  node_id: number;
  mac: string;
}

/** What is left of a deleted node, so that nobody else gets its system id. */
export interface DeletedNodeTable {
  system_id: string;
  hostname: string;
  deleted: number;
}

export interface TagTable {
  id: Generated<number>;
  name: string;
  definition: string;
  comment: string;
  kernel_opts: string;
}

export interface NodeTagTable {
  node_id: number;
  tag_id: number;
}
