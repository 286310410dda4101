import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Asker, askersIn, demanded, roles } from "../../support/clients/askers.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import { eventsSince, newestEventId } from "../../support/clients/native-client.ts";
import { type LoggedEvent, loggedSince, newestLoggedId } from "../../support/databases/logged.ts";
import { makeMachine } from "../../support/nodes.ts";
import { type DeclaredOperation, everyOperation, targetOf } from "../../support/operations.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { newTrace } from "../../support/recorded.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

// Every operation, as its declaration has it, asked for by everybody: who is let in, and what that leaves.

const serverOf = sharedServers();

/** MAAS's pages that say 403 where a form is not filled in, or nobody is logged in: they are for anybody. */
const formsThatForbid = ["POST /MAAS/accounts/authenticate/", "POST /MAAS/account/csrf/"];

/** Queries without a path's parameter that need something else, with what they answer without it. */
const bareAnswers: Readonly<Record<string, number>> = {
  "maas get-config": 400,
  "GET /api/v1/events/top": 400,
  "POST /api/v1/account/identities": 400,
  "POST /MAAS/account/csrf/": 403,
  "GET /MAAS/accounts/discharge-request/": 404,
};

/** Uses of one expired key that are recorded one by one are ten at once. */
const usesPerKey = 8;

test("the declarations are read: each demand is there for somebody", () => {
  const demands = roles.map((role) => new Set(everyOperation.map((operation) => demanded(operation, role))));
  assert.deepEqual(
    demands.map((set) => [...set].map(String).toSorted().join(" ")),
    ["401 in", "403 in", "in", ...Array.from({ length: 10 }, () => "403 in")],
  );
});

test("what auditors may do beside reading is about their own account and views", () => {
  const theirs = everyOperation.filter(({ kind, alsoAuditors }) => kind === "command" && alsoAuditors);
  assert.deepEqual(
    theirs
      .map(({ name, path }) => (/account|session|logout|views/.test(path) ? "their own" : name))
      .filter((what) => what !== "their own"),
    ["GET /api/v1/events/export", "GET /api/v1/events/evidence", "POST /api/v1/reports/access"],
  );
});

forEachKind((kind) => {
  for (const role of roles) {
    test(`${role.name} is let in where the declaration says so; each refusal is recorded once (${kind})`, async () => {
      const server = await serverOf(kind);
      const askers = askersIn(role, server);
      for (const operation of everyOperation) {
        const asker = await askers.current();
        const { answer, events } = await askFor(operation, asker, server);
        const demand = demanded(operation, role);
        if (role.user?.isAdministrator !== true && role.user?.isAuditor !== true)
          assertNothingLeaks(answer, asker, operation.name);
        if (demand === "in") assertIn(operation, answer, events, asker.username);
        else assertRefused(operation, answer, { demand, events, asker });
        if (demand === 403) askers.wasRefused();
      }
    });
  }

  test(`a key that has expired is let in nowhere, and each use is recorded once (${kind})`, async () => {
    const server = await serverOf(kind);
    const closed = everyOperation.filter(({ who }) => who !== "anyone");
    const { keys, asker } = await expiredKeys(server, Math.ceil(closed.length / usesPerKey));
    for (const [at, operation] of closed.entries()) {
      const headers = { authorization: `Bearer ${keys[Math.floor(at / usesPerKey)]}` };
      const { answer, events } = await askFor(operation, { headers }, server);
      assert.equal(answer.status, 401, `${operation.name}: ${answer.text}`);
      assert.deepEqual(events.map(outline), [["token.refuse", "failure", asker.username]], operation.name);
      assertNothingLeaks(answer, { headers, email: null }, operation.name);
    }
    for (const operation of everyOperation.filter(({ who }) => who === "anyone")) {
      const headers = { authorization: `Bearer ${keys[0]}` };
      const { answer, events } = await askFor(operation, { headers }, server);
      assertIn(operation, answer, events, null);
    }
  });

  test(`A5: a step for administrators is refused to others and recorded, over both APIs (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native: root, maas } = admin(server);
    const { system_id } = await makeMachine(maas, {}, "Ready");
    const person = await makePerson(server);
    const ways = [
      ["machine commission", () => person.maas.post(`machines/${system_id}/?op=commission`)],
      [
        "POST /api/v1/nodes/{system_id}/steps",
        () => person.native.ask("POST", `nodes/${system_id}/steps`, { step: "commission" }),
      ],
    ] as const;
    for (const [name, ask] of ways) {
      const before = await newestEventId(root);
      const answer = await ask();
      assert.equal(answer.status, 403, answer.text);
      const events = await eventsSince(root, before);
      assert.deepEqual(
        events.map(({ action, description }) => [action, description]),
        [["operation.refuse", `Refused: ${name}.`]],
        name,
      );
    }
  });
});

/** Sends a request that names nothing that exists. Asserts that nothing else was written than the events it gives. */
async function askFor(
  operation: DeclaredOperation,
  { headers }: Pick<Asker, "headers">,
  server: TestServer,
): Promise<{ readonly answer: Answer; readonly events: readonly LoggedEvent[] }> {
  const before = await newestLoggedId(server);
  const trace = newTrace();
  const target = targetOf(operation, () => "999999");
  const { method, isEndless: headOfStream } = operation;
  const answer = await send(server.url, target, { method, headOfStream, headers: { ...headers, ...trace.headers } });
  const events = await loggedSince(server, before);
  const others = events.filter(({ trace_id }) => trace_id !== trace.id);
  assert.deepEqual(others.map(outline), [], `${operation.name}: nothing else was written`);
  return { answer, events };
}

function assertRefused(
  { name, isView }: DeclaredOperation,
  answer: Answer,
  {
    demand,
    events,
    asker,
  }: { readonly demand: 401 | 403; readonly events: readonly LoggedEvent[]; readonly asker: Asker },
): void {
  // A page sends whoever isn't logged in to the login.
  assert.equal(answer.status, demand === 401 && isView ? 302 : demand, `${name}: ${answer.text}`);
  assert.equal(answer.headers["set-cookie"], undefined, name);
  assert.deepEqual(
    events.map(({ description, ...event }) => [...outline(event), description]),
    demand === 401 ? [] : [["operation.refuse", "failure", asker.username, `Refused: ${name}.`]],
    name,
  );
}

/** They were let in: what they are told is about the request, not about them. */
function assertIn(
  { name, kind, path, status }: DeclaredOperation,
  answer: Answer,
  events: readonly LoggedEvent[],
  username: string | null,
): void {
  const message = `${name}: ${answer.status} ${answer.text}`;
  assert.ok(answer.status < 500, message);
  if (formsThatForbid.includes(name)) assert.equal(answer.status, 403, message);
  else assert.ok(answer.status !== 401 && answer.status !== 403, message);
  if (kind === "query") {
    // What carries others' events away is told of.
    const told = events.filter(({ action }) => !(action === "log.read" && name === "GET /api/v1/events/stream"));
    assert.deepEqual(told.map(outline), [], `${name} only asks`);
    if (!path.includes("{")) assert.equal(answer.status, bareAnswers[name] ?? status ?? 200, message);
  }
  if (answer.status >= 300) assert.deepEqual(events.map(outline), [], `${name}: what failed left nothing`);
  for (const event of events) assert.deepEqual(outline(event).slice(1), ["success", username], name);
}

function outline({ action, outcome, username }: Pick<LoggedEvent, "action" | "outcome" | "username">) {
  return [action, outcome, username];
}

/** Only administrators are told e-mail addresses other than their own, and nobody is told their own secret again. */
function assertNothingLeaks(
  { text }: Answer,
  { email, headers }: Pick<Asker, "email" | "headers">,
  name: string,
): void {
  const addresses: readonly string[] = text.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? [];
  assert.deepEqual(
    addresses.filter((address) => address !== email),
    [],
    name,
  );
  const secret = headers["authorization"]?.split(":")[2];
  if (secret !== undefined) assert.ok(!text.includes(secret), name);
}

/** Keys of one person that have expired by now. */
async function expiredKeys(
  server: TestServer,
  count: number,
): Promise<{ readonly keys: readonly string[]; readonly asker: Omit<Asker, "headers"> }> {
  const { native, username, email } = await makePerson(server, { isAdministrator: true });
  const keys: string[] = [];
  let last = 0;
  for (let at = 0; at < count; at += 1) {
    // Far enough ahead for its own making alone.
    last = Date.now() + 1_500;
    const made = await native.ask("POST", "account/tokens", { expires: new Date(last).toISOString() });
    assert.equal(made.status, 201, made.text);
    keys.push(made.json<{ readonly api_key: string }>().api_key);
  }
  while (Date.now() <= last) await sleep(last - Date.now() + 1);
  return { keys, asker: { username, email } };
}
