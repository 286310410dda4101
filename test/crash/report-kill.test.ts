import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  eventLines,
  openings,
  reportedTo,
  type Reporting,
  startReporting,
  untilReported,
} from "../support/cli/reporting.ts";
import { forEachKind } from "../support/each-kind.ts";
import { freePort } from "../support/ports.ts";
import { startServerProcess, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { numbersFrom } from "../transparency/mutations.ts";

// `ironlog report`: what was spooled survives the end of either side, and nothing is recorded twice.

async function assertAll(server: TestServer, count: number): Promise<void> {
  assert.deepEqual(
    (await reportedTo(server)).map(({ description }) => description),
    openings(1, count),
  );
}

/** Delivers what waits, and ends. */
async function deliverRest(reporting: Reporting): Promise<void> {
  await using report = reporting.start();
  report.write("", true);
  assert.equal((await report.ended).code, 0, report.stderr);
  assert.equal(reporting.waiting(), 0);
}

forEachKind((kind) => {
  test(`killed while its server is away, it has kept what it took (${kind})`, async () => {
    const port = String(await freePort());
    await using server = await startServerProcess({ kind, args: ["--port", port] });
    using reporting = await startReporting(server.url, server.firstLogin.apiKey);
    await server.kill();
    for (let killed = 0; killed < 3; killed += 1) {
      await using report = reporting.start();
      report.write(eventLines(killed * 700 + 1, 700));
      await until(() => reporting.waiting() === (killed + 1) * 700);
      report.signal("SIGKILL");
      await report.ended;
    }
    await server.start();
    await deliverRest(reporting);
    await assertAll(server, 2_100);
  });

  test(`killed while it delivers, again and again, it delivers the rest and nothing twice (${kind})`, async (t) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const draw = numbersFrom(seed);
    await using server = await startServerProcess({ kind });
    using reporting = await startReporting(server.url, server.firstLogin.apiKey);
    let written = 0;
    for (let killed = 0; killed < 5; killed += 1) {
      await using report = reporting.start();
      // Line by line, so that there are many batches.
      for (let lines = 0; lines < 100; lines += 1) {
        written += 1;
        report.write(eventLines(written, 1));
        if (lines % 10 === 0) await nextTurn();
      }
      const before = (await reportedTo(server)).length;
      const wanted = before + draw(Math.max(1, written - before));
      await until(async () => (await reportedTo(server)).length >= wanted);
      // A pipe that nobody reads loses what is in it: it must have been taken.
      const taken = async () => (await reportedTo(server)).length + reporting.waiting() >= written;
      await until(taken);
      report.signal("SIGKILL");
      await report.ended;
    }
    await deliverRest(reporting);
    await assertAll(server, written);
  });

  test(`a server that is killed again and again while it is reported to has all of it, once (${kind})`, async (t) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const draw = numbersFrom(seed);
    const port = String(await freePort());
    await using server = await startServerProcess({ kind, args: ["--port", port] });
    using reporting = await startReporting(server.url, server.firstLogin.apiKey);
    await using report = reporting.start();
    let written = 0;
    for (let killed = 0; killed < 3; killed += 1) {
      report.write(eventLines(written + 1, 3_000));
      written += 3_000;
      await untilReported(server, killed * 3_000 + draw(2_500));
      await server.kill();
      await server.start();
      await untilReported(server, written);
    }
    report.write("", true);
    assert.equal((await report.ended).code, 0, report.stderr);
    await assertAll(server, written);
  });
});
