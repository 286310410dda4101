import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { cpSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { openShell } from "../support/processes/command.ts";
import { freshFolder, kinds } from "../support/databases/databases.ts";
import { takeGuardsOff } from "../support/databases/guards.ts";
import { send } from "../support/clients/http-client.ts";
import { allEvents } from "../support/clients/native-client.ts";
import { admin } from "../support/worlds/people.ts";
import {
  type ServerProcess,
  startSecondServer,
  startServer,
  startServerProcess,
  type TestServer,
} from "../support/server.ts";
import { until } from "../support/until.ts";

interface Log {
  readonly origin: string;
  readonly log_key: string;
  readonly cosigner_key: string;
  readonly size: number;
  readonly checkpoint: { readonly size: number; readonly note: string } | null;
  readonly signing: { readonly is_signing: boolean; readonly trouble: string | null };
}

async function logOf(server: TestServer): Promise<Log> {
  return (await admin(server).native.ask("GET", "log")).json<Log>();
}

async function act(server: TestServer, name = "an act"): Promise<void> {
  assert.equal((await admin(server).native.ask("POST", "account/tokens", { name })).status, 201, "recording goes on");
}

function readyText(server: TestServer): Promise<string> {
  const headers = { authorization: `Bearer ${server.firstLogin.apiKey}` };
  return send(server.url, "/readyz", { headers }).then(({ text }) => text);
}

const sizeIn = (note: string): number => Number(note.split("\n")[1]);

/** The time of the cosignature, once both signatures are what the keys sign: C2SP signed-note and tlog-cosignature. */
function checkSignatures(note: string, { log_key, cosigner_key }: Log): number {
  const [text = "", signatures = ""] = note.split("\n\n");
  const signed = `${text}\n`;
  const blobs = signatures
    .trimEnd()
    .split("\n")
    .map((line) => Buffer.from(line.split(" ")[2] ?? "", "base64"));
  const [log, cosigner] = [log_key, cosigner_key].map((key) => {
    const [, keyId = "", ...rest] = key.split("+");
    const raw = Buffer.from(rest.join("+"), "base64").subarray(1);
    const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]);
    const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
    const blob = blobs.find((one) => one.subarray(0, 4).toString("hex") === keyId)?.subarray(4);
    return { publicKey, blob: blob ?? Buffer.alloc(0) };
  });
  assert.ok(log !== undefined && cosigner !== undefined && blobs.length === 2);
  assert.ok(verify(null, Buffer.from(signed), log.publicKey, log.blob), "the log's signature");
  const seconds = cosigner.blob.readBigUInt64BE();
  const cosigned = Buffer.from(`cosignature/v1\ntime ${seconds}\n${signed}`);
  assert.ok(verify(null, cosigned, cosigner.publicKey, cosigner.blob.subarray(8)), "the cosignature");
  return Number(seconds);
}

for (const kind of kinds) {
  test(`a checkpoint with both signatures covers an acknowledged event within a second or so (${kind})`, async () => {
    await using server = await startServer({ kind });
    for (let round = 0; round < 3; round += 1) {
      await act(server);
      const { size } = await logOf(server);
      const note = async (): Promise<string> => (await send(server.url, "/log/checkpoint")).text;
      await until(async () => sizeIn(await note()) >= size);
      const text = await note();
      const seconds = checkSignatures(text, await logOf(server));
      assert.ok(Math.abs(Date.now() / 1000 - seconds) < 10);
      const beside = path.join(server.data, "log.key.checkpoint");
      await until(async () => readFileSync(beside, "utf8") === text);
    }
    for (const file of ["log.key", "log.key.checkpoint"]) {
      assert.equal(statSync(path.join(server.data, file)).mode & 0o777, 0o600, file);
    }
    assert.match(await readyText(server), /^signing: yes$/m);
    const { size } = await logOf(server);
    await server.stop();
    const last = readFileSync(path.join(server.data, "log.key.checkpoint"), "utf8");
    assert.ok(sizeIn(last) > size, "the stop itself is signed");
  });

  test(`a server without the log's key, or with another one in its place, serves and doesn't sign (${kind})`, async () => {
    await using server = await startServer({ kind });
    await using other = await startServer({ kind: "sqlite" });
    const keyFile = path.join(server.data, "log.key");
    await server.stop();
    const before = readFileSync(`${keyFile}.checkpoint`, "utf8");
    renameSync(keyFile, `${keyFile}.away`);
    for (const put of [undefined, path.join(other.data, "log.key")]) {
      if (put !== undefined) cpSync(put, keyFile);
      await server.start();
      await act(server);
      assert.match(await readyText(server), /^signing: no: this server hasn't the log's key$/m);
      const log = await logOf(server);
      assert.deepEqual([log.signing.is_signing, log.checkpoint?.note], [false, before]);
      await server.stop();
      assert.equal(readFileSync(`${keyFile}.checkpoint`, "utf8"), before);
    }
    renameSync(`${keyFile}.away`, keyFile);
    await server.start();
    const { size } = await logOf(server);
    await until(async () => ((await logOf(server)).checkpoint?.size ?? 0) >= size);
    using shell = openShell();
    const verified = await shell.ironlog(["log", "verify", ...server.databaseArgs]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  });

  test(`with a tree that is smaller than what the key has signed, the server records and doesn't sign (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    using folder = freshFolder();
    using shell = openShell();
    const backup = path.join(folder.folder, "backup.gz");
    assert.equal((await shell.ironlog(["backup", backup, ...server.databaseArgs])).code, 0);
    await server.stop();
    // The same key, and beside it what it has signed of the same log after it had grown elsewhere.
    const elsewhere = path.join(folder.folder, "elsewhere");
    const keyFile = path.join(server.data, "log.key");
    assert.equal((await shell.ironlog(["restore", backup, "--data", elsewhere])).code, 0);
    cpSync(keyFile, path.join(elsewhere, "log.key"));
    for (let copy = 0; copy < 8; copy += 1) {
      const more = path.join(folder.folder, `more-${copy}.gz`);
      assert.equal((await shell.ironlog(["backup", more, "--data", elsewhere])).code, 0);
    }
    const bundle = path.join(folder.folder, "bundle");
    const signed = await shell.ironlog(["log", "bundle", "action=server.start", "-o", bundle, "--data", elsewhere]);
    assert.equal(signed.code, 0, signed.stderr);
    const kept = readFileSync(`${keyFile}.checkpoint`, "utf8");
    cpSync(path.join(elsewhere, "log.key.checkpoint"), `${keyFile}.checkpoint`);
    await assertStops(server, /restored from a backup, run ironlog log renew-identity/);
    await server.stop();
    writeFileSync(`${keyFile}.checkpoint`, kept);
    await server.start();
    await act(server);
    assert.match(await readyText(server), /^signing: yes$/m, "with the right file it goes on");
  });

  test(`with another history than the key has signed, the server records and doesn't sign (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    await act(server);
    await server.stop();
    const guardAgain = await takeGuardsOff(server, "event");
    // The root that the server computes follows from the leaf hashes that are stored.
    await server.meddle("update event set leaf_hash = (select leaf_hash from event where id = 2) where id = 1");
    await guardAgain();
    await assertStops(server, /not those that this key has signed/);
    using shell = openShell();
    assert.equal((await shell.ironlog(["log", "verify", ...server.databaseArgs])).code, 1);
  });

  test(`a log in which nothing happens signs the same tree again every ten minutes (${kind})`, async () => {
    await using server = await startServer({ kind });
    await until(async () => {
      const { size, checkpoint } = await logOf(server);
      return checkpoint?.size === size;
    });
    const { checkpoint } = await logOf(server);
    const note = checkpoint?.note ?? "";
    const tables = kind === "postgres" ? ["alter table checkpoint disable trigger user"] : await triggersOf(server);
    for (const statement of tables) await server.meddle(statement);
    // In the same second it would be the same note, to the byte.
    const second = checkSignatures(note, await logOf(server));
    await until(async () => Math.floor((await serverTime(server)) / 1000) > second);
    await server.meddle("update checkpoint set signed = signed - 700000000");
    await until(async () => (await logOf(server)).checkpoint?.note !== note);
    const log = await logOf(server);
    const again = log.checkpoint?.note ?? "";
    assert.equal(again.split("\n\n")[0], note.split("\n\n")[0], "the same size and root");
    assert.ok(checkSignatures(again, log) > second);
    assert.equal((await allEvents(admin(server).native)).length, log.size);
  });
}

test("of two servers on one database, the one without the key leaves signing to the other, and both record", async () => {
  await using server = await startServer({ kind: "postgres" });
  await using second = await startSecondServer(server);
  const there = { ...server, url: second.url };
  assert.match(await readyText(there), /^signing: no/m);
  await act(there);
  const { size } = await logOf(there);
  await until(async () => ((await logOf(there)).checkpoint?.size ?? 0) >= size);
});

/** Starts the server; fails unless it records, doesn't sign and says why. */
async function assertStops(server: ServerProcess, why: RegExp): Promise<void> {
  await server.start();
  await until(async () => /^signing: NO: /m.test(await readyText(server)));
  const before = (await logOf(server)).checkpoint?.note;
  await act(server);
  const proof = await admin(server).native.ask("GET", `events/${(await logOf(server)).size}/proof`);
  assert.equal(proof.status, 503, "nor for a proof");
  assert.equal(proof.json<{ code: string }>().code, "not_yet_sealed");
  assert.equal((await logOf(server)).checkpoint?.note, before);
  const { signing } = await logOf(server);
  assert.equal(signing.is_signing, false);
  assert.match(signing.trouble ?? "", why);
  assert.equal((await server.stop()).code, 0);
  await server.start();
  await until(async () => /^signing: NO: /m.test(await readyText(server)));
}

/** Milliseconds, by the server's own clock. */
async function serverTime(server: TestServer): Promise<number> {
  return Date.parse((await send(server.url, "/healthz")).headers.date ?? "");
}

async function triggersOf(server: TestServer): Promise<readonly string[]> {
  const triggers = await server.meddle(
    "select name from sqlite_master where type = 'trigger' and tbl_name = 'checkpoint'",
  );
  return triggers.map(({ name }) => `drop trigger "${String(name)}"`);
}
