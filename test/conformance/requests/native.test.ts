import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import { logIn } from "../../support/clients/native-client.ts";
import { admin, anyone, makePerson } from "../../support/worlds/people.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

// The native API's own manners.

const serverOf = sharedServers();

/** Asserts that an answer is a problem as RFC 9457 has it, with a code and a sentence. */
function assertProblem(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.type, "application/problem+json");
  const problem = answer.json<Record<string, unknown>>();
  assert.equal(problem["status"], status);
  assert.equal(problem["code"], code);
  assert.equal(problem["trace_id"], answer.headers["maas-trace-id"]);
  assert.match(String(problem["detail"]), /^\S.*[.!]$/s);
  assert.match(String(problem["title"]), /\w/);
  assert.equal(typeof problem["type"], "string");
}

interface Schema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly items?: Schema }>>;
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

async function operationsOf(
  server: TestServer,
): Promise<Readonly<Record<string, Readonly<Record<string, Operation>>>>> {
  const answer = await send(server.url, "/api/v1/openapi.json");
  assert.equal(answer.status, 200);
  const document = answer.json<{ openapi: string; paths: Record<string, Record<string, Operation>> }>();
  assert.match(document.openapi, /^3\.1\./);
  return document.paths;
}

forEachKind((kind) => {
  test(`every operation for reading answers with what openapi.json promises (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const session = await logIn(server, server.firstLogin);
    for (const [path, { get }] of Object.entries(await operationsOf(server))) {
      const isAskable =
        !path.replace("{username}", "").includes("{") &&
        !(get?.parameters ?? []).some((each) => each.in === "query" && each.required === true);
      // Streams have no end: events-stream.test.ts.
      const isStream = get?.responses["200"]?.content?.["text/event-stream"] !== undefined;
      if (get === undefined || !isAskable || isStream) continue;
      for (const client of [native, session]) {
        const answer = await client.ask("GET", path.replace("/api/v1/", "").replace("{username}", "admin"));
        assert.equal(answer.status, 200, `${path}: ${answer.text}`);
        const schema: Schema | undefined = get.responses["200"]?.content?.["application/json"]?.schema;
        if (schema === undefined) continue;
        const body = answer.json<Record<string, unknown>>();
        for (const name of schema.required ?? []) assert.ok(name in body, `${path}: ${name}`);
        assert.deepEqual(
          Object.keys(body).filter((name) => schema.properties !== undefined && !(name in schema.properties)),
          [],
          path,
        );
        for (const item of (body["items"] ?? []) as readonly Record<string, unknown>[]) {
          assert.deepEqual(new Set(Object.keys(item)), new Set(schema.properties?.["items"]?.items?.required), path);
        }
      }
    }
  });

  test(`the operations of the issue are all there, and described (${kind})`, async () => {
    const paths = await operationsOf(await serverOf(kind));
    const wanted = {
      session: "get post delete",
      sessions: "get delete",
      "sessions/{id}": "delete",
      account: "get patch",
      "account/password": "put",
      "account/tokens": "get post",
      "account/tokens/{token_key}": "patch delete",
      users: "get post",
      "users/{username}": "get patch delete",
      "users/{username}/password": "put",
      "users/{username}/sessions": "get delete",
      events: "get post",
      "users/{username}/tokens": "get post",
      "users/{username}/tokens/{token_key}": "delete",
      "events/{id}": "get",
      "events/histogram": "get",
      "events/stream": "get",
      "events/export": "get",
      "events/evidence": "get",
    };
    for (const [path, methods] of Object.entries(wanted)) {
      for (const method of methods.split(" ")) {
        assert.match(paths[`/api/v1/${path}`]?.[method]?.summary ?? "", /\w/, `${method} ${path}`);
      }
    }
  });

  test(`what isn't there is a 404, what isn't offered a 405 with Allow, each a problem (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = await makePerson(server);
    for (const path of ["nosuch", "users/nosuch", "events/999999999", "account/nosuch", "sessions/999999999"]) {
      const method = path.startsWith("sessions") ? "DELETE" : "GET";
      assertProblem(await native.ask(method, path), 404, "not_found");
    }
    for (const [method, path, allowed] of [
      ["PATCH", "session", ["DELETE", "GET", "HEAD", "POST"]],
      ["DELETE", "events", ["GET", "HEAD", "POST"]],
      ["DELETE", "account", ["GET", "HEAD", "PATCH"]],
    ] as const) {
      const answer = await native.ask(method, path);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.deepEqual((answer.headers.allow ?? "").split(/, */).sort(), allowed);
      assert.equal(answer.type, "application/problem+json");
    }
  });

  for (const [query, word] of [
    ["level=audit", "level"],
    ["level=", "level"],
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["limit=x", "limit"],
    ["before=x", "before"],
    ["after=1.5", "after"],
    ["outcome=perhaps", "outcome"],
    ["source=elsewhere", "source"],
    ["since=yesterday", "since"],
    ["until=2018-02-30T00:00:00Z", "until"],
    ["before=2&after=1", "before"],
    ["onwer=ada", "onwer"],
  ] as const) {
    test(`events?${query} is a 400 that names ${word} (${kind})`, async () => {
      const { native } = await anyone(await serverOf(kind));
      const answer = await native.ask("GET", `events?${query}`);
      assertProblem(answer, 400, "invalid");
      assert.ok(answer.text.includes(word), answer.text);
    });
  }

  for (const [what, method, path, body, word] of [
    ["a member that is missing", "POST", "users", { username: "x", email: "x@example.com" }, "password"],
    [
      "a member of another type",
      "POST",
      "users",
      { username: 1, email: "x@example.com", password: "password 1" },
      "username",
    ],
    ["a member that isn't known", "PATCH", "account", { is_superuser: true }, "is_superuser"],
    ["text that is a truth value", "PATCH", "users/admin", { is_active: "no" }, "is_active"],
    ["an address that is none", "PATCH", "account", { email: "nonsense" }, "email"],
    ["a list", "PATCH", "account", [], ""],
    ["nothing", "POST", "users", undefined, ""],
  ] as const) {
    test(`a body with ${what} is a 400 that names it, and changes nothing (${kind})`, async () => {
      const server = await serverOf(kind);
      const { native } = admin(server);
      // When they were seen last is noted beside the requests, and may come between the two.
      const shown = async () => ({
        ...(await native.ask("GET", "users/admin")).json<Record<string, unknown>>(),
        last_seen: undefined,
      });
      const before = await shown();
      const answer = await native.ask(method, path, body);
      assertProblem(answer, 400, "invalid");
      assert.ok(answer.text.includes(word), answer.text);
      assert.deepEqual(await shown(), before);
    });
  }

  test(`nobody promotes themselves: neither over their account nor as the user that they are (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const session = await logIn(server, person, { from: person.from });
    for (const client of [person.native, session]) {
      assert.equal((await client.ask("PATCH", "account", { is_superuser: true })).status, 400);
      assert.equal((await client.ask("PATCH", `users/${person.username}`, { is_superuser: true })).status, 403);
    }
    assert.equal((await person.maas.put(`users/${person.username}/`, [["is_superuser", "1"]])).status, 403);
    assert.equal((await person.native.ask("GET", "account")).json<{ is_superuser: boolean }>().is_superuser, false);
  });

  test(`times are RFC 3339 with microseconds, in UTC (${kind})`, async () => {
    const person = await anyone(await serverOf(kind));
    const account = (await person.native.ask("GET", "account")).json<{ created: string }>();
    const { items } = (await person.native.ask("GET", "account/tokens")).json<{
      items: readonly { created: string }[];
    }>();
    for (const { created } of [account, ...items]) assert.match(created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });
});
