import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { openShell, type Shell } from "../support/processes/command.ts";
import { freshFolder, type FreshLocation, freshLocation, kinds } from "../support/databases/databases.ts";
import { placeArgs } from "../support/databases/locations.ts";
import { makeSignedLog } from "../transparency/signed-log.ts";

/** What somebody or a bad disk does to a copy: each gives other lines. */
const damages: Readonly<Record<string, (lines: readonly string[], event: number) => readonly string[]>> = {
  "a line that ends too early": (lines, event) => lines.with(event, lines[event]?.slice(0, -4) ?? ""),
  "a line twice": (lines, event) => lines.with(event, lines[event - 1] ?? ""),
  "a line less": (lines, event) => lines.toSpliced(event, 1),
  "two lines in another order": (lines, event) =>
    lines.with(event, lines[event + 1] ?? "").with(event + 1, lines[event] ?? ""),
  "a row without a column": (lines, event) => lines.with(event, lines[event]?.replace('"outcome"', '"outkome"') ?? ""),
  "a row with another value": (lines, event) => lines.with(event, lines[event]?.replace("2", "3") ?? ""),
  "a value of no type": (lines, event) =>
    lines.with(event, lines[event]?.replace(/"outcome":"\w+"/, '"outcome":true') ?? ""),
  "a line that is null": (lines, event) => lines.with(event, "null"),
  "a table that nobody knows": (lines) => lines.with(1, '{"table":"sqlite_master"}'),
  "no first line": (lines) => lines.slice(1),
  "a first line without its steps": (lines) => lines.with(0, lines[0]?.replace(/"schema":\[.*?\]/, '"schema":1') ?? ""),
  "no last line": (lines) => lines.slice(0, -2),
  "lines behind the last": (lines) => [...lines.slice(0, -1), "and more", ""],
};

function argsOf({ location }: FreshLocation, data: string): readonly string[] {
  return placeArgs(location, data);
}

async function backUp(shell: Shell, file: string, how: readonly string[]): Promise<void> {
  const made = await shell.ironlog(["backup", file, ...how]);
  assert.equal(made.code, 0, made.stderr);
}

for (const kind of kinds) {
  test(`a copy that isn't what was written is refused in one sentence that says so, and nothing is loaded (${kind})`, async () => {
    await using log = await makeSignedLog(kind);
    await using target = await freshLocation(kind);
    using folder = freshFolder();
    using shell = openShell();
    const good = path.join(folder.folder, "good.gz");
    const from = { location: log.location, meddle: log.meddle, [Symbol.asyncDispose]: async () => {} };
    await backUp(shell, good, argsOf(from, folder.folder));
    const bytes = readFileSync(good);
    const lines = gunzipSync(bytes).toString("utf8").split("\n");
    const event = lines.findIndex((line) => line.startsWith('{"table":"event"')) + 5;
    const files: (readonly [string, Buffer])[] = Object.entries(damages).map(([what, damage]) => [
      what,
      gzipSync(damage(lines, event).join("\n")),
    ]);
    for (const part of [0.01, 0.2, 0.5, 0.8, 0.99]) {
      const flipped = Buffer.from(bytes);
      const at = Math.floor(bytes.length * part);
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      files.push([`a bit flipped at ${part}`, flipped], [`cut off at ${part}`, bytes.subarray(0, at)]);
    }
    const wrong: string[] = [];
    for (const [what, content] of files) {
      const file = path.join(folder.folder, "damaged.gz");
      writeFileSync(file, content);
      const ran = await shell.ironlog(["restore", file, ...argsOf(target, folder.folder)]);
      const isRefused = ran.code === 1 && /^ironlog restore: .*damaged\.gz/.test(ran.stderr);
      if (!isRefused) wrong.push(`${what}: ${ran.code} ${ran.stderr.slice(0, 200)}`);
      if (ran.code === 0) break;
    }
    assert.deepEqual(wrong, []);
    const restored = await shell.ironlog(["restore", good, ...argsOf(target, folder.folder)]);
    assert.equal(restored.code, 0, `after all that it is still empty: ${restored.stderr}`);
  });
}
