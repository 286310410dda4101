import assert from "node:assert/strict";
import { chmodSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import fc from "fast-check";
import { freshFolder } from "../../../test/support/databases/databases.ts";
import { type IndexedEvent, setSize } from "../index/format.ts";
import { IndexWriter } from "../index/index-writer.ts";
import { eventFinder } from "../words/event-finder.ts";
import { parseSearchText } from "../words/search-text.ts";
import { askingHere, findIds, type IndexQuestion } from "./find-ids.ts";
import { findMissingWord } from "./index-check.ts";

/** The first event is the last but `before` of its set. */
const before = 40;
const firstId = setSize - before;

function eventOf(id: number, description: string, username: string | null = null): IndexedEvent {
  return {
    id,
    leaf_hash: new Uint8Array([id % 256]),
    username,
    ip: null,
    target_id: null,
    target_name: null,
    description,
    details: null,
    node: null,
    hostname: null,
  };
}

/** An index of these descriptions, which begin in one set and go on in the next. */
function indexed(descriptions: readonly string[]) {
  const folder = freshFolder();
  const file = path.join(folder.folder, "search.db");
  const events = descriptions.map((description, at) => eventOf(firstId + at, description));
  using writer = IndexWriter.open(file);
  for (let at = 0; at < events.length; at += 7) writer.add(events.slice(at, at + 7));
  const database = new DatabaseSync(file, { readOnly: true });
  return {
    file,
    events,
    database,
    [Symbol.dispose]() {
      database.close();
      folder[Symbol.dispose]();
    },
  };
}

const whole = { above: 0, below: 4 * setSize, order: "newest", limit: 10_000 } as const;
const asked = (text: string): Pick<IndexQuestion, "terms"> => ({
  terms: parseSearchText(text).words.map((word) => [[{ word, match: "part" }]]),
});
const always = (): boolean => true;

const vocabulary = [
  "ada",
  "adam",
  "bob",
  "host-12",
  "host-123",
  "10.0.0.1",
  "10.0.0.12",
  "2001:db8::1",
  "Müller",
  "東京都",
  "京都",
];
const ids = ["3fa85f64-5717-4562-b3fc-2c963f66afa6", "0123456789abcdef0123456789abcdef"];
const description = fc
  .array(fc.constantFrom(...vocabulary, ...ids), { minLength: 0, maxLength: 5 })
  .map((words) => words.join(" "));
const sought = fc
  .array(
    fc.constantFrom(
      ...vocabulary,
      ...ids,
      "ost",
      "a",
      "b",
      "da",
      "0.0",
      "京",
      "都",
      "3fa85f",
      "4562",
      "muell",
      "ull",
      "nobody",
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((words) => words.join(" "));

test("for any events and words, the index gives those that the words are in, in either order, between any ids", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(description, { minLength: 1, maxLength: 80 }),
      fc.array(sought, { minLength: 1, maxLength: 10 }),
      fc.constantFrom("newest" as const, "oldest" as const),
      fc.integer({ min: -5, max: 85 }),
      fc.integer({ min: -5, max: 85 }),
      fc.integer({ min: 1, max: 20 }),
      async (descriptions, searches, order, from, to, limit) => {
        using index = indexed(descriptions);
        // What is asked lies within the index.
        const above = Math.max(firstId - 1, firstId + from);
        const below = Math.min(firstId + descriptions.length, firstId + to);
        for (const text of searches) {
          const matches = index.events.filter(eventFinder(parseSearchText(text))).map(({ id }) => id);
          const within = matches.filter((id) => id > above && id < below);
          const expected = (order === "newest" ? within.toReversed() : within).slice(0, limit);
          const answer = await findIds(
            askingHere(index.database),
            { ...asked(text), above, below, order, limit },
            always,
          );
          assert.deepEqual(answer.ids, expected, text);
          assert.equal(answer.stop, expected.length === limit ? undefined : "end");
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("without time a search stops between two sets, and goes on from there", async () => {
  using index = indexed(Array.from({ length: 2 * before }, (_, at) => (at % 2 === 0 ? "ada" : "bob")));
  const question = { ...asked("ada"), ...whole, above: firstId - 1, below: firstId + 2 * before };
  const first = await findIds(askingHere(index.database), question, () => false);
  assert.equal(first.ids.length, before / 2);
  assert.deepEqual([first.stop, first.coveredTo], ["time", setSize]);
  const second = await findIds(askingHere(index.database), { ...question, below: setSize }, () => false);
  assert.deepEqual([second.ids.length, second.stop], [before / 2, "end"]);
  const oldest = await findIds(askingHere(index.database), { ...question, order: "oldest" }, () => false);
  assert.deepEqual([oldest.ids.length, oldest.stop, oldest.coveredTo], [before / 2, "time", setSize - 1]);
});

test("a beginning that too many words have tells nothing by itself, and leaves out nothing beside others", async () => {
  using index = indexed(
    Array.from({ length: 60 }, (_, at) => Array.from({ length: 40 }, (_, nth) => `x${at * 40 + nth}`).join(" ")),
  );
  const inSecond = { ...whole, above: setSize - 1, below: firstId + 60 };
  // 800 words of the second set begin so, and 1,600 of the first.
  assert.equal((await findIds(askingHere(index.database), { ...asked("x"), ...inSecond }, always)).ids.length, 20);
  const both = await findIds(
    askingHere(index.database),
    { ...asked("x"), ...whole, above: firstId - 1, below: firstId + 60 },
    always,
  );
  assert.deepEqual([both.ids.length, both.stop, both.coveredTo], [20, "common", setSize]);
  const narrowed = await findIds(
    askingHere(index.database),
    { ...asked("x x484"), ...whole, above: firstId - 1, below: firstId + 60 },
    always,
  );
  assert.deepEqual(narrowed.ids, [firstId + 12]);
});

test("one of several words, and whole words alone", async () => {
  using index = indexed(["ada", "adam", "bob", "ada bob", "eve"]);
  const any = [[{ word: "ada", match: "whole" as const }], [{ word: "bob", match: "whole" as const }]];
  const within = { ...whole, above: firstId - 1, below: firstId + 5 };
  assert.deepEqual((await findIds(askingHere(index.database), { ...within, terms: [any] }, always)).ids, [
    firstId + 3,
    firstId + 2,
    firstId,
  ]);
  const nobody = [[{ word: "nobody", match: "whole" as const }]];
  assert.deepEqual((await findIds(askingHere(index.database), { ...within, terms: [nobody, any] }, always)).ids, []);
});

test("what was taken out of an index is missed", async () => {
  using index = indexed(["ada logged in", "bob logged in"]);
  for (const event of index.events) assert.equal(await findMissingWord(askingHere(index.database), event), undefined);
  using changed = new DatabaseSync(index.file);
  changed.exec("delete from word_0 where word = 'ada'");
  assert.equal(await findMissingWord(askingHere(changed), index.events[0] ?? eventOf(0, "")), "ada");
  assert.equal(await findMissingWord(askingHere(changed), index.events[1] ?? eventOf(0, "")), undefined);
  changed.exec("insert into part_0(part_0) values ('delete-all')");
  assert.equal(await findMissingWord(askingHere(changed), index.events[1] ?? eventOf(0, "")), "logged");
});

test("an index is its owner's alone, goes on where it was, and is made anew in another format", () => {
  using folder = freshFolder();
  const file = path.join(folder.folder, "search.db");
  {
    using writer = IndexWriter.open(file);
    writer.add([eventOf(1, "ada"), eventOf(2, "bob")]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  }
  {
    using writer = IndexWriter.open(file);
    assert.deepEqual(writer.indexedTo, { eventId: 2, leafHash: new Uint8Array([2]) });
  }
  using other = new DatabaseSync(file);
  other.exec("pragma user_version = 999");
  using writer = IndexWriter.open(file);
  assert.equal(writer.indexedTo.eventId, 0);
});

test("of two processes only one adds the same events", () => {
  using folder = freshFolder();
  const file = path.join(folder.folder, "search.db");
  using first = IndexWriter.open(file);
  using second = IndexWriter.open(file);
  first.add([eventOf(1, "ada")]);
  assert.throws(() => second.add([eventOf(1, "ada")]), /another process/);
});

for (const [what, damage] of [
  ["is cut", (file: string) => truncateSync(file, 5_000)],
  ["is something else", (file: string) => writeFileSync(file, "something else, and longer than a header. ".repeat(50))],
] as const) {
  test(`a file that ${what} is not opened, and can be made anew`, () => {
    using folder = freshFolder();
    const file = path.join(folder.folder, "search.db");
    {
      using writer = IndexWriter.open(file);
      writer.add([eventOf(1, "ada")]);
    }
    assert(readFileSync(file).length > 5_000);
    damage(file);
    chmodSync(file, 0o600);
    assert.throws(() => {
      using writer = IndexWriter.open(file);
      writer.add([eventOf(2, "bob")]);
    });
    using writer = IndexWriter.make(file);
    writer.add([eventOf(1, "ada")]);
    assert.equal(writer.indexedTo.eventId, 1);
  });
}
