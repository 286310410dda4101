import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { networkInterfaces } from "node:os";
import { addressBytes } from "../../verifiable-log/address-bytes.ts";

/** Where this Ironlog listens itself. */
export interface ListeningAddress {
  /** An address, `localhost`, or `0.0.0.0` and `::` for all of this machine. */
  readonly host: string;
  readonly port: number;
}

/** An address that nothing is sent to. */
export class UnsafeReceiver extends Error {}

/**
 * Throws `UnsafeReceiver` where the host is an address that nothing is sent to: link-local ones, those of clouds' metadata
 * services (they hand out credentials), and where this Ironlog listens. Loopback and private addresses are fine. A name is
 * checked when `checkedLookup` resolves it.
 */
export function refuseUnsafe(host: string, port: number, own: readonly ListeningAddress[]): void {
  const address = unbracketed(host);
  if (isIP(address) === 0) return;
  const why = whyUnsafe(address, port, own);
  if (why !== undefined) throw new UnsafeReceiver(why);
}

/** What `checkedLookup` asks for the addresses of a name. */
export type Resolve = (
  host: string,
  options: { readonly all: true },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * The `lookup` of a connection to that port: gives only addresses that `refuseUnsafe` takes, so that the address that was
 * checked is the one that is connected to. Fails with `UnsafeReceiver` where a name has no other.
 */
export function checkedLookup(
  port: number,
  own: readonly ListeningAddress[],
  resolve: Resolve = systemLookup,
): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, "");
      const reasons = found.map(({ address }) => whyUnsafe(address, port, own));
      const safe = found.filter((_, index) => reasons[index] === undefined);
      const [first] = safe;
      if (first === undefined) return done(new UnsafeReceiver(`${host} leads to ${reasons[0] ?? "no address"}`), "");
      if (options.all === true) return done(null, safe);
      return done(null, first.address, first.family);
    });
  };
}

/** A host as it stands in a URL, without the brackets of an IPv6 address. */
export function unbracketed(host: string): string {
  return host.replaceAll(/^\[|\]$/g, "");
}

function whyUnsafe(address: string, port: number, own: readonly ListeningAddress[]): string | undefined {
  const targets = targetsOf(plainBytes(address));
  if (targets.some((bytes) => forbidden.some(({ start, bits }) => startsWith(bytes, start, bits)))) {
    return `${address}, a link-local address or a cloud's metadata service: nothing is sent there. Give another address.`;
  }
  const onPort = own.filter((listening) => listening.port === port);
  if (onPort.some(({ host }) => targets.some((bytes) => isReachedAt(bytes, host)))) {
    return `${address} port ${port}, where this Ironlog listens: its events would come back to it. Give another address.`;
  }
  return undefined;
}

/** Whether who connects to the address reaches what listens at `host`, on this machine. */
function isReachedAt(bytes: Buffer, host: string): boolean {
  const local = ["127.0.0.1", "::1"].map(plainBytes);
  if (host === "localhost") return local.some((one) => one.equals(bytes));
  if (host !== "0.0.0.0" && host !== "::") return isIP(host) !== 0 && plainBytes(host).equals(bytes);
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const isLoopback = startsWith(bytes, plainBytes("127.0.0.0"), 104);
  return isLoopback || [...local, ...interfaces.map(({ address }) => plainBytes(address))].some((b) => b.equals(bytes));
}

/** An address as 16 bytes, an IPv4 one mapped. "Any address" is this machine to who connects to it. */
function plainBytes(address: string): Buffer {
  const bytes = addressBytes(address) ?? Buffer.alloc(16);
  return bytes.equals(Buffer.alloc(16)) ? loopback6 : anyIsLocal(bytes);
}

/** The address, and each IPv4 address that a gateway may read in it and lead to. */
function targetsOf(bytes: Buffer): readonly Buffer[] {
  if (bytes.equals(loopback6)) return [bytes];
  const found = translations.filter(({ start, bits }) => startsWith(bytes, start, bits));
  const places = found.flatMap(({ v4 }) => v4).map((at) => Buffer.from(at.map((index) => bytes[index] ?? 0)));
  // Teredo's clients stand there inverted (RFC 4380, section 4).
  const inverted = startsWith(bytes, teredo, 32) ? [Buffer.from(bytes.subarray(12).map((byte) => byte ^ 0xff))] : [];
  return [bytes, ...[...places, ...inverted].map(mapped).map(anyIsLocal)];
}

function mapped(v4: Buffer): Buffer {
  return Buffer.concat([mappedPrefix, v4]);
}

function anyIsLocal(bytes: Buffer): Buffer {
  return bytes.equals(mapped(Buffer.alloc(4))) ? mapped(Buffer.from([127, 0, 0, 1])) : bytes;
}

const mappedPrefix = Buffer.from("00000000000000000000ffff", "hex");
const loopback6 = Buffer.from("00000000000000000000000000000001", "hex");
const teredo = Buffer.from("20010000", "hex");
const last4 = [12, 13, 14, 15];

/** Networks whose addresses hold an IPv4 one, and at which bytes. */
const translations = [
  // IPv4-compatible; NAT64; SIIT (RFC 2765).
  { start: Buffer.alloc(16), bits: 96, v4: [last4] },
  { start: Buffer.from("0064ff9b0000000000000000", "hex"), bits: 96, v4: [last4] },
  { start: Buffer.from("0000000000000000ffff0000", "hex"), bits: 96, v4: [last4] },
  // A site's own NAT64, with a prefix of 48, 56, 64 or 96 bits (RFC 6052, section 2.2, and RFC 8215).
  {
    start: Buffer.from("0064ff9b0001", "hex"),
    bits: 48,
    v4: [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], last4],
  },
  // Teredo's server, and 6to4.
  { start: teredo, bits: 32, v4: [[4, 5, 6, 7]] },
  { start: Buffer.from("2002", "hex"), bits: 16, v4: [[2, 3, 4, 5]] },
];

/** Networks by their first bits: an IPv4 one has 96 in front. */
const forbidden = [
  { network: "169.254.0.0", bits: 112 },
  { network: "fe80::", bits: 10 },
  // Amazon's and Google's metadata over IPv6, Alibaba's and Azure's over IPv4.
  { network: "fd00:ec2::254", bits: 128 },
  { network: "fd20:ce::254", bits: 128 },
  { network: "100.100.100.200", bits: 128 },
  { network: "168.63.129.16", bits: 128 },
].map(({ network, bits }) => ({ start: plainBytes(network), bits }));

function startsWith(bytes: Buffer, start: Buffer, bits: number): boolean {
  const whole = bits >> 3;
  const mask = 0xff00 >> (bits & 7);
  const sameRest = (((bytes[whole] ?? 0) ^ (start[whole] ?? 0)) & mask & 0xff) === 0;
  return bytes.subarray(0, whole).equals(start.subarray(0, whole)) && sameRest;
}
