import { randomInt } from "node:crypto";
import { invalidField } from "../../refusal.ts";
import type { Domain, Pool, Zone } from "../places/place.ts";
import type { StatusLabel } from "../life-cycle/status.ts";
import type { SystemDetails } from "./system-details.ts";

/** Something that events are about: a machine, a device, a controller. Times are microseconds since 1970 UTC. */
export interface Node {
  readonly id: number;
  readonly systemId: string;
  readonly hostname: string;
  readonly type: NodeType;
  readonly status: StatusLabel;
  /** What a test or the rescue mode came from. */
  readonly previousStatus: StatusLabel;
  readonly domain: Domain;
  readonly zone: Zone;
  /** Null for what is no machine. */
  readonly pool: Pool | null;
  /** Who allocated it, in the words of whoever asked. */
  readonly agentName: string;
  readonly owner: { readonly id: number; readonly username: string } | null;
  readonly architecture: string;
  readonly powerType: string;
  readonly powerState: PowerState;
  readonly description: string;
  readonly details: SystemDetails;
  /** The system id of the node that a device belongs to. */
  readonly parent: string | null;
  readonly isLocked: boolean;
  readonly interfaces: readonly NodeInterface[];
  /** Their names, in order. */
  readonly tags: readonly string[];
  readonly created: number;
  readonly updated: number;
}

export interface NodeInterface {
  readonly id: number;
  readonly mac: string;
}

/** MAAS's types of nodes; the place in this list is MAAS's number. */
export const nodeTypes = [
  "machine",
  "device",
  "rack controller",
  "region controller",
  "region and rack controller",
] as const;

export type NodeType = (typeof nodeTypes)[number];

/** What somebody who is no administrator may see at all. */
export const openTypes: readonly NodeType[] = ["machine", "device"];

export function nodeTypeNumber(type: NodeType): number {
  return nodeTypes.indexOf(type);
}

export const powerStates = ["on", "off", "unknown", "error"] as const;
export type PowerState = (typeof powerStates)[number];

/** MAAS's alphabet for system ids: what nobody mistakes, and no vowels that make words but `a` and `e`. */
const alphabet = "34678abcdefghkmnpqrstwxy";

/** Draws system ids: several, since one may be, or have been, somebody else's. */
export function drawSystemIds(): readonly string[] {
  return Array.from({ length: 4 }, () => {
    const first = alphabet[randomInt(1, alphabet.length)] ?? "";
    return first + Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("");
  });
}

/** MAAS's architectures with their parts behind the slash; `hwe-` and `ga-` with a release are parts of any. */
const architectures: Readonly<Record<string, readonly string[]>> = {
  amd64: ["generic"],
  arm64: ["generic", "xgene-uboot", "xgene-uboot-mustang"],
  armhf: ["generic", "highbank"],
  i386: ["generic"],
  ppc64el: ["generic"],
  riscv64: ["generic"],
  s390x: ["generic"],
};

/** MAAS's power drivers: those of 2.7, of 2.9, and of later versions. */
const powerTypes: readonly string[] =
  `amt apc dli eaton fence_cdu hmc ipmi manual moonshot mscm msftocs nova openbmc raritan recs_box redfish rsd
  sm15k ucsm virsh vmware wedge hmcz lxd proxmox webhook`.split(/\s+/);

/** `amd64/generic`; a bare `amd64` gets the part behind the slash. Empty where it isn't known. */
export function parseArchitecture(text: string, field = "architecture"): string {
  if (text === "") return "";
  const [arch = "", subarch = "generic"] = text.split(/\/(.*)/s);
  const known = Object.hasOwn(architectures, arch) ? architectures[arch] : undefined;
  if (known?.includes(subarch) === true || (known !== undefined && /^(?:hwe|ga)-[a-z0-9.-]{1,32}$/.test(subarch))) {
    return `${arch}/${subarch}`;
  }
  const all = Object.entries(architectures).flatMap(([name, rest]) => rest.map((one) => `'${name}/${one}'`));
  throw invalidField(field, `'${text}' is not a valid architecture.  It should be one of: ${all.join(", ")}.`);
}

/** An architecture that is asked for: whole, or the part before the slash alone. Refuses with MAAS's sentence. */
export function findArchitecture(text: string, field: string): string {
  const isKnown = Object.hasOwn(architectures, text.split("/")[0] ?? "");
  if (!isKnown || !/^[a-z0-9]+(?:\/[a-z0-9._-]+)?$/.test(text))
    throw invalidField(field, "Architecture not recognised.");
  return text;
}

/** The name of a power driver, which is kept and not used. Empty where it isn't known. */
export function parsePowerType(text: string, field = "power_type"): string {
  if (text === "" || powerTypes.includes(text)) return text;
  throw invalidField(field, `Select a valid choice. ${text} is not one of the available choices.`);
}

export function parsePowerState(text: string, field = "power_state"): PowerState {
  const state = powerStates.find((candidate) => candidate === text);
  if (state === undefined) throw invalidField(field, `'${text}' is not one of ${powerStates.join(", ")}.`);
  return state;
}

/** Free text of at most so many characters; lines are allowed, other control characters aren't. */
export function parseFreeText(text: string, field: string, lengthMax = 1_024): string {
  if (text.length > lengthMax) {
    throw invalidField(field, `Ensure this value has at most ${lengthMax} characters (it has ${text.length}).`);
  }
  if (!text.isWellFormed() || /[^\P{Cc}\n\r\t]/u.test(text)) {
    throw invalidField(field, "Enter text without control characters.");
  }
  return text;
}
