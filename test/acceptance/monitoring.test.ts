import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../support/each-kind.ts";
import { send } from "../support/clients/http-client.ts";
import { logIn, tryLogIn } from "../support/clients/native-client.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { newTrace } from "../support/recorded.ts";
import { sharedServerProcesses, startServerProcess, type ServerProcess } from "../support/server.ts";

// What operators watch: health, metrics, logs.

const serverOf = sharedServerProcesses();

/** The lines of the server's log, each a JSON object. */
function logLines(server: ServerProcess): readonly Record<string, unknown>[] {
  return server.process.stderr
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

forEachKind((kind) => {
  test(`/healthz and /readyz say yes to anybody (${kind})`, async () => {
    const server = await serverOf(kind);
    for (const path of ["/healthz", "/readyz"]) {
      const answer = await send(server.url, path);
      assert.equal(answer.status, 200, path);
      assert.notEqual(answer.type, "");
    }
  });

  test(`/metrics is for loopback and administrators, not for what a proxy passes on (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const proxied = { "x-forwarded-for": "203.0.113.9" };
    const here = await send(server.url, "/metrics");
    assert.equal(here.status, 200);
    assert.match(here.type, /^text\/plain/);
    assert.match(here.text, /^# TYPE \w+ (counter|gauge|histogram)$/m);
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await send(server.url, "/metrics", { headers })).status;
    assert.match(String(await status(proxied)), /^40[13]$/);
    assert.equal(await status({ ...proxied, authorization: `Bearer ${person.apiKey}` }), 403);
    assert.equal(await status({ ...proxied, authorization: `Bearer ${server.firstLogin.apiKey}` }), 200);
  });

  test(`/metrics counts requests, and names nobody (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    await person.native.ask("GET", "events");
    await person.maas.get(`users/${person.username}/`);
    const { text } = await send(server.url, "/metrics");
    assert.match(text, /requests_total\{[^}]*status="200"[^}]*\} [1-9]/);
    assert.ok(!text.includes(person.username));
  });

  test(`logs are JSON lines, each request's with its trace id (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    for (const by of ["MAAS-trace-id", "traceparent"] as const) {
      const trace = newTrace(by);
      const answer = await person.native.ask("GET", "events", undefined, { headers: trace.headers });
      assert.equal(answer.headers["maas-trace-id"], trace.id);
      await server.process.until(new RegExp(trace.id), "stderr");
      const [line] = logLines(server).filter(({ trace_id }) => trace_id === trace.id);
      assert.equal(line?.["status"], 200);
      assert.ok(!Number.isNaN(Date.parse(String(line["time"]))));
      assert.equal(line["level"], "info");
    }
  });

  test(`a request without trace id is given one, which its answer, log line and events share (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const answer = await tryLogIn(server, person, { from: person.from });
    const id = String(answer.headers["maas-trace-id"]);
    assert.match(id, /^[0-9a-f]{32}$/);
    const events = await admin(server).native.ask("GET", `events?trace_id=${id}`);
    assert.equal(events.json<{ items: readonly { action: string }[] }>().items[0]?.action, "auth.login");
    await server.process.until(new RegExp(id), "stderr");
  });

  for (const [what, headers] of [
    ["too long", { "maas-trace-id": "x".repeat(5000) }],
    ["not of one line", { "maas-trace-id": "a\tb" }],
    ["not ASCII", { "maas-trace-id": "\xff\xfe" }],
    ["all zeros", { traceparent: `00-${"0".repeat(32)}-${"0".repeat(16)}-00` }],
    ["malformed", { traceparent: "nonsense" }],
  ] as const) {
    test(`A8: a trace id that is ${what} harms neither the answer nor the log (${kind})`, async () => {
      const server = await serverOf(kind);
      const person = await makePerson(server);
      await logIn(server, person, { from: person.from, headers });
      const events = await admin(server).native.ask("GET", `events?owner=${person.username}&action=auth.login`);
      const [event] = events.json<{ items: readonly { trace_id: string }[] }>().items;
      assert.match(event?.trace_id ?? "", /^[\x21-\x7e]{1,128}$/);
      assert.doesNotMatch(event?.trace_id ?? "", /^0*$/);
      assert.ok(logLines(server).length > 0);
    });
  }

  test(`logs hold no query, since people put anything there (${kind})`, async () => {
    const server = await serverOf(kind);
    const trace = newTrace();
    await admin(server).native.ask("GET", "events?owner=hunter2hunter2", undefined, { headers: trace.headers });
    await server.process.until(new RegExp(trace.id), "stderr");
    assert.ok(!server.output.includes("hunter2hunter2"));
  });
});

test("--log-level error leaves requests out of the log", async () => {
  await using server = await startServerProcess({ kind: "sqlite", args: ["--log-level", "error"] });
  await send(server.url, "/healthz");
  await server.stop();
  assert.equal(server.process.stderr, "");
});
