import type { Database } from "../../database/database.ts";
import { maasNode } from "../maas-rendering.ts";
import type { Node } from "./node.ts";
import { statusMessages } from "../life-cycle/status-message.ts";

/** Nodes as MAAS's answers show them, with what is looked up for that alone. */
export async function shownNodes(
  db: Database,
  nodes: readonly Node[],
): Promise<readonly ReturnType<typeof maasNode>[]> {
  const ids = nodes.map(({ systemId }) => systemId);
  const messages = await statusMessages(db, ids);
  return nodes.map((node) => maasNode(node, messages.get(node.systemId) ?? null));
}

export async function shownNode(db: Database, node: Node): Promise<ReturnType<typeof maasNode>> {
  const [shown] = await shownNodes(db, [node]);
  return shown ?? maasNode(node, null);
}
