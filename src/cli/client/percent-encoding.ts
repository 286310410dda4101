/** Percent-encodes all but letters, digits and `_.-~` (RFC 3986 unreserved), as paths and OAuth want it. */
export function percentEncode(value: string | Uint8Array): string {
  let text = "";
  for (const byte of typeof value === "string" ? Buffer.from(value) : value) {
    const character = String.fromCharCode(byte);
    text += /[A-Za-z0-9_.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}

/** The same for a query string, where a space is `+`. */
export function queryEncode(value: string | Uint8Array): string {
  return percentEncode(value).replaceAll("%20", "+");
}
