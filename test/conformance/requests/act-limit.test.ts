import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import type { Answer } from "../../support/clients/http-client.ts";
import { allEvents, bearer, newestEventId, logIn } from "../../support/clients/native-client.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { sharedServers } from "../../support/server.ts";

// Nobody makes the log grow without end: each way in which anybody who is logged in can append.

const serverOf = sharedServers();
const actsMax = 1_000;

/** Acts again and again, several at a time, until it is told to wait. */
async function untilRefused(act: () => Promise<Answer>): Promise<{ readonly refused: Answer; readonly done: number }> {
  let done = 0;
  let refused: Answer | undefined;
  const lane = async (): Promise<void> => {
    while (refused === undefined) {
      const answer = await act();
      if (answer.status === 429) {
        refused = answer;
        return;
      }
      assert.ok(answer.status < 300, answer.text);
      done += 1;
      assert.ok(done < actsMax, `${done} acts were let through`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  assert.ok(refused !== undefined);
  return { refused, done };
}

/** Each is one act or two. The first is tried on both databases, the others on one. */
const ways = {
  "making and deleting API keys in MAAS's API": async (person) => {
    const made = await person.maas.post("account/?op=create_authorisation_token", []);
    if (made.status !== 200) return made;
    const { token_key } = made.json<{ token_key: string }>();
    return person.maas.post("account/?op=delete_authorisation_token", [["token_key", token_key]]);
  },
  "ending sessions that aren't there": (person) => person.native.ask("DELETE", "sessions"),
  "exporting events by a key that may only read": async (person) => {
    const { api_key } = await keyToRead(person);
    const reader = bearer(person.native.place, api_key, person.from);
    for (;;) {
      const answer = await reader.ask("GET", "events/export?format=csv&action=none");
      // Too many at the same moment are no matter of how many there were.
      if (!answer.text.includes("open exports")) return answer;
    }
  },
} as const satisfies Record<string, (person: Person) => Promise<Answer>>;

const readers = new WeakMap<Person, Promise<{ readonly api_key: string }>>();

/** A key with the scope `events:read`, the same for each call. */
function keyToRead(person: Person): Promise<{ readonly api_key: string }> {
  const known = readers.get(person) ?? makeReader(person);
  readers.set(person, known);
  return known;
}

async function makeReader(person: Person): Promise<{ readonly api_key: string }> {
  const made = await person.native.ask("POST", "account/tokens", { scopes: ["events:read"] });
  assert.equal(made.status, 201, made.text);
  return made.json();
}

for (const [what, act] of Object.entries(ways)) {
  test(`${what} ends with a 429 that says when to try again`, async () => {
    const person = await makePerson(await serverOf("sqlite"));
    const { refused } = await untilRefused(() => act(person));
    assert.match(String(refused.headers["retry-after"]), /^[1-9]\d*$/);
    assert.match(refused.text, /Try again in \d+ seconds/);
  });
}

test("using many deleted API keys is recorded 600 times at once, and counted beyond that", async () => {
  const server = await serverOf("sqlite");
  const person = await makePerson(server);
  for (let key = 0; key < 90; key += 1) {
    const { api_key, token_key } = (await person.native.ask("POST", "account/tokens", {})).json<{
      api_key: string;
      token_key: string;
    }>();
    await person.native.ask("DELETE", `account/tokens/${token_key}`);
    const dead = bearer(server, api_key, person.from);
    for (let use = 0; use < 10; use += 1) assert.equal((await dead.ask("GET", "account")).status, 401);
  }
  const recorded = await allEvents(admin(server).native, { owner: person.username, action: "token.refuse" });
  assert.ok(recorded.length >= 600 && recorded.length < 900, String(recorded.length));
});

forEachKind((kind) => {
  test(`saving the profile as it was ends with a 429, which records nothing, for that user alone (${kind})`, async () => {
    const server = await serverOf(kind);
    const [person, other] = [await makePerson(server), await makePerson(server)];
    const before = await newestEventId(admin(server).native);
    const save = () => person.native.ask("PATCH", "account", { last_name: "" });
    const { refused, done } = await untilRefused(save);
    assert.ok(done >= 600, `${done} acts were let through`);
    assert.match(String(refused.headers["retry-after"]), /^[1-9]\d*$/);
    assert.equal(refused.json<{ code: string }>().code, "too_many_requests");
    const saved = await allEvents(admin(server).native, { owner: person.username, action: "user.profile.update" });
    assert.equal(saved.filter(({ id }) => id > before).length, done);
    // Reading goes on, and so do others and the administrator, who may also make things.
    assert.equal((await person.native.ask("GET", "account")).status, 200);
    assert.equal((await other.native.ask("PATCH", "account", { last_name: "" })).status, 200);
    const made = await admin(server).maas.post("tags/", [["name", `t${before}`]]);
    assert.equal(made.status, 200, made.text);
    await logIn(server, person, { from: person.from });
  });
});
