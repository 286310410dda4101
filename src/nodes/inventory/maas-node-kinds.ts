import type { ActingUser } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import { type MaasResource, resourceWord } from "../../http/maas/operation.ts";
import { Refusal } from "../../refusal.ts";
import { getNode, maySee, noSuchNode } from "./node-queries.ts";
import { type Node, type NodeType, nodeTypes } from "./node.ts";

/** Nodes of one type, or of all, as MAAS names and places them. */
export interface NodeKind {
  readonly many: { readonly resource: MaasResource; readonly path: string };
  readonly one: { readonly resource: MaasResource; readonly path: string };
  readonly types: readonly NodeType[];
  readonly word: string;
}

function nodeKind(word: string, path: string, names: { readonly many: string; readonly one: string }): NodeKind {
  const argument = {
    doc: `The ${word}'s system id, as '${resourceWord(names.many)} read' lists it.`,
    sample: "abc346",
  };
  return {
    many: { resource: { name: names.many, doc: `Manage the ${word}s.` }, path: `api/2.0/${path}/` },
    one: { resource: { name: names.one, doc: `Manage a ${word}.`, argument }, path: `api/2.0/${path}/{system_id}/` },
    types: word === "node" ? nodeTypes : nodeTypes.filter((type) => type.endsWith(word)),
    word,
  };
}

export const machines = nodeKind("machine", "machines", { many: "MachinesHandler", one: "MachineHandler" });
export const allNodes = nodeKind("node", "nodes", { many: "NodesHandler", one: "NodeHandler" });
export const devices = nodeKind("device", "devices", { many: "DevicesHandler", one: "DeviceHandler" });
export const racks: NodeKind = {
  ...nodeKind("rack controller", "rackcontrollers", { many: "RackControllersHandler", one: "RackControllerHandler" }),
  types: ["rack controller", "region and rack controller"],
};
export const regions: NodeKind = {
  ...nodeKind("region controller", "regioncontrollers", {
    many: "RegionControllersHandler",
    one: "RegionControllerHandler",
  }),
  types: ["region controller", "region and rack controller"],
};

/** The node of the path. Refuses with `not_found`, and as MAAS does with an empty 403 where it isn't the viewer's to see. */
export async function getVisible(
  db: Database,
  viewer: ActingUser,
  path: Readonly<Record<string, string>>,
  types: readonly NodeType[],
): Promise<Node> {
  const node = await getNode(db, path["system_id"] ?? "");
  if (!types.includes(node.type)) throw noSuchNode(node.systemId);
  if (!maySee(viewer, node)) throw new Refusal("forbidden", "");
  return node;
}
