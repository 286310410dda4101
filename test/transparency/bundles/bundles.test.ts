import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { type BundleResult, checkBundle } from "../../../src/transparency/verification/bundle-check.ts";
import { generateSigningKey, parseVerifier } from "../../../src/verifiable-log/signed-note.ts";
import { kinds } from "../../support/databases/databases.ts";
import { linesIn, makeBundle } from "./made-bundle.ts";

type Line = Readonly<Record<string, unknown>>;

/** What is found of a bundle of that one line, whose proof is the folder's. */
function found(folder: string, key: string, line: string): BundleResult {
  const { id } = JSON.parse(line) as { readonly id: number };
  const files = ["checkpoint", "policy", `proofs/${id}.tlog-proof`];
  const read = (name: string): string => readFileSync(path.join(folder, name), "utf8");
  return checkBundle({ files, read, lines: () => [line] }, [parseVerifier(key)]);
}

/** Another value of the same type, or one where there is none. */
function otherThan(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "string") return `${value}x`;
  if (value === null) return "x";
  return { ...(value as object), more: 1 };
}

/** One line of each: accounts, reports with and without more and refusals. */
function samplesOf(lines: readonly string[]): readonly string[] {
  return [1, 8, 20, 40, 60, 300].map((at) => lines[at] ?? "");
}

for (const kind of kinds) {
  test(`a bundle holds against the log's key and no other, and no single field of it can be another one (${kind})`, async () => {
    await using bundle = await makeBundle(kind, []);
    const { shell, key, folder } = bundle;
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    const good = await shell.ironlog(["log", "check-bundle", folder, "--key", key]);
    assert.equal(good.code, 0, good.stdout + good.stderr);
    const wrongKey = await shell.ironlog(["log", "check-bundle", folder, "--key", generateSigningKey("log", "x").text]);
    assert.equal(wrongKey.code, 1);
    assert.equal((await shell.ironlog(["log", "check-bundle", folder])).code, 2);
    assert.equal((await shell.ironlog(["log", "check-bundle", "/nowhere", "--key", key])).code, 2);

    const lines = linesIn(folder);
    assert.ok(lines.length > 300);
    const missed: string[] = [];
    for (const line of samplesOf(lines)) {
      const event = JSON.parse(line) as Line;
      assert.deepEqual(found(folder, key, line).faults, []);
      for (const [name, value] of Object.entries(event)) {
        if (name === "type_words") continue;
        for (const fresh of [otherThan(value), null, undefined]) {
          // A member that is null says no more than one that is left out.
          if (fresh === value || (value === null && fresh === undefined)) continue;
          const changed = JSON.stringify({ ...event, [name]: fresh });
          if (found(folder, key, changed).faults.length > 0) continue;
          missed.push(`event ${String(event["id"])}: ${name} became ${String(fresh)}`);
        }
      }
      // Names that every object knows are no better than others.
      for (const name of ["seen_by", "toString", "constructor", "__proto__"]) {
        const more = `{"${name}":"eve",${line.slice(1)}`;
        if (found(folder, key, more).faults.length === 0) missed.push(`a member more: ${name}`);
      }
    }
    assert.deepEqual(missed, []);
  });

  test(`the words for an event's type in a bundle can't be other ones, and no member stands there twice (${kind})`, async () => {
    await using bundle = await makeBundle(kind, ["action=token.create"]);
    const { key, folder } = bundle;
    const [line = ""] = linesIn(folder);
    const event = JSON.parse(line) as Line;
    const changes = [
      JSON.stringify({ ...event, type_words: "Somebody else's words" }),
      `{"username":"eve",${line.slice(1)}`,
    ];
    assert.deepEqual(
      changes.filter((changed) => found(folder, key, changed).faults.length === 0),
      [],
    );
  });

  test(`a bundle of which a proof is missing, surplus or another one doesn't hold (${kind})`, async () => {
    await using bundle = await makeBundle(kind, ["action=token.create"]);
    const { log, shell, outer, key, folder } = bundle;
    const ids = linesIn(folder).map((line) => (JSON.parse(line) as { readonly id: number }).id);
    const [one = 0, other = 0] = ids;
    const proof = (at: string, id: number): string => path.join(at, "proofs", `${id}.tlog-proof`);
    const changes: Readonly<Record<string, (at: string) => void>> = {
      "a proof is missing": (at) => rmSync(proof(at, one)),
      "a proof is another event's": (at) => cpSync(proof(at, other), proof(at, one)),
      "there is a proof more": (at) => cpSync(proof(at, one), proof(at, 999)),
      "a proof's number is written otherwise": (at) =>
        cpSync(proof(at, one), path.join(at, "proofs", `0${one}.tlog-proof`)),
      "a proof has no event's name": (at) => cpSync(proof(at, one), path.join(at, "proofs", "x.tlog-proof")),
      "a line is missing": (at) =>
        writeFileSync(path.join(at, "events.ndjson"), `${linesIn(at).slice(1).join("\n")}\n`),
      "a line is there twice": (at) =>
        writeFileSync(path.join(at, "events.ndjson"), `${linesIn(at).join("\n")}\n${linesIn(at)[0]}\n`),
      "the checkpoint is an older one": (at) => writeFileSync(path.join(at, "checkpoint"), log.firstNote),
    };
    for (const [what, change] of Object.entries(changes)) {
      const copy = path.join(outer.folder, "changed");
      cpSync(folder, copy, { recursive: true });
      change(copy);
      const ran = await shell.ironlog(["log", "check-bundle", copy, "--key", key]);
      assert.equal(ran.code, 1, `${what}: ${ran.stdout}${ran.stderr}`);
      assert.match(ran.stdout, /does NOT hold/);
      rmSync(copy, { recursive: true });
    }
  });

  test(`a bundle with a file that was mangled on its way cannot be read, which is another thing than damage (${kind})`, async () => {
    await using bundle = await makeBundle(kind, ["action=token.create"]);
    const { shell, key, folder } = bundle;
    const [proof = ""] = readdirSync(path.join(folder, "proofs"));
    for (const name of ["events.ndjson", "checkpoint", "policy", `proofs/${proof}`]) {
      const file = path.join(folder, name);
      const text = readFileSync(file, "utf8");
      const mangled = [text.replaceAll("\n", "\r\n"), ...(name.includes("proof") ? ["", "{}"] : [])];
      for (const content of [...mangled, ...(name === "checkpoint" ? ["", "another file\n"] : [])]) {
        writeFileSync(file, content);
        const ran = await shell.ironlog(["log", "check-bundle", folder, "--key", key]);
        assert.equal(ran.code, 2, `${name}: ${ran.stdout}${ran.stderr}`);
        assert.match(ran.stdout, /cannot be read:\n/);
      }
      writeFileSync(file, text);
    }
  });

  test(`a bundle without events says nothing in the name of a log whose key isn't trusted (${kind})`, async () => {
    await using bundle = await makeBundle(kind, ["owner=nobody-of-this-name"]);
    const { shell, key, folder } = bundle;
    const good = await shell.ironlog(["log", "check-bundle", folder, "--key", key]);
    assert.equal(good.code, 0, good.stdout + good.stderr);
    const wrongKey = await shell.ironlog(["log", "check-bundle", folder, "--key", generateSigningKey("log", "x").text]);
    assert.equal(wrongKey.code, 1, wrongKey.stdout);
  });
}
