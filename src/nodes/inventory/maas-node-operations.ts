import { actingUser } from "../../http/authentication/acting-user.ts";
import { indentedJson } from "../../http/maas/answer.ts";
import type { MaasOperation, MaasParameter } from "../../http/maas/operation.ts";
import { query } from "../../http/operations/operation.ts";
import { findMatching } from "../life-cycle/constraints.ts";
import { constraintParameters, parseConstraints, refuseUnknown } from "../life-cycle/maas-constraints.ts";
import { shownNode, shownNodes } from "./maas-node-answer.ts";
import { allNodes, devices, getVisible, machines, type NodeKind, racks, regions } from "./maas-node-kinds.ts";
import { create, deleteOne, update } from "./maas-node-writes.ts";
import { nodeFilterParameters, parseNodeFilter } from "../maas-parameters.ts";
import { seenBy } from "./node-queries.ts";
import { parseStatus } from "../life-cycle/status.ts";

/** MAAS filters a list by constraints too. */
const listParameters: Readonly<Record<string, MaasParameter>> = {
  ...nodeFilterParameters,
  status: { type: "String", required: false, doc: "Only nodes of these statuses, by name or number." },
  owner: { type: "String", required: false, doc: "Only nodes that belong to these users." },
  ...constraintParameters,
};

/** MAAS's `nodes/`, `machines/`, `devices/` and controllers: what they have in common. */
export const maasNodeOperations: readonly MaasOperation[] = [
  readMany(allNodes),
  readOne(allNodes),
  deleteOne(allNodes),
  readMany(machines),
  create(machines),
  readOne(machines),
  update(machines),
  deleteOne(machines),
  readMany(devices),
  create(devices),
  readOne(devices),
  update(devices),
  deleteOne(devices),
  ...[racks, regions].flatMap((kind) => [readMany(kind), readOne(kind), update(kind), deleteOne(kind)]),
];

function readMany({ many, types, word }: NodeKind): MaasOperation {
  return {
    ...many,
    method: "GET",
    op: null,
    who: "user",
    title: `List ${word}s`,
    description: `List the ${word}s that you may see: administrators all, others those that nobody owns and their own. A filter that MAAS doesn't know is refused.`,
    parameters: listParameters,
    example: "zone=default",
    does: query(async ({ db, actor, request: { query } }) => {
      refuseUnknown(query, listParameters);
      // Zones and pools are constraints, which must be there.
      const { zones: _zones, pools: _pools, ...filter } = parseNodeFilter(query, types);
      const statuses = query.all("status").map((status) => parseStatus(status));
      const wanted = statuses.length === 0 ? filter : { ...filter, statuses };
      const constraints = { ...parseConstraints(query), owners: query.all("owner").filter((owner) => owner !== "") };
      const nodes = await findMatching(db, constraints, seenBy(actingUser(actor), wanted));
      return indentedJson(await shownNodes(db, nodes));
    }),
  };
}

function readOne({ one, types, word }: NodeKind): MaasOperation {
  return {
    ...one,
    method: "GET",
    op: null,
    who: "user",
    title: `Read a ${word}`,
    description: `Read a ${word}, found by its system id.`,
    parameters: {},
    does: query(async ({ db, actor, request }) =>
      indentedJson(await shownNode(db, await getVisible(db, actingUser(actor), request.path, types))),
    ),
  };
}
