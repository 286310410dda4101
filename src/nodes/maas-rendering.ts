import type { Node, NodeInterface } from "./inventory/node.ts";
import { nodeTypeNumber, type NodeType } from "./inventory/node.ts";
import { defaultDomainId, type Pool, type Zone } from "./places/place.ts";
import type { CountedDomain, PlaceKind } from "./places/place-queries.ts";
import { statusNumber } from "./life-cycle/status.ts";
import type { Tag } from "./tags/tag-queries.ts";

const root = "/MAAS/api/2.0";

/** Below which path MAAS has the nodes of a type. */
export const nodePaths: Readonly<Record<NodeType, string>> = {
  machine: "machines",
  device: "devices",
  "rack controller": "rackcontrollers",
  "region controller": "regioncontrollers",
  "region and rack controller": "rackcontrollers",
};

/**
 * A node with every key that MAAS's clients need to list it. What would come from the hardware
 * has the value that MAAS shows before it knows.
 */
export function maasNode(node: Node, statusMessage: string | null) {
  const interfaces = node.interfaces.map((one, index) => maasInterface(node, one, index));
  return {
    resource_uri: `${root}/${nodePaths[node.type]}/${node.systemId}/`,
    system_id: node.systemId,
    hostname: node.hostname,
    fqdn: `${node.hostname}.${node.domain.name}`,
    domain: maasDomain({ ...node.domain, nodeCount: 0 }),
    node_type: nodeTypeNumber(node.type),
    node_type_name: titleCase(node.type),
    status: statusNumber(node.status),
    status_name: node.status,
    status_message: statusMessage,
    status_action: "",
    description: node.description,
    owner: node.owner?.username ?? null,
    owner_data: {},
    locked: node.isLocked,
    zone: maasPlace("zone", node.zone),
    pool: node.pool === null ? null : maasPlace("pool", node.pool),
    tag_names: node.tags,
    architecture: node.architecture,
    power_type: node.powerType,
    power_state: node.powerState,
    osystem: node.details.osystem,
    distro_series: node.details.distroSeries,
    hwe_kernel: node.details.hweKernel === "" ? null : node.details.hweKernel,
    min_hwe_kernel: node.details.minHweKernel,
    netboot: true,
    disable_ipv4: false,
    swap_size: node.details.swapSizeBytes,
    cpu_count: node.details.cpuCount,
    cpu_speed: 0,
    memory: node.details.memoryMib,
    storage: 0,
    hardware_uuid: null,
    hardware_info: {},
    bios_boot_method: null,
    address_ttl: null,
    default_gateways: { ipv4: { gateway_ip: null, link_id: null }, ipv6: { gateway_ip: null, link_id: null } },
    ip_addresses: [],
    boot_interface: interfaces[0] ?? null,
    interface_set: interfaces,
    boot_disk: null,
    physicalblockdevice_set: [],
    blockdevice_set: [],
    virtualblockdevice_set: [],
    special_filesystems: [],
    bcaches: [],
    cache_sets: [],
    raids: [],
    volume_groups: [],
    numanode_set: [],
    iscsiblockdevice_set: [],
    pod: null,
    virtualmachine_id: null,
    // MAAS has it of devices alone.
    ...(node.type === "device" && { parent: node.parent }),
    current_commissioning_result_id: null,
    current_testing_result_id: null,
    current_installation_result_id: null,
    commissioning_status: -1,
    commissioning_status_name: "Unknown",
    testing_status: -1,
    testing_status_name: "Unknown",
    ...testStatuses,
  };
}

/** Of each kind of test that none has run. */
const testStatuses = Object.fromEntries(
  ["cpu", "memory", "network", "storage", "other", "interface"].flatMap((kind) => [
    [`${kind}_test_status`, -1],
    [`${kind}_test_status_name`, "Unknown"],
  ]),
);

function maasInterface({ systemId }: Node, { id, mac }: NodeInterface, index: number) {
  return {
    resource_uri: `${root}/nodes/${systemId}/interfaces/${id}/`,
    id,
    system_id: systemId,
    name: `eth${index}`,
    type: "physical",
    mac_address: mac,
    enabled: true,
    effective_mtu: 1500,
    link_connected: true,
    link_speed: 0,
    interface_speed: 0,
    vendor: null,
    product: null,
    firmware_version: null,
    numa_node: 0,
    sriov_max_vf: 0,
    params: "",
    tags: [],
    vlan: null,
    discovered: null,
    links: [],
    parents: [],
    children: [],
  };
}

export function maasPlace(kind: PlaceKind, { id, name, description }: Zone | Pool) {
  const path = kind === "zone" ? `zones/${encodeURIComponent(name)}` : `resourcepool/${id}`;
  return { name, description, id, resource_uri: `${root}/${path}/` };
}

export function maasDomain({ id, name, isAuthoritative, ttlSeconds, nodeCount }: CountedDomain) {
  return {
    authoritative: isAuthoritative,
    ttl: ttlSeconds,
    id,
    name,
    is_default: id === defaultDomainId,
    resource_record_count: nodeCount,
    resource_uri: `${root}/domains/${id}/`,
  };
}

export function maasTag({ name, definition, comment, kernelOpts }: Tag) {
  return {
    name,
    definition,
    comment,
    kernel_opts: kernelOpts,
    resource_uri: `${root}/tags/${encodeURIComponent(name)}/`,
  };
}

function titleCase(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
