import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { cursorOf, isRunning, makeFakeJournal } from "../../support/cli/fake-journalctl.ts";
import { openings, reportedTo, startReporting, untilReported } from "../../support/cli/reporting.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { haveSource } from "../../support/maas/mirrored.ts";
import { startServer } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { until } from "../../support/until.ts";
import { numbersFrom } from "../../transparency/mutations.ts";

function readPlace(spool: string): string | null {
  const place = JSON.parse(readFileSync(path.join(spool, "place.json"), "utf8")) as { readonly cursor: string | null };
  return place.cursor;
}

const journald = ["--format", "journald", "--journal", "app.service"];

function opening(number: number): Readonly<Record<string, unknown>> {
  return { MESSAGE: `Opening ${number}`, SYSLOG_IDENTIFIER: "door", PRIORITY: "6", _HOSTNAME: "web1" };
}

forEachKind((kind) => {
  test(`a unit's journal is reported from its beginning, and goes on behind its cursor after any end (${kind})`, async (t) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const draw = numbersFrom(seed);
    await using server = await startServer({ kind });
    using reporting = await startReporting(server.url, server.firstLogin.apiKey);
    using journal = makeFakeJournal();
    let added = 0;
    for (const signal of ["SIGKILL", "SIGTERM", "SIGKILL", "SIGINT", "SIGKILL"] as const) {
      await using report = reporting.start(journald, journal.env);
      for (let entry = 0; entry < 60; entry += 1) journal.add(opening((added += 1)));
      await untilReported(server, added - draw(60));
      report.signal(signal);
      await report.ended;
    }
    await using last = reporting.start(journald, journal.env);
    await untilReported(server, added);
    await until(() => journal.starts().length === 6);
    last.signal("SIGTERM");
    assert.deepEqual(await last.ended, { code: 0, signal: null });
    const events = await reportedTo(server);
    assert.deepEqual(
      events.map(({ description }) => description),
      openings(1, added),
    );
    const [first] = events;
    assert.deepEqual(
      [first?.action, first?.hostname, first?.occurred, first?.type],
      ["journal.door", "web1", "2025-11-30T08:59:58.000001Z", "JOURNAL"],
    );
    const [begun = [], ...again] = journal.starts();
    assert.ok(begun.includes("--unit=app.service") && begun.includes("--no-tail") && begun.includes("--all"));
    assert.ok(!begun.some((word) => word.startsWith("--after-cursor")));
    assert.ok(again.every((words) => words.some((word) => word.startsWith("--after-cursor=s="))));
    // Each ends with the command that started it, also with one that was killed.
    for (const pid of journal.pids()) await until(() => !isRunning(pid));
  });
});

test("journalctl is started again where it ends by itself", async () => {
  await using server = await startServer({ kind: "sqlite" });
  using reporting = await startReporting(server.url, server.firstLogin.apiKey);
  using journal = makeFakeJournal();
  await using report = reporting.start(journald, journal.env);
  journal.add(opening(1));
  await untilReported(server, 1);
  const [pid = 0] = journal.pids();
  process.kill(pid);
  journal.add(opening(2));
  await untilReported(server, 2);
  assert.match(report.stderr, /^journalctl ended and is started again\./);
  assert.ok(journal.starts()[1]?.includes(`--after-cursor=${cursorOf(1)}`));
});

test("MAAS's security lines are found in the journal, with its time and its cursor; others are passed over", async () => {
  await using server = await startServer({ kind: "sqlite" });
  await haveSource(server, "north");
  const robot = await makePerson(server);
  const made = await admin(server).native.ask("POST", `users/${robot.username}/tokens`, {
    scopes: ["events:write"],
    source: "maas:north",
  });
  using reporting = await startReporting(server.url, made.json<{ api_key: string }>().api_key);
  using journal = makeFakeJournal();
  const words = ["--format", "maas-security", "--journal", "snap.maas.pebble", "--source", "maas:north"];
  const line = (message: string, user: string) =>
    `2026-11-30T09:00:00.000Z [regiond] ${JSON.stringify({ message, type: "security", user_id: user, trace_id: "" })}`;
  {
    await using report = reporting.start(words, journal.env);
    journal.add({ MESSAGE: line("AUTHN_login_unsuccessful", "mallory"), _HOSTNAME: "maas1" });
    for (let other = 0; other < 1_500; other += 1) journal.add({ MESSAGE: `regiond: [info] line ${other}` });
    journal.add({ MESSAGE: line("AUTHN_login_successful", "ada"), _HOSTNAME: "maas1" });
    for (let other = 0; other < 1_001; other += 1) journal.add({ MESSAGE: `regiond: [info] line ${other}` });
    await until(async () => (await reportedTo(server, "maas:north")).length === 2);
    // The last 1,001 entries tell of nothing: how far they were read is kept all the same.
    await until(() => readPlace(reporting.spool) === cursorOf(2_502));
    report.signal("SIGKILL");
    await report.ended;
  }
  const events = await reportedTo(server, "maas:north");
  assert.deepEqual(
    events.map(({ action, outcome, username, hostname, occurred, level }) => [
      action,
      outcome,
      username,
      hostname,
      occurred,
      level,
    ]),
    [
      ["maas.login", "failure", "mallory", "maas1", "2025-11-30T08:59:58.000001Z", "AUDIT"],
      ["maas.login", "success", "ada", "maas1", "2025-11-30T08:59:58.001502Z", "AUDIT"],
    ],
  );
});

test("a source that the key wasn't made for ends the command, and the events wait", async () => {
  await using server = await startServer({ kind: "sqlite" });
  using reporting = await startReporting(server.url, server.firstLogin.apiKey);
  using journal = makeFakeJournal();
  journal.add(opening(1));
  await using report = reporting.start([...journald, "--source", "maas:north"], journal.env);
  assert.deepEqual(await report.ended, { code: 2, signal: null });
  assert.match(report.stderr, /^This API key may not report as 'maas:north'\. An administrator makes one that may: /);
  assert.equal(reporting.waiting(), 1);
});

test("without journalctl the command says so", async () => {
  await using server = await startServer({ kind: "sqlite" });
  using reporting = await startReporting(server.url, server.firstLogin.apiKey);
  await using report = reporting.start(journald, { PATH: reporting.shell.profiles });
  assert.deepEqual(await report.ended, { code: 2, signal: null });
  assert.match(report.stderr, /^There is no 'journalctl' here: /);
});
