import { expectThat } from "../expectations.ts";

type Members = Readonly<Record<string, unknown>>;

/** What a client's decoder insists on, member by member. */
type Shape = Readonly<Record<string, Rule>>;

interface Rule {
  readonly words: string;
  keeps(value: unknown): boolean;
}

const text: Rule = { words: "a string", keeps: (value) => typeof value === "string" };
const integer: Rule = { words: "an integer", keeps: Number.isInteger };
const flag: Rule = { words: "true or false", keeps: (value) => typeof value === "boolean" };
const list: Rule = { words: "a list", keeps: Array.isArray };
const texts: Rule = listOf(text);
const map: Rule = { words: "an object", keeps: isMap };

function listOf(rule: Rule): Rule {
  const words = `a list of which each is ${rule.words}`;
  return { words, keeps: (value) => Array.isArray(value) && value.every((one) => rule.keeps(one)) };
}

function orNull(rule: Rule): Rule {
  return {
    words: `${rule.words}, or null`,
    keeps: (value) => value === null || value === undefined || rule.keeps(value),
  };
}

function mapOf(shape: Shape): Rule {
  const members = Object.entries(shape);
  const words = `an object with ${members.map(([name, rule]) => `${name} (${rule.words})`).join(", ")}`;
  return { words, keeps: (value) => isMap(value) && members.every(([name, rule]) => rule.keeps(value[name])) };
}

function isMap(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const zone: Shape = { id: integer, name: text, description: text, resource_uri: text };
const domain: Shape = {
  id: integer,
  name: text,
  ttl: orNull(integer),
  authoritative: flag,
  resource_record_count: integer,
  is_default: flag,
  resource_uri: text,
};

const link: Shape = { id: integer, mode: text };

/** An interface, as gomaasapi takes it. */
const networkInterface: Shape = {
  resource_uri: text,
  id: integer,
  name: text,
  type: text,
  enabled: flag,
  effective_mtu: integer,
  links: listOf(mapOf(link)),
  parents: texts,
  children: texts,
  tags: orNull(texts),
  vlan: orNull(map),
  mac_address: orNull(text),
};

/** A machine that gomaasapi, gomaasclient and python-libmaas can all take. */
const machine: Shape = {
  resource_uri: text,
  system_id: text,
  hostname: text,
  fqdn: text,
  tag_names: texts,
  owner_data: {
    words: "an object of strings",
    keeps: (value) => isMap(value) && Object.values(value).every(text.keeps),
  },
  osystem: text,
  distro_series: text,
  power_state: { words: "on, off, unknown or error", keeps: (value) => /^(on|off|unknown|error)$/.test(String(value)) },
  status_name: text,
  memory: integer,
  cpu_count: integer,
  ip_addresses: texts,
  interface_set: listOf(mapOf(networkInterface)),
  physicalblockdevice_set: list,
  blockdevice_set: list,
  zone: mapOf(zone),
  pool: orNull(mapOf(zone)),
  architecture: orNull(text),
  status_message: orNull(text),
  hardware_info: orNull(map),
  boot_interface: orNull(mapOf(networkInterface)),
  status: { words: "0 to 22", keeps: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 22 },
  node_type: { words: "0 to 4", keeps: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 4 },
  domain: mapOf(domain),
  owner: orNull(text),
  locked: flag,
  netboot: flag,
  disable_ipv4: flag,
  power_type: orNull(text),
};

const places = { zones: zone, resourcepools: zone, domains: domain } as const;

/** Fails unless the Go clients and python-libmaas can read this machine. */
export function decodeMachine(about: string, value: Members): void {
  decode(`${about}: machine ${String(value["system_id"])}`, machine, value);
}

/** Fails unless they can read this zone, domain or resource pool. */
export function decodePlace(about: string, kind: keyof typeof places, value: Members): void {
  decode(`${about}: ${String(value["name"])}`, places[kind], value);
}

function decode(about: string, shape: Shape, value: Members): void {
  for (const [name, rule] of Object.entries(shape)) {
    expectThat(`${about}: ${name}`, rule.keeps(value[name]), rule.words, value[name]);
  }
}
