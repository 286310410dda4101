import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Draw, pick } from "../mutations.ts";
import { otherStates, type Part, type Stored } from "./part.ts";

// Manipulations of the files that belong to a log, and of a log as a whole.

/** The keys, and what is noted beside them. */
const noted = ["append.key.seen", "log.key.checkpoint"] as const;
export const keyFiles = ["append.key", "log.key", ...noted] as const;
const verdictFile = "unrecorded-verdict.json";

/** A file of the log is changed, swapped or gone. */
export function drawFilePart(draw: Draw, { folders }: Stored): Part {
  if (draw(8) === 0) return drawVerdictFile(draw);
  const name = pick(draw, keyFiles);
  const way = pick(draw, [
    "removed",
    "emptied",
    "changed",
    "cut",
    "older",
    "a stranger's",
    "another's",
    "open to all",
  ] as const);
  const at = draw(10_000);
  const other = pick(
    draw,
    keyFiles.filter((one) => one !== name),
  );
  // A key that others can read is refused. The other files hold no secret, and an older one is as true as it was.
  const isHarmless = way === "older" || (way === "open to all" && noted.some((one) => one === name));
  return {
    what: `${name} was ${way}${way === "changed" || way === "cut" ? ` at ${at}` : ""}${way === "another's" ? `: ${other}` : ""}`,
    role: "file owner",
    undo: [],
    ...(isHarmless && { isHarmless: true }),
    files: (folder) => {
      const file = path.join(folder, name);
      const bytes = readFileSync(path.join(folders.now, name));
      // The words at the beginning of a key's file are for people.
      const start = bytes.toString("latin1").startsWith("# ") ? bytes.indexOf("\n") + 1 : 0;
      const place = start + (at % (bytes.length - start - 1));
      if (way === "removed") rmSync(file, { force: true });
      else if (way === "emptied") writeFileSync(file, "");
      else if (way === "changed") writeFileSync(file, bytes.with(place, (bytes[place] ?? 0) ^ 1));
      else if (way === "cut") writeFileSync(file, bytes.subarray(0, place));
      else if (way === "older") copyFileSync(path.join(folders.earlier, name), file);
      else if (way === "a stranger's") copyFileSync(path.join(folders.stranger, name), file);
      else if (way === "another's") copyFileSync(path.join(folders.now, other), file);
      else if (existsSync(file)) chmodSync(file, 0o666);
    },
  };
}

/** It tells of a verdict that the log could not take. A verification looks at the log itself, whatever it says. */
function drawVerdictFile(draw: Draw): Part {
  const text = pick(draw, ["", "{}", '{"integrity":"intact"}', "rubbish"]);
  return {
    what: `${verdictFile} became '${text}'`,
    role: "file owner",
    undo: [],
    isHarmless: true,
    files: (folder) => writeFileSync(path.join(folder, verdictFile), text),
  };
}

/** An older log in place of this one, or one that went on otherwise; with none, some or all that is noted beside the keys. */
export function drawStatePart(draw: Draw): Part {
  const name = pick(draw, otherStates);
  const files = pick(draw, [[], [noted[0]], [noted[1]], noted, noted, noted]);
  return {
    what: `the ${name} log stands in place of this one, with ${files.length === 0 ? "no file" : files.join(" and ")} of its own`,
    role: "file owner",
    state: { name, files },
  };
}
