/** Text on one line without control characters, for formats that have no escapes for them. */
export function lineText(text: string): string {
  if (!oddCharacter.test(text)) return text;
  return text
    .toWellFormed()
    .replaceAll(/[\r\n\t]+/g, " ")
    .replaceAll(/\p{Cc}/gu, "\ufffd");
}

/** What may have to be replaced: control characters, and halves of pairs. Most texts have neither, and one look is enough. */
const oddCharacter = /[\p{Cc}\p{Cs}]/u;

/** Text of at most so many octets of UTF-8, with … at the end where it was cut. */
export function cutText(text: string, octetsMax: number): string {
  // A code unit has at most three octets.
  if (3 * text.length <= octetsMax) return text;
  if (octetsOf(text) <= octetsMax) return text;
  if (octetsMax < ellipsisOctets) return "";
  // A code unit has at least one octet. A pair that is cut in two lies behind what is kept.
  const bytes = Buffer.from(text.slice(0, octetsMax));
  let end = octetsMax - ellipsisOctets;
  // Not within a character: its further octets begin with the bits 10.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString("utf8", 0, end)}…`;
}

const ellipsisOctets = 3;

/** How many octets of UTF-8 a text has. */
export function octetsOf(text: string): number {
  return Buffer.byteLength(text);
}
