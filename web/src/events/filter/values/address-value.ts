import type { CheckedValue } from "./checked-value.ts";

const addressBits = 32;

/** Checks an address or a network. What only the server can tell, such as bits behind an IPv6 prefix, it tells by itself. */
export function checkAddress(text: string): CheckedValue {
  const [, address = "", length] = /^([\da-f:.]*[:.][\da-f:.]*)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  if (address === "") {
    const instead = networkOfStar(text);
    return {
      message: `'${text}' is not an address. ${instead === undefined ? "Use one such as 192.0.2.1, or a network such as 198.51.100.0/24 or 2001:db8::/32." : `Did you mean ${instead}?`}`,
      instead,
    };
  }
  if (length === undefined) return { value: text };
  if (address.includes(":")) return Number(length) <= 128 ? { value: text } : tooLong(text, 128);
  if (Number(length) > addressBits) return tooLong(text, addressBits);
  const network = networkOf(address, Number(length));
  if (network === undefined) {
    return { message: `'${text}' is not a network. Use one such as 198.51.100.0/24 or 2001:db8::/32.` };
  }
  const meant = `${network}/${length}`;
  if (network === address) return { value: text };
  return { message: `'${text}' has bits behind its first ${length}. Did you mean ${meant}?`, instead: meant };
}

function tooLong(text: string, bits: number): CheckedValue {
  return { message: `'${text}' is not a network. Its prefix has at most ${bits} bits.` };
}

/** `198.51.100.*` as a network. */
export function networkOfStar(text: string): string | undefined {
  const parts = /^((?:\d{1,3}\.){1,3})\*(?:\.\*)*$/
    .exec(text)?.[1]
    ?.split(".")
    .filter((part) => part !== "");
  if (parts === undefined) return undefined;
  return `${[...parts, 0, 0, 0].slice(0, 4).join(".")}/${8 * parts.length}`;
}

/** The first address of an IPv4 network; undefined if this is no IPv4 address. */
function networkOf(address: string, length: number): string | undefined {
  const bytes = address.split(".").map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255)) return undefined;
  return bytes.map((byte, at) => byte & (0xff << (8 - Math.min(8, Math.max(0, length - 8 * at))))).join(".");
}
