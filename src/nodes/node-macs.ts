import type { Tx } from "../audit/action.ts";
import { invalidField } from "../refusal.ts";
import type { Node } from "./node.ts";

/** Makes these all of the node's addresses; those that stay keep their ids. */
export async function replaceMacs(tx: Tx, node: Node, macs: readonly string[]): Promise<void> {
  const old = node.interfaces.map(({ mac }) => mac);
  const gone = old.filter((mac) => !macs.includes(mac));
  if (gone.length > 0) await tx.deleteFrom("node_mac").where("mac", "in", gone).execute();
  await storeMacs(
    tx,
    node.id,
    macs.filter((mac) => !old.includes(mac)),
  );
}

/** Adds addresses. Refuses one that some node has already. */
export async function storeMacs(tx: Tx, nodeId: number, macs: readonly string[]): Promise<void> {
  if (macs.length === 0) return;
  const taken = await tx
    .selectFrom("node_mac")
    .innerJoin("node", "node.id", "node_mac.node_id")
    .select(["node_mac.mac", "node.hostname"])
    .where("node_mac.mac", "in", macs)
    .orderBy("node_mac.mac")
    .executeTakeFirst();
  if (taken !== undefined) {
    throw invalidField("mac_addresses", `MAC address ${taken.mac} already in use on ${taken.hostname}.`);
  }
  await tx
    .insertInto("node_mac")
    .values(macs.map((mac) => ({ node_id: nodeId, mac })))
    .execute();
}
