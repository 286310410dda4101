import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { allEvents, bearer } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { fingerprintOf, freshName } from "../../support/worlds/world.ts";
import { newTrace } from "../../support/recorded.ts";
import { eventOf, lastId, powerFailure, report, type Reported, sendText } from "../../support/reports.ts";
import { sharedServers } from "../../support/server.ts";

// Events from elsewhere: POST /api/v1/events.

const serverOf = sharedServers();

forEachKind((kind) => {
  test(`an event is recorded with all that was said of it, as external, with who reported it (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const { native } = root;
    const trace = newTrace();
    const occurred = "2026-01-02T03:04:05.678901Z";
    const [item] = await report(
      native,
      {
        level: "CRITICAL",
        ...powerFailure,
        outcome: "failure",
        occurred,
        username: "johnnybegood",
        node: "zz9zz9",
        hostname: "far-away",
        target: { kind: "bmc", id: "7", name: "ipmi-7" },
        details: { tries: 3, nested: { list: [1, null, true, "ä"] } },
      },
      trace.headers,
    );
    assert.equal(item?.status, "recorded");
    const event = await eventOf(native, item.id);
    const { created, leaf_hash: _, ip: __, ...rest } = event;
    assert.ok(Math.abs(Date.parse(created) - Date.now()) < 60_000, "recorded now");
    assert.deepEqual(rest, {
      id: item.id,
      level: "CRITICAL",
      type: "NODE_POWER_FAILURE",
      type_words: "NODE_POWER_FAILURE",
      action: "node.power",
      outcome: "failure",
      source: "external",
      occurred,
      username: "johnnybegood",
      user_id: null,
      user_agent: trace.userAgent,
      endpoint: "API",
      trace_id: trace.id,
      forwarded: null,
      reporter: "admin",
      session: null,
      key: fingerprintOf(root),
      target_kind: "bmc",
      target_id: "7",
      target_name: "ipmi-7",
      description: "No answer from the BMC.",
      details: { tries: 3, nested: { list: [1, null, true, "ä"] } },
      node: "zz9zz9",
      hostname: "far-away",
      generation: null,
      source_event_id: null,
      source_type: null,
      source_type_words: null,
      realm: null,
      realm_user_id: null,
    });
  });

  test(`what is left out has its default: INFO, success, when it was recorded, nobody (${kind})`, async () => {
    const { native, maas } = admin(await serverOf(kind));
    const [item] = await report(native, powerFailure);
    const event = await eventOf(native, item?.id ?? 0);
    assert.equal(event.level, "INFO");
    assert.equal(event.outcome, "success");
    assert.equal(event.occurred, event.created);
    assert.deepEqual([event.username, event.node, event.details, event.target_kind], [null, null, null, null]);
    const page = await maas.get(`events/?op=query&limit=1&before=${event.id + 1}`);
    assert.match(page.text, /"type": "NODE_POWER_FAILURE"/);
  });

  test(`a node that is named by its system id alone has the inventory's hostname (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const hostname = freshName("host");
    const made = await native.ask("POST", "nodes", { hostname, mac_addresses: [], architecture: "amd64" });
    const machine = made.status === 201 ? made : await native.ask("POST", "nodes", { hostname, type: "device" });
    assert.equal(machine.status, 201, machine.text);
    const { system_id: node } = machine.json<{ system_id: string }>();
    const [item] = await report(native, { ...powerFailure, node });
    assert.equal((await eventOf(native, item?.id ?? 0)).hostname, hostname);
  });

  test(`an array and lines are recorded in their order, with an answer for each (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const batch = Array.from({ length: 1000 }, (_, index) => ({ ...powerFailure, details: { index } }));
    const items = await report(native, batch);
    const first = items[0]?.id ?? 0;
    assert.deepEqual(
      items.map(({ id }) => id),
      batch.map((_, index) => first + index),
    );
    assert.deepEqual((await eventOf(native, first + 500)).details, { index: 500 });
    const lines = `${JSON.stringify({ ...powerFailure, action: "a" })}\r\n\n${JSON.stringify({ ...powerFailure, action: "b" })}`;
    for (const type of ["application/x-ndjson", "application/jsonl; charset=utf-8"]) {
      const answer = await sendText(native, lines, type);
      assert.equal(answer.status, 201, answer.text);
      const [a, b] = answer.json<Reported>().items;
      assert.deepEqual(
        [(await eventOf(native, a?.id ?? 0)).action, (await eventOf(native, b?.id ?? 0)).action],
        ["a", "b"],
      );
    }
  });

  test(`one wrong event of a batch: nothing is recorded, and the answer says which and why (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const before = await lastId(native);
    const answer = await native.ask("POST", "events", [
      powerFailure,
      { ...powerFailure, type: "lower case" },
      { ...powerFailure, level: "LOUD" },
    ]);
    assert.equal(answer.status, 400);
    const { errors } = answer.json<{ errors: Record<string, string[]> }>();
    assert.deepEqual(Object.keys(errors), ["[2].level"]);
    const second = await native.ask("POST", "events", [powerFailure, { ...powerFailure, type: "lower case" }]);
    assert.deepEqual(Object.keys(second.json<{ errors: object }>().errors), ["[1].type"]);
    assert.match(second.text, /'lower case' is not in the form of NODE_POWER_FAILURE/);
    assert.equal(await lastId(native), before);
  });

  test(`bad fields are refused by name, and nothing is recorded (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const before = await lastId(native);
    const deep = JSON.parse(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`) as object;
    const wrong: readonly (readonly [string | null, object])[] = [
      ["type", { type: undefined }],
      ["type", { type: "A".repeat(65) }],
      ["type", { type: "1A" }],
      ["action", { action: "Node.power" }],
      ["action", { action: "node." }],
      ["action", { action: `a${".b".repeat(64)}` }],
      ["description", { description: "" }],
      ["description", { description: " \n" }],
      ["description", { description: "a\u0007" }],
      ["description", { description: "x".repeat(4097) }],
      ["level", { level: "info" }],
      ["outcome", { outcome: "maybe" }],
      ["occurred", { occurred: "yesterday" }],
      ["occurred", { occurred: "1969-12-31T23:59:59Z" }],
      ["occurred", { occurred: new Date(Date.now() + 3_600_000).toISOString() }],
      ["username", { username: "" }],
      ["username", { username: "x".repeat(256) }],
      ["node", { node: "a\tb" }],
      ["hostname", { hostname: 7 }],
      ["target.who", { target: { who: "x" } }],
      ["target.name", { target: { name: "" } }],
      ["details", { details: [1] }],
      ["details", { details: { load: 0.5 } }],
      ["details", { details: { big: 2 ** 53 } }],
      ["details", { details: { long: "x".repeat(16 * 1024) } }],
      ["details", { details: { "a\0b": 1 } }],
      ["key", { key: "" }],
      ["key", { key: "a b" }],
      ["key", { key: "k".repeat(256) }],
      ["source", { source: "ironlog" }],
      ["user_id", { user_id: 1 }],
      [null, { details: deep }],
    ];
    for (const [field, part] of wrong) {
      const answer = await native.ask("POST", "events", { ...powerFailure, ...part });
      assert.equal(answer.status, 400, JSON.stringify(part).slice(0, 100));
      const { errors = {} } = answer.json<{ errors?: Record<string, string[]> }>();
      assert.deepEqual(Object.keys(errors), field === null ? [] : [field], answer.text.slice(0, 300));
    }
    for (const [text, type] of [
      ["", "application/json"],
      ["[]", "application/json"],
      ["null", "application/json"],
      ["[null]", "application/json"],
      ["{", "application/json"],
      ["\n", "application/x-ndjson"],
      ['{"type":"A"', "application/x-ndjson"],
      ["type=A", "application/x-www-form-urlencoded"],
    ] as const) {
      assert.equal((await sendText(native, text, type)).status, 400, text);
    }
    const many = Array.from({ length: 1001 }, () => powerFailure);
    const answer = await native.ask("POST", "events", many);
    assert.equal(answer.status, 413, answer.text);
    assert.match(answer.text, /at most 1000/);
    assert.equal(await lastId(native), before);
  });

  test(`an audit event of another program is told from Ironlog's own, in every list (${kind})`, async () => {
    const { native, maas } = admin(await serverOf(kind));
    const forged = {
      level: "AUDIT",
      type: "AUTHORISATION",
      action: "auth.login",
      description: "User 'admin' logged in.",
    };
    const [item] = await report(native, { ...forged, username: "admin" });
    const page = (await maas.get(`events/?op=query&level=AUDIT&limit=1&before=${(item?.id ?? 0) + 1}`)).json<{
      events: { type: string; id: number }[];
    }>();
    assert.equal(page.events[0]?.id, item?.id);
    assert.equal(page.events[0]?.type, "Authorisation (external)");
    const own = await allEvents(native, { source: "ironlog", action: "auth.login" });
    assert.ok(own.every(({ id }) => id !== item?.id));
    const external = await allEvents(native, { source: "external", owner: "admin" });
    assert.ok(external.some(({ id }) => id === item?.id));
  });

  test(`B7: whoever bears the name that a reporter gives does not see the event by it (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const [item] = await report(admin(server).native, { level: "AUDIT", ...powerFailure, username: person.username });
    assert.equal((await person.native.ask("GET", `events/${item?.id}`)).status, 404);
  });

  test(`reporting is for administrators, and for keys with events:write, which can do nothing else (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const person = await makePerson(server);
    assert.equal((await person.native.ask("POST", "events", powerFailure)).status, 403);
    const made = await native.ask("POST", `users/${person.username}/tokens`, { scopes: ["events:write"] });
    assert.equal(made.status, 201, made.text);
    const reporter = bearer(server, made.json<{ api_key: string }>().api_key);
    const [item] = await report(reporter, powerFailure);
    const event = await eventOf(native, item?.id ?? 0);
    assert.equal(event.reporter, person.username);
    assert.equal((await reporter.ask("GET", "events")).status, 403);
    assert.equal((await reporter.ask("POST", "account/tokens", {})).status, 403);
  });
});
