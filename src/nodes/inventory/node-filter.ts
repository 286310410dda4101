import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { DomainTables } from "../../database/tables.ts";
import { nodeTypeNumber, type NodeType, openTypes } from "./node.ts";
import { type StatusLabel, statusNumber } from "../life-cycle/status.ts";

/** Which nodes are wanted: any of the values in each list that is given, and all of the lists. */
export interface NodeFilter {
  readonly systemIds?: readonly string[];
  readonly hostnames?: readonly string[];
  /** As `parseMacs` gives them. */
  readonly macs?: readonly string[];
  readonly domains?: readonly string[];
  readonly zones?: readonly string[];
  readonly pools?: readonly string[];
  readonly agentNames?: readonly string[];
  readonly statuses?: readonly StatusLabel[];
  readonly types?: readonly NodeType[];
  readonly tags?: readonly string[];
  /** Nodes without an owner, and this user's own; no controllers. */
  readonly seenBy?: number;
}

export type NodeBuilder = ExpressionBuilder<DomainTables, "node">;

/** The filter as a condition on a row of `node`. */
export function nodeCondition(filter: NodeFilter): (eb: NodeBuilder) => Expression<SqlBool> {
  const { systemIds, hostnames, macs, domains, zones, pools, agentNames, statuses, types, tags, seenBy } = filter;
  return (eb) =>
    eb.and([
      ...(systemIds === undefined ? [] : [eb("node.system_id", "in", systemIds)]),
      ...(hostnames === undefined ? [] : [eb("node.hostname", "in", hostnames)]),
      ...(macs === undefined ? [] : [eb("node.id", "in", nodesWithMac(eb, macs))]),
      ...(domains === undefined ? [] : [eb("node.domain_id", "in", idsOf(eb, "domain", domains))]),
      ...(zones === undefined ? [] : [eb("node.zone_id", "in", idsOf(eb, "zone", zones))]),
      ...(pools === undefined ? [] : [eb("node.pool_id", "in", idsOf(eb, "pool", pools))]),
      ...(agentNames === undefined ? [] : [eb("node.agent_name", "in", agentNames)]),
      ...(statuses === undefined ? [] : [eb("node.status", "in", statuses.map(statusNumber))]),
      ...(types === undefined ? [] : [eb("node.node_type", "in", types.map(nodeTypeNumber))]),
      ...(tags === undefined ? [] : [eb("node.id", "in", nodesWithTag(eb, tags))]),
      ...(seenBy === undefined ? [] : [isSeenBy(eb, seenBy)]),
    ]);
}

/** Whether somebody who is no administrator may see the node. */
export function isSeenBy(eb: NodeBuilder, userId: number): Expression<SqlBool> {
  return eb.and([
    eb("node.node_type", "in", openTypes.map(nodeTypeNumber)),
    eb.or([eb("node.owner_id", "is", null), eb("node.owner_id", "=", userId)]),
  ]);
}

function nodesWithMac(eb: NodeBuilder, macs: readonly string[]) {
  return eb.selectFrom("node_mac").select("node_mac.node_id").where("node_mac.mac", "in", macs);
}

function nodesWithTag(eb: NodeBuilder, tags: readonly string[]) {
  return eb
    .selectFrom("node_tag")
    .innerJoin("tag", "tag.id", "node_tag.tag_id")
    .select("node_tag.node_id")
    .where("tag.name", "in", tags);
}

/** The three tables have the same columns, as far as they matter here. */
function idsOf(eb: NodeBuilder, table: "zone" | "pool" | "domain", names: readonly string[]) {
  return eb
    .selectFrom(table as "zone")
    .select("id")
    .where("name", "in", names);
}
