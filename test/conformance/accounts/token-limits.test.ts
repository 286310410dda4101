import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { forEachKind } from "../../support/each-kind.ts";
import { freshAddress, send } from "../../support/clients/http-client.ts";
import { MaasClient, oauthHeader } from "../../support/clients/maas-client.ts";
import { allEvents, bearer, type NativeClient } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { askAs, assertRecorded, newTrace, type ExpectedOrigin, recordedPeople } from "../../support/recorded.ts";
import { sharedServers } from "../../support/server.ts";

// Scopes and expiry of API keys.

const serverOf = sharedServers();

interface MadeToken {
  readonly api_key: string;
  readonly token_key: string;
  readonly fingerprint: string;
  readonly scopes: readonly string[] | null;
  readonly expires: string | null;
}

async function make(client: NativeClient, body: object): Promise<MadeToken> {
  const answer = await client.ask("POST", "account/tokens", body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json<MadeToken>();
}

forEachKind((kind) => {
  test(`a key with events:read reads events over both APIs, logs a client in, and nothing else (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root, person, own } = await recordedPeople(server);
    const { api_key, scopes } = await make(person.native, { scopes: ["events:read"] });
    assert.deepEqual(scopes, ["events:read"]);
    const narrow = bearer(server, api_key);
    const maas = new MaasClient(server, api_key);
    assert.equal((await narrow.ask("GET", "events")).status, 200);
    assert.equal((await narrow.ask("GET", "account")).status, 200);
    assert.equal((await maas.get("events/?op=query&level=AUDIT")).status, 200);
    assert.equal((await maas.get("users/?op=whoami")).status, 200);
    assert.equal((await narrow.ask("GET", "users")).status, 403);
    assert.equal((await maas.get("users/")).status, 403);
    const origin: ExpectedOrigin = { trace: newTrace(), ip: freshAddress(), endpoint: "API" };
    const refused = await send(server.url, "/api/v1/account/tokens", {
      method: "POST",
      from: origin.ip,
      headers: { authorization: `Bearer ${api_key}`, "content-type": "application/json", ...origin.trace.headers },
      body: "{}",
    });
    assert.equal(refused.status, 403);
    assert.match(refused.text, /events:read/);
    await assertRecorded(root.native, origin, [
      {
        action: "operation.refuse",
        outcome: "failure",
        description: "Refused: POST /api/v1/account/tokens.",
        ...own,
      },
    ]);
  });

  test(`an administrator's key with events:read sees all events, and changes nothing (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = admin(server);
    const person = await makePerson(server);
    const { api_key } = await make(root.native, { scopes: ["events:read"] });
    const auditor = bearer(server, api_key);
    const theirs = await auditor.ask("GET", `events?owner=${person.username}`);
    assert.ok(theirs.json<{ items: unknown[] }>().items.length > 0);
    assert.equal((await auditor.ask("DELETE", `users/${person.username}`)).status, 403);
    assert.equal((await auditor.ask("POST", "events", {})).status, 403);
    const maas = new MaasClient(server, api_key);
    assert.equal(
      (
        await maas.post("maas/?op=set_config", [
          ["name", "maas_name"],
          ["value", "x"],
        ])
      ).status,
      403,
    );
  });

  test(`the scope admin is all that the key's user may do, and no more (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const own = bearer(server, (await make(person.native, { scopes: ["admin"] })).api_key);
    assert.equal((await own.ask("GET", "account/tokens")).status, 200);
    assert.equal((await own.ask("POST", "users", {})).status, 403);
    const root = bearer(server, (await make(admin(server).native, { scopes: ["admin"] })).api_key);
    assert.equal((await root.ask("POST", "users", {})).status, 400);
  });

  test(`limits are recorded, listed, and refused by field where they are wrong (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root, person, own } = await recordedPeople(server);
    const origin: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "API" };
    const expires = "2099-01-01T00:00:00.000000Z";
    const made = await askAs(person.native, origin, "POST", "account/tokens", {
      scopes: ["admin", "events:read"],
      expires,
    });
    const token = made.json<MadeToken>();
    assert.deepEqual([token.scopes, token.expires], [["events:read", "admin"], expires]);
    await assertRecorded(root.native, origin, [
      {
        action: "token.create",
        description: "Created token.",
        ...own,
        target_id: token.fingerprint,
        details: { scopes: ["events:read", "admin"], expires },
      },
    ]);
    const listed = (await person.native.ask("GET", "account/tokens")).json<{ items: MadeToken[] }>().items;
    assert.deepEqual(
      listed.map((one) => [one.scopes, one.expires]),
      [
        [null, null],
        [["events:read", "admin"], expires],
      ],
    );
    for (const [field, body] of [
      ["scopes", { scopes: ["events:delete"] }],
      ["scopes", { scopes: [] }],
      ["scopes", { scopes: "admin" }],
      ["scopes", { scopes: ["events:write"] }],
      ["expires", { expires: "tomorrow" }],
      ["expires", { expires: "2020-01-01T00:00:00Z" }],
    ] as const) {
      const answer = await person.native.ask("POST", "account/tokens", body);
      const isAdministrators = JSON.stringify(body).includes("events:write");
      assert.equal(answer.status, isAdministrators ? 403 : 400, JSON.stringify(body));
      assert.deepEqual(Object.keys(answer.json<{ errors: object }>().errors), [field]);
    }
  });

  test(`A5: a key that has expired is refused, and its use recorded; a wrong secret for it is not (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root, person, own } = await recordedPeople(server);
    const expires = new Date(Date.now() + 1_500);
    const { api_key, fingerprint } = await make(person.native, { expires: expires.toISOString() });
    const headers = { authorization: `Bearer ${api_key}` };
    assert.equal((await send(server.url, "/api/v1/account", { headers })).status, 200);
    while (Date.now() <= expires.getTime()) await sleep(expires.getTime() - Date.now() + 1);
    for (const [path, authorization] of [
      ["/api/v1/account", `Bearer ${api_key}`],
      ["/MAAS/api/2.0/users/?op=whoami", oauthHeader(api_key)],
    ] as const) {
      const origin: ExpectedOrigin = { trace: newTrace(), ip: freshAddress(), endpoint: "API" };
      const answer = await send(server.url, path, {
        from: origin.ip,
        headers: { authorization, ...origin.trace.headers },
      });
      assert.equal(answer.status, 401);
      assert.match(answer.text, /Expired access token/);
      await assertRecorded(root.native, origin, [
        {
          action: "token.refuse",
          outcome: "failure",
          description: "Refused a deleted or expired token.",
          ...own,
          target_kind: "token",
          target_id: fingerprint,
          details: { reason: "expired" },
        },
      ]);
    }
    const guess: ExpectedOrigin = { trace: newTrace(), ip: freshAddress(), endpoint: "API" };
    const wrong = `${api_key.slice(0, -4)}zzzz`;
    const answer = await send(server.url, "/api/v1/account", {
      from: guess.ip,
      headers: { authorization: `Bearer ${wrong}`, ...guess.trace.headers },
    });
    assert.equal(answer.status, 401);
    await assertRecorded(root.native, guess, []);
  });

  test(`an administrator makes, lists and deletes others' keys, and the log says whose (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root, rootIp, person, asRoot } = await recordedPeople(server);
    const at = (): ExpectedOrigin => ({ trace: newTrace(), ip: rootIp, endpoint: "API" });
    const [create, end] = [at(), at()];
    const path = `users/${person.username}/tokens`;
    const made = (
      await askAs(root.native, create, "POST", path, { name: "robot", scopes: ["events:write"] })
    ).json<MadeToken>();
    await assertRecorded(root.native, create, [
      {
        action: "token.create",
        description: "Created token.",
        ...asRoot,
        target_id: made.fingerprint,
        target_name: "robot",
        details: { user: person.username, scopes: ["events:write"] },
      },
    ]);
    const listed = (await root.native.ask("GET", path)).json<{ items: MadeToken[] }>().items;
    assert.deepEqual(listed.map(({ fingerprint }) => fingerprint).at(-1), made.fingerprint);
    assert.ok(!JSON.stringify(listed).includes(made.api_key.split(":")[2] ?? "?"));
    assert.equal((await askAs(root.native, end, "DELETE", `${path}/${made.token_key}`)).status, 204);
    await assertRecorded(root.native, end, [
      {
        action: "token.delete",
        description: "Deleted token.",
        ...asRoot,
        target_id: made.fingerprint,
        details: { user: person.username },
      },
    ]);
    assert.equal((await root.native.ask("DELETE", `${path}/${made.token_key}`)).status, 404);
    assert.equal((await root.native.ask("GET", "users/nobody-of-that-name/tokens")).status, 404);
    assert.equal((await person.native.ask("GET", path)).status, 403);
  });

  test(`a key with an end makes none that outlives it, over either API (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const expires = "2098-01-01T00:00:00.000000Z";
    const { api_key } = await make(person.native, { expires });
    const brief = bearer(server, api_key);
    assert.equal((await make(brief, {})).expires, expires);
    assert.equal((await make(brief, { expires: "2099-01-01T00:00:00Z" })).expires, expires);
    const earlier = "2097-01-01T00:00:00.000000Z";
    assert.equal((await make(brief, { expires: earlier })).expires, earlier);
    const maas = new MaasClient(server, api_key);
    assert.equal((await maas.post("account/?op=create_authorisation_token")).status, 200);
    const listed = (await person.native.ask("GET", "account/tokens")).json<{ items: MadeToken[] }>().items;
    assert.deepEqual(
      listed.map((one) => one.expires),
      [null, expires, expires, expires, earlier, expires],
    );
  });

  test(`a time that no database holds is refused, and poisons nothing (${kind})`, async () => {
    const person = await makePerson(await serverOf(kind));
    for (const expires of ["2300-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"]) {
      const answer = await person.native.ask("POST", "account/tokens", { expires });
      assert.equal(answer.status, 400);
      assert.match(answer.text, /before the year 2255/);
    }
    assert.equal((await person.native.ask("GET", "account/tokens")).status, 200);
  });

  test(`a key for somebody else must not act as them (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const person = await makePerson(server);
    for (const body of [{}, { scopes: ["admin"] }, { scopes: ["events:read", "admin"] }]) {
      const answer = await native.ask("POST", `users/${person.username}/tokens`, body);
      assert.equal(answer.status, 400, JSON.stringify(body));
      assert.deepEqual(Object.keys(answer.json<{ errors: object }>().errors), ["scopes"]);
    }
  });

  test(`who stops being an administrator loses the keys that report events, and the log says so (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root, person } = await recordedPeople(server, { isAdministrator: true });
    const { api_key } = await make(person.native, { scopes: ["events:write"] });
    const event = { type: "A", action: "a", description: "a" };
    assert.equal((await bearer(server, api_key).ask("POST", "events", event)).status, 201);
    const demoted = await root.native.ask("PATCH", `users/${person.username}`, { is_superuser: false });
    assert.equal(demoted.status, 200);
    assert.equal((await bearer(server, api_key).ask("POST", "events", event)).status, 401);
    const [change] = await allEvents(root.native, { action: "user.permission.change", target: person.username });
    assert.equal(change?.details?.["reporting_tokens_deleted"], 1);
    assert.equal((await person.native.ask("GET", "account")).status, 200, "other keys stay");
  });

  test(`a refusal says on what (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root, person } = await recordedPeople(server);
    const origin: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "API" };
    await askAs(person.native, origin, "DELETE", "users/admin");
    const [event] = await allEvents(root.native, { trace_id: origin.trace.id });
    assert.deepEqual(event?.details, { operation: "DELETE /api/v1/users/{username}", path: "/api/v1/users/admin" });
  });
});
