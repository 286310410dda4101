import { Refusal } from "../../refusal.ts";

/**
 * A MAC address as `aa:bb:cc:dd:ee:ff`; undefined where the text is none.
 *
 * MAAS takes six groups of one or two digits behind `:` or `-`, and three of three or four behind `.`.
 */
export function findMac(text: string): string | undefined {
  const word = text.trim().toLowerCase();
  const pairs = /^[0-9a-f]{1,2}(?:([:-])[0-9a-f]{1,2})(?:\1[0-9a-f]{1,2}){4}$/.test(word) ? word.split(/[:-]/) : [];
  const fours = /^[0-9a-f]{3,4}(?:\.[0-9a-f]{3,4}){2}$/.test(word) ? word.split(".") : [];
  const digits = [...pairs.map((pair) => pair.padStart(2, "0")), ...fours.map((four) => four.padStart(4, "0"))].join(
    "",
  );
  return digits === "" ? undefined : digits.match(/../g)?.join(":");
}

/** Several addresses, each once. Refuses with MAAS's sentence, which names the bad ones in their order. */
export function parseMacs(texts: readonly string[], field?: string): readonly string[] {
  const bad = texts.filter((text) => findMac(text) === undefined);
  if (bad.length > 0) {
    const message = `Invalid MAC address(es): ${bad.join(", ")}`;
    throw new Refusal("invalid", message, field === undefined ? {} : { fields: { [field]: [message] } });
  }
  return [...new Set(texts.map((text) => findMac(text) ?? ""))];
}
