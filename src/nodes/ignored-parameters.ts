import type { MaasParameter, ParameterType } from "../http/maas/operation.ts";

// What MAAS takes for its hardware. There is none here, so each is declared with the reason that it has no effect.

type Parameters = Readonly<Record<string, MaasParameter>>;

const noHardware = "no hardware is driven here";

function ignored(type: ParameterType, why: string, docs: Readonly<Record<string, string>>): Parameters {
  const entries = Object.entries(docs).map(([name, doc]) => [name, { type, required: false, doc, ignored: why }]);
  return Object.fromEntries(entries) as Parameters;
}

const networkIgnored: Parameters = ignored("Boolean", "no network is configured here", {
  disable_ipv4: "Whether it goes without IPv4.",
});

const parentIgnored: Parameters = ignored("String", "only devices have a parent", {
  parent: "The system id of the node that it belongs to.",
});

/** How a machine is commissioned. */
export const commissioningIgnored: Parameters = ignored("Boolean", noHardware, {
  enable_ssh: "Whether the machine stays on with SSH afterwards.",
  skip_bmc_config: "Whether the BMC's own settings stay.",
  skip_networking: "Whether the network settings stay.",
  skip_storage: "Whether the storage settings stay.",
});

/** What the scripts are told that a machine is commissioned or tested with. */
export const scriptInputIgnored: Parameters = ignored("String", "no script is run here, and they may hold secrets", {
  parameters: "Parameters of the scripts.",
});

/** How a machine is tested. */
export const testingIgnored: Parameters = {
  ...ignored("Boolean", noHardware, { enable_ssh: "Whether the machine stays on with SSH afterwards." }),
  ...scriptInputIgnored,
};

/** How a machine's network is bridged when it is deployed. */
const bridgesIgnored: Parameters = {
  ...ignored("Boolean", noHardware, {
    bridge_all: "Whether each interface gets a bridge.",
    bridge_stp: "Whether the bridges use the spanning tree protocol.",
  }),
  ...ignored("Int", noHardware, { bridge_fd: "The bridges' forward delay in seconds." }),
  ...ignored("String", noHardware, { bridge_type: "The type of the bridges." }),
};

/** How a machine is deployed. */
export const deploymentIgnored: Parameters = {
  ...ignored("String", "no machine is installed here, and it may hold secrets", {
    user_data: "User data for cloud-init, in base64.",
  }),
  ...bridgesIgnored,
  ...ignored("Boolean", noHardware, {
    install_rackd: "Whether a rack controller is installed on it.",
    install_kvm: "Whether KVM is installed on it.",
    register_vmhost: "Whether it becomes a host of virtual machines.",
    vcenter_registration: "Whether it is registered with vCenter.",
    ephemeral_deploy: "Whether it runs in memory alone.",
    enable_hw_sync: "Whether its hardware is watched.",
  }),
};

/** How a machine's disks are erased. */
export const releaseIgnored: Parameters = ignored("Boolean", noHardware, {
  erase: "Whether the disks are erased.",
  secure_erase: "Whether they are erased by their own means.",
  quick_erase: "Whether only their beginning and end are erased.",
  force: "Whether it is released in spite of what depends on it.",
});

export const powerOnIgnored: Parameters = ignored("String", "no machine is started here, and it may hold secrets", {
  user_data: "User data for cloud-init, in base64.",
});

export const powerOffIgnored: Parameters = ignored("String", noHardware, {
  stop_mode: "How it is turned off: hard or soft.",
});

/** How to reach a machine's power driver. */
export const powerIgnored: Parameters = {
  ...ignored("String", "no power driver is used here, and they may hold passwords", {
    power_parameters: "All parameters of the power driver, as JSON.",
    "power_parameters_*": "A parameter of the power driver, such as power_parameters_power_address.",
  }),
  ...ignored("Boolean", "no power driver is used here", {
    power_parameters_skip_check: "Whether the power driver's parameters go unchecked.",
  }),
};

/** What a machine is installed with, and what devices alone have. */
export const machineIgnored: Parameters = {
  ...ignored("String", "no machine is installed here, and it is a secret", {
    license_key: "The license key of its system.",
  }),
  ...networkIgnored,
  ...parentIgnored,
};

/** What MAAS takes of a device and what it has no use for here. */
export const deviceIgnored: Parameters = {
  ...networkIgnored,
  ...ignored("String", "a device has no power driver", {
    power_type: "The name of a power driver.",
    power_parameters: "All parameters of the power driver, as JSON.",
    "power_parameters_*": "A parameter of the power driver.",
  }),
  ...ignored("String", "a device is not installed", { swap_size: "The size of its swap file in bytes." }),
};

/** What MAAS takes of a controller and what it has no use for here. */
export const controllerIgnored: Parameters = { ...networkIgnored, ...parentIgnored };

export const tagIgnored: Parameters = ignored("String", "no rack controller judges definitions here", {
  rack_controller: "The rack controller that says so.",
});

const unknownHardware = "the inventory knows none of it, so what is found may not match";

/** MAAS's constraints that can't be judged. */
export const constraintsIgnored: Parameters = {
  ...ignored("String", unknownHardware, {
    storage: "The disks that it has.",
    interfaces: "The interfaces that it has.",
    devices: "The devices that are in it.",
  }),
  ...ignored("String", "the inventory knows no networks and no virtual machines", {
    subnets: "Subnets that it is linked to.",
    not_subnets: "Subnets that it isn't linked to.",
    fabrics: "Fabrics that it is linked to.",
    not_fabrics: "Fabrics that it isn't linked to.",
    fabric_classes: "Classes of fabrics that it is linked to.",
    not_fabric_classes: "Classes of fabrics that it isn't linked to.",
    vlans: "VLANs that it is linked to.",
    not_vlans: "VLANs that it isn't linked to.",
    link_speed: "How fast its links are at least.",
    networks: "Networks that it is linked to.",
    not_networks: "Networks that it isn't linked to.",
    connected_to: "Routers that it is connected to.",
    not_connected_to: "Routers that it isn't connected to.",
    pod: "The host that it is a virtual machine of.",
    not_pod: "A host that it isn't a virtual machine of.",
    pod_type: "The type of that host.",
    not_pod_type: "A type that the host doesn't have.",
  }),
};

/** What MAAS's `allocate` takes beside constraints. */
export const allocationIgnored: Parameters = {
  ...bridgesIgnored,
  ...ignored("Boolean", "there are no disks and interfaces to map constraints to", {
    verbose: "Whether the answer maps constraints to disks and interfaces.",
  }),
};
