import { Type } from "typebox";
import { rfc3339Micros } from "../time.ts";
import { type Node, nodeTypes, powerStates } from "./inventory/node.ts";
import type { CountedDomain } from "./places/place-queries.ts";
import type { Pool, Zone } from "./places/place.ts";
import { statusLabels } from "./life-cycle/status.ts";
import type { Tag } from "./tags/tag-queries.ts";

const stringOrNull = Type.Union([Type.String(), Type.Null()]);

/** A node as the native API shows one. */
export const nodeSchema = Type.Object({
  system_id: Type.String(),
  hostname: Type.String(),
  fqdn: Type.String(),
  type: Type.Enum([...nodeTypes]),
  status: Type.Enum([...statusLabels]),
  zone: Type.String(),
  pool: stringOrNull,
  domain: Type.String(),
  owner: stringOrNull,
  agent_name: Type.String(),
  architecture: Type.String(),
  power_type: Type.String(),
  power_state: Type.Enum([...powerStates]),
  description: Type.String(),
  osystem: Type.String(),
  distro_series: Type.String(),
  hwe_kernel: Type.String(),
  min_hwe_kernel: Type.String(),
  swap_size: Type.Union([Type.Integer(), Type.Null()], { description: "In bytes; null lets the system decide." }),
  cpu_count: Type.Integer({ description: "0 where it isn't known; so is the memory." }),
  memory: Type.Integer({ description: "In MiB." }),
  parent: stringOrNull,
  is_locked: Type.Boolean(),
  mac_addresses: Type.Array(Type.String()),
  tags: Type.Array(Type.String()),
  created: Type.String({ format: "date-time" }),
  updated: Type.String({ format: "date-time" }),
});

export function nativeNode(node: Node) {
  return {
    system_id: node.systemId,
    hostname: node.hostname,
    fqdn: `${node.hostname}.${node.domain.name}`,
    type: node.type,
    status: node.status,
    zone: node.zone.name,
    pool: node.pool?.name ?? null,
    domain: node.domain.name,
    owner: node.owner?.username ?? null,
    agent_name: node.agentName,
    architecture: node.architecture,
    power_type: node.powerType,
    power_state: node.powerState,
    description: node.description,
    osystem: node.details.osystem,
    distro_series: node.details.distroSeries,
    hwe_kernel: node.details.hweKernel,
    min_hwe_kernel: node.details.minHweKernel,
    swap_size: node.details.swapSizeBytes,
    cpu_count: node.details.cpuCount,
    memory: node.details.memoryMib,
    parent: node.parent,
    is_locked: node.isLocked,
    mac_addresses: node.interfaces.map(({ mac }) => mac),
    tags: node.tags,
    created: rfc3339Micros(node.created),
    updated: rfc3339Micros(node.updated),
  };
}

/** A zone or a resource pool. */
export const placeSchema = Type.Object({ name: Type.String(), description: Type.String() });

export function nativePlace({ name, description }: Zone | Pool) {
  return { name, description };
}

export const domainSchema = Type.Object({
  name: Type.String(),
  is_authoritative: Type.Boolean(),
  ttl_seconds: Type.Union([Type.Integer(), Type.Null()]),
  node_count: Type.Integer({ description: "How many nodes have their name in it." }),
});

export function nativeDomain({ name, isAuthoritative, ttlSeconds, nodeCount }: CountedDomain) {
  return { name, is_authoritative: isAuthoritative, ttl_seconds: ttlSeconds, node_count: nodeCount };
}

export const tagSchema = Type.Object({
  name: Type.String(),
  definition: Type.String(),
  comment: Type.String(),
  kernel_opts: Type.String(),
});

export function nativeTag({ name, definition, comment, kernelOpts }: Tag) {
  return { name, definition, comment, kernel_opts: kernelOpts };
}
