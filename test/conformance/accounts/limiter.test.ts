import assert from "node:assert/strict";
import { test } from "node:test";
import type { Kind } from "../../support/databases/databases.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, freshAddress } from "../../support/clients/http-client.ts";
import { allEvents, bearer, logIn, tryLogIn } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { sharedServers, startServer, type TestServer } from "../../support/server.ts";

// A5: the limiter. How many attempts it lets through is its own affair; that it stops somebody, and whom, is not. It
// lives in memory, so that is tried with one database.

const serverOf = sharedServers();
const tallyServerOf = sharedServers();
const tallies = new Map<Kind, Promise<Tally>>();
const attemptsMax = 300;

/** Tries until it is told to wait; gives that answer and how many came before. */
async function untilBlocked(
  attempt: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly before: number }> {
  for (let before = 0; before < attemptsMax; before += 1) {
    const answer = await attempt();
    if (answer.status === 429) return { answer, before };
    assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status));
  }
  throw new Error(`${attemptsMax} attempts were let through`);
}

/** How many attempts the log says were blocked. */
async function blockedInAll(server: TestServer): Promise<number> {
  const events = await allEvents(admin(server).native, { action: "auth.login.blocked" });
  return events.reduce((sum, { description }) => {
    const [, number] = description?.match(/^Blocked (\d+) login attempts?\.$/) ?? [];
    assert.ok(number !== undefined, description ?? "");
    return sum + Number(number);
  }, 0);
}

for (const api of ["maas", "native"] as const) {
  test(`A5: guessing a password in the ${api} API ends with a 429 that says when to try again`, async () => {
    const server = await serverOf("sqlite");
    const person = await makePerson(server);
    const from = freshAddress();
    const guess = () => tryLogIn(server, { ...person, password: "a wrong password" }, { api, from });
    const { answer } = await untilBlocked(guess);
    assert.match(String(answer.headers["retry-after"]), /^[1-9]\d*$/);
    assert.notEqual(answer.type, "");
    const right = await tryLogIn(server, person, { api, from });
    assert.equal(right.status, 429, "the right password must not tell itself apart");
  });
}

test(`A5: guessing an account locks out the address, not the account, nor others at that address`, async () => {
  const server = await serverOf("sqlite");
  const [victim, neighbour] = [await makePerson(server), await makePerson(server)];
  const from = freshAddress();
  await untilBlocked(() => tryLogIn(server, { ...victim, password: "a wrong password" }, { from }));
  await logIn(server, victim, { from: freshAddress() });
  await logIn(server, neighbour, { from });
});

test(`A5: nobody can lock out admin`, async () => {
  const server = await serverOf("sqlite");
  for (let address = 0; address < 3; address += 1) {
    const from = freshAddress();
    await untilBlocked(() => tryLogIn(server, { username: "admin", password: "a wrong password" }, { from }));
  }
  await logIn(server, server.firstLogin, { from: freshAddress() });
});

test(`A5: guessing names and accounts in turn ends with a 429 for the address`, async () => {
  const server = await serverOf("sqlite");
  const from = freshAddress();
  let tried = 0;
  const guess = () => {
    tried += 1;
    return tryLogIn(
      server,
      { username: `name-${tried}`, password: `password ${tried}` },
      { from, api: tried % 2 === 0 ? "maas" : "native" },
    );
  };
  await untilBlocked(guess);
  const person = await makePerson(server);
  assert.equal((await tryLogIn(server, person, { from })).status, 429);
  await logIn(server, person, { from: freshAddress() });
});

test(`A5: right passwords are no guesses`, async () => {
  const server = await serverOf("sqlite");
  const person = await makePerson(server);
  for (let round = 0; round < 35; round += 1) await logIn(server, person, { from: person.from });
});

forEachKind((kind) => {
  test(`A5: failed logins beyond the limit are counted, and the count is recorded when the server stops (${kind})`, async () => {
    const { attempts, turnedAway, recorded, blocked } = await tallyOf(kind);
    assert.ok(turnedAway > 0);
    assert.ok(recorded.logins < attempts.logins, "few are recorded");
    assert.ok(
      blocked >= attempts.logins - recorded.logins,
      `${blocked} of ${attempts.logins - recorded.logins} counted`,
    );
    assert.ok(blocked >= turnedAway, `${blocked} of ${turnedAway} counted`);
  });

  test(`A5: what auth.login.blocked says (${kind})`, async () => {
    const { server, addresses } = await tallyOf(kind);
    const [event] = await allEvents(admin(server).native, { action: "auth.login.blocked" });
    assert.match(event?.description ?? "", /^Blocked \d+ login attempts\.$/);
    assert.equal(event?.outcome, "failure");
    assert.equal(event.type, "AUTHORISATION");
    assert.equal(event.username, null);
    for (const address of addresses) assert.ok(JSON.stringify(event.details).includes(address), "whom it blocked");
  });

  test(`A5: every failure is recorded or counted: logins, deleted tokens, refused operations (${kind})`, async () => {
    const { attempts, recorded, blocked } = await tallyOf(kind);
    const sum = ({ logins, tokens, operations }: Failures): number => logins + tokens + operations;
    assert.equal(
      blocked,
      sum(attempts) - sum(recorded),
      `tried ${JSON.stringify(attempts)}, recorded ${JSON.stringify(recorded)}, counted ${blocked}`,
    );
  });
});

test("A5: addresses of one IPv6 /64 are one address, those of another are not", async () => {
  await using server = await startServer({ kind: "sqlite", args: ["--trusted-proxy", "127.0.0.0/8"] });
  const person = await makePerson(server);
  const via = (address: string, password: string) =>
    tryLogIn(server, { username: person.username, password }, { headers: { "x-forwarded-for": address } });
  let tried = 0;
  await untilBlocked(() => {
    tried += 1;
    return via(`2001:db8:1:2:${tried}::${tried}`, "a wrong password");
  });
  assert.ok(tried > 1);
  assert.equal((await via("2001:db8:1:2:ffff:ffff:ffff:ffff", person.password)).status, 429);
  assert.equal((await via("2001:db8:1:3::1", person.password)).status, 204);
});

interface Failures {
  readonly logins: number;
  readonly tokens: number;
  readonly operations: number;
}

interface Tally {
  readonly server: TestServer;
  readonly addresses: readonly string[];
  readonly attempts: Failures;
  readonly recorded: Failures;
  /** How many logins were answered 429. */
  readonly turnedAway: number;
  /** What the log says of those that it has no event of. */
  readonly blocked: number;
}

/** One run of failures of each sort, with the server stopped and started after it: it takes long, and changes nothing. */
function tallyOf(kind: Kind): Promise<Tally> {
  const tally = tallies.get(kind) ?? fail(kind);
  tallies.set(kind, tally);
  return tally;
}

async function fail(kind: Kind): Promise<Tally> {
  const server = await tallyServerOf(kind);
  const person = await makePerson(server);
  const addresses = Array.from({ length: 3 }, () => freshAddress());
  let turnedAway = 0;
  const guess = async (from: string): Promise<void> => {
    for (let round = 0; round < 13; round += 1) {
      const { status } = await tryLogIn(server, { ...person, password: "a wrong password" }, { from });
      assert.ok(status === 400 || status === 429, String(status));
      if (status === 429) turnedAway += 1;
    }
  };
  await Promise.all(addresses.map(guess));
  const made = (await person.native.ask("POST", "account/tokens", {})).json<{ api_key: string; token_key: string }>();
  await person.native.ask("DELETE", `account/tokens/${made.token_key}`);
  const dead = bearer(server, made.api_key, freshAddress());
  for (let round = 0; round < 60; round += 1) {
    assert.ok((await dead.ask("GET", "account")).status >= 400);
    assert.ok((await person.native.ask("DELETE", "users/admin")).status >= 400);
  }
  await server.stop();
  await server.start();
  const count = async (action: string): Promise<number> => (await allEvents(admin(server).native, { action })).length;
  return {
    server,
    addresses,
    attempts: { logins: 39, tokens: 60, operations: 60 },
    recorded: {
      logins: await count("auth.login.failure"),
      tokens: await count("token.refuse"),
      operations: await count("operation.refuse"),
    },
    turnedAway,
    blocked: await blockedInAll(server),
  };
}
