import { readFileSync, writeFileSync } from "node:fs";
import { type Draw, pick } from "../mutations.ts";
import type { Part, Stored } from "./part.ts";

// Manipulations of the database's own files, which nobody has open: as with an editor for bytes.

/** A text of a row is another one of the same length, wherever it stands; on SQLite also any bit. */
export function drawBytePart(draw: Draw, { kind, rows, state }: Stored): Part {
  const at = draw(2 ** 31);
  const bit = 1 << draw(8);
  if (kind === "sqlite" && draw(2) === 0) {
    return {
      what: `bit ${bit} of the file's byte ${at} was turned`,
      role: "file owner",
      bytes: (file) => {
        const bytes = readFileSync(file);
        // The first 100 bytes are counters and the file's form, which a clean end may change too.
        const place = 100 + (at % (bytes.length - 100));
        writeFileSync(file, bytes.with(place, (bytes[place] ?? 0) ^ bit));
      },
    };
  }
  const tables = Object.entries({ ...rows, ...state });
  for (;;) {
    const [table, own] = pick(draw, tables);
    if (own.length === 0) continue;
    const row = pick(draw, own);
    const texts = Object.entries(row).filter(
      ([, value]) => typeof value === "string" && /^[\w .:-]{4,60}$/.test(value),
    );
    if (texts.length === 0) continue;
    const [column, value] = pick(draw, texts);
    const text = String(value);
    const place = draw(text.length);
    const letter = text[place] === "x" ? "y" : "x";
    return {
      what: `${table}.${column} '${text}' has '${letter}' at ${place} in the file's bytes`,
      role: "file owner",
      table,
      bytes: (file) => {
        const bytes = readFileSync(file);
        const found: number[] = [];
        for (let next = bytes.indexOf(text); next >= 0; next = bytes.indexOf(text, next + 1)) found.push(next);
        const one = found[at % Math.max(1, found.length)];
        if (one !== undefined) writeFileSync(file, bytes.fill(letter, one + place, one + place + 1));
      },
    };
  }
}
