import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import type { Answer } from "../../support/clients/http-client.ts";
import {
  anonymous,
  eventsSince,
  logIn,
  newestEventId,
  sessionClient,
  type SessionClient,
  tryLogIn,
} from "../../support/clients/native-client.ts";
import { takeGuardsOff } from "../../support/databases/guards.ts";
import { type App, codeOf, enrolApp } from "../../support/factors/app.ts";
import { openShell } from "../../support/processes/command.ts";
import { pendingOf, postForm } from "../../support/factors/login.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { sharedServers, startSecondServer, startServer, type TestServer } from "../../support/server.ts";

// Codes of apps and recovery codes: what opens a session, what doesn't, and what the log says of it.

const serverOf = sharedServers();

forEachKind((kind) => {
  test(`a right password opens nothing without the factor, over both APIs (${kind})`, async () => {
    const server = await serverOf(kind);
    const { person, app } = await enrolled(server);
    const { native: root } = admin(server);
    const before = await newestEventId(root);

    const maas = await tryLogIn(server, person);
    assert.equal(maas.status, 400);
    assert.deepEqual(maas.json(), {
      code: ["This account has a second factor: send its code too, or a recovery code."],
    });
    const native = await tryLogIn(server, person, { api: "native" });
    assert.equal(native.status, 403);
    const asked = native.json<Record<string, unknown>>();
    assert.equal(asked["code"], "factor_needed");
    assert.deepEqual(asked["factors"], ["totp", "recovery_code"]);
    for (const answer of [maas, native]) assert.equal(answer.headers["set-cookie"], undefined);
    const key = await postForm(server, "accounts/authenticate/", person);
    assert.deepEqual([key.status, key.text.slice(0, 16)], [403, "This account has"]);

    const wrong = await postForm(server, "accounts/login/", { ...person, code: "AAAA-AAAA-AAAA-AAAA" });
    assert.equal(wrong.status, 400);
    assert.deepEqual(Object.keys(wrong.json<object>()), ["code"]);
    const [one = "", two = ""] = app.recoveryCodes;
    const right = await postForm(server, "accounts/login/", { ...person, code: app.code(1) });
    assert.equal(right.status, 204, right.text);
    const made = await postForm(server, "accounts/authenticate/", { ...person, code: one });
    assert.equal(made.status, 200, made.text);

    const events = await eventsSince(root, before);
    const ask = ["auth.factor.ask", "success", null];
    assert.deepEqual(
      events.map(({ action, outcome, details }) => [action, outcome, details]),
      [
        ask,
        ask,
        ask,
        ["auth.login.failure", "failure", { operation: "second factor" }],
        ["auth.login", "success", { factor: "totp", factor_name: "phone", role: "user" }],
        ["token.create", "success", { factor: "recovery_code", recovery_codes_left: 9 }],
      ],
    );
    for (const event of events) assert.equal(event.username, person.username);

    const session = sessionOf(server, right);
    const renewed = await session.ask("PUT", "session/factor", { code: two });
    assert.equal(renewed.status, 204, renewed.text);
  });

  test(`no code and no pending login is good twice (${kind})`, async () => {
    const server = await serverOf(kind);
    const { person, app } = await enrolled(server);
    const code = app.code(1);
    const [first, second] = await Promise.all(
      [1, 2].map(() => postForm(server, "accounts/login/", { ...person, code })),
    );
    assert.deepEqual(
      [`${first?.status}`, `${second?.status}`].toSorted(),
      ["204", "400"],
      "of two at once one is let in",
    );
    // An older one isn't taken either: who looks over a shoulder may have seen it.
    for (const used of [code, app.code()]) {
      assert.equal((await postForm(server, "accounts/login/", { ...person, code: used })).status, 400);
    }
    const pending_login = await pendingOf(server, person);
    const [one = "", two = ""] = app.recoveryCodes;
    const step = (given: string) => anonymous(server).ask("POST", "session/factor", { pending_login, code: given });
    assert.equal((await step(one)).status, 200);
    const again = await step(two);
    assert.deepEqual([again.status, again.json<{ readonly code: string }>().code], [400, "invalid"]);
    assert.equal((await postForm(server, "accounts/login/", { ...person, code: one })).status, 400);
  });

  test(`a pending login is void after a new password, and can't be made up (${kind})`, async () => {
    const server = await serverOf(kind);
    const { person, app } = await enrolled(server);
    const pending_login = await pendingOf(server, person);
    const [one = ""] = app.recoveryCodes;
    const changed = await person.native.ask("PUT", "account/password", {
      old_password: person.password,
      new_password: "another password",
    });
    assert.equal(changed.status, 204, changed.text);
    const late = await anonymous(server).ask("POST", "session/factor", { pending_login, code: one });
    assert.equal(late.status, 401, late.text);
    const [id = "", text = ""] = pending_login.split(".");
    const forged = `${id}.${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`;
    for (const pending of [forged, `${id.replace(/^./, "0")}.${text}`, id, ""]) {
      const answer = await anonymous(server).ask("POST", "session/factor", { pending_login: pending, code: one });
      assert.ok(answer.status === 400 || answer.status === 401, `${pending}: ${answer.text}`);
      assert.equal(answer.headers["set-cookie"], undefined);
    }
  });

  test(`the first factor ends other sessions, and the last one takes the codes along (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const [old, own] = [await logIn(server, person), await logIn(server, person)];
    const app = await enrolApp({ native: own, password: person.password });
    assert.equal((await old.ask("GET", "session")).status, 401);
    const session = (await own.ask("GET", "session")).json<{ readonly second_factor: string }>();
    assert.equal(session.second_factor, "on");
    // Added just now, so it is fresh: no code is needed to go on.
    const more = await own.ask("POST", "account/second-factor/totp", {});
    assert.equal(more.status, 200, more.text);
    const { enrolment, secret } = more.json<{ readonly enrolment: string; readonly secret: string }>();
    const added = await own.ask("POST", "account/second-factor", { enrolment, name: "tablet", code: codeOf(secret) });
    assert.deepEqual(added.json<{ readonly recovery_codes: null }>().recovery_codes, null);
    const { id } = added.json<{ readonly id: string }>();
    const listed = (await own.ask("GET", "account/second-factor")).json<{
      readonly items: readonly { readonly name: string; readonly kind: string; readonly last_used: string | null }[];
      readonly recovery_codes_left: number;
    }>();
    assert.deepEqual(
      listed.items.map(({ name, kind: type }) => [name, type]),
      [
        ["phone", "totp"],
        ["tablet", "totp"],
      ],
    );
    assert.equal(listed.recovery_codes_left, 10);
    for (const one of [id, app.id]) {
      assert.equal((await own.ask("POST", `account/second-factor/${one}/remove`, {})).status, 204);
    }
    assert.equal((await tryLogIn(server, person)).status, 204, "the password is enough again");
  });

  test(`wrong codes are few for one account, from everywhere; other factors go on (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { person, app } = await enrolled(server);
    const wrong = app.code().replace(/^./, (digit) => String((Number(digit) + 5) % 10));
    const tries = await Promise.all(
      Array.from({ length: 14 }, () => postForm(server, "accounts/login/", { ...person, code: wrong })),
    );
    const count = (wanted: number) => tries.filter(({ status }) => status === wanted).length;
    assert.deepEqual([count(400), count(429)], [10, 4]);
    const right = await postForm(server, "accounts/login/", { ...person, code: app.code(1) });
    assert.equal(right.status, 429, "a right code isn't looked at either");
    assert.ok(Number(right.headers["retry-after"]) > 200);
    const [one = ""] = app.recoveryCodes;
    assert.equal((await postForm(server, "accounts/login/", { ...person, code: one })).status, 204);
    // What was turned away is recorded together, at the latest when the server stops.
    await server.stop();
    await server.start();
    const [blocked] = (await eventsSince(admin(server).native, 0)).filter(
      ({ action }) => action === "auth.login.blocked",
    );
    assert.deepEqual(
      [blocked?.details?.["attempts"], blocked?.details?.["accounts"]],
      [5, [{ name: person.username, attempts: 5 }]],
    );
  });

  test(`without its key an app's secret opens nothing, and the refusal says so (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { person, app } = await enrolled(server);
    const file = path.join(server.data, "secrets.key");
    renameSync(file, `${file}.away`);
    const lost = await postForm(server, "accounts/login/", { ...person, code: app.code(1) });
    assert.deepEqual([lost.status, /lost the secret of your app/.test(lost.text)], [503, true], lost.text);
    const [one = ""] = app.recoveryCodes;
    assert.equal((await postForm(server, "accounts/login/", { ...person, code: one })).status, 204);
    renameSync(`${file}.away`, file);
    // Sealed anew with another key, beside the running server.
    using shell = openShell();
    const rotated = await shell.ironlog(["secrets", "rotate", ...server.databaseArgs]);
    assert.match(rotated.stdout, /^1 secret is sealed with /, rotated.stderr);
    assert.equal((await postForm(server, "accounts/login/", { ...person, code: app.code(1) })).status, 204);
  });

  test(`an administrator's reset leads back to the password, and ends sessions (${kind})`, async () => {
    const server = await serverOf(kind);
    const { person, app } = await enrolled(server);
    const { native: root } = admin(server);
    const [one = ""] = app.recoveryCodes;
    const session = sessionOf(server, await postForm(server, "accounts/login/", { ...person, code: one }));
    const seen = (await root.ask("GET", `users/${person.username}`)).json<{ readonly second_factor: boolean }>();
    assert.equal(seen.second_factor, true);
    assert.equal((await root.ask("DELETE", `users/${person.username}/second-factor`)).status, 204);
    assert.equal((await session.ask("GET", "session")).status, 401);
    assert.equal((await tryLogIn(server, person)).status, 204);
    assert.equal((await person.native.ask("GET", "account")).status, 200, "API keys go on");
    // The same on the server, for the last administrator.
    using shell = openShell();
    const reset = () => shell.ironlog(["resetfactor", person.username, ...server.databaseArgs]);
    const none = await reset();
    assert.deepEqual([none.code, /has no second factor/.test(none.stderr)], [1, true], none.stderr);
    await enrolApp(person);
    assert.equal((await tryLogIn(server, person)).status, 400);
    const done = await reset();
    assert.equal(done.code, 0, done.stderr);
    assert.equal((await tryLogIn(server, person)).status, 204);
    const last = (await eventsSince(root, 0)).findLast(({ action }) => action === "user.factor.reset");
    assert.deepEqual([last?.endpoint, last?.target_name], ["CLI", person.username]);
  });

  test(`who has a factor shows it to change factors: an API key and a password are not enough (${kind})`, async () => {
    const server = await serverOf(kind);
    const { person, app } = await enrolled(server);
    const { password, native } = person;
    const begun = await native.ask("POST", "account/second-factor/totp", { password });
    assert.deepEqual([begun.status, begun.json<{ readonly code: string }>().code], [403, "factor_needed"]);
    for (const path of ["account/second-factor/recovery-codes", `account/second-factor/${app.id}/remove`]) {
      assert.equal((await native.ask("POST", path, {})).status, 403, path);
    }
  });

  test(`what an insider does to factors by SQL lets nobody in (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { person, app } = await enrolled(server);
    const { person: mallory, app: own } = await enrolled(server);
    const { native: root } = admin(server);
    const idOf = (username: string) => `(select id from "user" where username = '${username}')`;
    const [victim, insider] = [idOf(person.username), idOf(mallory.username)];
    const [one = "", two = ""] = app.recoveryCodes;
    await server.meddle(`create table kept as select * from recovery_code where user_id = ${victim}`);
    assert.equal((await postForm(server, "accounts/login/", { ...person, code: one })).status, 204);
    await takeGuardsOff(server, "user", "totp_device", "recovery_code");

    // The insider's own app, made the victim's.
    await server.meddle(`update totp_device set user_id = ${victim} where user_id = ${insider}`);
    assert.equal((await postForm(server, "accounts/login/", { ...person, code: own.code(1) })).status, 400);
    // A code that was used, back again.
    await server.meddle(`insert into recovery_code select * from kept where id not in (select id from recovery_code)`);
    assert.equal((await postForm(server, "accounts/login/", { ...person, code: one })).status, 400);
    // All factors gone.
    for (const table of ["totp_device", "recovery_code"]) await server.meddle(`delete from ${table}`);
    for (const code of [undefined, app.code(1), two]) {
      const answer = await postForm(server, "accounts/login/", { ...person, ...(code !== undefined && { code }) });
      assert.equal(answer.status, 400, `${code}: ${answer.text}`);
      assert.deepEqual(Object.keys(answer.json<object>()), ["code"]);
    }
    // And no sign left that there ever were any.
    await server.meddle(`update "user" set factor_since = null where username = '${person.username}'`);
    const forged = await tryLogIn(server, person);
    assert.equal(forged.status, 400, forged.text);
    const told = (await eventsSince(root, 0)).filter(({ action }) => action === "state.mismatch");
    const tables = new Set(told.map(({ details }) => String(details?.["table"])));
    assert.deepEqual([...tables].toSorted(), ["recovery_code", "totp_device", "user"]);
  });
});

test("servers on one PostgreSQL finish what another has begun, once", async () => {
  const server = await serverOf("postgres");
  const { person, app } = await enrolled(server);
  await using second = await startSecondServer(server);
  const pending_login = await pendingOf(server, person);
  const code = app.code(1);
  const step = (place: { readonly url: string }, given: string) =>
    anonymous(place).ask("POST", "session/factor", { pending_login, code: given });
  const [here, there] = await Promise.all([step(server, code), step(second, code)]);
  assert.deepEqual([`${here.status}`, `${there.status}`].toSorted(), ["200", "401"], `${here.text} ${there.text}`);
  const [one = ""] = app.recoveryCodes;
  assert.equal((await step(second, one)).status, 400, "it was finished");
});

async function enrolled(server: TestServer): Promise<{ readonly person: Person; readonly app: App }> {
  const person = await makePerson(server);
  return { person, app: await enrolApp(person) };
}

function sessionOf(server: TestServer, answer: Answer): SessionClient {
  assert.ok(answer.status < 300, answer.text);
  return sessionClient(server, answer.cookie("sessionid") ?? "", answer.cookie("csrftoken") ?? "");
}
