import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { send } from "../../support/clients/http-client.ts";
import { allEvents, bearer, type NativeClient, type NativeEvent } from "../../support/clients/native-client.ts";
import { openAnswer, type OpenAnswer } from "../../support/clients/open-answer.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { newTrace } from "../../support/recorded.ts";
import { eventOf, lastId, powerFailure, report } from "../../support/reports.ts";
import {
  type ServerProcess,
  sharedServers,
  startServer,
  startServerProcess,
  type TestServer,
} from "../../support/server.ts";

// The log as a file: GET /api/v1/events/export.

const serverOf = sharedServers();

/** The rows of an RFC 4180 file, cell by cell. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, bare = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const parseLines = (text: string): readonly NativeEvent[] =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as NativeEvent);

/** Few and long: what they cost is to be recorded one by one. */
const bigLogEvents = 15_000;

/** A log that no buffer holds: some 40 MB of JSON. */
async function fillBig(native: NativeClient): Promise<void> {
  const batch = Array.from({ length: 1000 }, (_, at) => ({
    ...powerFailure,
    description: `${at} ${"x".repeat(2_000)}`,
  }));
  for (let made = 0; made < bigLogEvents; made += batch.length) await report(native, batch);
}

function residentMiB({ process: { pid } }: ServerProcess): number {
  const [, kib = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}

const openExport = (server: TestServer, apiKey: string, query = "format=jsonl", paused = false): Promise<OpenAnswer> =>
  openAnswer(server.url, `events/export?${query}`, { authorization: `Bearer ${apiKey}` }, { paused });

async function newKey(person: Person, body: object): Promise<{ readonly api_key: string; readonly token_key: string }> {
  return (await person.native.ask("POST", "account/tokens", body)).json();
}

forEachKind((kind) => {
  for (const [query, word] of [
    ["", "format"],
    ["format=xml", "csv, jsonl"],
    ["format=csv&format=csv", "once"],
    ["format=csv&order=random", "newest, oldest"],
    ["format=csv&limit=5", "limit"],
    ["format=csv&before=5", "before"],
    ["format=csv&colour=red", "colour"],
  ] as const) {
    test(`events/export?${query} is a 400 that says ${word}, and is not recorded (${kind})`, async () => {
      const { native } = admin(await serverOf(kind));
      const before = await lastId(native);
      const answer = await native.ask("GET", `events/export?${query}`);
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.type, "application/problem+json");
      assert.ok(answer.text.includes(word), answer.text);
      assert.equal(await lastId(native), before);
    });
  }

  test(`nobody exports, nor does a key that may only report (${kind})`, async () => {
    const server = await serverOf(kind);
    const who = await makePerson(server, { isAdministrator: true });
    assert.equal((await send(server.url, "/api/v1/events/export?format=csv")).status, 401);
    const { api_key } = await newKey(who, { scopes: ["events:write"] });
    assert.equal((await bearer(server, api_key).ask("GET", "events/export?format=csv")).status, 403);
    assert.deepEqual(await allEvents(who.native, { action: "log.export", owner: who.username }), []);
  });

  test(`an export is recorded first, with its filter and how far it goes, and goes no further (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const who = await makePerson(server, { isAdministrator: true });
    const { api_key } = await newKey(who, { scopes: ["events:read"] });
    const trace = newTrace();
    const query = "format=jsonl&order=oldest&owner=admin&owner=&exclude=action:server.*&since=2018-01-01T00:00:00Z";
    const reader = bearer(server, api_key, who.from);
    const answer = await reader.ask("GET", `events/export?${query}`, undefined, { headers: trace.headers });
    assert.equal(answer.status, 200);
    const [event, ...others] = await allEvents(native, { trace_id: trace.id });
    assert.deepEqual(others, []);
    assert.ok(event !== undefined);
    assert.deepEqual(
      [event.action, event.type, event.level, event.outcome, event.username, event.endpoint, event.description],
      ["log.export", "SETTINGS", "AUDIT", "success", who.username, "API", "Exported events as JSON Lines."],
    );
    const exported = parseLines(answer.text);
    const expected = (await allEvents(native)).filter(
      ({ id, username, action }) =>
        id < event.id && ["admin", null].includes(username) && !action.startsWith("server."),
    );
    assert.deepEqual(event.details, {
      format: "jsonl",
      order: "oldest",
      filter: { owner: ["admin", ""], exclude: ["action:server.*"], since: "2018-01-01T00:00:00Z" },
      up_to_id: event.id - 1,
      count: expected.length,
    });
    assert.deepEqual(exported, expected.toReversed());
  });

  test(`CSV: a header, CRLF, every column as the API shows it, and no cell that a spreadsheet runs (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const action = `export.${freshName("a")}`;
    const descriptions = [
      "=1+1",
      "+1",
      "-1",
      "@SUM(A1)",
      "\t=1",
      "\n=1",
      'a "quote", a comma',
      "two\nlines",
      "'=1",
      "ä\u2028€",
    ];
    const items = await report(
      native,
      descriptions.map((description) => ({
        ...powerFailure,
        action,
        description,
        username: description.replaceAll(/\p{Cc}/gu, " ").trim(),
        details: { text: description, list: [1, null] },
      })),
    );
    const answer = await native.ask("GET", `events/export?format=csv&order=oldest&action=${action}`);
    assert.equal(answer.type, "text/csv; charset=utf-8; header=present");
    assert.match(answer.headers["content-disposition"] ?? "", /^attachment; filename="ironlog-events-[\dTZ-]+\.csv"$/);
    assert.ok(!/[^\r]\n/.test(answer.text.replaceAll(/"(?:[^"]|"")*"/g, "")), "lines end in CRLF");
    const [header = [], ...rows] = parseCsv(answer.text);
    assert.equal(rows.length, descriptions.length);
    for (const [at, row] of rows.entries()) {
      const event = await eventOf(native, items[at]?.id ?? 0);
      assert.deepEqual(header, Object.keys(event));
      for (const [column, name] of header.entries()) {
        const value = event[name as keyof NativeEvent];
        const text = typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
        const cell = row[column] ?? "missing";
        assert.equal(cell, /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text, `${descriptions[at]}: ${name}`);
        assert.ok(!/^[=+\-@\t\r\n]/.test(cell));
      }
    }
  });

  test(`B7: a user exports what they may see, and nothing else (${kind})`, async () => {
    const server = await serverOf(kind);
    const [ann, ben] = [await makePerson(server), await makePerson(server)];
    await ben.native.ask("POST", "account/tokens", { name: "of ben" });
    const own = await allEvents(ann.native);
    assert.deepEqual(parseLines((await ann.native.ask("GET", "events/export?format=jsonl")).text), own);
    for (const query of [`owner=${ben.username}`, "owner=admin", `exclude=owner:${ann.username}`, "source=external"]) {
      assert.equal((await ann.native.ask("GET", `events/export?format=jsonl&${query}`)).text, "", query);
    }
    const [event] = await allEvents(ann.native);
    assert.equal(event?.action, "log.export", "and sees that it was recorded");
  });

  test(`a big export takes little memory, waits for its reader, lets others in, and is whole (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    const { native } = admin(server);
    await fillBig(native);
    const total = await lastId(native);
    const before = residentMiB(server);
    using file = await openExport(server, server.firstLogin.apiKey, "format=jsonl&order=oldest", true);
    let answered = 0;
    let highest = 0;
    const lookAround = async (): Promise<void> => {
      assert.equal((await native.ask("GET", "events?limit=10")).status, 200);
      answered += 1;
      highest = Math.max(highest, residentMiB(server));
    };
    for (let turn = 0; turn < 40; turn += 1) await lookAround();
    assert.equal(file.text, "", "nobody has read yet");
    file.resume();
    answered = 0;
    while (!file.isOver) await lookAround();
    assert.equal(await file.ended, "whole");
    const ids = parseLines(file.text).map(({ id }) => id);
    assert.deepEqual(
      ids,
      Array.from({ length: total }, (_, at) => at + 1),
    );
    assert.ok(file.text.length > 30_000_000);
    assert.ok(highest - before < 80, `${Math.round(before)} MiB before, ${Math.round(highest)} at most`);
    // An export that held up the server would let one in at its end.
    assert.ok(answered >= 10, `${answered} other requests were answered while it was written`);
  });

  test(`an export is broken off, not ended, when its reader may read no more (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await fillBig(native);
    const who = await makePerson(server, { isAdministrator: true });
    for (const format of ["csv", "jsonl"]) {
      const { api_key, token_key } = await newKey(who, { name: format });
      using file = await openExport(server, api_key, `format=${format}`, true);
      assert.equal(file.status, 200);
      assert.ok((await who.native.ask("DELETE", `account/tokens/${token_key}`)).status < 300);
      file.resume();
      assert.equal(await file.ended, "broken off");
      assert.ok(file.text.length < 30_000_000);
    }
    assert.equal((await native.ask("GET", "events?limit=1")).status, 200);
    // So many at a time; those that nobody reads any more make room.
    using open = new DisposableStack();
    const statuses: number[] = [];
    while (!statuses.includes(429)) {
      statuses.push(open.use(await openExport(server, who.apiKey, "format=csv", true)).status);
      assert.ok(statuses.length < 30);
    }
    assert.ok(statuses.length > 2);
    open.dispose();
    let status = 0;
    while (status !== 200)
      status = (await who.native.ask("GET", `events/export?format=csv&owner=${who.username}`)).status;
  });
});
