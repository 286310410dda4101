import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../event/event.ts";
import { pageSize, type Place } from "./event-reader.ts";
import { EventStore } from "./event-store.ts";

test("pages follow each other without a gap, down to the first event", async () => {
  const log = new FakeLog(1_050);
  const store = new EventStore(new URLSearchParams(), { read: log.read });
  while (!store.shown().isAtEnd) await store.readOn();
  assert.equal(store.shown().rowCount, 1_050);
  assert.deepEqual(
    Array.from({ length: 1_050 }, (_, row) => store.rowAt(row)?.id),
    Array.from({ length: 1_050 }, (_, row) => 1_050 - row),
  );
});

test("oldest first, pages follow each other up to the newest event, and what was let go comes back", async () => {
  const log = new FakeLog(60 * pageSize + 50);
  const store = new EventStore(new URLSearchParams(), { read: log.read, order: "oldest" });
  await scrollToEnd(store, log);
  assert.equal(store.shown().rowCount, 60 * pageSize + 50);
  assert.equal(store.rowAt(60 * pageSize + 49)?.id, 60 * pageSize + 50);
  assert.equal(store.rowAt(0), undefined);
  store.look(0, 20);
  await log.settled();
  assert.deepEqual(
    [0, 1, 19].map((row) => store.rowAt(row)?.id),
    [1, 2, 20],
  );
  assert.equal((await store.beside(2, 1))?.id, 1);
  assert.equal((await store.beside(2, -1))?.id, 3);
});

test("rows far from where somebody looks are let go, and read again when they are looked at", async () => {
  const log = new FakeLog(60 * pageSize);
  const store = new EventStore(new URLSearchParams(), { read: log.read });
  await scrollToEnd(store, log);
  assert.equal(store.rowAt(0), undefined);
  store.look(0, 20);
  await log.settled();
  assert.equal(store.rowAt(0)?.id, 60 * pageSize);
  assert.equal(store.rowAt(19)?.id, 60 * pageSize - 19);
});

test("the first page read again is what it was, whatever has been recorded since", async () => {
  const log = new FakeLog(60 * pageSize);
  const store = new EventStore(new URLSearchParams(), { read: log.read });
  await scrollToEnd(store, log);
  const newest = log.size;
  log.size += 50;
  store.look(0, 20);
  await log.settled();
  assert.deepEqual(
    [0, pageSize - 1].map((row) => store.rowAt(row)?.id),
    [newest, newest - pageSize + 1],
  );
});

test("what comes live stands above, once, however often it comes", async () => {
  const log = new FakeLog(300);
  const store = new EventStore(new URLSearchParams(), { read: log.read });
  await store.readOn();
  for (let id = 301; id <= 1_300; id += 1) store.prepend([event(id - 1), event(id)]);
  assert.equal(store.shown().rowCount, 1_200);
  assert.equal(store.shown().newestId, 1_300);
  assert.deepEqual(
    [0, 1, 999, 1_000].map((row) => store.rowAt(row)?.id),
    [1_300, 1_299, 301, 300],
  );
  assert.equal(store.rowOf(700), 600);
});

test("hours of live mode keep the newest, and what was dropped below comes back when somebody scrolls there", async () => {
  const log = new FakeLog(300);
  const store = new EventStore(new URLSearchParams(), { read: log.read });
  await store.readOn();
  await store.readOn();
  log.size = 20_300;
  for (let id = 301; id <= log.size; id += 50) store.prepend(Array.from({ length: 50 }, (_, at) => event(id + at)));
  assert.ok(store.shown().rowCount <= 5_400, String(store.shown().rowCount));
  assert.equal(store.rowAt(0)?.id, 20_300);
  const shown = new Set<number | undefined>();
  for (let row = 0; row < 20_300; row += 1) {
    if (row % 100 === 0) store.look(row, row + 100);
    while (store.rowAt(row) === undefined && row < log.size) await log.settled();
    shown.add(store.rowAt(row)?.id);
  }
  assert.equal(shown.size, 20_300);
  assert.equal(store.shown().isAtEnd, true);
});

test("short and empty pages are followed to where the search stopped", async () => {
  const answers = [
    { ...short(50), items: [event(90)] },
    { ...short(20), items: [] },
    { items: [event(3)], newer: null, older: null, searched_to: null, search: null, did_you_mean: [] },
  ];
  const asked: (number | undefined)[] = [];
  const read = async (_query: URLSearchParams, { before }: Place) => {
    asked.push(before);
    const answer = answers.shift();
    assert.ok(answer !== undefined);
    return answer;
  };
  const store = new EventStore(new URLSearchParams(), { read });
  await store.readOn();
  await store.readOn();
  assert.deepEqual(asked, [undefined, 50, 20]);
  assert.equal(store.shown().rowCount, 2);
  assert.equal(store.shown().isAtEnd, true);
});

test("a failure keeps the rows, and reading on begins where it was", async () => {
  const log = new FakeLog(500);
  const store = new EventStore(new URLSearchParams(), { read: log.read });
  await store.readOn();
  log.fails = true;
  await store.readOn();
  assert.match(String(store.shown().error), /away/);
  assert.equal(store.shown().rowCount, pageSize);
  log.fails = false;
  await store.readOn();
  assert.equal(store.shown().error, null);
  assert.equal(store.shown().rowCount, 2 * pageSize);
});

test("a list that grows too long moves its beginning", async () => {
  const log = new FakeLog(401_000);
  const store = new EventStore(new URLSearchParams(), { read: log.read });
  while (store.shown().rowCount <= 400_000) await store.readOn();
  const { rowCount } = store.shown();
  const bottom = store.rowAt(rowCount - 1)?.id;
  const removed = store.rebase();
  assert.ok(removed >= 200_000);
  assert.equal(store.shown().rowCount, rowCount - removed);
  assert.equal(store.rowAt(rowCount - removed - 1)?.id, bottom);
  assert.equal(store.shown().isRebased, true);
});

test("a search says how far it is, can be stopped, and goes on from there", async () => {
  const store: EventStore = new EventStore(new URLSearchParams(), {
    async read(_query, { before = 100 }, signal) {
      if (before === 50) {
        assert.equal(store.shown().isLoading, true);
        assert.deepEqual(store.shown().searchedTo, { id: 50, created: null });
        store.stop();
        signal.throwIfAborted();
      }
      if (before === 100) return { ...short(50), items: [event(90)] };
      return { items: [event(3)], newer: null, older: null, searched_to: null, search: null, did_you_mean: [] };
    },
  });
  await store.readOn();
  const { isStopped, isLoading, rowCount, searchedTo, error } = store.shown();
  assert.deepEqual([isStopped, isLoading, rowCount, searchedTo?.id, error], [true, false, 1, 50, null]);
  store.look(0, 1);
  assert.equal(store.shown().isLoading, false, "looking doesn't start it again");
});

test("a list around an event has what is above it and below it, and the newer ones on demand", async () => {
  const log = new FakeLog(1_000);
  const store = new EventStore(new URLSearchParams(), { read: log.read, around: 300 });
  await store.readOn();
  assert.equal(store.rowOf(300), 199);
  assert.deepEqual([store.shown().isRebased, store.rowAt(0)?.id, store.rowAt(200)?.id], [true, 499, 299]);
  await store.readUp();
  assert.deepEqual([store.shown().addedAbove, store.rowOf(300), store.rowAt(0)?.id], [200, 399, 699]);
  assert.equal((await store.beside(699, -1))?.id, 700);
  await store.readUp();
  await store.readUp();
  assert.deepEqual([store.shown().isRebased, store.rowAt(0)?.id, store.shown().newestId], [false, 1_000, 1_000]);
  assert.equal(store.shown().rowCount, 1_000 - 300 + 1 + pageSize);
  assert.deepEqual(
    Array.from({ length: store.shown().rowCount }, (_, row) => store.rowAt(row)?.id),
    Array.from({ length: store.shown().rowCount }, (_, row) => 1_000 - row),
  );
});

test("a list around one of the newest events begins with the newest", async () => {
  const log = new FakeLog(1_000);
  const store = new EventStore(new URLSearchParams(), { read: log.read, around: 900 });
  await store.readOn();
  assert.deepEqual([store.shown().isRebased, store.rowAt(0)?.id, store.rowOf(900)], [false, 1_000, 100]);
});

/** A page that was given up before that event. */
function short(id: number) {
  return {
    newer: null,
    older: `/api/v1/events?before=${id}`,
    searched_to: { id, created: null },
    search: null,
    did_you_mean: [],
  };
}

class FakeLog {
  size: number;
  fails = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(size: number) {
    this.size = size;
  }

  readonly read = (_query: URLSearchParams, { before, after }: Place) => {
    const answer = after === undefined ? this.#answer(before) : this.#answerAfter(after);
    this.#last = answer.catch(() => {});
    return answer;
  };

  async settled(): Promise<void> {
    await this.#last;
    await new Promise((resolve) => setImmediate(resolve));
  }

  async #answer(before = this.size + 1) {
    if (this.fails) throw new Error("the server is away");
    const count = Math.min(pageSize, before - 1);
    const items = Array.from({ length: count }, (_, at) => event(before - 1 - at));
    const oldest = before - count;
    return {
      items,
      newer: null,
      older: oldest > 1 ? `/api/v1/events?before=${oldest}` : null,
      searched_to: null,
      search: null,
      did_you_mean: [],
    };
  }

  async #answerAfter(after: number) {
    const last = Math.min(this.size, after + pageSize);
    const items = Array.from({ length: last - after }, (_, at) => event(last - at));
    return {
      items,
      newer: `/api/v1/events?after=${last}`,
      older: null,
      searched_to: null,
      search: null,
      did_you_mean: [],
    };
  }
}

function event(id: number): Event {
  return {
    id,
    level: "AUDIT",
    type: "AUTHORISATION",
    type_words: "Authorisation",
    action: "auth.login",
    outcome: "success",
    source: "ironlog",
    created: "2026-11-23T08:29:59.000000Z",
    occurred: "2026-11-23T08:29:59.000000Z",
    username: "admin",
    user_id: 1,
    ip: null,
    user_agent: null,
    endpoint: null,
    trace_id: null,
    forwarded: null,
    session: null,
    key: null,
    reporter: null,
    target_kind: null,
    target_id: null,
    target_name: null,
    description: "",
    details: null,
    node: null,
    hostname: null,
    generation: null,
    source_event_id: null,
    source_type: null,
    source_type_words: null,
    realm: null,
    realm_user_id: null,
    leaf_hash: "",
  };
}

/** Looks at the last rows until there are no more, as somebody does who scrolls down. */
async function scrollToEnd(store: EventStore, log: FakeLog): Promise<void> {
  while (!store.shown().isAtEnd) {
    const { rowCount } = store.shown();
    store.look(Math.max(0, rowCount - 20), rowCount);
    await log.settled();
  }
}
