import { isUtf8 } from "node:buffer";
import { invalidField } from "../../refusal.ts";

const controlCharacters = /\p{Cc}/gu;

/**
 * The text made fit to be stored and shown: well-formed Unicode of at most `maxLength` UTF-16 code units, with every
 * control character (NUL, tab, line ends and DEL too) as U+FFFD. A surrogate pair at the cut is dropped whole.
 * For what nobody can be asked to mend, such as headers (contract A8); what can be refused goes to `assertText`.
 */
export function wellFormed(text: string, maxLength: number): string {
  const isPairCut = text.length > maxLength && (text.codePointAt(maxLength - 1) ?? 0) > 0xffff;
  const cut = text.slice(0, isPairCut ? maxLength - 1 : maxLength);
  return cut.toWellFormed().replaceAll(controlCharacters, "\ufffd");
}

/**
 * A header's value as text of at most `maxLength` code units. Node hands headers over with one character for each
 * byte: read as UTF-8 where the bytes are that, else as Latin-1.
 */
export function headerText(raw: string, maxLength: number): string {
  return wellFormed(findUtf8(raw) ?? raw, maxLength);
}

/** Whether it is well-formed Unicode without control characters, line ends among them. */
export function isOneLine(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}

/** Refuses (`invalid`, for `field`) text that is not well-formed Unicode or holds a NUL: contract A8. */
export function assertText(field: string, value: string): void {
  if (value.isWellFormed() && !value.includes("\0")) return;
  throw invalidField(field, "Send well-formed Unicode text without NUL characters.");
}

/**
 * The text behind percent-encoding, where `text` has one character for each byte. A `%` that two hexadecimal digits do
 * not follow stays as it is, and so does `+`. Undefined where the bytes are not UTF-8.
 */
export function findPercentDecoded(text: string): string | undefined {
  return text.includes("%") ? findUtf8(unescaped(text, "+")) : findUtf8(text);
}

/** The same as HTML forms encode it, where `+` is a blank. */
export function findFormDecoded(text: string): string | undefined {
  return /[%+]/.test(text) ? findUtf8(unescaped(text, " ")) : findUtf8(text);
}

/** Works on bytes: `replaceAll` takes seconds for megabytes of escapes. */
function unescaped(text: string, plus: "+" | " "): string {
  if (!isByteText(text)) return text;
  const bytes = Buffer.from(text, "latin1");
  let length = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    let byte = bytes[index] ?? 0;
    if (byte === 0x2b) byte = plus.charCodeAt(0);
    if (byte === 0x25) {
      const escaped = 16 * digitValue(bytes[index + 1]) + digitValue(bytes[index + 2]);
      if (!Number.isNaN(escaped)) {
        byte = escaped;
        index += 2;
      }
    }
    bytes[length] = byte;
    length += 1;
  }
  return bytes.toString("latin1", 0, length);
}

/** What a hexadecimal digit in ASCII stands for, NaN for anything else. */
function digitValue(byte: number | undefined): number {
  if (byte === undefined) return Number.NaN;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lowerCase = byte | 0x20;
  return lowerCase >= 0x61 && lowerCase <= 0x66 ? lowerCase - 0x61 + 10 : Number.NaN;
}

/** The text whose UTF-8 bytes are the characters of `text`, undefined where they are not UTF-8 or not bytes. */
function findUtf8(text: string): string | undefined {
  if (!isByteText(text)) return undefined;
  const bytes = Buffer.from(text, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}

function isByteText(text: string): boolean {
  return !/[\u0100-\uffff]/.test(text);
}
