import type { Actor } from "../../audit/actor.ts";
import { actingUser } from "../../http/authentication/acting-user.ts";
import { indentedJson, nothing } from "../../http/maas/answer.ts";
import { withWarnings } from "../../http/maas/parameters/ignored-parameters.ts";
import type { MaasOperation, MaasParameter } from "../../http/maas/operation.ts";
import type { Parameters } from "../../http/maas/parameters/parameters.ts";
import { command } from "../../http/operations/operation.ts";
import { requiredFields } from "../../refusal.ts";
import {
  commissioningIgnored,
  controllerIgnored,
  deviceIgnored,
  machineIgnored,
  powerIgnored,
} from "../ignored-parameters.ts";
import { shownNode } from "./maas-node-answer.ts";
import { getVisible, type NodeKind } from "./maas-node-kinds.ts";
import { declaredIn, detailParameters, given, hostnamesFor, parseChanges } from "../maas-parameters.ts";
import { parseFlag } from "../../http/request/flag.ts";
import { parseScripts, scriptParameters } from "../life-cycle/maas-script-choices.ts";
import { createNode, deleteNode, updateNode } from "./node-actions.ts";
import { drawSystemIds, parseArchitecture } from "./node.ts";

type Declared = Readonly<Record<string, MaasParameter>>;

const optional = (type: MaasParameter["type"], doc: string): MaasParameter => ({ type, required: false, doc });

/** What a node is created with, or changed in. */
function placement(isMachine: boolean, isNew: boolean): Declared {
  const empty = isNew ? "Two random words if empty." : "Empty, it stays as it is.";
  return {
    hostname: optional("String", `Its name, which no other node has. ${empty}`),
    domain: optional("String", "The domain that its name is in."),
    zone: optional("String", "The name of its physical zone."),
    description: optional("String", "For people."),
    ...(isMachine && { pool: optional("String", "The name of its resource pool.") }),
  };
}

const power: Declared = {
  power_type: optional("String", "The name of a power driver, such as ipmi, which is not used."),
  ...powerIgnored,
};

/** What a device has, beside what all nodes have. */
const deviceFields: Declared = {
  parent: optional("String", "The system id of the node that it belongs to. Empty for none."),
  ...deviceIgnored,
};

/** What a new machine has, beside what all nodes have. */
const newMachine: Declared = {
  subarchitecture: optional("String", "The part behind the slash of the architecture, where that has none."),
  ...power,
  ...detailParameters,
  ...machineIgnored,
  commission: optional("Boolean", "Whether it is commissioned at once. Default: false."),
  ...scriptParameters("commissioning_scripts", "testing_scripts"),
  ...commissioningIgnored,
};

/** What is changed of a machine, beside what all nodes have. */
const machineChanges: Declared = {
  architecture: optional("String", "Such as amd64/generic."),
  ...power,
  ...detailParameters,
  ...machineIgnored,
  status: optional(
    "String",
    "How a step of its life ended, as whoever drives the hardware reports it, such as Deployed. An addition of Ironlog.",
  ),
  power_state: optional("String", "on, off, unknown or error. An addition of Ironlog."),
  agent_name: optional("String", "Who it was allocated for. An addition of Ironlog."),
};

const macsDoc = "A MAC address. Repeat it for several.";
const unlessIpmi = "Needed unless the power type is ipmi, whose machines tell it themselves.";

const machineNeeds: Declared = {
  architecture: {
    type: "String",
    required: false,
    isNeeded: true,
    doc: `Such as amd64 or amd64/generic. ${unlessIpmi}`,
  },
  mac_addresses: { type: "String", required: false, isNeeded: true, doc: `${macsDoc} ${unlessIpmi}` },
};

/** An IPMI machine may come without what MAAS learns from its board. */
function refuseIncomplete(sent: Parameters): void {
  if (sent.last("power_type") === "ipmi") return;
  const missing = Object.keys(machineNeeds).filter((name) => given(sent, name) === undefined);
  if (missing.length > 0) throw requiredFields(missing);
}

/** What MAAS takes of administrators alone when a machine is created. */
const forAdministrators = ["zone", "pool", "cpu_count", "memory", "commission"];

/** What of a new machine somebody who is no administrator can't choose, as MAAS has it. */
function ignoredOf({ user }: Actor, isMachine: boolean, { names }: Parameters): readonly string[] {
  if (!isMachine || user?.isSuperuser === true) return [];
  return forAdministrators.filter((name) => names.includes(name));
}

export function create({ many, types, word }: NodeKind): MaasOperation {
  const isMachine = word === "machine";
  const parameters: Declared = {
    ...(isMachine ? machineNeeds : { mac_addresses: { type: "String", required: true, doc: macsDoc } }),
    ...placement(isMachine, true),
    ...(isMachine ? newMachine : deviceFields),
  };
  return {
    ...many,
    method: "POST",
    op: null,
    who: "user",
    isForm: true,
    title: `Create a ${word}`,
    description: isMachine
      ? "Add a machine to the inventory. No hardware is contacted: its status is New until an administrator has it commissioned. Only administrators choose its zone, pool and size."
      : `Add a ${word} to the inventory. It is yours.`,
    parameters,
    example: `${isMachine ? "architecture=amd64 " : ""}mac_addresses=52:54:00:12:34:56 hostname=web`,
    does: command({
      action: createNode,
      async input({ actor, now, request }) {
        const ignored = new Set(ignoredOf(actor, isMachine, request.parameters));
        const taken = Object.entries(parameters).filter(([name]) => !ignored.has(name));
        const sent = declaredIn(Object.fromEntries(taken), request.parameters);
        if (isMachine) refuseIncomplete(sent);
        const { hostname, macs = [], powerType = "", description = "", ...rest } = parseChanges(sent);
        const { domain, writtenDomain, zone, pool, details } = rest;
        return {
          systemIds: drawSystemIds(),
          hostnames: hostnamesFor(hostname),
          type: types[0] ?? "machine",
          macs,
          ...(domain !== undefined && { domain }),
          ...(writtenDomain !== undefined && { writtenDomain }),
          ...(zone !== undefined && { zone }),
          ...(pool !== undefined && { pool }),
          ...(details !== undefined && { details }),
          ...(rest.parent !== undefined && { parent: rest.parent }),
          architecture: architectureOf(sent),
          powerType,
          description,
          isCommissioned: parseFlag(sent.last("commission") ?? "", "commission"),
          scripts: parseScripts(sent),
          now,
        };
      },
      async output(node, { db, actor, request }) {
        const ignored = ignoredOf(actor, isMachine, request.parameters);
        const sentences = ignored.map((name) => `${name} is ignored: only administrators may choose it`);
        return withWarnings(indentedJson(await shownNode(db, node)), sentences);
      },
    }),
  };
}

/** MAAS takes the architecture whole or in its two parts. */
function architectureOf(parameters: Parameters): string {
  const architecture = given(parameters, "architecture") ?? "";
  const subarchitecture = given(parameters, "subarchitecture");
  const isWhole = subarchitecture === undefined || architecture === "" || architecture.includes("/");
  return parseArchitecture(isWhole ? architecture : `${architecture}/${subarchitecture}`);
}

export function update({ one, types, word }: NodeKind): MaasOperation {
  const isMachine = word === "machine";
  const isDevice = word === "device";
  const parameters: Declared = {
    ...placement(isMachine, false),
    mac_addresses: optional("String", "All of its MAC addresses, an addition of Ironlog."),
    ...(isMachine && machineChanges),
    ...(isDevice && deviceFields),
    ...(!isMachine && !isDevice && { ...power, ...controllerIgnored }),
  };
  // Only machines are in pools: to ask for one is refused, not ignored.
  const read: Declared = { ...parameters, pool: optional("String", "") };
  return {
    ...one,
    method: "PUT",
    op: null,
    who: isDevice ? "user" : "administrator",
    title: `Update a ${word}`,
    description: `Change a ${word}; what isn't given stays.${isDevice ? " Administrators change all devices, others their own." : ""}`,
    parameters,
    example: `zone=default${isMachine ? " status=Deployed" : ""}`,
    does: command({
      action: updateNode,
      async input({ db, actor, now, request }) {
        const { systemId } = await getVisible(db, actingUser(actor), request.path, types);
        return { systemId, changes: parseChanges(declaredIn(read, request.parameters)), now };
      },
      output: async ({ after }, { db }) => indentedJson(await shownNode(db, after)),
    }),
  };
}

export function deleteOne({ one, types, word }: NodeKind): MaasOperation {
  const isDevice = word === "device";
  return {
    ...one,
    method: "DELETE",
    op: null,
    who: isDevice ? "user" : "administrator",
    title: `Delete a ${word}`,
    description: `Delete a ${word}. Its events stay, with its name.${isDevice ? " Administrators delete all devices, others their own." : ""}`,
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
