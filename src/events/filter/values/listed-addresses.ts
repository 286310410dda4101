import { type AddressRange, addressText, isInRange } from "./address-range.ts";

// How networks are found in the details of blocked logins, which list IPv4 addresses and, of IPv6, networks of 64 bits.

/** Texts of which one stands in the details. */
export interface ListedTexts {
  /** What all of them begin with: looked for first, because there may be hundreds. */
  readonly start: string;
  /** Any of these; the start alone where there are none. */
  readonly anyOf: readonly string[];
}

/** What stands in the details of a blocked login that names one of the accounts, and one of the addresses, that a filter asks for. */
export interface BlockedLoginTexts {
  readonly atNames: readonly ListedTexts[];
  readonly fromIps: readonly ListedTexts[];
}

/** Bits of a group of an IPv6 address; of so many of them all values are too many to be looked for. */
const groupBits = 16;
const freeBitsMax = 8;
const listedGroups = 4;
const mappedStart = Buffer.from("00000000000000000000ffff00000000", "hex");

/**
 * Finds listed addresses of a range. An IPv6 range that cuts a group in its first half is widened to the whole group, and one that
 * holds all of IPv4 to all addresses: it may find too many, never too few.
 */
export function listedIn(range: AddressRange): ListedTexts {
  const { first, last, bits } = range;
  if (Buffer.compare(first, mappedStart) >= 0 && bits >= 96 && isMapped(first)) return listedIpv4(range);
  if (isInRange(mappedStart, range)) return { start: opening, anyOf: [] };
  // Of a part of a listed network, the network.
  const shared = Math.min(bits, listedGroups * groupBits);
  const whole = Math.floor(shared / groupBits);
  const groups = groupsOf(first);
  const free = (groupBits - (shared % groupBits)) % groupBits;
  if (free === 0 || free > freeBitsMax) return together(groups.slice(0, whole), [[]]);
  const from = groups[whole] ?? 0;
  const values = (groupsOf(last)[whole] ?? 0) - from + 1;
  return together(
    groups.slice(0, whole),
    Array.from({ length: values }, (_, at) => [from + at]),
  );
}

const opening = '"address":"';

function isMapped(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes.subarray(0, 12), mappedStart.subarray(0, 12)) === 0;
}

function listedIpv4({ first, last, bits }: AddressRange): ListedTexts {
  if (bits === 128) return { start: `${opening}${addressText(first)}"`, anyOf: [] };
  const whole = Math.floor((bits - 96) / 8);
  const octets = [...first.subarray(12)];
  const start =
    opening +
    octets
      .slice(0, whole)
      .map((octet) => `${octet}.`)
      .join("");
  if (bits % 8 === 0 && whole > 0) return { start, anyOf: [] };
  const from = octets[whole] ?? 0;
  const values = (last[12 + whole] ?? 0) - from + 1;
  const end = whole === 3 ? '"' : ".";
  return { start, anyOf: Array.from({ length: values }, (_, at) => `${start}${from + at}${end}`) };
}

function groupsOf(bytes: Uint8Array): readonly number[] {
  return Array.from({ length: listedGroups }, (_, at) => Buffer.from(bytes).readUInt16BE(2 * at));
}

/** Networks that begin with the shared groups and then with one of the others. */
function together(shared: readonly number[], others: readonly (readonly number[])[]): ListedTexts {
  return { start: beginning(shared), anyOf: others.flatMap((more) => textsOf([...shared, ...more])) };
}

/** What a listed network begins with that has these groups first: zeros at its end are left out. */
function beginning(groups: readonly number[]): string {
  const shown = groups.slice(0, groups.findLastIndex((group) => group !== 0) + 1);
  return opening + shown.map((group) => `${group.toString(16)}:`).join("");
}

function textsOf(groups: readonly number[]): readonly string[] {
  const written = groups.map((group) => `${group.toString(16)}:`).join("");
  const start = beginning(groups);
  const network = `${start === opening ? ":" : start.slice(opening.length)}:/64"`;
  if (groups.length === listedGroups) return [opening + network];
  return groups.at(-1) === 0 ? [opening + written, opening + network] : [opening + written];
}
