import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Kind } from "../../support/databases/databases.ts";
import { forEachKind } from "../../support/each-kind.ts";
import type { Answer } from "../../support/clients/http-client.ts";
import { encode, type MaasPage } from "../../support/clients/maas-client.ts";
import type { NativeClient, NativeEvent, NativePage } from "../../support/clients/native-client.ts";
import { admin } from "../../support/worlds/people.ts";
import { isVisible, levels, type MixedLog, mixLog } from "../../support/mixed-log.ts";
import { sharedServers } from "../../support/server.ts";

// B2 to B7: whatever is asked, by whomever, the answer is that of the same filters over an array.

const serverOf = sharedServers();
const logs = new Map<Kind, Promise<MixedLog>>();
const seed = 20_180_212;

/** The log is only read here, so all tests of a kind share one. */
function logOf(kind: Kind): Promise<MixedLog> {
  const log = logs.get(kind) ?? serverOf(kind).then(mixLog);
  logs.set(kind, log);
  return log;
}

/** Those who ask: the administrator of the first start, then each person. */
function askers({ server, people, reborn, userIds }: MixedLog) {
  const root = admin(server);
  return [
    { ...root, name: "admin", isAdmin: true, userId: 1 },
    ...[...people, reborn].map((person, at) => ({
      maas: person.maas,
      native: person.native,
      name: person.username,
      isAdmin: at === 2,
      userId: userIds.get(person.username) ?? 0,
    })),
  ];
}

type Parameter = readonly [string, string];

/** Parameters of a MAAS query, in any order, without what is refused. */
function maasParameters({ people, reborn, events }: MixedLog): fc.Arbitrary<readonly Parameter[]> {
  const named = (name: string, value: fc.Arbitrary<string>) => value.map((text): Parameter => [name, text]);
  const names = ["admin", "", "unknown", "nobody", reborn.username, ...people.map(({ username }) => username)];
  const id = fc.integer({ min: -2, max: events.length + 3 }).map(String);
  return fc
    .tuple(
      fc.option(named("level", fc.constantFrom(...Object.keys(levels))), { freq: 8 }),
      fc.array(named("owner", fc.constantFrom(...names)), { maxLength: 3 }),
      fc.option(named("limit", fc.oneof(fc.integer({ min: -1, max: 12 }).map(String), fc.constantFrom("", "1000")))),
      fc.option(fc.oneof(named("before", id), named("after", id))),
      fc.option(fc.constantFrom<Parameter>(["nonsense", "x"], ["format", "json"])),
    )
    .chain(([level, owners, limit, window, noise]) =>
      fc.shuffledSubarray(
        [["op", "query"] as const, level, ...owners, limit, window, noise].filter((parameter) => parameter !== null),
        {
          minLength: [level, limit, window, noise].filter((parameter) => parameter !== null).length + 1 + owners.length,
        },
      ),
    );
}

function last(parameters: readonly Parameter[], name: string): string | undefined {
  return parameters.findLast(([other]) => other === name)?.[1];
}

/** The page that B1 to B7 promise. */
function expectedPage(
  visible: readonly NativeEvent[],
  parameters: readonly Parameter[],
): Omit<MaasPage, "events"> & { readonly ids: readonly number[] } {
  const level = last(parameters, "level") ?? "INFO";
  const owners = parameters.filter(([name]) => name === "owner").map(([, value]) => (value === "" ? null : value));
  const [before, after] = [last(parameters, "before"), last(parameters, "after")].map((value) =>
    value === undefined || value === "" ? undefined : Number(value),
  );
  const given = last(parameters, "limit") ?? "";
  const limit = given === "" ? 100 : Math.max(1, Number(given));
  const matching = visible.filter(
    (event) =>
      (level === "AUDIT"
        ? event.level === "AUDIT"
        : event.level !== "AUDIT" && numberOf(event.level) >= numberOf(level)) &&
      (owners.length === 0 || owners.includes(event.username)) &&
      (before === undefined || event.id < before) &&
      (after === undefined || event.id > after),
  );
  const ids = (after === undefined ? matching.slice(0, limit) : matching.slice(-limit)).map(({ id }) => id);
  const kept = parameters.filter(([name]) => ["op", "level", "owner", "limit"].includes(name));
  const link = (...more: Parameter[]): string => `/MAAS/api/2.0/events/?${encode([...kept, ...more])}`;
  const [first, oldest] = [ids[0], ids.at(-1)];
  if (first !== undefined && oldest !== undefined) {
    return {
      count: ids.length,
      ids,
      next_uri: link(["after", String(first)]),
      prev_uri: link(["before", String(oldest)]),
    };
  }
  if (before !== undefined) return { count: 0, ids, next_uri: link(["after", String(before - 1)]), prev_uri: null };
  if (after !== undefined) {
    return { count: 0, ids, next_uri: link(["after", String(after)]), prev_uri: link(["before", String(after + 1)]) };
  }
  return { count: 0, ids, next_uri: link(), prev_uri: null };
}

function numberOf(level: string): number {
  return levels[level as keyof typeof levels];
}

/** Filters of the native list, made from what one event says, so that they match something. */
function nativeFilters({ events }: MixedLog): fc.Arbitrary<Readonly<Record<string, string>>> {
  return fc
    .tuple(
      fc.constantFrom(...events),
      fc.constantFrom(...events),
      fc.subarray(
        [
          "level",
          "owner",
          "type",
          "action",
          "outcome",
          "source",
          "ip",
          "target",
          "trace_id",
          "session",
          "key",
          "since",
          "until",
          "before",
          "after",
          "node",
        ],
        { maxLength: 3 },
      ),
      fc.option(fc.integer({ min: 1, max: 30 })),
    )
    .map(([one, other, names, limit]) => {
      const values: Record<string, string> = {
        level: one.level,
        owner: one.username ?? "",
        type: one.type,
        action: one.action,
        outcome: one.outcome,
        source: one.source,
        ip: one.ip ?? "192.0.2.1",
        target: one.target_name ?? "nothing",
        trace_id: one.trace_id ?? "0".repeat(32),
        session: one.session ?? "sha256:0123456789abcdef",
        key: one.key ?? "sha256:0123456789abcdef",
        since: other.created,
        until: one.created,
        before: String(one.id),
        after: String(other.id),
        node: "4y3h7n",
      };
      const wanted = names.filter((name) => !(name === "after" && names.includes("before")));
      return Object.fromEntries([
        ...wanted.map((name) => [name, values[name] ?? ""]),
        ...(limit === null ? [] : [["limit", String(limit)]]),
      ]) as Record<string, string>;
    });
}

function matches(event: NativeEvent, filters: Readonly<Record<string, string>>): boolean {
  const tests: Record<string, (value: string) => boolean> = {
    owner: (value) => (event.username ?? "") === value,
    target: (value) => event.target_name === value,
    since: (value) => event.created >= value,
    until: (value) => event.created < value,
    before: (value) => event.id < Number(value),
    after: (value) => event.id > Number(value),
    limit: () => true,
  };
  return Object.entries(filters).every(
    ([name, value]) => tests[name]?.(value) ?? event[name as keyof NativeEvent] === value,
  );
}

/** All that a native query gives, over as many pages as there are; pages may be short, never too long. */
async function nativeIds(client: NativeClient, filters: Readonly<Record<string, string>>): Promise<readonly number[]> {
  const [first, next] = filters["after"] === undefined ? (["items", "older"] as const) : (["items", "newer"] as const);
  const pages: (readonly number[])[] = [];
  let path: string | null = `events?${new URLSearchParams(filters).toString()}`;
  for (let turn = 0; path !== null; turn += 1) {
    assert.ok(turn < 500, "the pages never end");
    const answer: Answer = await client.ask("GET", path);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    const page: NativePage = answer.json<NativePage>();
    assert.ok(page.items.length <= Number(filters["limit"] ?? 100));
    pages.push(page[first].map(({ id }) => id));
    const link: string | null = page[next];
    // Going forward there is always a next page: it is empty when there is nothing newer.
    if (next === "newer" && page.items.length === 0 && link === `/api/v1/${path}`) break;
    if (next === "newer" && pages.length > 1 && page.items.length === 0) break;
    path = link?.replace("/api/v1/", "") ?? null;
  }
  return next === "older" ? pages.flat() : pages.toReversed().flat();
}

forEachKind((kind) => {
  test(`B2-B7: for any MAAS query by anybody, page and links are those of the model (${kind})`, async () => {
    const log = await logOf(kind);
    const who = askers(log);
    const property = fc.asyncProperty(fc.constantFrom(...who), maasParameters(log), async (asker, parameters) => {
      const answer = await asker.maas.get("events/", parameters);
      assert.equal(answer.status, 200, answer.text);
      const { events, ...rest } = answer.json<MaasPage>();
      const visible = log.events.filter((event) => isVisible(event, asker));
      assert.deepEqual({ ...rest, ids: events.map(({ id }) => id) }, expectedPage(visible, parameters));
    });
    await fc.assert(property, { seed, numRuns: 200 });
  });

  test(`B7: for any native query by anybody, what is found is what the model finds (${kind})`, async () => {
    const log = await logOf(kind);
    const who = askers(log);
    const property = fc.asyncProperty(fc.constantFrom(...who), nativeFilters(log), async (asker, filters) => {
      const expected = log.events
        .filter((event) => isVisible(event, asker) && matches(event, filters))
        .map(({ id }) => id);
      assert.deepEqual(await nativeIds(asker.native, filters), expected);
    });
    await fc.assert(property, { seed, numRuns: 120 });
  });

  test(`B3: the log has events of every level, so that the model is asked about them (${kind})`, async () => {
    const { events } = await logOf(kind);
    assert.deepEqual(new Set(events.map(({ level }) => level)), new Set(Object.keys(levels)));
  });
});
