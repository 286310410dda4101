import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { VerificationReport } from "../../src/transparency/verification/verification-report.ts";
import { checkpointText } from "../../src/verifiable-log/checkpoint.ts";
import { generateSigningKey, signNote, writeNote } from "../../src/verifiable-log/signed-note.ts";
import { ironlogFile, openShell, type Ran } from "../support/processes/command.ts";
import { freshFolder, kinds } from "../support/databases/databases.ts";
import { placeArgs } from "../support/databases/locations.ts";
import { startProcess } from "../support/processes/program.ts";
import { makeSignedLog, type SignedLog } from "./signed-log.ts";
import { unguarded } from "./tampered.ts";

/** `log verify` on a log; without the key's files unless the key is named. */
function argsFor({ location }: SignedLog, flags: readonly string[], keyFile: string): readonly string[] {
  return ["log", "verify", ...placeArgs(location, "/nowhere"), "--log-key", keyFile, ...flags];
}

async function verify(log: SignedLog, flags: readonly string[], keyFile = "/nowhere/log.key"): Promise<Ran> {
  using shell = openShell();
  return await shell.ironlog(argsFor(log, flags, keyFile));
}

const reportIn = ({ stdout }: Ran): VerificationReport => JSON.parse(stdout) as VerificationReport;

for (const kind of kinds) {
  test(`a good log: status 0, both verdicts, and against a checkpoint kept elsewhere (${kind})`, async () => {
    await using log = await makeSignedLog(kind);
    using folder = freshFolder();
    const since = path.join(folder.folder, "kept");
    writeFileSync(since, log.firstNote);
    const plain = await verify(log, []);
    assert.equal(plain.code, 0, plain.stdout + plain.stderr);
    assert.match(plain.stdout, /^Integrity: intact .*\nCompleteness: complete\n/);
    assert.match(plain.stdout, /keys that the database itself names/);
    const all = await verify(log, ["--since", since, "--key", log.verifierKeys.join(","), "--json"], log.keyFile);
    assert.equal(all.code, 0, all.stdout + all.stderr);
    const { checked_checkpoints, keys_are_trusted } = reportIn(all);
    assert.deepEqual([checked_checkpoints, keys_are_trusted], [5, true]);
  });

  test(`a file beside the keys that is gone is a warning, which says what can't be noticed without it (${kind})`, async () => {
    await using log = await makeSignedLog(kind);
    const { appendKeyFile } = log.location;
    const warnings = async (): Promise<readonly string[]> => {
      const ran = await verify(log, ["--json"], log.keyFile);
      assert.equal(ran.code, 0, ran.stdout + ran.stderr);
      return reportIn(ran).warnings;
    };
    assert.deepEqual(await warnings(), []);
    for (const [file, words] of [
      [appendKeyFile, "is not there: nobody can say whether its holder left the head and the stored rows"],
      [`${appendKeyFile}.seen`, "is not there, or can't be read: an older state of the log would not be noticed"],
      [
        `${log.keyFile}.checkpoint`,
        "is not there, or can't be read: a log that was cut or set back would not be noticed by it",
      ],
    ] as const) {
      renameSync(file, `${file}.away`);
      assert.deepEqual(await warnings(), [`${file} ${words}`]);
      renameSync(`${file}.away`, file);
    }
    writeFileSync(`${appendKeyFile}.seen`, "rubbish");
    assert.match((await warnings()).join(), /append\.key\.seen is not there, or can't be read/);
  });

  test(`a group of columns that is gone is damage, whatever an event of ours tells of it (${kind})`, async () => {
    await using log = await makeSignedLog(kind);
    // The last event tells of an erasure of just these.
    const { guardAgain } = await unguarded(log);
    await log.meddle("update event set user_id = null, username = null, actor_salt = null where id = 41");
    await log.meddle("update event set node = null, hostname = null, node_salt = null where id in (50, 51, 52)");
    await guardAgain();
    const ran = await verify(log, ["--key", log.verifierKeys.join(","), "--json"], log.keyFile);
    assert.equal(ran.code, 1, ran.stdout);
    const { integrity } = reportIn(ran);
    assert.deepEqual(
      integrity.faults.map(({ event }) => event),
      [41, 50, 51, 52],
    );
    assert.match(integrity.faults[0]?.what ?? "", /'actor'.* removed/);
  });

  test(`a log that is signed by another key than the one that is trusted is not good (${kind})`, async () => {
    await using log = await makeSignedLog(kind);
    // As somebody would who has made the whole log anew, under the same name.
    const other = generateSigningKey("log", "example.com/tests").text;
    const ran = await verify(log, ["--key", other, "--json"]);
    assert.equal(ran.code, 1, ran.stdout);
    assert.equal(reportIn(ran).integrity.verdict, "damaged");
  });

  test(`a checkpoint of another log is refused as a mistake, and doesn't hide that this one is damaged (${kind})`, async () => {
    await using log = await makeSignedLog(kind);
    using folder = freshFolder();
    const since = path.join(folder.folder, "kept");
    const text = checkpointText({ origin: "example.com/other", size: 1, root: Buffer.alloc(32) });
    writeFileSync(since, signedOnce(text, "example.com/other"));
    const other = `--since ${since} is a checkpoint of another log, 'example.com/other': this one is 'example.com/tests'`;
    for (const flags of [[], ["--key", log.verifierKeys.join(",")]]) {
      const ran = await verify(log, ["--since", since, ...flags], log.keyFile);
      assert.deepEqual([ran.code, ran.stdout], [2, ""]);
      assert.equal(ran.stderr, `ironlog log verify: ${other}\n`);
    }
    await unguarded(log);
    await log.meddle("update event set type = 'X' where id = 3");
    const damaged = await verify(log, ["--since", since]);
    assert.equal(damaged.code, 1);
    assert.match(damaged.stdout, /event 3: [^]*another log/);
    // Signed for the same name by another key: so looks a log that was made anew.
    const sameName = checkpointText({ origin: "example.com/tests", size: 1, root: Buffer.alloc(32) });
    writeFileSync(since, signedOnce(sameName, "example.com/tests"));
    assert.equal((await verify(log, ["--since", since])).code, 1);
  });

  test(`a log whose end was cut off with its head, tree and checkpoints is found by what was kept (${kind})`, async () => {
    await using log = await makeSignedLog(kind);
    using folder = freshFolder();
    const { guardAgain } = await unguarded(log);
    const { rows } = await cutBehind(log, 1);
    await guardAgain();
    assert.ok(rows > 100);
    const withoutKeys = ["--append-key", "/nowhere/append.key"];
    const inside = await verify(log, withoutKeys);
    assert.match(inside.stdout, /row \d+ of \w+ was recorded by no event/, "rows are left of what was cut off");
    const withKey = await verify(log, []);
    assert.match(withKey.stdout, /log_head was not left by anybody who has the log's append key/);
    const beside = await verify(log, ["--json"], log.keyFile);
    assert.equal(beside.code, 1, beside.stdout);
    assert.equal(reportIn(beside).completeness.verdict, "incomplete");
    const since = path.join(folder.folder, "kept");
    writeFileSync(since, log.firstNote);
    const beginning = await verify(log, ["--since", since, "--key", log.verifierKeys.join(",")]);
    assert.doesNotMatch(
      beginning.stdout,
      /^ {2}.*checkpoint/m,
      "the checkpoint that covers what is left is no complaint",
    );
  });

  test(`a head that names an event far ahead doesn't keep a verification busy for ever (${kind})`, async () => {
    await using log = await makeSignedLog(kind);
    await unguarded(log);
    await log.meddle("update log_head set last_event_id = 900000000000000");
    const args = argsFor(log, ["--json"], "/nowhere/log.key");
    await using process = startProcess({ command: ironlogFile, args });
    // Event by event it would take years.
    assert.equal((await process.ended).code, 1, process.stderr);
    assert.match(process.stdout, /"verdict": "incomplete"/);
  });
}

test("what can't be verified is neither good nor bad: status 2", async () => {
  using shell = openShell();
  using folder = freshFolder();
  const nothing = ["log", "verify", "--data", folder.folder];
  for (const flags of [[], ["--since", "/nowhere"], ["--url", "http://127.0.0.1:9"], ["--pace", "x"], ["one-word"]]) {
    const ran = await shell.ironlog([...nothing, ...flags]);
    assert.equal(ran.code, 2, ran.stderr);
    assert.notEqual(ran.stderr, "");
  }
});

/** By a key that nobody knows. */
function signedOnce(text: string, name: string): string {
  return writeNote(text, [signNote(text, generateSigningKey("log", name), 1)]);
}

/** Leaves of the log what its checkpoint of that id covers. */
async function cutBehind(log: SignedLog, checkpoint: number): Promise<{ readonly rows: number }> {
  const [kept] = await log.meddle(`select size from checkpoint where id = ${checkpoint}`);
  const size = Number(kept?.["size"]);
  assert.ok(size > 0 && size < 256, "so small that the tree has no node yet");
  const [{ rows } = {}] = await log.meddle(`select count(*) as rows from event where id > ${size}`);
  await log.meddle(`delete from event where id > ${size}`);
  await log.meddle(`delete from tree_node`);
  await log.meddle(`delete from checkpoint where id > ${checkpoint}`);
  const frontier = await frontierOf(log);
  const bytes = log.kind === "sqlite" ? `x'${frontier}'` : `'\\x${frontier}'`;
  const created = `(select created from event where id = ${size})`;
  await log.meddle(`update log_head set last_event_id = ${size}, last_created = ${created}, frontier = ${bytes}`);
  return { rows: Number(rows) };
}

/** In hexadecimal, as somebody computes it who has read docs/log-format.md. */
async function frontierOf(log: SignedLog): Promise<string> {
  const { GrowingTree } = await import("../../src/verifiable-log/tree.ts");
  const tree = GrowingTree.from(0, Buffer.alloc(0));
  for (const { leaf_hash } of await log.meddle("select leaf_hash from event order by id")) {
    tree.append(leaf_hash as Uint8Array);
  }
  return tree.frontier().toString("hex");
}
