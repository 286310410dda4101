import type { Tx } from "../../audit/action.ts";
import type { Actor } from "../../audit/actor.ts";
import { invalidField } from "../../refusal.ts";
import { getNode, maySee } from "./node-queries.ts";
import type { Node } from "./node.ts";

/** Makes these all of the node's addresses; those that stay keep their ids. */
export async function replaceMacs(tx: Tx, node: Node, macs: readonly string[], actor: Actor): Promise<void> {
  const old = node.interfaces.map(({ mac }) => mac);
  const gone = old.filter((mac) => !macs.includes(mac));
  if (gone.length > 0) await tx.deleteFrom("node_mac").where("mac", "in", gone).execute();
  await storeMacs(
    tx,
    node.id,
    macs.filter((mac) => !old.includes(mac)),
    actor,
  );
}

/** Adds addresses. Refuses one that some node has already, and names that node to those who may see it. */
export async function storeMacs(tx: Tx, nodeId: number, macs: readonly string[], { user }: Actor): Promise<void> {
  if (macs.length === 0) return;
  const taken = await tx
    .selectFrom("node_mac")
    .innerJoin("node", "node.id", "node_mac.node_id")
    .select(["node_mac.mac", "node.system_id"])
    .where("node_mac.mac", "in", macs)
    .orderBy("node_mac.mac")
    .executeTakeFirst();
  if (taken !== undefined) {
    const node = await getNode(tx, taken.system_id);
    const place = user === null || maySee(user, node) ? ` on ${node.hostname}` : "";
    throw invalidField("mac_addresses", `MAC address ${taken.mac} already in use${place}.`);
  }
  await tx
    .insertInto("node_mac")
    .values(macs.map((mac) => ({ node_id: nodeId, mac })))
    .execute();
}
