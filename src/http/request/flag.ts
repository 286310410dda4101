import { invalidField } from "../../refusal.ts";

/** `true` and `false` in any case, `1` and `0`, and the words that people write for them. Empty and null are false. */
export function parseFlag(value: unknown, field: string): boolean {
  if (typeof value === "boolean") return value;
  const word = value === null ? "" : typeof value === "string" || typeof value === "number" ? String(value) : "?";
  if (/^(true|1|yes|on)$/i.test(word)) return true;
  if (/^(false|0|no|off|)$/i.test(word)) return false;
  throw invalidField(field, "Enter true or false.");
}
