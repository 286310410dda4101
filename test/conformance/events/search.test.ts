import assert from "node:assert/strict";
import { test } from "node:test";
import { eventFinder } from "../../../src/search/words/event-finder.ts";
import { parseSearchText } from "../../../src/search/words/search-text.ts";
import type { Kind } from "../../support/databases/databases.ts";
import { forEachKind } from "../../support/each-kind.ts";
import type { NativeClient, NativeEvent } from "../../support/clients/native-client.ts";
import { admin, anyone, makePerson } from "../../support/worlds/people.ts";
import { fillLog, type FilledLog } from "../../support/filter-model.ts";
import { report } from "../../support/reports.ts";
import { sharedServers } from "../../support/server.ts";

// `text=`: what the words of the native API's list find. No server of this file has an index: rows say the same.

interface SearchPage {
  readonly items: readonly NativeEvent[];
  readonly older: string | null;
  readonly searched_to: { readonly id: number } | null;
  readonly search: { readonly indexed_to: number | null; readonly is_complete: boolean } | null;
}

const serverOf = sharedServers();
const logs = new Map<Kind, Promise<FilledLog>>();

function logOf(kind: Kind): Promise<FilledLog> {
  const log = logs.get(kind) ?? serverOf(kind).then(fillLog);
  logs.set(kind, log);
  return log;
}

async function pageOf(
  native: NativeClient,
  text: string,
  more: Readonly<Record<string, string>> = {},
): Promise<SearchPage> {
  const answer = await native.ask("GET", `events?${new URLSearchParams({ text, ...more }).toString()}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<SearchPage>();
}

async function found(native: NativeClient, text: string, more: Readonly<Record<string, string>> = {}) {
  const { items } = await pageOf(native, text, more);
  return items.map(({ id }) => id);
}

forEachKind((kind) => {
  for (const [query, mend] of [
    ["text=", /^Empty search: give/],
    ["text=%20%20", /^Empty search: give/],
    ["text=%22open", /close the phrase with "/],
    ["text=%2D%2D", /give words with letters or digits/],
    [`text=${"x".repeat(501)}`, /at most 500 characters/],
    [`text=${Array.from({ length: 21 }, (_, at) => `w${at}`).join("+")}`, /at most 20/],
    ["text=a&text=b", /once/],
    ["exclude=text:ada", /only in GET/],
  ] as const) {
    test(`events?${query.slice(0, 40)} is a 400 that names the field and the mend (${kind})`, async () => {
      const { native } = await anyone(await serverOf(kind));
      const answer = await native.ask("GET", `events?${query}`);
      assert.equal(answer.status, 400, answer.text);
      const { errors } = answer.json<{ errors: Record<string, readonly string[]> }>();
      assert.match(errors[query.split("=")[0] ?? ""]?.join(" ") ?? "", mend, answer.text);
    });
  }

  for (const path of ["events/stream?text=ada", "events/export?format=csv&text=ada"]) {
    test(`${path} is a 400 that names text: what must not miss an event isn't searched (${kind})`, async () => {
      const { native } = admin(await serverOf(kind));
      const answer = await native.ask("GET", path);
      assert.equal(answer.status, 400, answer.text);
      assert.match(answer.json<{ errors: { text: readonly string[] } }>().errors.text.join(" "), /no such field/);
    });
  }

  test(`histogram and top lists count what the list finds (${kind})`, async () => {
    const { server } = await logOf(kind);
    const { native } = admin(server);
    const until = new Date().toISOString();
    for (const text of ["created", "user", '"created user"', "nothing-has-this"]) {
      const { items, older } = await pageOf(native, text, { limit: "1000", until, outcome: "success" });
      assert.equal(older, null);
      const query = new URLSearchParams({ text, until, outcome: "success" }).toString();
      const bins = await native.ask("GET", `events/histogram?${query}&since=2020-01-01T00:00:00Z`);
      assert.equal(bins.json<{ counted: number }>().counted, items.length, text);
      const top = await native.ask("GET", `events/top?${query}&by=action&limit=100`);
      const counted = top.json<{ items: readonly { value: string; count: number }[] }>().items;
      const expected = Map.groupBy(items, ({ action }) => action);
      assert.deepEqual(
        new Map(counted.map(({ value, count }) => [value, count])),
        new Map([...expected].map(([action, some]) => [action, some.length])),
      );
    }
    const empty = await native.ask("GET", "events/top?by=user&text=");
    assert.equal(empty.status, 400, empty.text);
  });

  for (const [path, body] of [
    ["destinations", { name: "siem", transport: "syslog", url: "tls://127.0.0.1:1", filter: ["text:ada"] }],
    ["rules", { name: "words", kind: "threshold", count: 3, window_seconds: 60, filter: ["text:ada"] }],
  ] as const) {
    test(`${path} take no text in a filter (${kind})`, async () => {
      const { native } = admin(await serverOf(kind));
      const answer = await native.ask("POST", path, body);
      assert.equal(answer.status, 400, answer.text);
      assert.match(answer.text, /only in GET \/api\/v1\/events/);
    });
  }

  test(`words, several of them, parts, phrases, letters of any kind and addresses find an event (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const [reported] = await report(native, {
      type: "NODE_POWER_FAILURE",
      action: "node.power",
      description: "No answer from Müller's BMC at 東京都.",
      username: "svc-backup",
      hostname: "rack7.example.com",
      details: { address: "2001:DB8:0:0::77", mac: "52-54-00-AB-CD-EF", job: "3fa85f64-5717-4562-b3fc-2c963f66afa6" },
    });
    assert(reported !== undefined);
    const finding = [
      "muller",
      "MÜLLER bmc",
      "京都",
      "backup",
      "rack7.example",
      "2001:db8::77",
      "52:54:00:ab:cd:ef",
      "3fa85f64",
      '"no answer from"',
      "svc-backup 東京都 db8",
    ];
    for (const text of finding)
      assert.deepEqual(await found(native, text, { type: "NODE_POWER_FAILURE", limit: "1" }), [reported.id], text);
    for (const text of ["muller nobody", "4562-b3fc", '"answer no"', "東都"])
      assert.deepEqual(await found(native, text), [], text);
  });

  test(`the pages of a search joined are the rows that the words are in, with every other filter (${kind})`, async () => {
    const { events } = await logOf(kind);
    const { native } = admin(await serverOf(kind));
    const newest = { before: String((events[0]?.id ?? 0) + 1) };
    for (const [text, filter, isWanted] of [
      ["user", {}, () => true],
      ["created", { outcome: "success" }, ({ outcome }) => outcome === "success"],
      ["a", { action: "user.create" }, ({ action }) => action === "user.create"],
      ["12", { level: "AUDIT" }, ({ level }) => level === "AUDIT"],
    ] as readonly (readonly [string, Readonly<Record<string, string>>, (event: NativeEvent) => boolean])[]) {
      const finds = eventFinder(parseSearchText(text));
      const expected = events.filter(
        (event) => isWanted(event) && finds({ ...event, details: JSON.stringify(event.details) }),
      );
      const ids: number[] = [];
      let page = await pageOf(native, text, { ...filter, ...newest, limit: "7" });
      for (;;) {
        assert.equal(page.search?.is_complete, true);
        ids.push(...page.items.map(({ id }) => id));
        if (page.older === null) break;
        page = (await native.ask("GET", page.older.replace("/api/v1/", ""))).json<SearchPage>();
      }
      assert.deepEqual(
        ids,
        expected.map(({ id }) => id),
        text,
      );
    }
  });

  test(`B7: others' words find nothing, and an answer tells nothing of the index (${kind})`, async () => {
    const server = await serverOf(kind);
    const ada = await makePerson(server);
    const bob = await makePerson(server);
    assert.deepEqual(await found(ada.native, bob.username), []);
    const own = await pageOf(ada.native, ada.username);
    assert(own.items.every(({ username }) => username === ada.username));
    assert.deepEqual(own.search, { indexed_to: null, is_complete: true });
    const { search } = await pageOf(admin(server).native, bob.username);
    assert.deepEqual(search, { indexed_to: 0, is_complete: true });
  });

  test(`without text an answer has no search, and MAAS's query takes none (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native, maas } = admin(server);
    assert.equal((await native.ask("GET", "events?limit=1")).json<SearchPage>().search, null);
    const { count } = await maas.events([
      ["level", "AUDIT"],
      ["limit", "1"],
      ["text", "nothing-has-this-word"],
    ]);
    assert.equal(count, 1);
  });
});
