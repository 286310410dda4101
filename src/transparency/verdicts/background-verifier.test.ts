import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { freshFolder, type Kind, kinds, migratedLocation } from "../../../test/support/databases/databases.ts";
import { machine } from "../../../test/support/worlds/database-world.ts";
import { openLog } from "../../audit/open-log.ts";
import { openCopy } from "../../database/opening.ts";
import { perform } from "../../audit/perform.ts";
import { keepBooks } from "../../database/writing/bookkeeping.ts";
import { realTiming } from "../../following/timing.ts";
import type { Timing, Turn } from "../../following/worker.ts";
import { updateSetting } from "../../settings/actions.ts";
import { BackgroundVerifier } from "./background-verifier.ts";
import { UnrecordedVerdict } from "./unrecorded-verdict.ts";
import { until } from "../../../test/support/until.ts";

/** A verifier that runs a program of the test's, and the events that it records. */
async function openVerifier(kind: Kind, program: string, timing?: Timing) {
  await using opening = new AsyncDisposableStack();
  const { location } = opening.use(await migratedLocation(kind));
  const { folder } = opening.use(freshFolder());
  const { db } = opening.use(await openLog(location, machine, openCopy));
  const mainFile = path.join(folder, "program.mjs");
  writeFileSync(mainFile, program);
  const verifier = new BackgroundVerifier({
    db,
    program: {
      mainFile,
      dataFolder: folder,
      logKeyFile: path.join(folder, "log.key"),
      appendKeyFile: location.appendKeyFile,
      environment: {},
    },
    unrecorded: new UnrecordedVerdict(folder),
    machine,
    warn: () => {},
    isShared: false,
    defersTo: undefined,
    ...(timing !== undefined && { timing }),
  });
  const open = opening.move();
  return {
    db,
    take: (isRequested: boolean, signal = new AbortController().signal) =>
      verifier.worker.turn(turnOf(isRequested, signal, (work) => keepBooks(db, work))),
    async told() {
      const events = await db
        .selectFrom("event")
        .select("description")
        .where("action", "like", "log.verify%")
        .execute();
      return events.map(({ description }) => description);
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function turnOf(isRequested: boolean, signal: AbortSignal, books: Turn["keepBooks"]): Turn {
  return { signal, keepBooks: books, learnRequests: async () => {}, takeRequest: () => isRequested, isFinal: false };
}

const fails = `console.error("ironlog log verify: no such thing."); process.exit(2);`;

for (const kind of kinds) {
  test(`a pass that takes longer than the interval is told while it runs, once (${kind})`, async () => {
    let hours = 0;
    const timing: Timing = {
      ...realTiming,
      now: () => realTiming.now() + hours * 3_600_000_000,
      async sleep() {
        hours += 1;
      },
    };
    await using verifier = await openVerifier(kind, "setInterval(() => {}, 1000);", timing);
    const told = new AbortController();
    const turn = verifier.take(true, told.signal);
    await until(async () => (await verifier.told()).length !== 0);
    told.abort();
    await assert.rejects(turn, { name: "AbortError" });
    assert.deepEqual(await verifier.told(), ["A verification took longer than 24 hours."]);
    assert.equal(hours, 24);
  });

  test(`a pass that can't be done is recorded as such, and tried again after an hour, not before (${kind})`, async () => {
    let minutes = 0;
    const timing: Timing = { ...realTiming, now: () => realTiming.now() + minutes * 60_000_000 };
    await using verifier = await openVerifier(kind, fails, timing);
    const sentence = "Could not verify the log: no such thing.";
    await verifier.take(false);
    assert.deepEqual(await verifier.told(), [sentence]);
    for (minutes = 1; minutes < 60; minutes += 1) await verifier.take(false);
    assert.deepEqual(await verifier.told(), [sentence]);
    minutes = 61;
    await verifier.take(false);
    assert.deepEqual(await verifier.told(), [sentence, sentence]);
    await perform(verifier.db, machine, updateSetting, {
      name: "ironlog_verify_interval_hours",
      value: 0,
      isSecretNew: false,
      now: 1,
    });
    minutes = 10_000;
    await verifier.take(false);
    assert.equal((await verifier.told()).length, 2, "it is turned off");
    await verifier.take(true);
    assert.equal((await verifier.told()).length, 3, "and done all the same when it is asked for");
  });
}
