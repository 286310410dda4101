import { isIPv4, isIPv6 } from "node:net";

/**
 * An address as 16 bytes, an IPv4 one mapped into IPv6 (RFC 4291 section 2.5.5.2), so that bytes compare as addresses do. Null for
 * what is none.
 */
export function addressBytes(ip: string | null): Buffer | null {
  if (ip === null) return null;
  if (isIPv4(ip)) return Buffer.from([...mapped, ...ip.split(".").map(Number)]);
  if (!isIPv6(ip)) return null;
  const [address = ""] = ip.split("%");
  // The URL parser writes out a dotted end as two groups.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const first = bytesOf(head);
  const last = bytesOf(tail ?? "");
  return Buffer.concat([first, Buffer.alloc(16 - first.length - last.length), last]);
}

const mapped: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

function bytesOf(text: string): Buffer {
  if (text === "") return Buffer.alloc(0);
  const groups = text.split(":").map((group) => group.padStart(4, "0"));
  return Buffer.from(groups.join(""), "hex");
}
