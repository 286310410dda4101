import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import {
  anonymous,
  eventsSince,
  logIn,
  newestEventId,
  type SessionClient,
  sessionClient,
} from "../../support/clients/native-client.ts";
import { takeGuardsOff } from "../../support/databases/guards.ts";
import { ageFactor, enrolApp } from "../../support/factors/app.ts";
import { pendingOf, postForm } from "../../support/factors/login.ts";
import { everyOperation, targetOf } from "../../support/operations.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers, startServer, type TestServer } from "../../support/server.ts";

// Who must have a second factor and by when, and what asks for it again.

const serverOf = sharedServers();

/** Everything that a session may do before it has given a factor. */
const openToAll = [
  "POST /MAAS/accounts/logout/",
  "GET /api/v1/session",
  "DELETE /api/v1/session",
  "POST /api/v1/session/end",
  "GET /api/v1/session/factor",
  "PUT /api/v1/session/factor",
  "GET /api/v1/account/second-factor",
  "POST /api/v1/account/second-factor",
  "POST /api/v1/account/second-factor/totp",
  "POST /api/v1/account/second-factor/passkey",
];

/** What asks for the factor again, whatever it is asked with. */
const sensitive = [
  "account create-authorisation-token",
  "user delete",
  "POST /api/v1/account/tokens",
  "POST /api/v1/users/{username}/tokens",
  "DELETE /api/v1/users/{username}/tokens/{token_key}",
  "DELETE /api/v1/users/{username}",
  "PUT /api/v1/users/{username}/password",
  "DELETE /api/v1/users/{username}/second-factor",
  "POST /api/v1/oidc-providers",
  "PATCH /api/v1/oidc-providers/{name}",
  "DELETE /api/v1/oidc-providers/{name}",
  "POST /api/v1/rules",
  "PATCH /api/v1/rules/{name}",
  "DELETE /api/v1/rules/{name}",
  "POST /api/v1/destinations",
  "PATCH /api/v1/destinations/{name}",
  "DELETE /api/v1/destinations/{name}",
  "POST /api/v1/destinations/{name}/pause",
  "POST /api/v1/destinations/{name}/resume",
  "POST /api/v1/destinations/{name}/replay",
  "POST /api/v1/destinations/{name}/dead-letters/resend",
  "POST /api/v1/destinations/{name}/dead-letters/drop",
  "POST /api/v1/sources",
  "PATCH /api/v1/sources/{name}",
  "DELETE /api/v1/sources/{name}",
  "POST /api/v1/sources/{name}/continue",
  "POST /api/v1/account/identities",
  "POST /api/v1/account/maas-identities",
  "POST /api/v1/users/{username}/identities",
  "DELETE /api/v1/users/{username}/identities/{id}",
];

test("the declarations say just these may be done without a factor, and that these ask again", () => {
  const names = (flag: "withoutFactor" | "needsFreshFactor") =>
    everyOperation.filter((operation) => operation[flag]).map(({ name }) => name);
  assert.deepEqual(names("withoutFactor").toSorted(), openToAll.toSorted());
  assert.deepEqual(names("needsFreshFactor").toSorted(), sensitive.toSorted());
});

forEachKind((kind) => {
  test(`once its time is over, a session without a factor passes nothing but what sets one up (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native: root } = admin(server);
    const person = await makePerson(server, { isAdministrator: true });
    const auditor = await makePerson(server, { isAuditor: true });
    const user = await makePerson(server);
    const session = await logIn(server, person);
    await root.ask("PUT", "settings/ironlog_second_factor", { value: "administrators" });
    const within = (await session.ask("GET", "session")).json<{ second_factor: string; second_factor_due: string }>();
    assert.equal(within.second_factor, "wanted");
    const days = (Date.parse(within.second_factor_due) - Date.now()) / 86_400_000;
    assert.ok(days > 13.9 && days <= 14, within.second_factor_due);
    assert.equal((await session.ask("GET", "users")).status, 200);

    const stream = session.send("/api/v1/events/stream");
    assert.equal((await session.ask("GET", "account")).status, 200);
    await root.ask("PUT", "settings/ironlog_second_factor_grace_days", { value: 0 });
    const { text: ended } = await stream;
    assert.match(ended, /session_ended/, "what lasts ends too");
    const before = await newestEventId(root);
    const ends = ["POST /MAAS/accounts/logout/", "DELETE /api/v1/session", "POST /api/v1/session/end"];
    for (const operation of everyOperation.filter(({ who, name }) => who !== "anyone" && !ends.includes(name))) {
      const { name, method, isEndless: headOfStream } = operation;
      const answer = await session.send(
        targetOf(operation, () => "999999"),
        { method, headOfStream },
      );
      const isKeptOut = answer.status === 403 && answer.text.includes("Set up a second factor first");
      assert.equal(isKeptOut, !openToAll.includes(name), `${name}: ${answer.status} ${answer.text}`);
    }
    assert.deepEqual(await eventsSince(root, before), []);
    const beyond = { headers: { via: "a proxy" } };
    assert.equal((await session.send("/metrics", beyond)).status, 403);
    assert.equal(
      (await session.send("/readyz")).text,
      (await send(server.url, "/readyz")).text,
      "as strangers are told",
    );
    assert.equal((await session.send("/log/tile/entries/000")).status, 403);
    assert.equal((await (await logIn(server, auditor)).ask("GET", "users")).status, 403, "auditors read everything");
    assert.equal((await (await logIn(server, user)).ask("GET", "users")).status, 200, "users needn't");
    assert.equal((await person.native.ask("GET", "users")).status, 200, "API keys go on");
    assert.equal(
      (await postForm(server, "accounts/authenticate/", person)).status,
      403,
      "but none is made with a password alone",
    );
    await root.ask("PUT", "settings/ironlog_second_factor", { value: "all" });
    assert.equal((await (await logIn(server, user)).ask("GET", "users")).status, 403);

    const fresh = await logIn(server, person);
    const app = await enrolApp({ native: fresh, password: person.password });
    assert.equal((await fresh.ask("GET", "users")).status, 200);
    const removed = await fresh.ask("POST", `account/second-factor/${app.id}/remove`, {});
    assert.equal(removed.status, 409, "the last one stays where one is needed");
    // Who gets a role has the days from then on.
    await root.ask("PUT", "settings/ironlog_second_factor", { value: "administrators" });
    await root.ask("PUT", "settings/ironlog_second_factor_grace_days", { value: 1 });
    await root.ask("PATCH", `users/${user.username}`, { is_superuser: true });
    assert.equal((await (await logIn(server, user)).ask("GET", "users")).status, 200);
  });

  test(`a policy that was changed by SQL counts as the strictest, and an event tells of it (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native: root } = admin(server);
    const person = await makePerson(server);
    await root.ask("PUT", "settings/ironlog_second_factor", { value: "administrators" });
    await takeGuardsOff(server, "setting");
    await server.meddle(`update setting set value = '"off"' where name = 'ironlog_second_factor'`);
    const session = await logIn(server, person);
    const refused = await session.ask("GET", "users");
    assert.deepEqual([refused.status, refused.json<{ code: string }>().code], [403, "enrolment_needed"]);
    const told = (await eventsSince(root, 0)).find(({ action }) => action === "state.mismatch");
    assert.equal(told?.details?.["key"], "ironlog_second_factor");
  });

  test(`more days to set one up that SQL has given are none, and who reads is told of as before (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native: root } = admin(server);
    const person = await makePerson(server, { isAdministrator: true });
    await root.ask("PUT", "settings/ironlog_second_factor_grace_days", { value: 0 });
    await root.ask("PUT", "settings/ironlog_record_reads", { value: true });
    await root.ask("PUT", "settings/ironlog_second_factor", { value: "all" });
    await takeGuardsOff(server, "setting");
    await server.meddle(`update setting set value = '14' where name = 'ironlog_second_factor_grace_days'`);
    await server.meddle(`update setting set value = 'false' where name = 'ironlog_record_reads'`);
    assert.equal((await (await logIn(server, person)).ask("GET", "users")).status, 403);
    const before = await newestEventId(root);
    assert.equal((await person.native.ask("GET", "events?limit=1")).status, 200);
    const told = (await eventsSince(root, before)).map(({ action }) => action);
    assert.ok(told.includes("log.read"), told.join());
  });

  test(`a factor that was removed vouches for no session (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native: root } = admin(server);
    const person = await makePerson(server);
    const session = await logIn(server, person);
    const app = await enrolApp({ native: session, password: person.password });
    assert.equal((await session.ask("POST", `account/second-factor/${app.id}/remove`, {})).status, 204);
    await root.ask("PUT", "settings/ironlog_second_factor_grace_days", { value: 0 });
    await root.ask("PUT", "settings/ironlog_second_factor", { value: "all" });
    assert.equal((await session.ask("GET", "events")).status, 403);
  });

  test(`sensitive acts ask for the factor again after 15 minutes, over both APIs (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native: root } = admin(server);
    const person = await makePerson(server, { isAdministrator: true });
    const victim = await makePerson(server);
    const app = await enrolApp(person);
    const session = await logInWith(server, person, app.recoveryCodes[0] ?? "");
    await ageFactor(server, person);

    const before = await newestEventId(root);
    for (const operation of everyOperation.filter(({ needsFreshFactor }) => needsFreshFactor)) {
      const target = targetOf(operation, (name) => (name === "username" ? victim.username : "999999"));
      const answer = await session.send(target, { method: operation.method });
      assert.deepEqual([answer.status, isAskedAgain(answer)], [403, true], `${operation.name}: ${answer.text}`);
    }
    const name = freshName();
    const newUser = { username: name, email: `${name}@example.com`, password: "a password" };
    const acts: readonly (readonly [method: string, path: string, body: object])[] = [
      ["POST", "users", { ...newUser, is_superuser: true }],
      ["POST", "users", { ...newUser, is_auditor: true }],
      ["PATCH", `users/${victim.username}`, { is_superuser: true }],
      ["PATCH", `users/${victim.username}`, { is_auditor: true }],
      ["PATCH", `users/${person.username}`, { is_superuser: false }],
      ["PATCH", `users/${victim.username}`, { is_active: false }],
      ["PUT", "settings/ironlog_second_factor", { value: "off" }],
      ["PUT", "settings/ironlog_session_lifetime_seconds", { value: 100 }],
    ];
    for (const [method, path, body] of acts) {
      const answer = await session.ask(method, path, body);
      assert.deepEqual([answer.status, isAskedAgain(answer)], [403, true], `${method} ${path}: ${answer.text}`);
    }
    const forms = [
      ["POST", "users/", { ...newUser, is_superuser: "1" }],
      ["PUT", `users/${victim.username}/`, { is_superuser: "1" }],
      ["PUT", `users/${victim.username}/`, { is_active: "0" }],
      ["POST", "maas/?op=set_config", { name: "ironlog_second_factor", value: "off" }],
    ] as const;
    for (const [method, path, form] of forms) {
      const answer = await session.send(`/MAAS/api/2.0/${path}`, {
        method,
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(form).toString(),
      });
      assert.deepEqual([answer.status, isAskedAgain(answer)], [403, true], `${method} ${path}: ${answer.text}`);
    }
    assert.deepEqual(await eventsSince(root, before), [], "nothing was done");

    // All else goes on, and so do API keys.
    assert.equal((await session.ask("POST", "users", newUser)).status, 201);
    assert.equal((await session.ask("PUT", "settings/maas_name", { value: "audit" })).status, 200);
    assert.equal((await person.native.ask("PATCH", `users/${name}`, { is_auditor: true })).status, 200);
    const renewed = await session.ask("PUT", "session/factor", { code: app.recoveryCodes[1] });
    assert.equal(renewed.status, 204, renewed.text);
    assert.equal((await session.ask("DELETE", `users/${name}`)).status, 204);
  });
});

function isAskedAgain({ text }: Answer): boolean {
  return text.includes("Give your second factor again");
}

async function logInWith(server: TestServer, person: Person, code: string): Promise<SessionClient> {
  const pending_login = await pendingOf(server, person);
  const answer = await anonymous(server).ask("POST", "session/factor", { pending_login, code });
  assert.equal(answer.status, 200, answer.text);
  return sessionClient(server, answer.cookie("sessionid") ?? "", answer.cookie("csrftoken") ?? "");
}
