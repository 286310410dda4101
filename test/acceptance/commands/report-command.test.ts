import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { startFakeServer } from "../../support/cli/fake-server.ts";
import {
  eventLineOf,
  eventLines,
  openings,
  reportedTo,
  startReporting,
  untilReported,
} from "../../support/cli/reporting.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { haveSource } from "../../support/maas/mirrored.ts";
import { startServer } from "../../support/server.ts";
import { until } from "../../support/until.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";

forEachKind((kind) => {
  test(`what is written to \`ironlog report\` is recorded, in its order, and nothing is left behind (${kind})`, async () => {
    await using server = await startServer({ kind });
    using reporting = await startReporting(server.url, server.firstLogin.apiKey);
    await using report = reporting.start();
    report.write(eventLines(1, 1_500));
    await untilReported(server, 1_500);
    // The last line needs no end.
    report.write(eventLineOf(1_501, { username: "mallory", outcome: "failure" }).trim(), true);
    const { code } = await report.ended;
    assert.equal(report.stderr, "");
    assert.equal(code, 0);
    const events = await reportedTo(server);
    assert.deepEqual(
      events.map(({ description }) => description),
      openings(1, 1_501),
    );
    const last = events.at(-1);
    assert.deepEqual([last?.username, last?.outcome, last?.source], ["mallory", "failure", "external"]);
    assert.deepEqual(readdirSync(reporting.spool).toSorted(), ["place.json", "spool.lock"]);
    assert.equal(statSync(reporting.spool).mode & 0o777, 0o700);
  });

  test(`lines that are alike are two events, but not under one key (${kind})`, async () => {
    await using server = await startServer({ kind });
    using reporting = await startReporting(server.url, server.firstLogin.apiKey);
    for (let run = 0; run < 2; run += 1) {
      await using report = reporting.start();
      report.write(
        eventLineOf(1) + eventLineOf(1) + eventLineOf(2, { key: "door-2" }) + eventLineOf(2, { key: "door-2" }),
        true,
      );
      assert.equal((await report.ended).code, 0, report.stderr);
    }
    const events = await reportedTo(server);
    assert.deepEqual(
      events.map(({ description }) => description),
      ["Opening 1", "Opening 1", "Opening 2", "Opening 1", "Opening 1"],
    );
  });

  test(`what can't be recorded is put aside with the reason, and the others are recorded (${kind})`, async () => {
    await using server = await startServer({ kind });
    using reporting = await startReporting(server.url, server.firstLogin.apiKey);
    await using report = reporting.start();
    const wrong = [
      eventLineOf(4, { action: "NOT AN ACTION" }),
      "this is no JSON\n",
      eventLineOf(6, { key: "same" }),
      eventLineOf(7, { key: "same" }),
      eventLineOf(8, { details: { text: "x".repeat(20_000) } }),
      `${"y".repeat(2_000_000)}\n`,
      eventLineOf(12, { details: { number: 0 } }).replace(":0}", ":1e400}"),
      eventLineOf(13, { details: { deep: 0 } }).replace(":0}", `:${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
    ];
    report.write(eventLines(1, 3) + wrong.join("") + eventLines(9, 3), true);
    assert.equal((await report.ended).code, 2);
    assert.deepEqual(
      (await reportedTo(server)).map(({ description }) => description),
      [...openings(1, 3), "Opening 6", ...openings(9, 3)],
    );
    assert.match(report.stderr, /'NOT AN ACTION' is not in the form of user\.login/);
    const refused = reporting.refused().map(({ reason, line, report: event }) => {
      const { description } = (event ?? {}) as { readonly description?: string };
      return [String(reason).split(/[:.]/)[0], description ?? String(line).slice(0, 15)];
    });
    assert.deepEqual(
      refused.toSorted((one, other) => (String(one[1]) < String(other[1]) ? -1 : 1)),
      [
        ["Nest JSON at most 32 levels deep", "Opening 13"],
        ["action", "Opening 4"],
        ["key", "Opening 7"],
        ["details", "Opening 8"],
        ["The line is not JSON", "this is no JSON"],
        ["The line is longer than an event can be", "y".repeat(15)],
        ["The line has the number Infinity", '{"type":"DOOR_O'],
      ],
    );
  });
});

forEachKind((kind) => {
  test(`a line with a source that isn't the command's is put aside, and stops no other (${kind})`, async () => {
    await using server = await startServer({ kind });
    await haveSource(server, "north");
    const robot = await makePerson(server);
    const made = await admin(server).native.ask("POST", `users/${robot.username}/tokens`, {
      scopes: ["events:write"],
      source: "maas:north",
    });
    using reporting = await startReporting(server.url, made.json<{ api_key: string }>().api_key);
    const lines = ["maas:south", "external", "maas:north", null]
      .map((source, index) => eventLineOf(index + 1, { source }))
      .join("");
    for (const [args, source, taken] of [
      [[], "external", ["Opening 2", "Opening 5"]],
      [["--source", "maas:north"], "maas:north", ["Opening 3", "Opening 5"]],
    ] as const) {
      await using report = reporting.start(["--format", "json", ...args]);
      report.write(lines + eventLineOf(5), true);
      assert.equal((await report.ended).code, 2, report.stderr);
      const events = await reportedTo(server, source);
      assert.deepEqual(
        events.map(({ description }) => description),
        taken,
      );
      const says = `The line names a source other than '${source}': --source says whose events these are. It was put aside`;
      assert.equal(report.stderr.split(says).length - 1, 3, report.stderr);
    }
    assert.deepEqual(
      reporting.refused().map(({ line }) => (JSON.parse(String(line)) as { readonly source: unknown }).source),
      ["maas:south", "maas:north", null, "maas:south", "external", null],
    );
    assert.equal(reporting.waiting(), 0);
  });
});

test("a full spool stops reading, and nothing is dropped", async () => {
  await using server = await startServer({ kind: "sqlite" });
  using reporting = await startReporting(server.url, server.firstLogin.apiKey);
  await server.stop();
  await using report = reporting.start(["--format", "json", "--spool-size", "1"]);
  const details = { text: "x".repeat(1_000) };
  // More than the spool and the pipe hold.
  const lines = Array.from({ length: 4_000 }, (_, index) => eventLineOf(index + 1, { details }));
  report.write(lines.join(""), true);
  await report.until(/The spool \S+ is full: reading stops/, "stderr");
  const waiting = reporting.waiting();
  assert.ok(waiting > 500 && waiting < 1_500, String(waiting));
  const { port } = new URL(server.url);
  await server.start(["--port", port]);
  assert.equal((await report.ended).code, 0, report.stderr);
  assert.match(report.stderr, /^The server is back\.$/m);
  assert.deepEqual(
    (await reportedTo(server)).map(({ description }) => description),
    openings(1, 4_000),
  );
});

test("a server that is busy or broken is asked again, for as long as it takes", async () => {
  await using fake = await startFakeServer();
  using reporting = await startReporting(fake.url.replace("/MAAS", ""), "consumer:token:secret");
  fake.answers.set("*", { status: 429, headers: { "Retry-After": "0" } });
  await using report = reporting.start();
  report.write(eventLineOf(1), true);
  const posts = () => fake.asked.filter(({ url }) => url === "/api/v1/events");
  await until(() => posts().length >= 2);
  fake.answers.set("*", { status: 502 });
  const asked = posts().length;
  await until(() => posts().length >= asked + 1);
  fake.answers.set("*", { status: 201 });
  assert.equal((await report.ended).code, 0);
  assert.equal(new Set(posts().map(({ body }) => body)).size, 1);
  assert.match(report.stderr, /answered 429.*Events wait in .*\nThe server is back\.\n$/);
});

test("an API key that was rejected ends the command, and the events wait for another one", async () => {
  await using server = await startServer({ kind: "sqlite" });
  const person = await makePerson(server, { isAdministrator: true });
  using reporting = await startReporting(server.url, person.apiKey);
  const [, tokenKey = ""] = person.apiKey.split(":");
  const deleted = await person.maas.post("account/?op=delete_authorisation_token", [["token_key", tokenKey]]);
  assert.equal(deleted.status, 204);
  {
    await using report = reporting.start();
    report.write(eventLineOf(1));
    assert.equal((await report.ended).code, 1, report.stderr);
    assert.match(report.stderr, /Log in with another API key: ironlog login prod/);
    assert.ok(!report.stderr.includes(tokenKey));
  }
  assert.equal(reporting.waiting(), 1);
  const login = await reporting.shell.ironlog(["login", "prod", `${server.url}/MAAS/`, server.firstLogin.apiKey]);
  assert.equal(login.code, 0);
  await using report = reporting.start();
  report.write("", true);
  assert.equal((await report.ended).code, 0, report.stderr);
  assert.equal((await reportedTo(server)).length, 1);
});

test("a signal ends it when what was read is spooled", async () => {
  await using fake = await startFakeServer();
  using reporting = await startReporting(fake.url.replace("/MAAS", ""), "consumer:token:secret");
  fake.answers.set("*", { status: 503 });
  for (const [signal, status] of [
    ["SIGTERM", 0],
    ["SIGINT", 1],
  ] as const) {
    await using report = reporting.start();
    report.write(eventLineOf(1));
    const before = reporting.waiting();
    await until(() => reporting.waiting() === before + 1);
    report.signal(signal);
    assert.deepEqual(await report.ended, { code: status, signal: null });
  }
  assert.equal(reporting.waiting(), 2);
});

test("a spool belongs to one process, and to one user", async () => {
  await using fake = await startFakeServer();
  using reporting = await startReporting(fake.url.replace("/MAAS", ""), "consumer:token:secret");
  await using first = reporting.start();
  first.write(eventLineOf(1));
  await until(() => fake.asked.some(({ url }) => url === "/api/v1/events"));
  await using second = reporting.start();
  assert.equal((await second.ended).code, 2);
  assert.match(
    second.stderr,
    /^Another 'ironlog report' uses the spool \S+: stop it, or name another folder with --spool\n$/,
  );
  first.write("", true);
  await first.ended;
  chmodSync(reporting.spool, 0o755);
  await using third = reporting.start();
  assert.equal((await third.ended).code, 2);
  assert.match(third.stderr, /^Others can read the spool \S+\. Run: chmod 700 /);
});

test("a line of the spool that was damaged is put aside, and those around it are delivered", async () => {
  await using server = await startServer({ kind: "sqlite" });
  using reporting = await startReporting(server.url, server.firstLogin.apiKey);
  await server.stop();
  {
    await using report = reporting.start();
    report.write(eventLines(1, 3));
    await until(() => reporting.waiting() === 3);
    report.signal("SIGKILL");
    await report.ended;
  }
  const [segment = ""] = reporting.segments();
  const file = path.join(reporting.spool, segment);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, `${text.replace("Opening 2", "Opening 9")}half a li`);
  await server.start();
  const login = await reporting.shell.ironlog(["login", "prod", `${server.url}/MAAS/`, server.firstLogin.apiKey]);
  assert.equal(login.code, 0);
  await using report = reporting.start();
  report.write("", true);
  assert.equal((await report.ended).code, 2, report.stderr);
  assert.deepEqual(
    (await reportedTo(server)).map(({ description }) => description),
    ["Opening 1", "Opening 3"],
  );
  assert.deepEqual(
    reporting.refused().map(({ reason }) => reason),
    ["This line of the spool was damaged"],
  );
});

test("what is misused is said in a line, with status 2", async () => {
  await using fake = await startFakeServer();
  using reporting = await startReporting(fake.url.replace("/MAAS", ""), "consumer:token:secret");
  for (const [words, says] of [
    [[], /^Give --format: see --help\.\n$/],
    [["--format", "xml"], /^There is no format 'xml'\. There are: json/],
    [["--format", "json"], /^Give --profile: see --help\.\n$/],
    [["--format", "json", "--profile", "nobody"], /^There is no profile 'nobody'\. To make it: /],
    [["events"], /^'events' is one word too many/],
    [["--format", "json", "--profile", "prod", "--spool-size", "0"], /^'--spool-size' takes a number of MiB from 1 on/],
  ] as const) {
    const { code, stderr } = await reporting.shell.ironlog(["report", ...words]);
    assert.match(stderr, says);
    assert.equal(code, 2);
  }
});
