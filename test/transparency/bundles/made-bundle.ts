import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { freshFolder, type Kind } from "../../support/databases/databases.ts";
import { placeArgs } from "../../support/databases/locations.ts";
import { openShell } from "../../support/processes/command.ts";
import { makeSignedLog, type SignedLog } from "../signed-log.ts";

/** What local commands need to find a log. */
export function argsOf({ location, keyFile }: SignedLog): readonly string[] {
  return [...placeArgs(location, path.dirname(keyFile)), "--log-key", keyFile];
}

/** A log, and a bundle of what these filters leave of it, as a folder unless another name is given. */
export async function makeBundle(kind: Kind, filters: readonly string[], name = "evidence") {
  await using opening = new AsyncDisposableStack();
  const log = opening.use(await makeSignedLog(kind));
  const shell = opening.use(openShell());
  const outer = opening.use(freshFolder());
  const [key = ""] = log.verifierKeys;
  const folder = path.join(outer.folder, name);
  const made = await shell.ironlog(["log", "bundle", ...filters, "-o", folder, ...argsOf(log)]);
  assert.equal(made.code, 0, made.stderr);
  const open = opening.move();
  return { log, shell, outer, key, folder, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

export function linesIn(folder: string): readonly string[] {
  return readFileSync(path.join(folder, "events.ndjson"), "utf8").trimEnd().split("\n");
}
