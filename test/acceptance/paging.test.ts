import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { forEachKind } from "../support/each-kind.ts";
import type { Answer } from "../support/clients/http-client.ts";
import { MaasClient, type MaasPage } from "../support/clients/maas-client.ts";
import { bearer, type NativePage } from "../support/clients/native-client.ts";
import { admin, makePerson, type Person } from "../support/worlds/people.ts";
import { startSecondServer, startServer, type TestServer } from "../support/server.ts";

// B5, B6 and B8: whoever follows the links meets every event exactly once, while ten writers go on writing.

const seed = 19_870_212;
type Root = ReturnType<typeof admin>;

/** One way to go through the log: where to begin, how to go on, what a page holds. */
interface Way {
  readonly start: (from: number, limit: number) => string;
  readonly older: (page: unknown) => string | null;
  readonly newer: (page: unknown) => string | null;
  readonly ids: (page: unknown) => readonly number[];
  readonly ask: (root: Root, path: string) => Promise<Answer>;
}

const maas: Way = {
  start: (from, limit) =>
    `/MAAS/api/2.0/events/?op=query&level=AUDIT&limit=${limit}${from < 0 ? "" : `&after=${from}`}`,
  older: (page) => (page as MaasPage).prev_uri,
  newer: (page) => (page as MaasPage).next_uri,
  ids: (page) => (page as MaasPage).events.map(({ id }) => id),
  ask: (root, path) => root.maas.get(path.replace("/MAAS/api/2.0/", "")),
};

const native: Way = {
  // The native API has no `after=0`: event 1 is known to everybody who begins at the beginning.
  start: (from, limit) => `/api/v1/events?limit=${limit}${from < 0 ? "" : `&after=${Math.max(1, from)}`}`,
  older: (page) => (page as NativePage).older,
  newer: (page) => (page as NativePage).newer,
  ids: (page) => (page as NativePage).items.map(({ id }) => id),
  ask: (root, path) => root.native.ask("GET", path.replace("/api/v1/", "")),
};

const ways = { "next_uri and prev_uri": maas, "newer and older": native };

/** Ten writers who go on until they are stopped. */
interface Writers extends AsyncDisposable {
  /** How many acts were acknowledged. */
  readonly acts: number;
}

function startWriting(people: readonly Person[]): Writers {
  const end = new AbortController();
  let acts = 0;
  const writing = people.map(async (person) => {
    while (!end.signal.aborted) {
      const { status } = await person.native.ask("PATCH", "account", { last_name: `name ${acts}` });
      assert.equal(status, 200);
      acts += 1;
    }
  });
  return {
    get acts() {
      return acts;
    },
    async [Symbol.asyncDispose]() {
      end.abort();
      await Promise.all(writing);
    },
  };
}

const pageAt = async (way: Way, root: Root, path: string): Promise<unknown> => {
  const answer = await way.ask(root, path);
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
};

/** The ids that a reader meets from `from` on, until it has met `count` or more. */
async function readForward(
  way: Way,
  root: Root,
  from: number,
  limit: number,
  count: number,
): Promise<readonly number[]> {
  const met: number[] = [];
  let path: string | null = way.start(from, limit);
  while (met.length < count) {
    assert.ok(path !== null, "there is always a way forward");
    const page: unknown = await pageAt(way, root, path);
    const ids = way.ids(page);
    assert.ok(ids.length <= limit);
    met.push(...ids.toReversed());
    path = way.newer(page);
  }
  return met;
}

/** The ids that a reader meets from the newest on, back to the beginning. */
async function readBack(way: Way, root: Root, limit: number): Promise<readonly number[]> {
  const met: number[] = [];
  let path: string | null = way.start(-1, limit);
  while (path !== null) {
    const page: unknown = await pageAt(way, root, path);
    met.push(...way.ids(page));
    path = way.older(page);
  }
  return met;
}

const upFrom = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => first + at);

async function peopleAt(server: TestServer): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (let made = 0; made < 10; made += 1) people.push(await makePerson(server));
  return people;
}

forEachKind((kind) => {
  for (const [name, way] of Object.entries(ways)) {
    test(`B5, B6, B8: by ${name}, for any page size and place, each event is met exactly once (${kind})`, async () => {
      await using server = await startServer({ kind });
      const root = admin(server);
      await using writers = startWriting(await peopleAt(server));
      const forward = fc.asyncProperty(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        async (place, limit) => {
          const newest = way.ids(await pageAt(way, root, way.start(-1, 1)))[0] ?? 0;
          const from = Math.max(1, Math.floor(place * newest));
          // At least up to the newest of now, and some that are still to be written.
          const count = Math.min(newest - from + 10, 8 * limit);
          const met = await readForward(way, root, from, limit, count);
          assert.deepEqual(met, upFrom(from + 1, met.length));
        },
      );
      await fc.assert(forward, { seed, numRuns: 6 });
      const back = fc.asyncProperty(fc.integer({ min: 150, max: 400 }), async (limit) => {
        const met = await readBack(way, root, limit);
        assert.deepEqual(met, upFrom(1, met.length).toReversed());
      });
      await fc.assert(back, { seed, numRuns: 2 });
      assert.ok(writers.acts > 0);
    });
  }

  test(`B5, B6: a reader that has met everything waits at the end and misses nothing (${kind})`, async () => {
    await using server = await startServer({ kind });
    const root = admin(server);
    const [person] = [await makePerson(server)];
    for (const way of [maas, native]) {
      const newest = way.ids(await pageAt(way, root, way.start(-1, 1)))[0] ?? 0;
      let path = way.start(newest, 3);
      for (let turn = 0; turn < 3; turn += 1) {
        const page = await pageAt(way, root, path);
        assert.deepEqual(way.ids(page), []);
        path = way.newer(page) ?? assert.fail("there is always a way forward");
      }
      for (let act = 0; act < 5; act += 1) await person.native.ask("PATCH", "account", { last_name: `name ${act}` });
      const first = await pageAt(way, root, path);
      assert.deepEqual(way.ids(first), [newest + 3, newest + 2, newest + 1]);
      assert.deepEqual(way.ids(await pageAt(way, root, way.newer(first) ?? "")), [newest + 5, newest + 4]);
    }
  });
});

test("B8: a reader at one of two servers on one PostgreSQL misses nothing that goes in at the other", async () => {
  await using first = await startServer({ kind: "postgres" });
  await using second = await startSecondServer(first);
  const people = await peopleAt(first);
  const spread = people.map((person, at) =>
    at % 2 === 0 ? person : { ...person, native: bearer(second, person.apiKey) },
  );
  await using writers = startWriting(spread);
  const readers = [admin(first), { ...admin(first), maas: new MaasClient(second, first.firstLogin.apiKey) }];
  for (const reader of readers) {
    const met = await readForward(maas, reader, 1, 13, 200);
    assert.deepEqual(met, upFrom(2, met.length));
  }
  assert.ok(writers.acts > 0);
});
