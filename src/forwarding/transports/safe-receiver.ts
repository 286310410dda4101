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
  const bytes = plainBytes(address);
  if (forbidden.some(({ start, bits }) => startsWith(bytes, start, bits))) {
    return `${address}, a link-local address or a cloud's metadata service: nothing is sent there. Give another address.`;
  }
  if (own.some((listening) => listening.port === port && isReachedAt(bytes, listening.host))) {
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

/**
 * An address as 16 bytes, those that stand for an IPv4 address as that one mapped: `64:ff9b::/96` (NAT64), `2002::/16` (6to4) and
 * `::/96` lead there too. "Any address" is this machine to who connects to it.
 */
function plainBytes(address: string): Buffer {
  const bytes = addressBytes(address) ?? Buffer.alloc(16);
  const mapped = (v4: Buffer): Buffer => Buffer.concat([mappedPrefix, v4]);
  if (bytes.equals(Buffer.alloc(16))) return loopback6;
  if (bytes.equals(loopback6)) return bytes;
  if (startsWith(bytes, mapped(Buffer.alloc(4)), 128)) return mapped(Buffer.from([127, 0, 0, 1]));
  if (startsWith(bytes, nat64, 96) || startsWith(bytes, Buffer.alloc(16), 96)) return mapped(bytes.subarray(12));
  return bytes.readUInt16BE(0) === 0x2002 ? mapped(bytes.subarray(2, 6)) : bytes;
}

const mappedPrefix = Buffer.from("00000000000000000000ffff", "hex");
const loopback6 = Buffer.from("00000000000000000000000000000001", "hex");
const nat64 = Buffer.from("0064ff9b000000000000000000000000", "hex");

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
