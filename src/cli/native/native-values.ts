import { misuse } from "../../terminal/exit.ts";
import type { Field } from "./native-api.ts";

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** A time as the server takes it: `24h` and `7d` are so long before `nowMs`, all else goes as it is. */
export function timeValue(text: string, nowMs: number): string {
  const [, count, unit = ""] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (count === undefined) return text;
  return new Date(nowMs - Number(count) * (units[unit] ?? 0) * 1_000).toISOString();
}

/** The value that a word stands for in a body of JSON. Refuses (misuse) one that isn't of the field's type. */
export function jsonValue(field: Field, text: string, nowMs: number): unknown {
  switch (field.type) {
    case "text":
      return text;
    case "time":
      return timeValue(text, nowMs);
    case "integer":
    case "number":
      if (!/^-?\d+(\.\d+)?$/.test(text)) throw misuse(`'${field.name}' takes a number, and not '${text}'.`);
      return Number(text);
    case "boolean":
      if (text !== "true" && text !== "false") throw misuse(`'${field.name}' takes true or false, and not '${text}'.`);
      return text === "true";
    case "json":
      return readJson(text);
  }
}

/** JSON where it is some, else the text itself: `value=30` is a number, `value=focal` is not. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
