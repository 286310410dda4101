import { Parameters } from "../http/maas/parameters/parameters.ts";
import type { MaasParameter } from "../http/maas/operation.ts";
import { drawHostnames, type GivenHostname, parseHostname } from "./inventory/hostname.ts";
import { parseMacs } from "./inventory/mac-address.ts";
import type { NodeChanges } from "./inventory/node-actions.ts";
import type { NodeFilter } from "./inventory/node-filter.ts";
import { type NodeType, parseArchitecture, parseFreeText, parsePowerState, parsePowerType } from "./inventory/node.ts";
import { parseStatus } from "./life-cycle/status.ts";
import { parseDetails } from "./inventory/system-details.ts";

/** How nodes are asked for in a list, over MAAS's API. */
export const nodeFilterParameters: Readonly<Record<string, MaasParameter>> = {
  hostname: { type: "String", required: false, doc: "Only nodes of these names. May be repeated, as all filters may." },
  id: { type: "String", required: false, doc: "Only nodes of these system ids." },
  mac_address: { type: "String", required: false, doc: "Only nodes that have one of these MAC addresses." },
  domain: { type: "String", required: false, doc: "Only nodes in these domains." },
  zone: { type: "String", required: false, doc: "Only nodes in these zones." },
  pool: { type: "String", required: false, doc: "Only nodes in these resource pools." },
  agent_name: { type: "String", required: false, doc: "Only nodes with this agent name." },
};

/** Reads the filters that lists of nodes and of events share. An invalid MAC address is refused; unknown names find nothing. */
export function parseNodeFilter(query: Parameters, types?: readonly NodeType[]): NodeFilter {
  const list = (name: string): readonly string[] | undefined => {
    const values = query.all(name);
    return values.length === 0 ? undefined : [...new Set(values)];
  };
  const systemIds = list("id");
  const hostnames = list("hostname");
  const macs = list("mac_address");
  const domains = list("domain");
  const zones = list("zone");
  const pools = list("pool");
  const agentNames = list("agent_name");
  return {
    ...(types !== undefined && { types }),
    ...(systemIds !== undefined && { systemIds }),
    ...(hostnames !== undefined && { hostnames }),
    ...(macs !== undefined && { macs: parseMacs(macs) }),
    ...(domains !== undefined && { domains }),
    ...(zones !== undefined && { zones }),
    ...(pools !== undefined && { pools }),
    ...(agentNames !== undefined && { agentNames }),
  };
}

/** Name and domain: a dotted name brings its domain with it, which then must be there. */
export function parseNames(parameters: Parameters): Pick<NodeChanges, "hostname" | "domain" | "writtenDomain"> {
  const domain = given(parameters, "domain");
  const text = given(parameters, "hostname");
  return { ...(domain !== undefined && { domain }), ...(text !== undefined && nameChanges(parseHostname(text))) };
}

/** A name as it was written, with or without a domain behind it. */
export function nameChanges({ hostname, domain }: GivenHostname): Pick<NodeChanges, "hostname" | "writtenDomain"> {
  return { hostname, ...(domain !== undefined && { writtenDomain: domain }) };
}

/** The hostnames to try: the one that was given, else drawn ones. */
export function hostnamesFor(hostname: string | undefined): readonly string[] {
  return hostname === undefined ? drawHostnames() : [hostname];
}

/** The system and the size of a machine, as far as they are kept. */
export const detailParameters: Readonly<Record<string, MaasParameter>> = {
  osystem: { type: "String", required: false, doc: "The operating system that is to be deployed, such as ubuntu." },
  distro_series: { type: "String", required: false, doc: "Its release, such as focal or ubuntu/focal." },
  hwe_kernel: { type: "String", required: false, doc: "The kernel that is to be deployed, such as hwe-20.04." },
  min_hwe_kernel: { type: "String", required: false, doc: "The oldest kernel that it needs, such as ga-20.04." },
  swap_size: {
    type: "String",
    required: false,
    doc: "The size of its swap file in bytes; K, M, G and T are powers of 1,000. Empty lets the system decide.",
  },
  cpu_count: { type: "Int", required: false, doc: "How many processors it has." },
  memory: { type: "String", required: false, doc: "Its memory in MiB, or in bytes with K, M, G or T behind." },
};

/** The parameters that are declared and have an effect: an operation reads no others. */
export function declaredIn(declared: Readonly<Record<string, MaasParameter>>, parameters: Parameters): Parameters {
  const isDeclared = (name: string): boolean => Object.hasOwn(declared, name) && declared[name]?.ignored === undefined;
  return new Parameters(
    parameters.pairs.filter(([name]) => isDeclared(name)),
    parameters.uploads.filter(({ name }) => isDeclared(name)),
  );
}

/** What a PUT changes of a node. What isn't given, or given empty where that is no value, stays. */
export function parseChanges(parameters: Parameters): NodeChanges {
  const zone = given(parameters, "zone");
  const pool = given(parameters, "pool");
  const status = given(parameters, "status");
  const architecture = given(parameters, "architecture");
  const parent = parameters.last("parent");
  const detail = (name: string): string | undefined => parameters.last(name);
  const powerType = parameters.last("power_type");
  const powerState = given(parameters, "power_state");
  const description = parameters.last("description");
  const agentName = parameters.last("agent_name");
  const macs = parameters.all("mac_addresses");
  return {
    ...parseNames(parameters),
    ...(zone !== undefined && { zone }),
    ...(pool !== undefined && { pool }),
    ...(status !== undefined && { status: parseStatus(status) }),
    ...(architecture !== undefined && { architecture: parseArchitecture(architecture) }),
    ...(powerType !== undefined && { powerType: parsePowerType(powerType) }),
    ...(powerState !== undefined && { powerState: parsePowerState(powerState) }),
    ...(description !== undefined && { description: parseFreeText(description, "description") }),
    ...(agentName !== undefined && { agentName: parseFreeText(agentName, "agent_name", 255) }),
    ...(macs.length > 0 && { macs: parseMacs(macs, "mac_addresses") }),
    ...(parent !== undefined && { parent: parent === "" ? null : parent }),
    details: parseDetails({
      osystem: detail("osystem"),
      distro_series: detail("distro_series"),
      hwe_kernel: detail("hwe_kernel"),
      min_hwe_kernel: detail("min_hwe_kernel"),
      swap_size: detail("swap_size"),
      cpu_count: given(parameters, "cpu_count"),
      memory: detail("memory"),
    }),
  };
}

/** The last value, where it isn't empty. */
export function given(parameters: Parameters, name: string): string | undefined {
  const value = parameters.last(name);
  return value === "" ? undefined : value;
}
