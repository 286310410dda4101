import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import type { Answer } from "../../support/clients/http-client.ts";
import { allEvents, logIn, type NativeEvent, tryLogIn } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { startServer, startServerProcess, type TestServer } from "../../support/server.ts";

// A5: an attacker with many addresses. They are made up by `X-Forwarded-For`, which the server is told to believe.

const behindProxy = ["--trusted-proxy", "127.0.0.0/8"];

interface Login {
  readonly username: string;
  readonly password: string;
}

function via(server: TestServer, address: string, login: Login): Promise<Answer> {
  return tryLogIn(server, login, { headers: { "x-forwarded-for": address } });
}

/** Keeps so many attempts under way until all are done. */
async function inTurns<Result>(count: number, attempt: (at: number) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const at = next;
      next += 1;
      results.push(await attempt(at));
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  return results;
}

/** An address of a network of its own. */
const scattered = (at: number): string => `10.${Math.floor(at / 250)}.${at % 250}.1`;

test("A5: 160 guesses from 160 /64s of one /48 aren't all let through, and nobody else is kept out", async () => {
  await using server = await startServer({ kind: "sqlite", args: behindProxy });
  const { username, password } = server.firstLogin;
  assert.equal((await via(server, "2001:db8:1:ffff::1", { username, password })).status, 204);
  const guesses = await inTurns(160, (at) =>
    via(server, `2001:db8:1:${at.toString(16)}::1`, { username, password: "a wrong password" }),
  );
  const refused = guesses.filter(({ status }) => status === 429);
  assert.ok(refused.length >= 40, `${refused.length} were refused`);
  assert.match(String(refused[0]?.headers["retry-after"]), /^[1-9]\d*$/);
  for (const address of ["2001:db8:1:ffff::2", "2001:db8:2::1", "192.0.2.1"]) {
    assert.equal((await via(server, address, { username, password })).status, 204, address);
  }
});

test("A5: guesses at one account from everywhere are slowed down, and its password still gets in from anywhere", async () => {
  await using server = await startServer({ kind: "sqlite", args: behindProxy });
  const { username, password } = server.firstLogin;
  const guesses = await inTurns(80, (at) => via(server, scattered(at), { username, password: "a wrong password" }));
  assert.ok(guesses.every(({ status }) => status === 400));
  assert.equal((await via(server, "192.0.2.1", { username, password })).status, 204);
});

forEachKind((kind) => {
  test(`A5: the event of what was blocked names the accounts and addresses tried most, also behind noise (${kind})`, async () => {
    await using server = await startServer({ kind, args: behindProxy });
    const victim = await makePerson(server);
    const noise = (at: number) => ({ username: `secret-${freshName()}-${at}`, password: "a wrong password" });
    await inTurns(150, (at) => via(server, scattered(at), noise(at)));
    const wrong = { ...victim, password: "a wrong password" };
    // More than one address may try at an account, from a /24 that nobody else is in.
    await inTurns(30, (at) => via(server, `192.0.2.${1 + (at % 2)}`, wrong));
    await server.stop();
    await server.start();
    const [event] = await allEvents(admin(server).native, { action: "auth.login.blocked" });
    const { accounts, other_accounts, addresses, other_addresses, attempts } = detailsOf(event);
    assert.deepEqual(
      accounts.map(({ name }) => name),
      [victim.username],
    );
    assert.ok((accounts[0]?.attempts ?? 0) >= 10, JSON.stringify(accounts));
    assert.equal(other_accounts, 0);
    assert.equal(addresses.length, 20);
    assert.deepEqual(
      new Set(addresses.slice(0, 2).map(({ address }) => address)),
      new Set(["192.0.2.1", "192.0.2.2"]),
      JSON.stringify(addresses),
    );
    assert.ok(other_addresses >= 20, String(other_addresses));
    assert.ok(attempts >= 60, String(attempts));
    const log = JSON.stringify(await allEvents(admin(server).native));
    assert.ok(!log.includes("secret-"), "names that are nobody's");
  });

  test(`A5: a crowd of strangers can't keep out who logged in from there before, also after a restart (${kind})`, async () => {
    // In this process passwords cost next to nothing, and no queue would fill.
    await using server = await startServerProcess({ kind, args: behindProxy });
    const { username, password } = server.firstLogin;
    await logIn(server, { username, password }, { headers: { "x-forwarded-for": "192.0.2.1" } });
    await server.stop();
    await server.start();
    await using crowd = new Crowd(server);
    await crowd.fillQueue();
    for (let login = 0; login < 5; login += 1) {
      const answer = await via(server, "192.0.2.1", { username, password });
      assert.equal(answer.status, 204, `${login}: ${answer.text}`);
    }
    // So is an administrator who is logged in.
    await makePersonByKey(server);
  });
});

/** Many connections that log in from 200 networks, again and again. */
class Crowd implements AsyncDisposable {
  readonly #server: TestServer;
  readonly #workers: readonly Promise<void>[];
  readonly #full = Promise.withResolvers<void>();
  #isLeaving = false;
  #tries = 0;

  constructor(server: TestServer) {
    this.#server = server;
    this.#workers = Array.from({ length: 90 }, () => this.#work());
  }

  /** Resolves when somebody was turned away since too many were waiting. */
  fillQueue(): Promise<void> {
    return this.#full.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isLeaving = true;
    await Promise.all(this.#workers);
  }

  async #work(): Promise<void> {
    while (!this.#isLeaving) {
      this.#tries += 1;
      const login = { username: `nobody-${this.#tries}`, password: "a wrong password" };
      const { status } = await via(this.#server, scattered(this.#tries % 200), login);
      if (status === 503) this.#full.resolve();
    }
  }
}

/** Has the administrator make somebody, whose password has to be hashed. */
async function makePersonByKey(server: TestServer): Promise<void> {
  const username = freshName();
  const body = { username, email: `${username}@example.com`, password: "a password of theirs", is_superuser: false };
  const answer = await admin(server).native.ask("POST", "users", body);
  assert.equal(answer.status, 201, answer.text);
}

interface Blocked {
  readonly attempts: number;
  readonly accounts: readonly { readonly name: string; readonly attempts: number }[];
  readonly other_accounts: number;
  readonly addresses: readonly { readonly address: string; readonly attempts: number }[];
  readonly other_addresses: number;
}

function detailsOf(event: NativeEvent | undefined): Blocked {
  assert.ok(event !== undefined, "nothing was recorded");
  return event.details as unknown as Blocked;
}
