import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { freshAddress, send } from "../../support/clients/http-client.ts";
import { encode } from "../../support/clients/maas-client.ts";
import { allEvents, logIn, tryLogIn } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { askAs, assertRecorded, newTrace, type ExpectedOrigin, recordedPeople } from "../../support/recorded.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

// A5: failures are recorded too.

const serverOf = sharedServers();

/** The three ways to give a password. */
const apis = ["maas", "native", "authenticate"] as const;

function enter(
  server: TestServer,
  api: (typeof apis)[number],
  username: string,
  password: string,
  origin: ExpectedOrigin,
) {
  const options = { from: origin.ip, headers: origin.trace.headers };
  if (api !== "authenticate") return tryLogIn(server, { username, password }, { api, ...options });
  return send(server.url, "/MAAS/accounts/authenticate/", {
    method: "POST",
    from: origin.ip,
    headers: { "content-type": "application/x-www-form-urlencoded", ...origin.trace.headers },
    body: encode([
      ["username", username],
      ["password", password],
    ]),
  });
}

const refusalStatus = { maas: 400, native: 401, authenticate: 403 } as const;

forEachKind((kind) => {
  for (const api of apis) {
    test(`57, 59, A5: a wrong password in the ${api} API is a failure of the account (${kind})`, async () => {
      const { server, root, person, own } = await recordedPeople(await serverOf(kind));
      const origin: ExpectedOrigin = { trace: newTrace(), ip: freshAddress(), endpoint: "UI" };
      const answer = await enter(server, api, person.username, "a wrong password", origin);
      assert.equal(answer.status, refusalStatus[api]);
      if (api === "maas") {
        assert.equal(answer.type, "application/json");
        assert.deepEqual(answer.json(), {
          __all__: ["Please enter a correct username and password. Note that both fields may be case-sensitive."],
        });
      }
      if (api === "authenticate") assert.equal(answer.text, "");
      assert.equal(answer.headers["set-cookie"], undefined);
      await assertRecorded(root.native, origin, [
        {
          action: "auth.login.failure",
          outcome: "failure",
          description: `Login failed for '${person.username}'.`,
          ...own,
        },
      ]);
    });

    test(`A5: a name without account in the ${api} API is nobody's failure, and is kept nowhere (${kind})`, async () => {
      const { server, root } = await recordedPeople(await serverOf(kind));
      const origin: ExpectedOrigin = { trace: newTrace(), ip: freshAddress(), endpoint: "UI" };
      const typed = `hunter2-typed-by-mistake-${api}`;
      const answer = await enter(server, api, typed, "whatever it is", origin);
      assert.equal(answer.status, refusalStatus[api]);
      assert.ok(!answer.text.includes(typed));
      const [event] = await assertRecorded(root.native, origin, [
        {
          action: "auth.login.failure",
          outcome: "failure",
          description: "Login failed for an unknown user.",
          username: null,
          user_id: null,
          target_kind: null,
          target_name: null,
        },
      ]);
      assert.ok(!JSON.stringify(event).includes(typed));
      const shown = (
        await root.maas.events([
          ["level", "AUDIT"],
          ["before", String(Number(event?.id) + 1)],
          ["limit", "1"],
        ])
      ).events[0];
      assert.equal(shown?.username, "unknown");
    });

    test(`A5: a deactivated account is refused in the ${api} API with the words for a wrong password (${kind})`, async () => {
      const { server, root, person, own } = await recordedPeople(await serverOf(kind));
      await root.native.ask("PATCH", `users/${person.username}`, { is_active: false });
      const [right, wrong] = [newTrace(), newTrace()].map((trace): ExpectedOrigin => ({
        trace,
        ip: freshAddress(),
        endpoint: "UI",
      }));
      assert.ok(right !== undefined && wrong !== undefined);
      const answers = [
        await enter(server, api, person.username, person.password, right),
        await enter(server, api, person.username, "a wrong password", wrong),
      ];
      const told = answers.map(({ status, text }) => ({ status, text: text.replace(/"trace_id":"\w+"/, "") }));
      assert.equal(told[0]?.status, refusalStatus[api]);
      assert.deepEqual(told[0], told[1]);
      const failure = {
        action: "auth.login.failure",
        outcome: "failure",
        description: `Login failed for '${person.username}'.`,
        ...own,
      } as const;
      await assertRecorded(root.native, right, [failure]);
    });
  }

  test(`57: a login without name or password is told which, and is no attempt (${kind})`, async () => {
    const server = await serverOf(kind);
    const answer = await tryLogIn(server, { username: "", password: "something" }, { from: freshAddress() });
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.json(), { username: ["This field is required."] });
    const both = await tryLogIn(server, { username: "", password: "" }, { from: freshAddress() });
    assert.deepEqual(both.json(), { username: ["This field is required."], password: ["This field is required."] });
  });

  test(`54, A5: what is for administrators is refused to others, and recorded, over MAAS's API (${kind})`, async () => {
    const { root, person, own } = await recordedPeople(await serverOf(kind));
    const refused = [
      ["POST", "users/", "users create"],
      ["PUT", "users/admin/", "user update"],
      ["DELETE", "users/admin/", "user delete"],
      ["DELETE", "users/nosuch/", "user delete"],
    ] as const;
    for (const [method, path] of refused) {
      const origin: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "API" };
      const answer = await person.maas.ask(path, { method, body: "", headers: origin.trace.headers });
      assert.equal(answer.status, 403, path);
      assert.equal(answer.text, "This method is reserved for admin users.");
      assert.equal(answer.type, "text/plain; charset=utf-8");
      const events = await allEvents(root.native, { trace_id: origin.trace.id });
      assert.equal(events.length, 1, `${method} ${path}`);
      await assertRecorded(root.native, origin, [
        { action: "operation.refuse", outcome: "failure", description: events[0]?.description ?? "", ...own },
      ]);
      assert.match(events[0]?.description ?? "", /^Refused: \S.*\.$/);
    }
  });

  test(`A5: every native operation for administrators is refused to others, and recorded (${kind})`, async () => {
    const server = await serverOf(kind);
    let { root, person, own } = await recordedPeople(server);
    const description = (await send(server.url, "/api/v1/openapi.json")).json<{
      paths: Record<string, Record<string, { "x-permission"?: string }>>;
    }>();
    const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => operation["x-permission"] === "administrator")
        .map(
          ([method]) => [method.toUpperCase(), path.replace("/api/v1/", "").replace("{username}", "admin")] as const,
        ),
    );
    assert.ok(operations.length >= 5, "openapi.json says which operations are for administrators");
    for (const [index, [method, path]] of operations.entries()) {
      // The log takes only so many refusals of one person at once.
      if (index % 25 === 24) ({ root, person, own } = await recordedPeople(server));
      const origin: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "API" };
      const answer = await askAs(
        person.native,
        origin,
        method,
        path,
        method === "GET" || method === "DELETE" ? undefined : {},
      );
      assert.equal(answer.status, 403, `${method} ${path}`);
      const [event] = await allEvents(root.native, { trace_id: origin.trace.id });
      assert.equal(event?.action, "operation.refuse", `${method} ${path}`);
      await assertRecorded(root.native, origin, [
        { action: "operation.refuse", outcome: "failure", description: event.description ?? "", ...own },
      ]);
    }
  });

  test(`A5: entries of the log and metrics are refused to others, and each refusal is recorded once (${kind})`, async () => {
    const { server, root, person, own } = await recordedPeople(await serverOf(kind));
    const authorization = `Bearer ${person.apiKey}`;
    // A proxy that nobody declared: it isn't this machine that asks.
    const asked = [
      ["/log/tile/entries/000.p/1", "GET /log/tile/entries", {}],
      ["/metrics", "GET /metrics", { via: "1.1 proxy" }],
    ] as const;
    for (const [path, operation, more] of asked) {
      const origin: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "API" };
      const headers = { authorization, ...more, ...origin.trace.headers };
      assert.equal((await send(server.url, path, { from: person.from, headers })).status, 403, path);
      const [event] = await allEvents(root.native, { trace_id: origin.trace.id });
      assert.ok(event !== undefined, `${path} was not recorded`);
      assert.ok(event.description?.includes(operation), path);
      await assertRecorded(root.native, origin, [
        { action: "operation.refuse", outcome: "failure", description: event.description ?? "", ...own },
      ]);
    }
  });

  test(`A5: a refusal by session is recorded as the UI's (${kind})`, async () => {
    const { server, root, person, own } = await recordedPeople(await serverOf(kind));
    const session = await logIn(server, person, { from: person.from });
    const origin: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "UI" };
    assert.equal((await askAs(session, origin, "DELETE", "users/admin")).status, 403);
    const [event] = await allEvents(root.native, { trace_id: origin.trace.id });
    await assertRecorded(root.native, origin, [
      { action: "operation.refuse", outcome: "failure", description: event?.description ?? "", ...own },
    ]);
  });

  test(`A5: nobody's request to an operation for users is a 401 without event (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const trace = newTrace();
    for (const [method, path] of [
      ["POST", "/api/v1/users"],
      ["DELETE", "/MAAS/api/2.0/users/admin/"],
      ["GET", "/api/v1/events"],
    ] as const) {
      assert.equal((await send(server.url, path, { method, headers: trace.headers })).status, 401, path);
    }
    assert.deepEqual(await allEvents(native, { trace_id: trace.id }), []);
  });

  test(`A5: a wrong old password changes nothing (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const body = { old_password: "a wrong password", new_password: "a new password" };
    assert.equal((await person.native.ask("PUT", "account/password", body)).status, 400);
    const answer = await person.maas.post("account/?op=change_password", Object.entries(body));
    assert.equal(answer.status, 400);
    await logIn(server, person, { from: person.from });
  });
});
