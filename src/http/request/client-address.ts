import assert from "node:assert/strict";
import { BlockList, isIP, SocketAddress } from "node:net";
import { invalidField } from "../../refusal.ts";
import { headerText } from "./text.ts";

/** Whose word about the client's address is believed: addresses are IPv4, IPv6, or IPv4-mapped. */
export type TrustedProxies = BlockList;

/** In UTF-16 code units: some forty IPv6 addresses, more than any honest chain of proxies. */
const forwardedLengthMax = 1_000;

export interface ClientAddress {
  /** Where the request came from, in canonical form; null where that is not known (a local socket). */
  readonly ip: string | null;
  /** What the trusted proxy said in the header that is believed, for people to read; null where no trusted proxy sent it. */
  readonly forwarded: string | null;
}

/**
 * Reads addresses (`192.0.2.1`, `2001:db8::1`) and networks (`10.0.0.0/8`, `fd00::/8`) of trusted proxies. Refuses
 * (`invalid`, field `--trusted-proxy`) anything else. Bits beyond a network's prefix are ignored.
 */
export function parseTrustedProxies(cidrs: readonly string[]): TrustedProxies {
  const trusted = new BlockList();
  for (const cidr of cidrs) {
    const [, address = "", prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(cidr.trim()) ?? [];
    const version = isIP(address);
    const bits = version === 4 ? 32 : 128;
    if (version === 0 || Number(prefix ?? 0) > bits) {
      throw invalidField(
        "--trusted-proxy",
        `--trusted-proxy takes an address or a network such as 10.0.0.0/8, not '${cidr}'.`,
      );
    }
    trusted.addSubnet(address, Number(prefix ?? bits), version === 4 ? "ipv4" : "ipv6");
  }
  return trusted;
}

/** Headers in which proxies say whom they speak for: a list of addresses, one address, RFC 7239. */
export const trustedHeaders = ["x-forwarded-for", "x-real-ip", "forwarded"] as const;
export type TrustedHeader = (typeof trustedHeaders)[number];

/**
 * Who sent a request: the socket's peer or, where that is a trusted proxy, the first untrusted address in
 * the header that is believed, read from the right, since everything left of it may be made up. Whatever is no address ends the
 * reading there; the address before it stands. Addresses are in canonical form: IPv4-mapped ones as IPv4, IPv6 in
 * lower case and compressed, without ports, brackets and zones.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: TrustedProxies,
  header: TrustedHeader = "x-forwarded-for",
): ClientAddress {
  const peerIp = findCanonical(peer ?? "");
  if (peerIp === undefined) return { ip: null, forwarded: null };
  if (forwardedFor === undefined || !isTrusted(peerIp, trusted)) return { ip: peerIp, forwarded: null };
  return {
    ip: firstUntrusted(peerIp, header === "forwarded" ? forwardedHops(forwardedFor) : forwardedFor.split(","), trusted),
    forwarded: headerText(forwardedFor, forwardedLengthMax),
  };
}

/**
 * The `for=` of each element of `Forwarded` (RFC 7239 section 4), as far as they can be read from the right; an empty text
 * where an element has none or more than one. From the right, since a client may leave a quotation open in what it sends:
 * read from the left, that would swallow what its proxy added.
 */
function forwardedHops(text: string): readonly string[] {
  const hops: string[] = [];
  for (let rest = text.slice(-forwardedLengthMax); ;) {
    const last = lastElement.exec(rest);
    if (last === null) return hops;
    const named = [...last[0].matchAll(forwardedPair)].flatMap(([, name = "", plain, quoted]) =>
      name.toLowerCase() === "for" ? [plain ?? quoted?.replaceAll(/\\(.)/g, "$1") ?? ""] : [],
    );
    hops.unshift(named.length === 1 ? (named[0] ?? "") : "");
    rest = rest.slice(0, last.index);
  }
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
// Brackets and colons stand in quotation marks by the rule; many proxies leave them out.
const pair = String.raw`(${token})=(?:([^\s",;]+)|"((?:[^"\\]|\\.)*)")`;
const forwardedPair = new RegExp(pair, "g");
/** Every quotation in it is closed, so that it can't begin within one that is left open before it. */
const lastElement = new RegExp(String.raw`(?:^|,)[ \t]*${pair}(?:[ \t]*;[ \t]*(?:${pair})?)*[ \t]*$`);

function firstUntrusted(peerIp: string, chain: readonly string[], trusted: TrustedProxies): string {
  let ip = peerIp;
  for (const hop of chain.toReversed()) {
    const next = findCanonical(hop);
    if (next === undefined) return ip;
    ip = next;
    if (!isTrusted(ip, trusted)) return ip;
  }
  return ip;
}

/**
 * What a limiter counts an address under: an IPv4 address itself, an IPv6 address's /64 (`2001:db8:1:2::/64`), since
 * one subscriber has all of that (contract A5). Takes an address as `clientAddress` gives it.
 */
export function limiterPrefix(ip: string): string {
  return isIP(ip) === 4 ? ip : ipv6Network(ip, 64);
}

/** The same for a request whose address may not be known. */
export function limiterAddress(ip: string | null): string {
  return ip === null ? "unknown" : limiterPrefix(ip);
}

/** The wider network that a limiter counts an address under: an IPv4 /24, an IPv6 /48, as one customer may have it. */
export function limiterNetwork(ip: string): string {
  return isIP(ip) === 4 ? `${ip.replace(/\d+$/, "0")}/24` : ipv6Network(ip, 48);
}

function ipv6Network(ip: string, prefixBits: 48 | 64): string {
  assert(isIP(ip) === 6, "a limiter's address is canonical");
  const [head = "", tail] = hexadecimal(ip).split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : 8 - first.length - last.length;
  const groups = [...first, ...Array.from({ length: gap }, () => "0"), ...last];
  return `${canonicalIpv6(`${groups.slice(0, prefixBits / 16).join(":")}::`)}/${prefixBits}`;
}

function findCanonical(text: string): string | undefined {
  const address = withoutPort(text.trim()).replace(/%.*$/, "");
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? address : canonicalIpv6(address).replace(/^::ffff:(?=\d+\.)/, "");
}

/** `[2001:db8::1]:80`, `[2001:db8::1]` and `192.0.2.1:80` without brackets and port; other text as it is. */
function withoutPort(text: string): string {
  const [, bracketed, ipv4] = /^(?:\[([^[\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(text) ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? bracketed : "";
  return ipv4 ?? text;
}

function canonicalIpv6(address: string): string {
  return new SocketAddress({ address, family: "ipv6" }).address;
}

/** An IPv6 address without the dotted form of its last two groups. */
function hexadecimal(ip: string): string {
  return new URL(`http://[${ip}]`).hostname.slice(1, -1);
}

function isTrusted(ip: string, trusted: TrustedProxies): boolean {
  return trusted.check(ip, isIP(ip) === 4 ? "ipv4" : "ipv6");
}
