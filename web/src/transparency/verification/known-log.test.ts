import assert from "node:assert/strict";
import { test } from "node:test";
import { admin, makePerson } from "../../../../test/support/worlds/people.ts";
import { startServer, type TestServer } from "../../../../test/support/server.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { acknowledgeIdentity, findKnownLog, type LogMemory, checkConsistency, type SeenLog } from "./known-log.ts";

function freshMemory(): LogMemory {
  const values = new Map<string, string>();
  return { getItem: (name) => values.get(name) ?? null, setItem: (name, value) => void values.set(name, value) };
}

/** The log as its own server shows it, once somebody has done something more. */
async function lookAt(server: TestServer): Promise<SeenLog> {
  const person = await makePerson(server);
  const { items } = (await person.native.ask("GET", "events?limit=1")).json<{ items: readonly { id: number }[] }>();
  assert.equal((await person.native.ask("GET", `events/${items[0]?.id}/proof`)).status, 200);
  const {
    origin,
    log_key: vkey,
    checkpoint,
  } = (await admin(server).native.ask("GET", "log")).json<{
    readonly origin: string;
    readonly log_key: string;
    readonly checkpoint: { readonly note: string };
  }>();
  const opened = await openCheckpoint(checkpoint.note, { origin, vkey });
  assert.ok(opened.isSigned);
  return { origin, vkey, checkpoint: opened.checkpoint };
}

const readTileOf = (server: TestServer) => async (path: string) => {
  const answer = await fetch(`${server.url}/log/tile/${path}`);
  assert.equal(answer.status, 200, path);
  return answer.arrayBuffer();
};

const noTile = (): never => assert.fail("no tile is needed for this");

const seenAs = (seen: SeenLog, checkpoint: Partial<Checkpoint>): SeenLog => ({
  ...seen,
  checkpoint: { ...seen.checkpoint, ...checkpoint },
});

test("a log that grows is known again, by tiles that anybody may read", async () => {
  await using server = await startServer({ kind: "sqlite" });
  const memory = freshMemory();
  const readTile = readTileOf(server);
  const first = await lookAt(server);
  assert.deepEqual(await checkConsistency(memory, async () => first, noTile), { state: "first-seen" });
  assert.deepEqual(findKnownLog(memory), first);
  assert.deepEqual(await checkConsistency(memory, async () => first, noTile), { state: "unchanged" });
  for (let round = 0; round < 5; round += 1) {
    assert.deepEqual(await checkConsistency(memory, () => lookAt(server), readTile), { state: "grown" });
  }
  const known = findKnownLog(memory);
  assert.ok(known !== undefined && known.checkpoint.size > first.checkpoint.size);

  const late = await checkConsistency(memory, async () => first, noTile);
  assert.ok(late.state === "broken", "a log doesn't shrink");
  assert.match(late.says, /^The log has \d+ events. This browser has seen \d+.$/);
  const forked = seenAs(known, { root: first.checkpoint.root });
  assert.equal((await checkConsistency(memory, async () => forked, noTile)).state, "broken");
  const grownElsewhere = seenAs(await lookAt(server), { root: first.checkpoint.root });
  assert.equal((await checkConsistency(memory, async () => grownElsewhere, readTile)).state, "broken");
  const cut = await checkConsistency(
    memory,
    () => lookAt(server),
    () => Promise.reject(new Error("No answer.")),
  );
  assert.deepEqual(cut, { state: "could-not-check", reason: "No answer." });
  assert.deepEqual(findKnownLog(memory), known, "nothing of all that is remembered");
});

test("an answer that another one has overtaken is no shorter log", async () => {
  await using server = await startServer({ kind: "sqlite" });
  const memory = freshMemory();
  const [first, second] = [await lookAt(server), await lookAt(server)];
  await checkConsistency(memory, async () => first, noTile);
  const overtaken = async (): Promise<SeenLog> => {
    assert.deepEqual(await checkConsistency(memory, async () => second, readTileOf(server)), { state: "grown" });
    return first;
  };
  assert.deepEqual(await checkConsistency(memory, overtaken, readTileOf(server)), { state: "unchanged" });
  assert.deepEqual(findKnownLog(memory), second);
});

const root = new Uint8Array(32);
const log: SeenLog = { origin: "a", vkey: "a+1", checkpoint: { origin: "a", size: 9, root, note: "note" } };

test("another key under the same name is broken, also for a log that this page has just come to know", async () => {
  const memory = freshMemory();
  const other = { ...log, vkey: "a+2" };
  const overtaken = async (): Promise<SeenLog> => {
    await checkConsistency(memory, async () => log, noTile);
    return other;
  };
  for (const ask of [overtaken, async () => other]) {
    const met = await checkConsistency(memory, ask, noTile);
    assert.ok(met.state === "broken");
    assert.equal(met.says, "'a' has another key than this browser has seen.");
  }
  assert.deepEqual(findKnownLog(memory), log);
});

test("a new name waits until somebody has acknowledged it, even of a shorter log", async () => {
  const memory = freshMemory();
  const renewed: SeenLog = { origin: "b", vkey: "b+1", checkpoint: { ...log.checkpoint, origin: "b", size: 5 } };
  await checkConsistency(memory, async () => log, noTile);
  const asked = { state: "changed-identity", known: log, seen: renewed };
  assert.deepEqual(await checkConsistency(memory, async () => renewed, noTile), asked);
  assert.deepEqual(await checkConsistency(memory, async () => renewed, noTile), asked);
  acknowledgeIdentity(memory, renewed);
  assert.deepEqual(await checkConsistency(memory, async () => renewed, noTile), { state: "unchanged" });
  assert.equal((await checkConsistency(memory, async () => log, noTile)).state, "changed-identity");
});

test("a browser that keeps nothing, or rubbish, has nothing to compare with", async () => {
  const refuses = (): never => {
    throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
  };
  for (const kept of [
    "",
    "{",
    "null",
    "[]",
    '{"origin":"a"}',
    '{"origin":"a","vkey":"k","note":"","size":"9","root":""}',
  ]) {
    const memory = { getItem: () => kept, setItem: refuses };
    assert.deepEqual(await checkConsistency(memory, async () => log, noTile), { state: "first-seen" });
  }
  assert.equal(findKnownLog({ getItem: refuses, setItem: refuses }), undefined);
});
