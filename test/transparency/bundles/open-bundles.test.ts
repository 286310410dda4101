import assert from "node:assert/strict";
import { test } from "node:test";
import { allLevels } from "../../../src/events/filter/level.ts";
import { tarOf } from "../../../src/transparency/bundles/tar.ts";
import { bundleOf } from "../../../src/transparency/bundles/bundle.ts";
import { findIdentity, findNewestCheckpoint } from "../../../src/transparency/queries.ts";
import { forEachKind } from "../../support/each-kind.ts";
import type { NativeClient } from "../../support/clients/native-client.ts";
import { openAnswer } from "../../support/clients/open-answer.ts";
import { holdTable } from "../../support/databases/held-table.ts";
import { powerFailure, report } from "../../support/reports.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { until } from "../../support/until.ts";
import { admin } from "../../support/worlds/people.ts";

// How many downloads of events are open, and what is held of them.

const perUserMax = 4;
/** More than the buffers between a server and a client hold, some 40 MB: nobody who doesn't read gets it whole. */
const muchEvents = 2_500;

async function fill(native: NativeClient, count: number): Promise<void> {
  const details = { text: "x".repeat(16_000) };
  const batch = Array.from({ length: 250 }, () => ({ ...powerFailure, details }));
  for (let made = 0; made < count; made += batch.length) await report(native, batch);
}

/** So many that come together and that nobody reads, until they are disposed of. */
async function openTogether(server: TestServer, path: string, count: number) {
  const headers = { authorization: `Bearer ${server.firstLogin.apiKey}` };
  const asked = Array.from({ length: count }, () => openAnswer(server.url, path, headers, { paused: true }));
  const answers = await Promise.all(asked);
  const open = new DisposableStack();
  for (const answer of answers) open.use(answer);
  const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
  return { statuses, answers, [Symbol.dispose]: () => open.dispose() };
}

const paths = ["events/export?format=jsonl", "events/evidence"];
const allIn = Array<number>(perUserMax).fill(200);

async function untilAllIn(server: TestServer, path: string): Promise<void> {
  await until(async () => {
    using open = await openTogether(server, path, perUserMax);
    return open.statuses.every((status) => status === 200);
  });
}

forEachKind((kind) => {
  test(`of downloads that are asked for together a user gets four, of exports and of bundles each, and four again (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await fill(native, muchEvents);
    using open = new DisposableStack();
    for (const path of paths) {
      const { statuses, answers } = open.use(await openTogether(server, path, 12));
      assert.deepEqual(statuses, [...allIn, ...Array<number>(8).fill(429)], path);
      const refused = answers.find(({ status }) => status === 429);
      assert.match(refused?.headers["retry-after"] ?? "", /^\d+$/);
    }
    open.dispose();
    for (const path of paths) {
      await untilAllIn(server, path);
      // What is refused for another reason keeps no place.
      const wrong = `${path}${path.includes("?") ? "&" : "?"}since=never`;
      await until(async () => (await native.ask("GET", wrong)).status === 400);
      for (let time = 0; time < perUserMax; time += 1) assert.equal((await native.ask("GET", wrong)).status, 400);
      await untilAllIn(server, path);
    }
  });

  test(`of a bundle no more is made than its reader takes, and no more is held than a few events (${kind})`, async () => {
    const eventsMade = 1_000;
    await using server = await startServer({ kind });
    await fill(admin(server).native, eventsMade);
    const { database } = server;
    assert.ok(database !== undefined);
    const { db } = database;
    await until(async () => ((await findNewestCheckpoint(db))?.size ?? 0) >= eventsMade);
    const [checkpoint, identity] = [await findNewestCheckpoint(db), await findIdentity(db)];
    assert.ok(checkpoint !== undefined && identity !== undefined);
    let pages = 0;
    const bundle = {
      viewer: { id: 0, username: "", isSuperuser: true },
      filter: { levels: allLevels },
      words: [],
      upToId: checkpoint.size,
      identity,
      checkpoint,
      async check() {
        pages += 1;
      },
    };
    let [proofs, longest] = [0, 0];
    for await (const chunk of tarOf(bundleOf(db, bundle), "evidence", 0)) {
      if (chunk.startsWith("c2sp.org/tlog-proof")) proofs += 1;
      if (proofs > 0 && proofs < eventsMade / 2) {
        assert.ok(pages <= Math.ceil(proofs / 200) + 1, `${pages} pages were read for ${proofs} proofs`);
      }
      longest = Math.max(longest, chunk.length);
    }
    assert.equal(proofs, checkpoint.size);
    assert.ok(pages >= 2 * Math.floor(eventsMade / 200), String(pages));
    assert.ok(longest < 1_000_000, `${longest} bytes at once`);
  });
});

test("a download that waits to be recorded has its place, and a client that leaves before the first byte gives it back", async () => {
  await using server = await startServer({ kind: "postgres" });
  await fill(admin(server).native, muchEvents);
  const headers = { authorization: `Bearer ${server.firstLogin.apiKey}` };
  for (const path of paths) {
    const leaving = new AbortController();
    const statuses: number[] = [];
    let left = 0;
    {
      await using _held = await holdTable(server.databaseArgs.at(-1) ?? "", "log_head", "changing");
      for (let asked = 0; asked < 12; asked += 1) {
        fetch(`${server.url}/api/v1/${path}`, { headers, signal: leaving.signal }).then(
          ({ status }) => statuses.push(status),
          () => (left += 1),
        );
      }
      await until(() => statuses.length >= 12 - perUserMax);
      assert.deepEqual(statuses, Array(12 - perUserMax).fill(429), path);
      leaving.abort();
      await until(() => left === perUserMax);
    }
    await untilAllIn(server, path);
  }
});
