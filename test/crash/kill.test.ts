import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { freshFolder, freshLocation } from "../support/databases/databases.ts";
import { forEachKind } from "../support/each-kind.ts";
import { allEvents, bearer, logIn } from "../support/clients/native-client.ts";
import { admin, makePerson, type Person } from "../support/worlds/people.ts";
import { readFirstLogin, readyAt, serve, startServerProcess, type ServerProcess } from "../support/server.ts";

// Promise 2: nothing acknowledged is lost. A killed server is one whose memory is gone; whether the disk had it, too,
// is asked by `fsync.test.ts`.

const seed = 9;

/** Writes until the server is gone. Gives the names of what it acknowledged. */
async function writeUntilGone(person: Person, word: string, onDone: () => void): Promise<readonly string[]> {
  const done: string[] = [];
  for (let act = 0; ; act += 1) {
    const name = `${word}-${act}`;
    try {
      const { status } = await person.native.ask("POST", "account/tokens", { name });
      assert.equal(status, 201);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return done;
    }
    done.push(name);
    onDone();
  }
}

interface Token {
  readonly name: string;
  readonly fingerprint: string;
}

async function assertNothingLost(
  server: ServerProcess,
  people: readonly Person[],
  acknowledged: ReadonlySet<string>,
): Promise<void> {
  const events = await allEvents(admin(server).native);
  assert.deepEqual(
    events.map(({ id }) => id),
    events.map((_, at) => events.length - at),
    "ids are dense",
  );
  const recorded = new Set(
    events.filter(({ action }) => action === "token.create").map(({ target_name }) => target_name),
  );
  for (const name of acknowledged) assert.ok(recorded.has(name), `${name} was acknowledged, and has no event`);
  for (const person of people) {
    const { items } = (await person.native.ask("GET", "account/tokens")).json<{ items: readonly Token[] }>();
    const made = events.filter(({ action, username }) => action === "token.create" && username === person.username);
    assert.deepEqual(
      items.map(({ fingerprint }) => fingerprint).sort((one, other) => one.localeCompare(other)),
      made.map(({ target_id }) => target_id ?? "").sort((one, other) => one.localeCompare(other)),
      "tokens and their events are the same, acknowledged or not",
    );
  }
}

forEachKind((kind) => {
  test(`killed at any moment of writing, a server has lost nothing that it acknowledged (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    const people: Person[] = [];
    for (let made = 0; made < 4; made += 1) people.push(await makePerson(server));
    const acknowledged = new Set<string>();
    let round = 0;
    const property = fc.asyncProperty(fc.integer({ min: 0, max: 120 }), async (actsBefore) => {
      round += 1;
      let left = actsBefore;
      const killed = Promise.withResolvers<void>();
      const onDone = (): void => {
        left -= 1;
        if (left === 0) server.kill().then(killed.resolve, killed.reject);
      };
      const writing = people.map((person, at) => writeUntilGone(person, `round-${round}-${at}`, onDone));
      if (actsBefore === 0) server.kill().then(killed.resolve, killed.reject);
      for (const names of await Promise.all(writing)) for (const name of names) acknowledged.add(name);
      await killed.promise;
      await server.start();
      await assertNothingLost(server, people, acknowledged);
    });
    await fc.assert(property, { seed, numRuns: 4, endOnFailure: true });
    const starts = await allEvents(admin(server).native, { action: "server.start" });
    assert.equal(starts.length, round + 1, "each start is recorded, and the end of a killed one isn't");
    assert.deepEqual(await allEvents(admin(server).native, { action: "server.stop" }), []);
  });

  for (const file of kind === "sqlite" ? ["ironlog.db-wal", "first-login"] : ["first-login"]) {
    test(`killed during its first start, once there is ${file}, a server shows a login that works at the next (${kind})`, async () => {
      await using fresh = await freshLocation(kind);
      using folder = freshFolder();
      const database = fresh.location.kind === "postgres" ? ["--database", fresh.location.url] : [];
      const args = ["--data", folder.folder, ...database];
      {
        await using first = serve(args);
        while (!existsSync(path.join(folder.folder, file)) && !first.hasEnded) await sleep(2);
        first.signal("SIGKILL");
        await first.ended;
      }
      await using second = serve(args);
      const url = await readyAt(second);
      const { username, password, apiKey } = readFirstLogin(folder.folder);
      await logIn({ url }, { username, password });
      assert.equal((await bearer({ url }, apiKey).ask("GET", "account")).status, 200);
    });
  }
});
