import { isIP, isIPv4, SocketAddress } from "node:net";
import { invalidField } from "../../../refusal.ts";
import { addressBytes } from "../../../verifiable-log/address-bytes.ts";

/** Bits of an address as `ip_bytes` has it, and those before an IPv4 address in it. */
const addressBits = 128;
const mappedBits = 96;

/** The addresses of one network, as `ip_bytes` has them. */
export interface AddressRange {
  readonly first: Uint8Array;
  readonly last: Uint8Array;
  /** How many bits, of 128, all of them share. */
  readonly bits: number;
}

/** What a filter of addresses asks for. */
interface GivenAddresses {
  readonly ips: readonly string[] | undefined;
  readonly ipRanges: readonly AddressRange[] | undefined;
}

/** Addresses and networks (`198.51.100.0/24`). Refuses with `invalid` what is neither whole nor a network. */
export function parseAddresses(given: readonly string[] | undefined, field: string): GivenAddresses {
  const networks = given?.filter((text) => text.includes("/")).map((text) => parseNetwork(text, field));
  const ips = given?.filter((text) => !text.includes("/")).map((text) => parseAddress(text, field));
  return {
    ips: ips?.length === 0 ? undefined : ips,
    ipRanges: networks?.length === 0 ? undefined : networks,
  };
}

/** An address as RFC 5952 writes it, IPv4 within IPv6 as IPv4. */
export function addressText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex");
  const address = (hex.match(/.{4}/g) ?? []).join(":");
  return new SocketAddress({ address, family: "ipv6" }).address.replace(/^::ffff:(?=\d+\.)/, "");
}

export function isInRange(bytes: Uint8Array, { first, last }: AddressRange): boolean {
  return Buffer.compare(bytes, first) >= 0 && Buffer.compare(bytes, last) <= 0;
}

/** Any text may be asked for: what was recorded of an address elsewhere may be none. */
function parseAddress(text: string, field: string): string {
  if (text.includes("*")) {
    throw invalidField(field, `'${text}' is no address: ask for a network, such as 198.51.100.0/24 or 2001:db8::/32.`);
  }
  const bytes = addressBytes(text);
  return bytes === null ? text : addressText(bytes);
}

function parseNetwork(text: string, field: string): AddressRange {
  const [, address = "", length = ""] = /^([^/%]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const bytes = isIP(address) === 0 ? null : addressBytes(address);
  const before = isIPv4(address) ? mappedBits : 0;
  const bits = before + Number(length);
  if (bytes === null || bits > addressBits) {
    throw invalidField(field, `'${text}' is no network: write it as 198.51.100.0/24 or 2001:db8::/32.`);
  }
  const first = bytes.map((byte, at) => byte & mask(bits, at));
  if (Buffer.compare(first, bytes) !== 0) {
    throw invalidField(
      field,
      `'${text}' has bits behind its first ${length}: write ${networkText(first, bits, before)} for the network, or ${address} for the address.`,
    );
  }
  return { first, last: bytes.map((byte, at) => byte | (~mask(bits, at) & 0xff)), bits };
}

function networkText(first: Uint8Array, bits: number, before: number): string {
  return `${addressText(first)}/${bits - before}`;
}

/** Of the byte at this place, those bits that belong to the network. */
function mask(bits: number, at: number): number {
  return (0xff << (8 - Math.min(8, Math.max(0, bits - 8 * at)))) & 0xff;
}
