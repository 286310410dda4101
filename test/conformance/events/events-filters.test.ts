import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Kind } from "../../support/databases/databases.ts";
import { forEachKind } from "../../support/each-kind.ts";
import {
  askersOfWorld,
  filtersIn,
  isVisibleTo,
  fillLog,
  type FilledLog,
  matches,
  type FilterParameter,
} from "../../support/filter-model.ts";
import type { Answer } from "../../support/clients/http-client.ts";
import type { NativeClient, NativeEvent, NativePage } from "../../support/clients/native-client.ts";
import { admin, anyone } from "../../support/worlds/people.ts";
import { lastId } from "../../support/reports.ts";
import { sharedServers } from "../../support/server.ts";

// The filters of the native API: the same for the list, the export and the histogram.

const serverOf = sharedServers();
const seed = 20_180_212;
const logs = new Map<Kind, Promise<FilledLog>>();

function logOf(kind: Kind): Promise<FilledLog> {
  const log = logs.get(kind) ?? serverOf(kind).then(fillLog);
  logs.set(kind, log);
  return log;
}

/** What the list gives, over as many pages as it takes. */
async function listed(native: NativeClient, parameters: readonly FilterParameter[]): Promise<readonly number[]> {
  const ids: number[] = [];
  let path: string | null = `events?${new URLSearchParams(parameters.map((pair) => [...pair])).toString()}`;
  while (path !== null) {
    const answer: Answer = await native.ask("GET", path);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    const page: NativePage = answer.json<NativePage>();
    ids.push(...page.items.map(({ id }) => id));
    path = page.older?.replace("/api/v1/", "") ?? null;
  }
  return ids;
}

interface Top {
  readonly items: readonly { readonly value: string | null; readonly count: number; readonly failures: number }[];
  readonly counted_since: string | null;
}

/** What events are counted by, as a reader would tell it of each. */
const topValues = new Map<string, (event: NativeEvent) => string | null>([
  ["user", ({ username }) => username],
  ["ip", ({ ip }) => ip],
  ["action", ({ action }) => action],
  ["type", ({ type }) => type],
  ["outcome", ({ outcome }) => outcome],
  ["source", ({ source }) => source],
  ["node", ({ node, hostname }) => hostname ?? node],
]);

forEachKind((kind) => {
  for (const [query, field, mend] of [
    ["exclude=colour:red", "exclude", /'colour:red' can't be excluded.*level, owner/],
    ["exclude=owner", "exclude", /NAME:VALUE/],
    ["exclude=since:2018-01-01T00:00:00Z", "exclude", /NAME:VALUE/],
    ["exclude=limit:5", "exclude", /NAME:VALUE/],
    ["exclude=level:audit", "exclude", /'audit' is no level.*AUDIT/],
    ["exclude=outcome:perhaps", "exclude", /success, failure/],
    ["exclude=source:", "exclude", /ironlog, external/],
    ["exclude=mac_address:zz", "exclude", /MAC/],
    ["level=AUDIT&level=LOUD", "level", /AUDIT, DEBUG, INFO/],
    ["outcome=success&outcome=perhaps", "outcome", /success, failure/],
    ["source=elsewhere", "source", /ironlog, external/],
    ["action=auth*", "action", /auth\.\*/],
    ["action=*", "action", /auth\.\*/],
    ["action=*.login", "action", /auth\.\*/],
    ["exclude=action:*", "exclude", /auth\.\*/],
    ["owner=svc*backup", "owner", /write \\\* for a star itself/],
    ["exclude=target:*x", "exclude", /write \\\* for a star itself/],
    ["ip=198.51.100.7/24", "ip", /write 198\.51\.100\.0\/24/],
    ["ip=198.51.100.0/40", "ip", /2001:db8::\/32/],
    ["ip=198.51.100.*", "ip", /198\.51\.100\.0\/24/],
    ["exclude=ip:2001:db8::1/32", "exclude", /write 2001:db8::\/32/],
    ["mac_address=zz", "mac_address", /MAC/],
    ["since=2018-01-01T00:00:00Z&since=2018-01-01T00:00:00Z", "since", /once/],
    ["owner=x&".repeat(51), "owner", /50/],
    ["vlan=5", "vlan", /no such field/],
  ] as const) {
    test(`events?${query.slice(0, 60)} is a 400 that names ${field} and the mend, in every API (${kind})`, async () => {
      const { native } = await anyone(await serverOf(kind));
      const root = admin(await serverOf(kind)).native;
      const before = await lastId(root);
      for (const path of [
        "events?",
        "events/histogram?",
        "events/stream?",
        "events/export?format=csv&",
        "events/evidence?",
      ]) {
        const answer = await native.ask("GET", path + query);
        assert.equal(answer.status, 400, answer.text);
        const { errors } = answer.json<{ errors: Record<string, readonly string[]> }>();
        assert.match(errors[field]?.join(" ") ?? "", mend, answer.text);
      }
      assert.equal(await lastId(root), before, "nothing was exported, so nothing is recorded");
    });
  }

  test(`B7: for any filters and exclusions by anybody, the list is what the model finds (${kind})`, async () => {
    const log = await logOf(kind);
    const { events, nodes } = log;
    const until: FilterParameter = ["before", String((events[0]?.id ?? 0) + 1)];
    const property = fc.asyncProperty(
      fc.constantFrom(...askersOfWorld(log)),
      filtersIn(log),
      async (asker, parameters) => {
        const expected = events.filter(
          (event) => isVisibleTo(event, asker, nodes) && matches(event, parameters, asker, nodes),
        );
        assert.deepEqual(
          await listed(asker.native, [...parameters, until]),
          expected.map(({ id }) => id),
          JSON.stringify(parameters),
        );
      },
    );
    await fc.assert(property, { seed, numRuns: 250 });
  });

  test(`B7: for any filters by anybody, export, histogram and top lists find what the list finds (${kind})`, async () => {
    const log = await logOf(kind);
    const { events, nodes } = log;
    const last = events[0]?.id ?? 0;
    const property = fc.asyncProperty(
      fc.constantFrom(...askersOfWorld(log)),
      filtersIn(log),
      fc.boolean(),
      fc.constantFrom(...topValues.keys()),
      async (asker, parameters, isOldestFirst, by) => {
        const found = events.filter(
          (event) => isVisibleTo(event, asker, nodes) && matches(event, parameters, asker, nodes),
        );
        const query = new URLSearchParams(parameters.map((pair) => [...pair])).toString();
        const order = isOldestFirst ? "oldest" : "newest";
        const file = await asker.native.ask("GET", `events/export?${query}&format=jsonl&order=${order}`);
        assert.equal(file.status, 200, file.text);
        const lines = file.text.split("\n").slice(0, -1);
        const exported = lines.map((line) => JSON.parse(line) as NativeEvent).filter(({ id }) => id <= last);
        assert.deepEqual(exported, isOldestFirst ? found.toReversed() : found);
        const span = `since=${events.at(-1)?.created}&until=${log.events[0]?.created.replace("Z", "9Z")}`;
        const histogram = await asker.native.ask("GET", `events/histogram?${query}&${span}&bins=7`);
        const counts = histogram.json<{ counted: number; bins: { count: number; failures: number }[] }>();
        // The time of the newest event itself is outside.
        const counted = found.filter(({ created }) => created < (events[0]?.created ?? ""));
        assert.equal(counts.counted, counted.length, query);
        assert.equal(
          counts.bins.reduce((sum, { failures }) => sum + failures, 0),
          counted.filter(({ outcome }) => outcome === "failure").length,
        );
        // The events that asking itself records are left out.
        const until = `until=${log.events[0]?.created.replace("Z", "9Z")}`;
        const top = await asker.native.ask("GET", `events/top?${query}&${until}&by=${by}&limit=100`);
        assert.equal(top.status, 200, top.text);
        const { items, counted_since: since } = top.json<Top>();
        assert.equal(since, null);
        const expected = Map.groupBy(counted, (event) => topValues.get(by)?.(event) ?? null);
        assert.deepEqual(
          new Map(items.map(({ value, count, failures }) => [value, [count, failures]])),
          new Map(
            [...expected].map(([value, some]) => [
              value,
              [some.length, some.filter(({ outcome }) => outcome === "failure").length],
            ]),
          ),
        );
        assert.deepEqual(
          items.map(({ count }) => count),
          items.map(({ count }) => count).toSorted((one, other) => other - one),
        );
      },
    );
    await fc.assert(property, { seed, numRuns: 60 });
  });

  test(`exclusions keep events that have nothing in the column, and tell nothing of nodes one may not see (${kind})`, async () => {
    const log = await logOf(kind);
    const { native } = admin(log.server);
    const last: FilterParameter = ["before", String((log.events[0]?.id ?? 0) + 1)];
    for (const [name, column] of [
      ["node", "node"],
      ["target", "target_name"],
      ["owner", "username"],
    ] as const) {
      const value = log.events.find((event) => event[column] !== null)?.[column] ?? "";
      const found = await listed(native, [["exclude", `${name}:${value}`], last]);
      const empty = log.events.filter((event) => event[column] === null && event.hostname === null);
      const missing = empty.filter(({ id, target_id }) => !found.includes(id) && target_id !== value);
      assert.ok(empty.length > 0);
      assert.deepEqual(missing, [], name);
    }
    const all = await listed(native, [last]);
    assert.deepEqual(await listed(native, [["exclude", "zone:nosuch"], last]), all);
    assert.deepEqual(await listed(native, [["exclude", "outcome:success"], ["exclude", "outcome:failure"], last]), []);
  });

  test(`times before and behind all that can be recorded bound nothing (${kind})`, async () => {
    const { native } = await anyone(await serverOf(kind));
    const all = await listed(native, []);
    for (const bounds of [
      [["since", "0001-01-01T00:00:00Z"]],
      [["until", "9999-12-31T23:59:59Z"]],
      [
        ["since", "0001-01-01T00:00:00Z"],
        ["until", "9999-12-31T23:59:60Z"],
      ],
    ] as const) {
      assert.deepEqual(await listed(native, bounds), all, JSON.stringify(bounds));
    }
    assert.deepEqual(await listed(native, [["since", "9999-12-31T23:59:59Z"]]), []);
    assert.deepEqual(await listed(native, [["until", "0001-01-01T00:00:00Z"]]), []);
    const counted = await native.ask("GET", "events/histogram?since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z");
    assert.equal(counted.json<{ counted: number }>().counted, all.length);
    const none = await native.ask("GET", "events/histogram?until=0001-01-01T00:00:00Z");
    assert.deepEqual([none.status, none.json<{ counted: number }>().counted], [200, 0], none.text);
    const blank = await native.ask("GET", "events?since=2018-02-01T22:28:18+02:00");
    assert.match(blank.text, /became a blank on its way: write %2B/);
  });
});
