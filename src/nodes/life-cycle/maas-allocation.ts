import type { Call } from "../../http/operations/operation.ts";
import type { Database } from "../../database/database.ts";
import { actingUser } from "../../http/authentication/acting-user.ts";
import { indentedJson } from "../../http/maas/answer.ts";
import type { MaasOperation, MaasParameter, MaasRequest } from "../../http/maas/operation.ts";
import type { Parameters } from "../../http/maas/parameters/parameters.ts";
import { command, Finished } from "../../http/operations/operation.ts";
import { Refusal } from "../../refusal.ts";
import { findAvailable, noneAvailable } from "./allocation.ts";
import type { Constraints } from "./constraints.ts";
import { allocationIgnored } from "../ignored-parameters.ts";
import { allocateNode } from "./life-cycle-actions.ts";
import { constraintParameters, parseConstraints, refuseInAddress, refuseUnknown } from "./maas-constraints.ts";
import { shownNode } from "../inventory/maas-node-answer.ts";
import { machines } from "../inventory/maas-node-kinds.ts";
import { parseFlag } from "../../http/request/flag.ts";
import { agentName, comment, said } from "./maas-said.ts";
import type { Node } from "../inventory/node.ts";

const parameters: Readonly<Record<string, MaasParameter>> = {
  ...constraintParameters,
  zone: { type: "String", required: false, doc: "The zone that it is in." },
  pool: { type: "String", required: false, doc: "The resource pool that it is in." },
  agent_name: agentName,
  comment,
  dry_run: {
    type: "Boolean",
    required: false,
    doc: "Whether only to say which machine it would be: nothing is changed or recorded.",
  },
  ...allocationIgnored,
};

/** MAAS's `allocate`: the first machine that matches becomes the caller's. */
export const allocate: MaasOperation = {
  ...machines.many,
  method: "POST",
  op: "allocate",
  who: "user",
  title: "Allocate a machine",
  description:
    "Allocate the first machine that is ready and that matches: it is yours until you release it. Constraints on hardware are not looked at, but for the number of processors and the memory.",
  parameters,
  example: "zone=default agent_name=juju",
  does: command({
    action: allocateNode,
    async input(call) {
      const { request, now } = call;
      // A dry run that is asked for in the address would be none.
      refuseInAddress(request.query);
      refuseUnknown(request.parameters, parameters);
      const input = { constraints: constraintsOf(request.parameters), agentName: "", ...said(request.parameters) };
      const isDryRun = parseFlag(request.parameters.last("dry_run") ?? "", "dry_run");
      return isDryRun ? new Finished(await dryRun(call, input.constraints)) : { ...input, now };
    },
    output: ({ after }, { db }) => allocated(db, after),
  }),
};

/** Says which machine it would be. */
async function dryRun({ db, actor }: Call<MaasRequest>, constraints: Constraints) {
  const node = await findAvailable(db, constraints, actingUser(actor));
  if (node === undefined) throw new Refusal("conflict", noneAvailable(constraints));
  return allocated(db, node);
}

async function allocated(db: Database, node: Node) {
  return indentedJson({ ...(await shownNode(db, node)), constraints_by_type: {} });
}

/** The last zone and pool count, as in MAAS. */
function constraintsOf(sent: Parameters): Constraints {
  const { zones = [], pools = [], ...rest } = parseConstraints(sent);
  return { ...rest, zones: zones.slice(-1), pools: pools.slice(-1) };
}
