import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { refuseOperation } from "../../src/audit/machine-actions.ts";
import { openLog } from "../../src/audit/open-log.ts";
import { openCopy } from "../../src/database/opening.ts";
import { perform } from "../../src/audit/perform.ts";
import type { Database, DatabaseLocation } from "../../src/database/database.ts";
import { openForReading } from "../../src/database/reading.ts";
import { registerWriter, type Writer, writerOf } from "../../src/database/writing/writer.ts";
import { checkpointFileOf } from "../../src/transparency/signing/checkpoint-file.ts";
import { readLogKey } from "../../src/transparency/signing/log-key.ts";
import { openSigner } from "../../src/transparency/signing/open-signer.ts";
import { Signer } from "../../src/transparency/signing/signer.ts";
import { verifyLog } from "../../src/transparency/verification/verification.ts";
import { checkpointText } from "../../src/verifiable-log/checkpoint.ts";
import { signNote, writeNote } from "../../src/verifiable-log/signed-note.ts";
import { freshFolder, type Kind, kinds, migratedLocation } from "../support/databases/databases.ts";
import { afterReading } from "../support/meanwhile.ts";
import { machine } from "../support/worlds/database-world.ts";

// Whoever reads the log sees it grow and be signed between any two looks: no reason to accuse anybody.

for (const kind of kinds) {
  for (const table of ["log_head", "checkpoint", "log_identity", "event", "tree_node"]) {
    test(`a verification doesn't accuse a log that grows and is signed after it read ${table} (${kind})`, async () => {
      await using fresh = await migratedLocation(kind);
      using folder = freshFolder();
      await using open = await openLog(fresh.location, machine, openCopy);
      const parts = {
        keyFile: path.join(folder.folder, "log.key"),
        appendKeys: open.appendKeys,
        origin: undefined,
      };
      const signer = await openSigner(open.db, parts, machine, fail);
      assert.ok(signer !== undefined);
      const grow = async (): Promise<void> => {
        // A whole tile, so that the tree gets a node too.
        await Promise.all(
          Array.from({ length: 256 }, async () =>
            perform(open.db, machine, refuseOperation, { operation: "x", path: "/" }),
          ),
        );
        await signer.sign();
      };
      await grow();
      await using reading = await openForReading(fresh.location);
      const report = await verifyLog({ ...reading, db: afterReading(reading.db, table, grow) });
      assert.deepEqual(report.integrity.faults, []);
      assert.deepEqual(report.completeness.gaps, []);
    });
  }

  test(`of two signers with one key and one file, the slower one doesn't take the other's checkpoint for another history (${kind})`, async () => {
    await using fresh = await migratedLocation(kind);
    using folder = freshFolder();
    await using open = await openLog(fresh.location, machine, openCopy);
    const keyFile = path.join(folder.folder, "log.key");
    const quick = await openSigner(open.db, { keyFile, appendKeys: open.appendKeys, origin: undefined }, machine, fail);
    const key = readLogKey(keyFile);
    assert.ok(quick !== undefined && key !== undefined);
    let turns = 3;
    const meanwhile = async (): Promise<void> => {
      turns -= 1;
      if (turns < 0) return;
      await perform(open.db, machine, refuseOperation, { operation: "x", path: "/" });
      await quick.sign();
    };
    const db = afterReading(open.db, "log_head", meanwhile);
    const slow = new Signer({
      db,
      key,
      appendKeys: open.appendKeys,
      checkpointFile: checkpointFileOf(keyFile),
      warn: () => {},
    });
    await slow.sign();
    assert.equal(slow.trouble, undefined);
  });

  test(`a signer that ends before it has stored what it signed leaves nothing beside the key (${kind})`, async () => {
    await using log = await signedLog(kind);
    await log.signer.sign();
    await log.grow();
    await assert.rejects(log.signerOn(withoutSigning(log.db)).sign(), /killed/);
    await expectIntact(log.location, log.checkpointFile);
  });

  test(`a checkpoint that can't be kept beside the key is kept there as soon as it can (${kind})`, async () => {
    await using log = await signedLog(kind);
    const away = path.join(path.dirname(log.checkpointFile), "away");
    const checkpointFile = path.join(away, "log.key.checkpoint");
    const signer = log.signerOn(log.db, checkpointFile);
    await assert.rejects(signer.sign(), { code: "ENOENT" });
    await assert.rejects(signer.sign(), { code: "ENOENT" }, "not even where nothing new is to be signed");
    mkdirSync(away);
    const stored = await signer.sign();
    assert.equal(readFileSync(checkpointFile, "utf8"), stored?.note);
    await expectIntact(log.location, checkpointFile);
    rmSync(checkpointFile);
    // One that starts where another ended in between has stored nothing itself.
    await log.signerOn(log.db, checkpointFile).sign();
    assert.equal(readFileSync(checkpointFile, "utf8"), stored?.note);
    // Nor does it leave a draft behind where it fails.
    rmSync(checkpointFile);
    mkdirSync(checkpointFile);
    await assert.rejects(signer.sign());
    assert.deepEqual(readdirSync(away), ["log.key.checkpoint"]);
  });

  test(`of two signers with one file the slower one leaves the later checkpoint there (${kind})`, async () => {
    await using log = await signedLog(kind);
    let later: string | undefined;
    const overtaken = afterSigning(log.db, async () => {
      await log.grow();
      later = (await log.signer.sign())?.note;
    });
    await log.signerOn(overtaken).sign();
    assert.ok(later !== undefined);
    assert.equal(readFileSync(log.checkpointFile, "utf8"), later);
  });

  test(`a log that was set back is noticed, though nothing has happened in it since (${kind})`, async () => {
    await using log = await signedLog(kind);
    const { key, checkpointFile } = log;
    const before = await log.signer.sign();
    assert.ok(before !== undefined);
    // What the file would say if the log had once been longer.
    const text = checkpointText({ origin: key.log.name, size: before.size + 7, root: Buffer.alloc(32, 7) });
    const note = writeNote(text, [
      signNote(text, key.log, 0),
      signNote(text, key.cosigner, Math.floor(Date.now() / 1_000)),
    ]);
    writeFileSync(checkpointFile, note);
    const again = log.signerOn(log.db);
    assert.equal(await again.sign(), undefined);
    assert.match(again.trouble ?? "", /this key has signed \d+ events/);
    assert.equal(readFileSync(checkpointFile, "utf8"), note, "what tells of it stays");
  });

  test(`after a clock that was far ahead the log is signed with the right time again, and holds (${kind})`, async (t) => {
    await using log = await signedLog(kind);
    const { signer, grow } = log;
    const [wall, steady] = [Date.now, performance.now.bind(performance)];
    let aheadMs = 365 * 86_400_000;
    t.mock.method(Date, "now", () => wall() + aheadMs);
    t.mock.method(performance, "now", () => steady() + aheadMs);
    await grow();
    const ahead = await signer.sign();
    aheadMs = 0;
    assert.equal((await signer.sign())?.signed, ahead?.signed, "while the log is as it was");
    await grow();
    const right = await signer.sign();
    assert.ok(Math.abs((right?.signed ?? 0) / 1_000 - wall()) < 60_000);
    await expectIntact(log.location, log.checkpointFile);
  });
}

function fail(error: unknown): never {
  throw error;
}

/** A log with its key, and signers for it. */
async function signedLog(kind: Kind) {
  await using opening = new AsyncDisposableStack();
  const { location } = opening.use(await migratedLocation(kind));
  const { folder } = opening.use(freshFolder());
  const { db, appendKeys } = opening.use(await openLog(location, machine, openCopy));
  const keyFile = path.join(folder, "log.key");
  const signer = await openSigner(db, { keyFile, appendKeys, origin: undefined }, machine, fail);
  const key = readLogKey(keyFile);
  assert.ok(signer !== undefined && key !== undefined);
  const open = opening.move();
  const ownFile = checkpointFileOf(keyFile);
  return {
    location,
    db,
    key,
    signer,
    checkpointFile: ownFile,
    grow: () => perform(db, machine, refuseOperation, { operation: "x", path: "/" }),
    signerOn: (on: Database, checkpointFile = ownFile) =>
      new Signer({ db: on, key, appendKeys, checkpointFile, warn: () => {} }),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** The same database, on which something happens right after a signer has stored a checkpoint. */
function afterSigning(db: Database, happens: () => Promise<void>): Database {
  const writer = writerOf(db);
  return whileSigning(db, async (work) => {
    const result = await writer.seal(work);
    await happens();
    return result;
  });
}

/** The same database, but that nothing a signer wants to store arrives in it. */
function withoutSigning(db: Database): Database {
  return whileSigning(db, () => Promise.reject(new Error("killed")));
}

function whileSigning(db: Database, seal: Writer["seal"]): Database {
  const writer = writerOf(db);
  const watched = db.withoutPlugins();
  registerWriter(watched, {
    keys: writer.keys,
    begin: () => writer.begin(),
    keepBooks: (work) => writer.keepBooks(work),
    seal,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  return watched;
}

/** A verification finds nothing, also against what stands beside the key. */
async function expectIntact(location: DatabaseLocation, checkpointFile: string): Promise<void> {
  await using reading = await openForReading(location);
  const note = readFileSync(checkpointFile, "utf8");
  const report = await verifyLog(reading, { kept: [{ note, where: "the file", isBesideKey: true }] });
  assert.deepEqual(report.integrity.faults, []);
}
