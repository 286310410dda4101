import type { ActingUser } from "../audit/actor.ts";
import type { Database } from "../database/database.ts";
import { actingUser } from "../http/acting-user.ts";
import { indentedJson, nothing } from "../http/maas/answer.ts";
import { type MaasOperation, type MaasParameter, type MaasResource, resourceWord } from "../http/maas/operation.ts";
import { command, question } from "../http/operation.ts";
import { Refusal } from "../refusal.ts";
import { hostnamesFor, nodeFilterParameters, parseChanges, parseNodeFilter } from "./maas-parameters.ts";
import { maasNode } from "./maas-rendering.ts";
import { createNode, deleteNode, updateNode } from "./node-actions.ts";
import { getNode, listNodes, maySee, noSuchNode, seenBy } from "./node-queries.ts";
import { drawSystemIds, type Node, type NodeType, nodeTypes } from "./node.ts";
import { parseStatus } from "./status.ts";

/** Nodes of one type, or of all, as MAAS names and places them. */
interface Kind {
  readonly many: { readonly resource: MaasResource; readonly path: string };
  readonly one: { readonly resource: MaasResource; readonly path: string };
  readonly types: readonly NodeType[];
  readonly word: string;
}

function nodeKind(word: string, path: string, names: { readonly many: string; readonly one: string }): Kind {
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
const allNodes = nodeKind("node", "nodes", { many: "NodesHandler", one: "NodeHandler" });
const devices = nodeKind("device", "devices", { many: "DevicesHandler", one: "DeviceHandler" });
const racks: Kind = {
  ...nodeKind("rack controller", "rackcontrollers", { many: "RackControllersHandler", one: "RackControllerHandler" }),
  types: ["rack controller", "region and rack controller"],
};
const regions: Kind = {
  ...nodeKind("region controller", "regioncontrollers", {
    many: "RegionControllersHandler",
    one: "RegionControllerHandler",
  }),
  types: ["region controller", "region and rack controller"],
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

function readMany({ many, types, word }: Kind): MaasOperation {
  return {
    ...many,
    method: "GET",
    op: null,
    who: "user",
    title: `List ${word}s`,
    description: `List the ${word}s that you may see: administrators all, others those that nobody owns and their own.`,
    parameters: {
      ...nodeFilterParameters,
      status: { type: "String", required: false, doc: "Only nodes of these statuses, by name or number." },
    },
    example: "zone=default",
    does: question(async ({ db, actor, request: { query } }) => {
      const filter = parseNodeFilter(query, types);
      const statuses = query.all("status").map((status) => parseStatus(status));
      const wanted = statuses.length === 0 ? filter : { ...filter, statuses };
      const nodes = await listNodes(db, seenBy(actingUser(actor), wanted));
      return indentedJson(nodes.map(maasNode));
    }),
  };
}

function readOne({ one, types, word }: Kind): MaasOperation {
  return {
    ...one,
    method: "GET",
    op: null,
    who: "user",
    title: `Read a ${word}`,
    description: `Read a ${word}, found by its system id.`,
    parameters: {},
    does: question(async ({ db, actor, request }) =>
      indentedJson(maasNode(await getVisible(db, actingUser(actor), request.path, types))),
    ),
  };
}

function create({ many, types, word }: Kind): MaasOperation {
  const isMachine = word === "machine";
  return {
    ...many,
    method: "POST",
    op: null,
    who: "administrator",
    title: `Create a ${word}`,
    description: `Add a ${word} to the inventory. No hardware is contacted: its status is New until somebody changes it.`,
    parameters: {
      ...(isMachine && {
        architecture: { type: "String", required: true, doc: "Such as amd64 or amd64/generic." } as const,
      }),
      mac_addresses: { type: "String", required: true, doc: "A MAC address. Repeat it for several." },
      ...placement(isMachine),
    },
    example: `${isMachine ? "architecture=amd64 " : ""}mac_addresses=52:54:00:12:34:56 hostname=web`,
    does: command({
      action: createNode,
      async input({ now, request: { parameters } }) {
        const {
          hostname,
          macs = [],
          architecture = "",
          powerType = "",
          description = "",
          ...rest
        } = parseChanges(parameters);
        const { domain, writtenDomain, zone, pool } = rest;
        return {
          systemIds: drawSystemIds(),
          hostnames: hostnamesFor(hostname),
          type: types[0] ?? "machine",
          macs,
          ...(domain !== undefined && { domain }),
          ...(writtenDomain !== undefined && { writtenDomain }),
          ...(zone !== undefined && { zone }),
          ...(pool !== undefined && isMachine && { pool }),
          architecture,
          powerType,
          description,
          now,
        };
      },
      output: (node) => indentedJson(maasNode(node)),
    }),
  };
}

/** What a node is created with, or changed in. */
function placement(isMachine: boolean): Readonly<Record<string, MaasParameter>> {
  return {
    hostname: { type: "String", required: false, doc: "Its name, which no other node has. Two random words if empty." },
    domain: { type: "String", required: false, doc: "The domain that its name is in." },
    zone: { type: "String", required: false, doc: "The name of its physical zone." },
    description: { type: "String", required: false, doc: "For people." },
    ...(isMachine && {
      pool: { type: "String", required: false, doc: "The name of its resource pool." } as const,
      power_type: { type: "String", required: false, doc: "The name of a power driver, which is not used." } as const,
    }),
  };
}

function update({ one, types, word }: Kind): MaasOperation {
  const isMachine = word === "machine";
  return {
    ...one,
    method: "PUT",
    op: null,
    who: "administrator",
    title: `Update a ${word}`,
    description: `Change a ${word}; what isn't given stays.`,
    parameters: {
      ...placement(isMachine),
      ...(isMachine && { architecture: { type: "String", required: false, doc: "Such as amd64/generic." } as const }),
      mac_addresses: { type: "String", required: false, doc: "All of its MAC addresses, an addition of Ironlog." },
      ...(isMachine && {
        status: {
          type: "String",
          required: false,
          doc: "How a step of its life ended, as whoever drives the hardware reports it, such as Deployed. An addition of Ironlog.",
        } as const,
        power_state: {
          type: "String",
          required: false,
          doc: "on, off, unknown or error. An addition of Ironlog.",
        } as const,
      }),
    },
    example: `zone=default${isMachine ? " status=Deployed" : ""}`,
    does: command({
      action: updateNode,
      async input({ db, actor, now, request: { path, parameters } }) {
        const { systemId } = await getVisible(db, actingUser(actor), path, types);
        return { systemId, changes: parseChanges(parameters), now };
      },
      output: ({ after }) => indentedJson(maasNode(after)),
    }),
  };
}

function deleteOne({ one, types, word }: Kind): MaasOperation {
  return {
    ...one,
    method: "DELETE",
    op: null,
    who: "administrator",
    title: `Delete a ${word}`,
    description: `Delete a ${word}. Its events stay, with its name.`,
    parameters: {},
    does: command({
      action: deleteNode,
      async input({ db, actor, now, request: { path } }) {
        const { systemId } = await getVisible(db, actingUser(actor), path, types);
        return { systemId, now };
      },
      output: () => nothing,
    }),
  };
}

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
