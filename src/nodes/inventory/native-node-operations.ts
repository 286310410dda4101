import { type Static, Type } from "typebox";
import type { ActingUser } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import { actingUser } from "../../http/authentication/acting-user.ts";
import { listOf, nativeList } from "../../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { parseHostname } from "./hostname.ts";
import { lifeCycleSteps } from "../life-cycle/life-cycle.ts";
import { advanceNode } from "../life-cycle/life-cycle-actions.ts";
import { hostnamesFor, nameChanges } from "../maas-parameters.ts";
import { parseMacs } from "./mac-address.ts";
import { nativeNode, nodeSchema } from "../native-schemas.ts";
import { createNode, deleteNode, type NodeChanges, updateNode } from "./node-actions.ts";
import { getNode, listNodes, maySee, noSuchNode, seenBy } from "./node-queries.ts";
import {
  drawSystemIds,
  type Node,
  nodeTypes,
  parseArchitecture,
  parseFreeText,
  parsePowerType,
  powerStates,
} from "./node.ts";
import { statusLabels } from "../life-cycle/status.ts";
import { parseDetails } from "./system-details.ts";

const text = (description: string) => Type.Optional(Type.String({ description }));

const filters = Type.Object(
  {
    type: Type.Optional(Type.Enum([...nodeTypes])),
    hostname: text("The node's name."),
    zone: text("The zone that it is in."),
    pool: text("The resource pool that it is in."),
    domain: text("The domain that its name is in."),
    status: Type.Optional(Type.Enum([...statusLabels])),
    mac_address: text("A MAC address that it has."),
    agent_name: text("Who it was allocated for."),
    tag: text("A tag that it bears."),
  },
  { additionalProperties: false },
);

const fields = {
  hostname: text("No other node has it. A dotted name brings its domain with it."),
  domain: text("The domain that its name is in."),
  zone: text("The name of its zone."),
  pool: text("The name of its resource pool; machines alone have one."),
  architecture: text("Such as amd64/generic."),
  power_type: text("The name of a power driver, which is not used."),
  description: text("For people."),
  osystem: text("The operating system that is to be deployed, such as ubuntu."),
  distro_series: text("Its release, such as focal or ubuntu/focal."),
  hwe_kernel: text("The kernel that is to be deployed, such as hwe-20.04."),
  min_hwe_kernel: text("The oldest kernel that it needs, such as ga-20.04."),
  swap_size: Type.Optional(
    Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description: "In bytes; null lets the system decide." }),
  ),
  cpu_count: Type.Optional(Type.Integer({ minimum: 0, maximum: 999_999 })),
  memory: Type.Optional(Type.Integer({ minimum: 0, description: "In MiB." })),
  parent: Type.Optional(
    Type.Union([Type.String(), Type.Null()], { description: "The system id of the node that a device belongs to." }),
  ),
  mac_addresses: Type.Optional(Type.Array(Type.String(), { maxItems: 256, description: "All of them." })),
  status: Type.Optional(
    Type.Enum([...statusLabels], {
      description: "How a step of its life ended, as whoever drives the hardware reports it.",
    }),
  ),
};

const newNode = Type.Object(
  { ...fields, type: Type.Optional(Type.Enum([...nodeTypes], { description: "machine unless given." })) },
  { additionalProperties: false },
);

const nodeChanges = Type.Object(
  {
    ...fields,
    power_state: Type.Optional(Type.Enum([...powerStates])),
    agent_name: text("Who it was allocated for."),
  },
  { additionalProperties: false },
);

/** The inventory that events are tied to. */
export const nativeNodeOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/nodes",
    method: "GET",
    id: "listNodes",
    command: ["nodes", "list"],
    who: "user",
    summary: "List nodes",
    description: "Administrators see all nodes, others what nobody owns and their own; no controllers.",
    query: filters,
    answer: { status: 200, description: "The nodes that match, oldest first.", schema: listOf(nodeSchema) },
    does: ({ query }) =>
      query(async ({ db, actor, request: { query } }) => {
        const { type, hostname, zone, pool, domain, status, mac_address: mac, agent_name: agent, tag } = query;
        const nodes = await listNodes(
          db,
          seenBy(actingUser(actor), {
            ...(type !== undefined && { types: [type] }),
            ...(hostname !== undefined && { hostnames: [hostname] }),
            ...(zone !== undefined && { zones: [zone] }),
            ...(pool !== undefined && { pools: [pool] }),
            ...(domain !== undefined && { domains: [domain] }),
            ...(status !== undefined && { statuses: [status] }),
            ...(mac !== undefined && { macs: parseMacs([mac], "mac_address") }),
            ...(agent !== undefined && { agentNames: [agent] }),
            ...(tag !== undefined && { tags: [tag] }),
          }),
        );
        return { status: 200, body: nativeList(nodes.map(nativeNode)) };
      }),
  }),
  nativeOperation({
    path: "/nodes",
    method: "POST",
    id: "createNode",
    command: ["nodes", "create"],
    who: "administrator",
    summary: "Add a node",
    description: "No hardware is contacted: its status is New unless given.",
    body: newNode,
    answer: { status: 201, description: "The new node.", schema: nodeSchema },
    does: ({ command }) =>
      command({
        action: createNode,
        async input({ now, request: { body } }) {
          const {
            hostname,
            macs = [],
            architecture = "",
            powerType = "",
            description = "",
            ...rest
          } = parseChanges(body);
          const { domain, writtenDomain, zone, pool, status, details, parent } = rest;
          return {
            systemIds: drawSystemIds(),
            hostnames: hostnamesFor(hostname),
            type: body.type ?? "machine",
            macs,
            ...(domain !== undefined && { domain }),
            ...(writtenDomain !== undefined && { writtenDomain }),
            ...(zone !== undefined && { zone }),
            ...(pool !== undefined && { pool }),
            ...(status !== undefined && { status }),
            ...(details !== undefined && { details }),
            ...(parent !== undefined && { parent }),
            architecture,
            powerType,
            description,
            now,
          };
        },
        output: (node) => ({ status: 201, body: nativeNode(node) }),
      }),
  }),
  nativeOperation({
    path: "/nodes/{system_id}",
    method: "GET",
    id: "readNode",
    who: "user",
    summary: "Read a node",
    answer: { status: 200, description: "The node.", schema: nodeSchema },
    does: ({ query }) =>
      query(async ({ db, actor, request: { path } }) => {
        return { status: 200, body: nativeNode(await getVisible(db, actingUser(actor), path["system_id"] ?? "")) };
      }),
  }),
  nativeOperation({
    path: "/nodes/{system_id}",
    method: "PATCH",
    id: "updateNode",
    command: ["nodes", "update"],
    who: "administrator",
    summary: "Change a node",
    description: "What isn't given stays.",
    body: nodeChanges,
    answer: { status: 200, description: "The node as it is now.", schema: nodeSchema },
    does: ({ command }) =>
      command({
        action: updateNode,
        async input({ now, request: { path, body } }) {
          const { power_state: powerState, agent_name: agentName } = body;
          const changes: NodeChanges = {
            ...parseChanges(body),
            ...(powerState !== undefined && { powerState }),
            ...(agentName !== undefined && { agentName: parseFreeText(agentName, "agent_name", 255) }),
          };
          return { systemId: path["system_id"] ?? "", changes, now };
        },
        output: ({ after }) => ({ status: 200, body: nativeNode(after) }),
      }),
  }),
  nativeOperation({
    path: "/nodes/{system_id}",
    method: "DELETE",
    id: "deleteNode",
    command: ["nodes", "delete"],
    who: "administrator",
    summary: "Delete a node",
    description: "Its events stay, with its system id and its name. A locked node must be unlocked first.",
    answer: { status: 204, description: "The node is gone." },
    does: ({ command }) =>
      command({
        action: deleteNode,
        input: async ({ now, request: { path } }) => ({ systemId: path["system_id"] ?? "", now }),
        output: () => ({ status: 204 }),
      }),
  }),
  nativeOperation({
    path: "/nodes/{system_id}/steps",
    method: "POST",
    id: "advanceNode",
    command: ["nodes", "advance"],
    who: "user",
    summary: "Take a machine one step along its life",
    description:
      "A change of state and its event: no hardware is driven. Owners may acquire, deploy, release, abort, mark_broken, lock, unlock, power_on and power_off, administrators all. Refused in a state that doesn't allow it.",
    body: Type.Object(
      {
        step: Type.Enum([...lifeCycleSteps]),
        agent_name: text("Who it is for, in your own words: for acquire and deploy."),
        comment: text("Why, for the log."),
      },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: "The machine as it is now.", schema: nodeSchema },
    does: ({ command }) =>
      command({
        action: advanceNode,
        async input({ db, actor, now, request: { path, body } }) {
          const { systemId } = await getVisible(db, actingUser(actor), path["system_id"] ?? "");
          const { step, agent_name: agentName, comment = "" } = body;
          const takesAgent = step === "acquire" || step === "deploy";
          return {
            systemId,
            step,
            ...(takesAgent && agentName !== undefined && { agentName: parseFreeText(agentName, "agent_name", 255) }),
            comment: parseFreeText(comment, "comment"),
            now,
          };
        },
        output: ({ after }) => ({ status: 200, body: nativeNode(after) }),
      }),
  }),
];

/** Says the same of a node that isn't there and of one that isn't the viewer's to see. */
async function getVisible(db: Database, viewer: ActingUser, systemId: string): Promise<Node> {
  const node = await getNode(db, systemId);
  if (!maySee(viewer, node)) throw noSuchNode(systemId);
  return node;
}

type Given = Partial<Pick<Static<typeof newNode>, keyof typeof fields>>;

function parseChanges(body: Given): NodeChanges {
  const { zone, pool, status, architecture, power_type: powerType, description, mac_addresses: macs } = body;
  const { hostname = "", domain, parent } = body;
  return {
    ...(hostname !== "" && nameChanges(parseHostname(hostname))),
    ...(domain !== undefined && { domain }),
    ...(zone !== undefined && { zone }),
    ...(pool !== undefined && { pool }),
    ...(status !== undefined && { status }),
    ...(architecture !== undefined && { architecture: parseArchitecture(architecture) }),
    ...(powerType !== undefined && { powerType: parsePowerType(powerType) }),
    ...(description !== undefined && { description: parseFreeText(description, "description") }),
    ...(macs !== undefined && { macs: parseMacs(macs, "mac_addresses") }),
    ...(parent !== undefined && { parent }),
    details: parseDetails({
      osystem: body.osystem,
      distro_series: body.distro_series,
      hwe_kernel: body.hwe_kernel,
      min_hwe_kernel: body.min_hwe_kernel,
      swap_size: body.swap_size === null ? "" : body.swap_size?.toString(),
      cpu_count: body.cpu_count?.toString(),
      memory: body.memory?.toString(),
    }),
  };
}
