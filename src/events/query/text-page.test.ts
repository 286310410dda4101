import assert from "node:assert/strict";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import fc from "fast-check";
import { freshDatabase, freshFolder, type Kind, kinds } from "../../../test/support/databases/databases.ts";
import { defineAction } from "../../audit/action.ts";
import type { Actor, Viewer } from "../../audit/actor.ts";
import { draftEvent, type EventDraft } from "../../audit/event-draft.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import { IndexWriter } from "../../search/index/index-writer.ts";
import { IndexReader } from "../../search/query/index-reader.ts";
import { eventFinder } from "../../search/words/event-finder.ts";
import { parseSearchText } from "../../search/words/search-text.ts";
import type { EventFilter, EventWindow } from "../filter/filter.ts";
import { allLevels } from "../filter/level.ts";
import { matcherOf } from "../filter/matching.ts";
import { readTextPage, type TextBounds } from "./text-page.ts";

const administrator = { id: 1, username: "ada", isSuperuser: true };
const bob = { id: 2, username: "bob", isSuperuser: false };
const eventCount = 120;

const tell = defineAction({
  async run(_tx, draft: EventDraft) {
    return draft;
  },
  events: (draft) => [draft],
});

const values = [
  "alpha",
  "alphabet",
  "beta",
  "Müller",
  "東京都庁",
  "host-12.example.com",
  "2001:DB8:0::1",
  "the quick fox",
];

/** Events of a few people and with a few words. */
async function fill(db: Database): Promise<readonly EventTable[]> {
  const people: readonly Actor["user"][] = [administrator, bob, { id: 3, username: "cid", isSuperuser: false }, null];
  const acts = Array.from({ length: eventCount }, (_, at) => {
    const origin = {
      ip: `10.0.0.${at % 3}`,
      userAgent: null,
      endpoint: "API",
      traceId: null,
      forwarded: null,
    } as const;
    const actor: Actor = { user: people[at % people.length] ?? null, origin };
    const target = { kind: "setting", id: String(at), name: values[at % 5] ?? "" };
    const facts = { name: `s${at % 7}`, value: values[at % values.length] };
    return perform(
      db,
      actor,
      tell,
      draftEvent("setting.update", facts, { target, details: { nth: at, of: values[at % 3] ?? null } }),
    );
  });
  await Promise.all(acts);
  return db.selectFrom("event").selectAll().orderBy("id", "desc").execute();
}

/** A log with an index of its first events. */
async function openWorld(kind: Kind, indexed: number) {
  await using opening = new AsyncDisposableStack();
  const { db } = opening.use(await freshDatabase(kind));
  const { folder } = opening.use(freshFolder());
  const stored = await fill(db);
  const file = path.join(folder, "search.db");
  using writer = IndexWriter.open(file);
  writer.add(stored.filter(({ id }) => id <= indexed).toReversed());
  const index = opening.use(new IndexReader(file, db));
  const open = opening.move();
  return { db, stored, file, index, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const searches = fc
  .uniqueArray(
    fc.constantFrom(
      "alpha",
      "alph",
      "bet",
      "ada",
      "bob",
      "a",
      "1",
      "muller",
      "京都",
      "example",
      "2001:db8::1",
      '"quick fox"',
      '"fox quick"',
      "10.0.0.2",
      "s3",
      "nobody",
      "17",
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((words) => words.join(" "));

const filters: fc.Arbitrary<EventFilter> = fc
  .record({
    levels: fc.constantFrom(allLevels, [0]),
    usernames: optional(fc.uniqueArray(fc.constantFrom("ada", "bob", "nobody", null), { minLength: 1, maxLength: 2 })),
    ips: optional(fc.uniqueArray(fc.constantFrom("10.0.0.1", "10.0.0.2", "10.9.9.9"), { minLength: 1 })),
    inBlockedLogins: optional(fc.constant(true as const)),
    exclude: optional(fc.record({ usernames: fc.constant(["bob"]) })),
  })
  .map(
    (filter) =>
      Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as unknown as EventFilter,
  );

const windows: fc.Arbitrary<EventWindow> = fc.oneof(
  fc.constant({ kind: "newest" as const }),
  fc.record({
    kind: fc.constantFrom("before" as const, "after" as const),
    id: fc.integer({ min: 0, max: eventCount + 3 }),
  }),
);

const bounds: fc.Arbitrary<TextBounds> = fc.record({
  rowsMax: fc.constantFrom(1, 7, 20_000),
  indexMsMax: fc.constantFrom(0, 1e6),
});

/** All pages joined, from the window on. */
async function readAll(
  world: { readonly db: Database; readonly index: IndexReader | undefined },
  viewer: Viewer,
  asked: {
    readonly text: string;
    readonly filter: EventFilter;
    readonly window: EventWindow;
    readonly limit: number;
    readonly bounds: TextBounds;
  },
): Promise<readonly number[]> {
  const { db, index } = world;
  const isForward = asked.window.kind === "after";
  const found: number[] = [];
  let { window } = asked;
  for (let pages = 0; ; pages += 1) {
    assert(pages < 1_000, "each page comes further");
    const page = await readTextPage(db, viewer, {
      ...asked,
      search: parseSearchText(asked.text),
      index,
      columns: ["id"],
      window,
    });
    const ids = page.events.map(({ id }) => id);
    assert(ids.length <= asked.limit);
    if (isForward) found.unshift(...ids);
    else found.push(...ids);
    const last = page.stoppedAt ?? (ids.length === asked.limit ? (isForward ? ids[0] : ids.at(-1)) : undefined);
    if (last === undefined) return found;
    window = { kind: isForward ? "after" : "before", id: last };
  }
}

for (const kind of kinds) {
  test(`for any search, filter, window, page size and bounds, the pages joined are the rows that the words are in (${kind})`, async () => {
    for (const indexed of [0, 70, eventCount]) {
      await using world = await openWorld(kind, indexed);
      assert.equal((await world.index.open())?.indexedTo ?? 0, indexed);
      const property = fc.asyncProperty(
        fc.record({ text: searches, filter: filters, window: windows, limit: fc.integer({ min: 1, max: 40 }), bounds }),
        fc.constantFrom(administrator, bob, { ...bob, id: 3, username: "cid" }, { ...bob, isAuditor: true }),
        async (asked, viewer) => {
          const found = await readAll(world, viewer, asked);
          const finds = eventFinder(parseSearchText(asked.text));
          const { matches } = matcherOf(asked.filter);
          const isSeen = (event: EventTable): boolean =>
            viewer.isSuperuser || "isAuditor" in viewer || event.user_id === viewer.id;
          const { window } = asked;
          const isIn = ({ id }: EventTable): boolean =>
            window.kind === "newest" || (window.kind === "before" ? id < window.id : id > window.id);
          const expected = world.stored.filter(
            (event) => finds(event) && matches(event) && isSeen(event) && isIn(event),
          );
          assert.deepEqual(
            found,
            expected.map(({ id }) => id),
          );
        },
      );
      await fc.assert(property, { numRuns: 30 });
    }
  });

  test(`the index is asked, and for nobody but who reads everything (${kind})`, async () => {
    await using world = await openWorld(kind, eventCount);
    // An index that finds nothing shows who is answered from it.
    using database = new DatabaseSync(world.file);
    database.exec("insert into fts_0(fts_0) values ('delete-all')");
    const asked = {
      text: "alpha",
      filter: { levels: allLevels },
      window: { kind: "newest" },
      limit: 50,
      bounds: { rowsMax: 1_000, indexMsMax: 1e6 },
    } as const;
    assert.deepEqual(await readAll(world, administrator, asked), []);
    assert.deepEqual(await readAll(world, { ...bob, isAuditor: true }, asked), []);
    assert.equal((await readAll(world, bob, asked)).length > 0, true);
    const page = await readTextPage(world.db, bob, {
      ...asked,
      search: parseSearchText("alpha"),
      index: world.index,
      columns: ["id"],
    });
    assert.equal(page.indexedTo, undefined);
  });

  test(`an index of another log, and one that is damaged, hide nothing (${kind})`, async () => {
    await using world = await openWorld(kind, eventCount);
    const asked = {
      text: "alpha",
      filter: { levels: allLevels },
      window: { kind: "newest" },
      limit: 500,
      bounds: { rowsMax: 1_000, indexMsMax: 1e6 },
    } as const;
    const all = await readAll({ ...world, index: undefined }, administrator, asked);
    using database = new DatabaseSync(world.file);
    database.exec("update progress set leaf_hash = x'00'");
    assert.equal((await world.index.open())?.indexedTo ?? 0, 0);
    assert.deepEqual(await readAll(world, administrator, asked), all);
    const { leaf_hash: hash } = world.stored[0] ?? { leaf_hash: new Uint8Array() };
    database.prepare("update progress set leaf_hash = ?").run(hash);
    assert.equal((await world.index.open())?.indexedTo ?? 0, eventCount);
    const told: string[] = [];
    world.index.onDamage = ({ what }) => told.push(what);
    database.exec("drop table part_0");
    assert.deepEqual(await readAll(world, administrator, asked), all);
    assert.match(told.join(), /part_0/);
  });
}
