import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, freshAddress, send } from "../../support/clients/http-client.ts";
import { eventsSince, newestEventId, sessionClient } from "../../support/clients/native-client.ts";
import { enrolApp } from "../../support/factors/app.ts";
import { Passkey } from "../../support/factors/passkey.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

// Passkeys, by an authenticator of the tests' own: what a browser does with them is in test/browser/.

const serverOf = sharedServers();

interface Asked {
  readonly pending_login: string;
  readonly factors: readonly string[];
  readonly passkey_options: Parameters<Passkey["sign"]>[0];
}

forEachKind((kind) => {
  test(`a passkey logs its user in, once for each challenge (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native: root } = admin(server);
    const person = await makePerson(server);
    const passkey = await addPasskey(server, person);
    const before = await newestEventId(root);
    const asked = await ask(server, person);
    assert.deepEqual(asked.factors, ["passkey", "recovery_code"]);
    const { pending_login, passkey_options } = asked;
    const signed = passkey.sign(passkey_options);
    const answer = await give(server, { pending_login, passkey: signed });
    assert.equal(answer.status, 200, answer.text);
    assert.equal((await give(server, { pending_login, passkey: signed })).status, 401);
    const events = await eventsSince(root, before);
    assert.deepEqual(
      events.map(({ action, details }) => [action, details]),
      [
        ["auth.factor.ask", null],
        ["auth.login", { factor: "passkey", factor_name: "laptop", role: "user" }],
        ["auth.login.failure", { operation: "second factor" }],
      ],
    );

    const session = sessionClient(server, answer.cookie("sessionid") ?? "", answer.cookie("csrftoken") ?? "");
    const headers = { host: hostOf(server) };
    const { state, passkey_options: options } = (
      await session.ask("GET", "session/factor", undefined, { headers })
    ).json<Asked & { readonly state: string }>();
    const again = await session.ask("PUT", "session/factor", { state, passkey: passkey.sign(options) }, { headers });
    assert.equal(again.status, 204, again.text);
    const replayed = await session.ask("PUT", "session/factor", { state, passkey: passkey.sign(options) }, { headers });
    assert.equal(replayed.status, 400, "a challenge is good once");
  });

  test(`a passkey of another page, challenge, user or past lets nobody in (${kind})`, async () => {
    const server = await serverOf(kind);
    const [person, other] = [await makePerson(server), await makePerson(server)];
    const [passkey, foreign] = [await addPasskey(server, person), await addPasskey(server, other)];
    const first = await ask(server, person);
    const { pending_login, passkey_options: options } = first;
    const lies: Readonly<Record<string, object>> = {
      "another page": passkey.sign(options, { origin: "http://evil.example" }),
      "a page of another port": passkey.sign(options, { origin: "http://localhost:1" }),
      "another challenge": passkey.sign(options, { challenge: Buffer.alloc(32).toString("base64url") }),
      "another host": passkey.sign({ ...options, rpId: "evil.example" }),
      "somebody else's": foreign.sign(options),
      "another's signature": { ...foreign.sign(options), id: (passkey.sign(options) as { readonly id: string }).id },
      nothing: {},
    };
    for (const [what, given] of Object.entries(lies)) {
      const answer = await give(server, { pending_login, passkey: given });
      assert.equal(answer.status, 401, `${what}: ${answer.text}`);
      assert.equal(answer.headers["set-cookie"], undefined, what);
    }
    const right = await give(server, { pending_login, passkey: passkey.sign(options, { counter: 50 }) });
    assert.equal(right.status, 200, right.text);
    // Its counter stands still: there is a copy of it.
    const second = await ask(server, person);
    const copied = passkey.sign(second.passkey_options, { counter: 50 });
    assert.equal((await give(server, { pending_login: second.pending_login, passkey: copied })).status, 401);
  });

  test(`a passkey is offered where it was made alone, and none is made at an address (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    await addPasskey(server, person);
    const elsewhere = await ask(server, person, new URL(server.url).host);
    assert.deepEqual([elsewhere.factors, elsewhere.passkey_options], [["recovery_code"], null]);
    const bare = await makePerson(server);
    const refused = await bare.native.ask("POST", "account/second-factor/passkey", { password: bare.password });
    assert.deepEqual(
      [refused.status, refused.json<{ readonly errors: object }>().errors],
      [400, { passkey: ["Passkeys need a host name: open this server by its name, not by its IP address."] }],
    );
  });

  test(`an enrolment is its user's, for its page, and can't be bent (${kind})`, async () => {
    const server = await serverOf(kind);
    const [person, other] = [await makePerson(server), await makePerson(server)];
    const headers = { host: hostOf(server) };
    const begin = await begun(server, person);
    const add = (by: Person, body: object) => by.native.ask("POST", "account/second-factor", body, { headers });
    const { enrolment, options } = begin;
    const passkey = new Passkey(`http://${headers.host}`);
    const evil = { origin: "http://evil.example" };
    assert.equal((await add(other, { enrolment, passkey: passkey.create(options) })).status, 400);
    assert.equal((await add(person, { enrolment, passkey: passkey.create(options, evil) })).status, 400);
    // Begun with the password alone, and an app was added meanwhile.
    await enrolApp(person);
    const late = await add(person, { enrolment, passkey: passkey.create(options) });
    assert.equal(late.status, 409, late.text);
  });
});

/** The server by a name, as a browser at this machine has it. */
function hostOf(server: TestServer): string {
  return `localhost:${new URL(server.url).port}`;
}

async function begun(server: TestServer, { native, password }: Person) {
  const headers = { host: hostOf(server) };
  const answer = await native.ask("POST", "account/second-factor/passkey", { password }, { headers });
  assert.equal(answer.status, 200, answer.text);
  return answer.json<{ readonly enrolment: string; readonly options: Parameters<Passkey["create"]>[0] }>();
}

async function addPasskey(server: TestServer, person: Person): Promise<Passkey> {
  const { enrolment, options } = await begun(server, person);
  const headers = { host: hostOf(server) };
  const passkey = new Passkey(`http://${headers.host}`);
  const body = { enrolment, name: "laptop", passkey: passkey.create(options) };
  const added = await person.native.ask("POST", "account/second-factor", body, { headers });
  assert.equal(added.status, 201, added.text);
  return passkey;
}

/** Gives the right password. */
async function ask(server: TestServer, { username, password }: Person, host = hostOf(server)): Promise<Asked> {
  const answer = await post(server, "/api/v1/session", { username, password }, host);
  assert.equal(answer.status, 403, answer.text);
  return answer.json<Asked>();
}

function give(server: TestServer, body: object): Promise<Answer> {
  return post(server, "/api/v1/session/factor", body, hostOf(server));
}

function post(server: TestServer, path: string, body: object, host: string): Promise<Answer> {
  const headers = { host, "content-type": "application/json" };
  return send(server.url, path, { method: "POST", from: freshAddress(), headers, body: JSON.stringify(body) });
}
