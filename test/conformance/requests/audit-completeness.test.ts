import assert from "node:assert/strict";
import { after, test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import { findLeaks, keepOutput } from "../../support/processes/leaks.ts";
import { allEvents, eventsSince, newestEventId, type NativeEvent } from "../../support/clients/native-client.ts";
import { type DeclaredOperation, everyOperation } from "../../support/operations.ts";
import { newTrace } from "../../support/recorded.ts";
import { sharedServers } from "../../support/server.ts";
import { requestOf } from "../../examples/operations/attempt-request.ts";
import { operationExamples } from "../../examples/registry.ts";
import { type Attempt, type ExpectedEvent, refused } from "../../examples/operations/example.ts";
import type { Sender } from "../../support/worlds/sender.ts";
import { byKey, World } from "../../support/worlds/server-world.ts";
import { secretOf } from "../../support/worlds/world.ts";

// A1, A2, A4: every operation that isn't read-only writes exactly its events when it succeeds and when it fails, and no
// secret is in any of them.

const serverOf = sharedServers({ args: ["--log-level", "debug"] });
// What the server writes beside its log, as it would to a terminal, is this process's.
const output = keepOutput();
const commands = everyOperation.filter(({ kind }) => kind === "command");

/** More refusals of one person at once are not recorded one by one. */
const refusalsPerPerson = 25;

test("every operation that acts has its example, and every example is of such an operation", () => {
  const names = commands.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, "names tell operations apart");
  assert.deepEqual(
    names.filter((name) => !Object.hasOwn(operationExamples, name)),
    [],
    "these have no example: add one below test/examples/operations",
  );
  assert.deepEqual(
    Object.keys(operationExamples).filter((name) => !names.includes(name)),
    [],
    "these examples are of no operation that acts",
  );
});

forEachKind((kind) => {
  let opened: Promise<World> | undefined;
  const worldOf = async (): Promise<World> => {
    opened ??= serverOf(kind).then((server) => new World(server));
    return opened;
  };
  const refusable = refusablePeople(worldOf);

  // Here rather than in a test: only now everything has been sent, whatever the order was.
  after(async () => {
    const world = await worldOf();
    await world[Symbol.asyncDispose]();
    const events = await allEvents(world.root.native);
    await world.server.stop();
    const log = { name: "the server's log", bytes: Buffer.from(world.server.output) };
    const beside = { name: "the server's output", bytes: output.written };
    assert.match(world.server.output, /"level":"\w+"/, "there is a log to look at");
    assert.deepEqual(findLeaks(world.secrets, [log, beside]), []);
    assertNoSecretIn(events, world);
  });

  for (const operation of commands) {
    test(`A1, A2: ${operation.name} records exactly what it did (${kind})`, async () => {
      const world = await worldOf();
      const start = await newestEventId(world.root.native);
      const attempts = (await operationExamples[operation.name]?.(world)) ?? [];
      assert.ok(
        attempts.some(({ status, records = [] }) => status < 300 && records.length > 0),
        "a success leaves an event",
      );
      assert.ok(
        attempts.some(({ status }) => status >= 400),
        "and something can go wrong",
      );
      if (operation.who === "administrator") {
        for (const attempt of attempts.filter(({ by, status }) => by === undefined && status < 300).slice(0, 1)) {
          await carryOut(world, operation, refusedTo(operation, attempt, await refusable()));
        }
      }
      for (const attempt of attempts) await carryOut(world, operation, attempt);
      assertNoSecretIn(await eventsSince(world.root.native, start), world);
    });
  }
});

/** Sends one request, and asserts its status and that the log has grown by its events and no others. */
async function carryOut(world: World, operation: DeclaredOperation, attempt: Attempt): Promise<void> {
  const { what, by = byKey(world.root), records = [], status } = attempt;
  const before = await newestEventId(world.root.native);
  const trace = newTrace();
  const { target, headers, body } = requestOf(operation, attempt);
  collectSecrets(world, attempt.values ?? attempt.list);
  for (const [, content] of attempt.files ?? []) world.keep(content);
  const answer = await send(world.server.url, target, {
    method: operation.method,
    from: by.ip,
    headers: { ...by.headers(operation.api), ...headers, ...trace.headers },
    ...(body === undefined ? {} : { body }),
  });
  collectShown(world, answer);
  assert.equal(answer.status, status, `${what}: ${answer.text}`);
  // A rule that comes with Ironlog may say something of it, whenever it does.
  const events = (await eventsSince(world.root.native, before)).filter(({ action }) => action !== "alert.raise");
  assert.deepEqual(
    events.map((event) => said(event)),
    records.map((expected) => ({ ...expected, username: usernameIn(expected, by) })).map(shape),
    `${what}: ${answer.status} ${answer.text}`,
  );
  for (const [at, event] of events.entries()) {
    assertShared(event, records[at], { by, traceId: trace.id, userAgent: trace.userAgent });
  }
}

/** The same request by somebody who may not send it: it is refused, and that alone is recorded. */
function refusedTo({ name }: DeclaredOperation, attempt: Attempt, by: Sender): Attempt {
  return { ...attempt, what: `refused: ${attempt.what}`, by, status: 403, records: [refused(name)] };
}

/** Gives somebody without rights who has not been refused too often. */
function refusablePeople(worldOf: () => Promise<World>): () => Promise<Sender> {
  let sender: Promise<Sender> | undefined;
  let refusals = 0;
  return async () => {
    if (sender === undefined || refusals % refusalsPerPerson === 0) {
      sender = worldOf().then(async (world) => byKey(await world.person()));
    }
    refusals += 1;
    return sender;
  };
}

/** What is secret by its name in a request, wherever it stands. */
function collectSecrets(world: World, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (/password|secret|^script$|^content$/.test(name) && typeof member === "string") world.keep(member);
    else collectSecrets(world, member);
  }
}

/** What an answer shows this once. */
function collectShown(world: World, answer: Answer): void {
  for (const name of ["sessionid", "csrftoken"]) world.keep(answer.cookie(name) ?? "");
  if (!/^application\/json\b/.test(answer.type) || answer.text === "") return;
  const shown = answer.json<{ readonly api_key?: string; readonly token_secret?: string } | null>();
  if (shown?.api_key !== undefined) world.keep(secretOf(shown.api_key));
  if (shown?.token_secret !== undefined) world.keep(shown.token_secret);
}

function usernameIn({ username }: ExpectedEvent, by: Sender): string | null {
  return username === undefined ? by.username : username;
}

function shape({ action, description, target, outcome, username = null }: ExpectedEvent) {
  return { action, description, target: target === null ? null : [...target], outcome, username };
}

function said(event: NativeEvent) {
  const { action, description, outcome, username, target_kind: kind, target_name: name } = event;
  return { action, description, target: kind === null ? null : [kind, name], outcome, username };
}

/** The type of each family of actions, and the words shown for it (A2). */
const types: Readonly<Record<string, readonly [name: string, words: string]>> = {
  node: ["NODE", "Node"],
  zone: ["ZONES", "Zones"],
  domain: ["NETWORKING", "Networking"],
  tag: ["TAG", "Tag"],
  pool: ["SETTINGS", "Settings"],
  setting: ["SETTINGS", "Settings"],
  script: ["SETTINGS", "Settings"],
  source: ["SETTINGS", "Settings"],
  destination: ["SETTINGS", "Settings"],
  rule: ["SETTINGS", "Settings"],
  view: ["SETTINGS", "Settings"],
  alert: ["SETTINGS", "Settings"],
  delivery: ["SETTINGS", "Settings"],
  log: ["SETTINGS", "Settings"],
};

/** What all events of a request share (A3). */
function assertShared(
  event: NativeEvent,
  expected: ExpectedEvent | undefined,
  { by, traceId, userAgent }: { readonly by: Sender; readonly traceId: string; readonly userAgent: string },
): void {
  const { external } = expected ?? {};
  const [type, words] = types[event.action.split(".")[0] ?? ""] ?? ["AUTHORISATION", "Authorisation"];
  assert.equal(event.level, external?.level ?? "AUDIT");
  assert.equal(event.type, external?.type ?? type);
  if (external === undefined) assert.equal(event.type_words, words);
  assert.equal(event.source, external === undefined ? "ironlog" : "external");
  assert.equal(event.ip, by.ip);
  assert.equal(event.endpoint, by.endpoint);
  assert.equal(event.user_agent, userAgent);
  assert.equal(event.trace_id, traceId);
  // Only an account of ours has a number: not whom another program names, and not a name that is nobody's.
  assert.equal(event.realm, expected?.realm ?? null);
  assert.equal(event.user_id === null, event.username === null || external !== undefined || event.realm !== null);
  if (external !== undefined) return;
  const isAboutNode = event.target_kind === "node";
  assert.equal(event.node, isAboutNode ? event.target_id : null);
  assert.equal(event.hostname, isAboutNode ? event.target_name : null);
}

/** The whole of the events, as JSON shows them. */
function assertNoSecretIn(events: readonly NativeEvent[], { secrets }: World): void {
  const holders = events.map((event) => ({
    name: `event ${event.id} (${event.action})`,
    bytes: Buffer.from(JSON.stringify(event)),
  }));
  assert.deepEqual(findLeaks(secrets, holders), []);
}
