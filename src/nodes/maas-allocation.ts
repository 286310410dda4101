import type { Call } from "../http/operation.ts";
import type { Database } from "../database/database.ts";
import { actingUser } from "../http/acting-user.ts";
import { indentedJson } from "../http/maas/answer.ts";
import type { MaasOperation, MaasParameter, MaasRequest } from "../http/maas/operation.ts";
import type { Parameters } from "../http/maas/parameters.ts";
import { isOfProtocol } from "../http/maas/protocol-parameters.ts";
import { pythonPairs } from "../http/maas/python-repr.ts";
import { command, Finished } from "../http/operation.ts";
import { Refusal } from "../refusal.ts";
import { type Constraints, findAvailable, noneAvailable } from "./allocation.ts";
import { constraintsIgnored } from "./ignored-parameters.ts";
import { allocateNode } from "./life-cycle-actions.ts";
import { shownNode } from "./maas-node-answer.ts";
import { machines } from "./maas-node-kinds.ts";
import { given, parseFlag } from "./maas-parameters.ts";
import { agentName, comment, said } from "./maas-said.ts";
import { findArchitecture, type Node } from "./node.ts";

const text = (doc: string): MaasParameter => ({ type: "String", required: false, doc });

const parameters: Readonly<Record<string, MaasParameter>> = {
  name: text("The machine's hostname, with or without its domain."),
  system_id: text("The machine's system id."),
  arch: text("Its architecture."),
  zone: text("The zone that it is in."),
  not_in_zone: text("A zone that it isn't in. May be repeated."),
  pool: text("The resource pool that it is in."),
  not_in_pool: text("A resource pool that it isn't in. May be repeated."),
  tags: text("A tag that it bears, or several with commas. May be repeated."),
  not_tags: text("A tag that it doesn't bear. May be repeated."),
  agent_name: agentName,
  comment,
  dry_run: {
    type: "Boolean",
    required: false,
    doc: "Whether only to say which machine it would be: nothing is changed or recorded.",
  },
  ...constraintsIgnored,
};

/** MAAS's `allocate`: the first machine that matches becomes the caller's. */
export const allocate: MaasOperation = {
  ...machines.many,
  method: "POST",
  op: "allocate",
  who: "user",
  title: "Allocate a machine",
  description:
    "Allocate the first machine that is ready and that matches: it is yours until you release it. Constraints on hardware are not looked at, since nothing is known of it.",
  parameters,
  example: "zone=default agent_name=juju",
  does: command({
    action: allocateNode,
    async input(call) {
      const { request, now } = call;
      refuseUnknown(request.parameters);
      const input = { constraints: parseConstraints(request.parameters), agentName: "", ...said(request.parameters) };
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

/** A misspelt constraint would give a machine that doesn't match: MAAS refuses it too. */
function refuseUnknown({ names }: Parameters): void {
  const isKnown = (name: string): boolean => isOfProtocol(name) || Object.hasOwn(parameters, name);
  const unknown = names.filter((name) => !isKnown(name));
  if (unknown.length === 0) return;
  const message = "No such constraint.";
  throw new Refusal("invalid", message, { fields: Object.fromEntries(unknown.map((name) => [name, [message]])) });
}

function parseConstraints(sent: Parameters): Constraints {
  const systemId = given(sent, "system_id");
  const [hostname, domain] = (given(sent, "name") ?? "").split(/\.(.*)/s);
  const zone = given(sent, "zone");
  const pool = given(sent, "pool");
  const architecture = given(sent, "arch");
  return {
    ...(systemId !== undefined && { systemId }),
    ...(hostname !== undefined && hostname !== "" && { hostname }),
    ...(domain !== undefined && { domain }),
    ...(zone !== undefined && { zone }),
    ...(pool !== undefined && { pool }),
    ...(architecture !== undefined && { architecture: findArchitecture(architecture, "arch") }),
    tags: words(sent, "tags"),
    notTags: words(sent, "not_tags"),
    notZones: places(sent, "not_in_zone"),
    notPools: places(sent, "not_in_pool"),
    asked: pythonPairs(askedFor(sent)),
  };
}

/** Fields and files, without what must not be repeated: a form may hold credentials. */
function askedFor(sent: Parameters): readonly (readonly [name: string, value: string])[] {
  const names = sent.names.filter((name) => !isOfProtocol(name));
  return names.flatMap((name) => sent.all(name).map((value) => [name, value] as const));
}

function words(sent: Parameters, name: string): readonly string[] {
  return sent
    .all(name)
    .flatMap((value) => value.split(/[\s,]+/))
    .filter((word) => word !== "");
}

/** Names of places may have blanks in them. */
function places(sent: Parameters, name: string): readonly string[] {
  return sent.all(name).filter((place) => place !== "");
}
