import assert from "node:assert/strict";
import { test } from "node:test";
import type { ShownWorker } from "../../following/workers.ts";
import type { Source } from "./source.ts";
import { nativeSource } from "./source-schema.ts";

const source: Source = {
  id: 1,
  uuid: "00000000-0000-4000-8000-000000000001",
  name: "prod",
  database: "postgres://ironlog_mirror@maas-db/maasdb",
  url: null,
  username: null,
  allowsPlainHttp: false,
  isEnabled: true,
  generation: 1,
  has: { databasePassword: true, apiKey: false, password: false },
  created: 0,
  updated: 0,
};
const position = {
  recorded_to: 400,
  reread_from: null,
  first_id: null,
  shown: null,
  place: null,
  set_back: null,
  read_at: 1,
  grown_at: 1,
  compared_to: 0,
  pass_started: null,
  pass_ended: null,
};
const worker: ShownWorker = {
  name: "mirror prod",
  runs: "once",
  holder: { host: "here", pid: 1, address: null, since: 0, isThisServer: true },
  unfit: null,
  position: null,
  state: "running",
  trouble: null,
  turns: 1,
  failures: 0,
  lastTurn: 1,
  progress: { done: 400, size: 1_000 },
  waiting: 0,
};
const counts = { gap: 10, vanished: 0, changed: 0 };

test("while a source is imported, it says up to which id, and nothing of that afterwards", () => {
  const importing = nativeSource(source, { position, worker, counts });
  assert.deepEqual([importing.state, importing.import_to, importing.mirrored], ["importing", 1_000, 390]);
  const done = nativeSource(source, { position, worker: { ...worker, progress: null }, counts });
  assert.deepEqual([done.state, done.import_to], ["mirroring", null]);
  const failing = { ...worker, trouble: { why: "connect ECONNREFUSED", since: 0 } };
  const failed = nativeSource(source, { position, worker: failing, counts });
  assert.deepEqual([failed.state, failed.import_to, failed.trouble], ["failing", null, "connect ECONNREFUSED"]);
});

test("a source that is read over an API has no ledger, and says how many ids it showed", () => {
  const overApi = { ...source, database: null, url: "https://maas.example.com/MAAS" };
  const read = { ...position, first_id: 101, recorded_to: 400, shown: 120 };
  const shown = nativeSource(overApi, { position: read, worker, counts: { gap: 0, vanished: 0, changed: 0 } });
  assert.deepEqual([shown.way, shown.mirrored, shown.first_id], ["api2", 120, 101]);
  assert.deepEqual([shown.gaps, shown.vanished, shown.changed], [null, null, null]);
  assert.match(shown.coverage ?? "", /^It showed 120 of 300 ids between 101 and 400\. An API doesn't prove absence/);
  const byDatabase = nativeSource(source, { position, worker, counts });
  assert.deepEqual([byDatabase.way, byDatabase.coverage, byDatabase.gaps], ["database", null, 10]);
});
