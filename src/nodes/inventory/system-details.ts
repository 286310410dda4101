import type { Selectable } from "kysely";
import type { NodeTable } from "../tables.ts";
import { invalidField } from "../../refusal.ts";
import type { CanonicalValue } from "../../verifiable-log/canonical-json.ts";

/** What is known of a node's system and size: nothing is asked of hardware, so it is what people and programs have set. */
export interface SystemDetails {
  /** Empty for the server's default, as MAAS shows it before a deployment. */
  readonly osystem: string;
  readonly distroSeries: string;
  readonly hweKernel: string;
  readonly minHweKernel: string;
  /** Null where the system decides. */
  readonly swapSizeBytes: number | null;
  /** 0 where it isn't known; so is the memory. */
  readonly cpuCount: number;
  readonly memoryMib: number;
}

/** What a deployment chose, and so ends with it. */
export const withoutSystem = { osystem: "", distroSeries: "", hweKernel: "" } as const satisfies Partial<SystemDetails>;

export function detailsOf(row: Selectable<NodeTable>): SystemDetails {
  return {
    osystem: row.osystem,
    distroSeries: row.distro_series,
    hweKernel: row.hwe_kernel,
    minHweKernel: row.min_hwe_kernel,
    swapSizeBytes: row.swap_size_bytes,
    cpuCount: row.cpu_count,
    memoryMib: row.memory_mib,
  };
}

type DetailColumn =
  | "osystem"
  | "distro_series"
  | "hwe_kernel"
  | "min_hwe_kernel"
  | "swap_size_bytes"
  | "cpu_count"
  | "memory_mib";

/** The columns for those that are given. */
export function detailColumns(details: Partial<SystemDetails>): Partial<Pick<Selectable<NodeTable>, DetailColumn>> {
  const { osystem, distroSeries, hweKernel, minHweKernel, swapSizeBytes, cpuCount, memoryMib } = details;
  return {
    ...(osystem !== undefined && { osystem }),
    ...(distroSeries !== undefined && { distro_series: distroSeries }),
    ...(hweKernel !== undefined && { hwe_kernel: hweKernel }),
    ...(minHweKernel !== undefined && { min_hwe_kernel: minHweKernel }),
    ...(swapSizeBytes !== undefined && { swap_size_bytes: swapSizeBytes }),
    ...(cpuCount !== undefined && { cpu_count: cpuCount }),
    ...(memoryMib !== undefined && { memory_mib: memoryMib }),
  };
}

/** By the names of the APIs. */
export function shownDetails(details: SystemDetails): Readonly<Record<string, CanonicalValue>> {
  return {
    osystem: details.osystem,
    distro_series: details.distroSeries,
    hwe_kernel: details.hweKernel,
    min_hwe_kernel: details.minHweKernel,
    swap_size: details.swapSizeBytes,
    cpu_count: details.cpuCount,
    memory: details.memoryMib,
  };
}

/** The texts by which both APIs take the details. */
export interface GivenDetails {
  readonly osystem?: string | undefined;
  readonly distro_series?: string | undefined;
  readonly hwe_kernel?: string | undefined;
  readonly min_hwe_kernel?: string | undefined;
  readonly swap_size?: string | undefined;
  readonly cpu_count?: string | undefined;
  readonly memory?: string | undefined;
}

/** Reads what is given. Refuses with `invalid`, by the field's name. */
export function parseDetails(given: GivenDetails): Partial<SystemDetails> {
  const { osystem, hwe_kernel: hweKernel, min_hwe_kernel: minHweKernel } = given;
  const { swap_size: swapSize, cpu_count: cpuCount, memory } = given;
  return {
    ...(osystem !== undefined && { osystem: parseWord(osystem, "osystem") }),
    ...(given.distro_series !== undefined && parseSeries(given.distro_series)),
    ...(hweKernel !== undefined && { hweKernel: parseKernel(hweKernel, "hwe_kernel") }),
    ...(minHweKernel !== undefined && { minHweKernel: parseKernel(minHweKernel, "min_hwe_kernel") }),
    ...(swapSize !== undefined && { swapSizeBytes: swapSize === "" ? null : parseAmount(swapSize, "swap_size", 1) }),
    ...(cpuCount !== undefined && { cpuCount: parseCount(cpuCount, "cpu_count") }),
    ...(memory !== undefined && { memoryMib: memory === "" ? 0 : parseAmount(memory, "memory", bytesPerMib) }),
  };
}

const bytesPerMib = 1_048_576;

/** Which system a release is of, where it is written without it. */
const systemsOfSeries: readonly (readonly [pattern: RegExp, osystem: string])[] = [
  [/^centos/, "centos"],
  [/^rhel/, "rhel"],
  [/^win/, "windows"],
  [/^esxi/, "esxi"],
  [/^(?:trusty|xenial|bionic|cosmic|disco|eoan|focal|groovy|hirsute|impish|jammy|noble)$/, "ubuntu"],
];

/** `focal`, or `ubuntu/focal`; empty is the server's default. */
function parseSeries(text: string): Partial<SystemDetails> {
  const [first = "", second] = text.split(/\/(.*)/s);
  if (second !== undefined) {
    return { osystem: parseWord(first, "distro_series"), distroSeries: parseWord(second, "distro_series") };
  }
  const osystem = text === "" ? "" : systemsOfSeries.find(([pattern]) => pattern.test(text))?.[1];
  return { distroSeries: parseWord(text, "distro_series"), ...(osystem !== undefined && { osystem }) };
}

/** The name of a system or of its release: images are in no list here, so any name that can be one is taken. */
function parseWord(text: string, field: string): string {
  if (/^[a-z0-9._-]{0,64}$/.test(text)) return text;
  throw invalidField(field, `'${text}' is not a valid ${field}: give one such as ubuntu/focal.`);
}

function parseKernel(text: string, field: string): string {
  if (/^(?:(?:hwe|ga)-[a-z0-9.-]{1,56})?$/.test(text)) return text;
  throw invalidField(field, `'${text}' is not a kernel: give one such as hwe-20.04 or ga-20.04.`);
}

function parseCount(text: string, field: string): number {
  if (!/^\d{1,6}$/.test(text)) throw invalidField(field, "Enter a whole number.");
  return Number(text);
}

/** A number of `unitBytes`, or a number with K, M, G or T, which are powers of 1,000 bytes as MAAS takes them. */
function parseAmount(text: string, field: string, unitBytes: number): number {
  const [isAmount, digits, suffix] = /^(\d{1,15})([KMGT])?$/.exec(text) ?? [];
  const bytes = Number(digits) * 1_000 ** ("KMGT".indexOf(suffix ?? "") + 1);
  const amount = suffix === undefined ? Number(digits) : Math.floor(bytes / unitBytes);
  if (isAmount === undefined || !Number.isSafeInteger(amount)) {
    throw invalidField(field, "Enter a whole number, which may end in K, M, G or T.");
  }
  return amount;
}
