import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { send } from "../../support/clients/http-client.ts";
import { encode } from "../../support/clients/maas-client.ts";
import { logIn } from "../../support/clients/native-client.ts";
import { askAs, assertRecorded, newTrace, type ExpectedOrigin, recordedPeople } from "../../support/recorded.ts";
import { sharedServers } from "../../support/server.ts";

// A2 and A3: what each login, logout and end of sessions records.

const serverOf = sharedServers();

forEachKind((kind) => {
  for (const api of ["maas", "native"] as const) {
    test(`A2, A3: a login and a logout in the ${api} API (${kind})`, async () => {
      const { server, root, person, own } = await recordedPeople(await serverOf(kind));
      const origin: ExpectedOrigin = { trace: newTrace("traceparent"), ip: person.from, endpoint: "UI" };
      const session = await logIn(server, person, { api, from: person.from, headers: origin.trace.headers });
      const inAs = { action: "auth.login", description: `User '${person.username}' logged in.`, ...own };
      await assertRecorded(root.native, origin, [inAs]);
      const out: ExpectedOrigin = { ...origin, trace: newTrace() };
      const answer =
        api === "native"
          ? await askAs(session, out, "DELETE", "session")
          : await session.send("/MAAS/accounts/logout/", { method: "POST", body: "", headers: out.trace.headers });
      assert.equal(answer.status, 204);
      const outAs = { action: "auth.logout", description: `User '${person.username}' logged out.`, ...own };
      await assertRecorded(root.native, out, [outAs]);
      assert.equal((await session.ask("GET", "session")).status, 401);
    });
  }

  test(`A2: an administrator's login reads like anybody's (${kind})`, async () => {
    const { server, root, person, own } = await recordedPeople(await serverOf(kind), { isAdministrator: true });
    const origin: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "UI" };
    await logIn(server, person, { from: person.from, headers: origin.trace.headers });
    await assertRecorded(root.native, origin, [
      { action: "auth.login", description: `User '${person.username}' logged in.`, ...own },
    ]);
  });

  test(`A1: logging in while logged in is a 204 without event (${kind})`, async () => {
    const { server, root, person } = await recordedPeople(await serverOf(kind));
    const session = await logIn(server, person, { from: person.from });
    const origin: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "UI" };
    const answer = await session.send("/MAAS/accounts/login/", {
      method: "POST",
      body: encode([
        ["username", person.username],
        ["password", person.password],
      ]),
      headers: { "content-type": "application/x-www-form-urlencoded", ...origin.trace.headers },
    });
    assert.equal(answer.status, 204);
    await assertRecorded(root.native, origin, []);
    assert.equal((await session.ask("GET", "session")).status, 200);
  });

  test(`A2, A3: sessions ended by hand: all of one's own, somebody's (${kind})`, async () => {
    const { server, root, rootIp, person, target, own, asRoot } = await recordedPeople(await serverOf(kind));
    const enter = () => logIn(server, person, { from: person.from });
    const ended = (number: number) => ({
      action: "session.end",
      description: `Ended ${number} sessions of '${person.username}'.`,
      ...target,
    });
    const all: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "UI" };
    const last = [await enter(), await enter(), await enter()].at(-1);
    assert.ok(last !== undefined);
    assert.equal((await askAs(last, all, "DELETE", "sessions")).status, 204);
    await assertRecorded(root.native, all, [{ ...ended(3), ...own }]);
    await enter();
    await enter();
    const byRoot: ExpectedOrigin = { trace: newTrace(), ip: rootIp, endpoint: "API" };
    assert.equal((await askAs(root.native, byRoot, "DELETE", `users/${person.username}/sessions`)).status, 204);
    await assertRecorded(root.native, byRoot, [{ ...ended(2), ...asRoot }]);
  });

  test(`A2: the end of one session reads as the list of wordings has it (${kind})`, async () => {
    const { server, root, person, target, own } = await recordedPeople(await serverOf(kind));
    const one: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "UI" };
    const session = await logIn(server, person, { from: person.from });
    const { items } = (await session.ask("GET", "sessions")).json<{ items: readonly { id: number }[] }>();
    assert.equal((await askAs(session, one, "DELETE", `sessions/${items[0]?.id}`)).status, 204);
    await assertRecorded(root.native, one, [
      { action: "session.end", description: `Ended 1 sessions of '${person.username}'.`, ...own, ...target },
    ]);
  });

  test(`5.3: authenticate/ makes a token in the account's name (${kind})`, async () => {
    const { server, root, person, own } = await recordedPeople(await serverOf(kind));
    const origin: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "UI" };
    const answer = await send(server.url, "/MAAS/accounts/authenticate/", {
      method: "POST",
      from: person.from,
      body: encode([
        ["username", person.username],
        ["password", person.password],
        ["consumer", "me@laptop"],
      ]),
      headers: { "content-type": "application/x-www-form-urlencoded", ...origin.trace.headers },
    });
    assert.equal(answer.status, 200);
    await assertRecorded(root.native, origin, [
      { action: "token.create", description: "Created token.", ...own, target_kind: "token", target_name: "me@laptop" },
    ]);
  });
});
