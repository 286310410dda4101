import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { freshDatabase, kinds } from "../../../test/support/databases/databases.ts";
import { addressBytes } from "../../verifiable-log/address-bytes.ts";
import { defineAction } from "../../audit/action.ts";
import { type Actor, machineActor } from "../../audit/actor.ts";
import { draftEvent, type EventDraft } from "../../audit/event-draft.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import type { EventFilter, EventTerms, EventWindow, TargetTerm } from "../filter/filter.ts";
import { isInRange, parseAddresses } from "../filter/values/address-range.ts";
import { allLevels } from "../filter/level.ts";
import { type EventPage, readPage } from "./page.ts";

const administrator = { id: 1, username: "ada", isSuperuser: true };
const bob = { id: 2, username: "bob", isSuperuser: false };
const columns = [
  "id",
  "user_id",
  "username",
  "action",
  "outcome",
  "type",
  "ip",
  "target_kind",
  "target_id",
  "target_name",
  "trace_id",
  "created",
  "level",
] as const;

const tell = defineAction({
  async run(_tx, draft: EventDraft) {
    return draft;
  },
  events: (draft) => [draft],
});

for (const kind of kinds) {
  test(`for any filter, window and page size, the pages are what the same filter finds in an array (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const stored = await fill(database.db);
    const property = fc.asyncProperty(
      filters,
      windows,
      fc.integer({ min: 1, max: 50 }),
      async (filter, window, limit) => {
        const request = { columns, filter, window, limit, entriesMax: Infinity };
        const { events } = await readPage(database.db, administrator, request);
        const matching = stored.filter((event) => matches(event, filter) && isIn(event, window));
        const expected = window.kind === "after" ? matching.slice(-limit) : matching.slice(0, limit);
        assert.deepEqual(
          events.map(({ id }) => id),
          expected.map(({ id }) => id),
        );
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  test(`for any filter and page size, the pages joined are the whole, though each looks at few entries (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const stored = await fill(database.db);
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 50 }), async (filter, limit) => {
        const found: number[] = [];
        let window: EventWindow = { kind: "newest" };
        for (;;) {
          const page: EventPage<"id"> = await readPage(database.db, administrator, {
            columns,
            filter,
            window,
            limit,
            entriesMax: 7,
          });
          found.push(...page.events.map(({ id }) => id));
          const last = page.stoppedAt ?? (page.events.length === limit ? page.events.at(-1)?.id : undefined);
          if (last === undefined) break;
          window = { kind: "before", id: last };
        }
        assert.deepEqual(
          found,
          stored.filter((event) => matches(event, filter)).map(({ id }) => id),
        );
      }),
      { numRuns: 100 },
    );
  });

  test(`for any filter, a user finds nothing but their own audit events (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const stored = await fill(database.db);
    await fc.assert(
      fc.asyncProperty(filters, windows, async (filter, window) => {
        const request = { columns, filter, window, limit: 50, entriesMax: Infinity };
        const { events } = await readPage(database.db, bob, request);
        const own = stored.filter((event) => event.user_id === bob.id && matches(event, filter) && isIn(event, window));
        const expected = window.kind === "after" ? own.slice(-50) : own.slice(0, 50);
        assert.deepEqual(
          events.map(({ id }) => id),
          expected.map(({ id }) => id),
        );
      }),
      { numRuns: 100 },
    );
  });

  test(`a name that was taken again shows nobody the events of who had it before (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    await fill(database.db);
    const successor = { id: 99, username: "bob", isSuperuser: false };
    const request = { columns, filter: { levels: allLevels }, window: newest, limit: 50, entriesMax: Infinity };
    assert.deepEqual((await readPage(database.db, successor, request)).events, []);
  });

  test(`times are exact also where the clock was set back (${kind})`, async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 0, 1, 12) });
    await using database = await freshDatabase(kind);
    await perform(database.db, machineActor("x"), tell, draftEvent("token.create", undefined));
    t.mock.timers.setTime(Date.UTC(2026, 0, 1, 11));
    await perform(database.db, machineActor("x"), tell, draftEvent("token.delete", undefined));
    const filter = { levels: allLevels, since: Date.UTC(2026, 0, 1, 11, 30) * 1000 };
    const { events } = await readPage(database.db, administrator, {
      columns,
      filter,
      window: newest,
      limit: 9,
      entriesMax: Infinity,
    });
    assert.deepEqual(
      events.map(({ action }) => action),
      ["token.create"],
    );
  });
}

const newest: EventWindow = { kind: "newest" };
const eventCount = 150;

type Stored = Pick<EventTable, (typeof columns)[number]>;

/** Events of a few people and kinds, newest first. */
async function fill(db: Database): Promise<readonly Stored[]> {
  const people: readonly Actor["user"][] = [administrator, bob, { id: 3, username: "cid", isSuperuser: false }, null];
  const acts = Array.from({ length: eventCount }, (_, index) => {
    const origin = {
      ip: `10.0.0.${index % 3}`,
      userAgent: null,
      endpoint: "API",
      traceId: `t${index % 20}`,
      forwarded: null,
    } as const;
    const actor: Actor = { user: people[index % people.length] ?? null, origin };
    const target = { kind: "user", id: String(index), name: `target${index % 4}` };
    const draft = [
      draftEvent("token.create", undefined, { target }),
      draftEvent("auth.logout", { username: "x" }),
      draftEvent("server.start", { version: "1" }, { outcome: "failure", target }),
    ][index % 3];
    assert(draft !== undefined);
    return perform(db, actor, tell, draft);
  });
  await Promise.all(acts);
  return db
    .selectFrom("event")
    .select([...columns])
    .orderBy("id", "desc")
    .execute();
}

const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const username = fc.constantFrom("ada", "bob", "cid", "nobody", null);

/** An optional list of some of these. */
const some = <Value>(...values: readonly Value[]) =>
  optional(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }));

const terms = {
  usernames: optional(fc.uniqueArray(username, { minLength: 1, maxLength: 5 })),
  usernamePrefixes: some("a", "b", "ci", "x", ""),
  types: some("AUTHORISATION", "SETTINGS"),
  typePrefixes: some("AUTH", "NO", ""),
  actions: some("token.create", "auth.logout", "server.start"),
  actionPrefixes: some("token.", "auth.", "nothing."),
  outcomes: some("success", "failure"),
  sources: some("ironlog", "external"),
  ips: some("10.0.0.1", "10.0.0.2", "10.9.9.9"),
  ipRanges: some(...(parseAddresses(["10.0.0.0/31", "10.0.0.2/32", "10.9.0.0/16", "0.0.0.0/0"], "ip").ipRanges ?? [])),
  targets: some<TargetTerm>(
    { kind: "either", text: "target1" },
    { kind: "either", text: "30" },
    { kind: "name", name: "target2" },
    { kind: "kind-and-name", targetKind: "user", name: "target3" },
    { kind: "kind-and-name", targetKind: "nothing", name: "target0" },
    { kind: "either", text: "target", isBeginning: true },
    { kind: "either", text: "1", isBeginning: true },
    { kind: "name", name: "target3", isBeginning: true },
    { kind: "kind-and-name", targetKind: "user", name: "tar", isBeginning: true },
  ),
  traceIds: some("t1", "t2", "t9"),
};

const filters: fc.Arbitrary<EventFilter> = fc
  .record({
    ...terms,
    levels: fc.constantFrom(allLevels, [0], [20, 30, 40, 50], [0, 10]),
    since: optional(fc.constantFrom(0, 4e15)),
    until: optional(fc.constantFrom(0, 4e15)),
    exclude: optional(fc.record(terms).map(given)),
  })
  .map(given);

/** What is undefined is left out, as the parsers do. */
function given<Filter extends object>(filter: { readonly [Name in keyof Filter]: Filter[Name] | undefined }): Filter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Filter;
}

const windows: fc.Arbitrary<EventWindow> = fc.oneof(
  fc.constant(newest),
  fc.record({ kind: fc.constantFrom("before", "after"), id: fc.integer({ min: -1, max: eventCount + 2 }) }),
);

function matches(event: Stored, filter: EventFilter): boolean {
  const { levels, since, until, exclude, actions, actionPrefixes, ...lists } = filter;
  const wanted = [...saidOf(event, lists), isOfActions(event, actions, actionPrefixes)];
  const unwanted =
    exclude === undefined
      ? []
      : [...saidOf(event, exclude), isOfActions(event, exclude.actions, exclude.actionPrefixes)];
  return (
    levels.includes(event.level) &&
    wanted.every((said) => said !== false) &&
    !unwanted.includes(true) &&
    (since === undefined || event.created >= since) &&
    (until === undefined || event.created < until)
  );
}

/** Whether the event says what each list wants; undefined where there is no such list. */
function saidOf(event: Stored, terms: EventTerms): readonly (boolean | undefined)[] {
  const { usernames, usernamePrefixes, types, typePrefixes, outcomes, sources, ips, ipRanges, traceIds, targets } =
    terms;
  return [
    either(usernames?.includes(event.username), begins(event.username, usernamePrefixes)),
    either(types?.includes(event.type), begins(event.type, typePrefixes)),
    outcomes?.includes(event.outcome),
    sources?.includes("ironlog"),
    either(
      ips?.includes(event.ip ?? ""),
      ipRanges?.some((range) => event.ip !== null && isInRange(addressBytes(event.ip) ?? Buffer.alloc(0), range)),
    ),
    traceIds?.includes(event.trace_id ?? ""),
    targets?.some((target) => {
      const { target_kind: kind, target_id: id, target_name: name } = event;
      const is = (value: string | null, text: string) =>
        target.isBeginning === true ? value?.startsWith(text) === true : value === text;
      if (target.kind === "id") return is(id, target.text);
      if (target.kind === "either") return is(name, target.text) || is(id, target.text);
      return is(name, target.name) && (target.kind === "name" || kind === target.targetKind);
    }),
  ];
}

function either(one: boolean | undefined, other: boolean | undefined): boolean | undefined {
  return one === undefined && other === undefined ? undefined : one === true || other === true;
}

function begins(value: string | null, prefixes: readonly string[] | undefined): boolean | undefined {
  return prefixes?.some((prefix) => value?.startsWith(prefix) === true);
}

function isOfActions(
  { action }: Stored,
  actions: readonly string[] | undefined,
  prefixes: readonly string[] | undefined,
): boolean | undefined {
  if (actions === undefined && prefixes === undefined) return undefined;
  return actions?.includes(action) === true || prefixes?.some((prefix) => action.startsWith(prefix)) === true;
}

function isIn({ id }: Stored, window: EventWindow): boolean {
  if (window.kind === "newest") return true;
  return window.kind === "before" ? id < window.id : id > window.id;
}
