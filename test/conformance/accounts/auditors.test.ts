import assert from "node:assert/strict";
import { test } from "node:test";
import { allEvents, bearer, logIn, type NativeEvent } from "../../support/clients/native-client.ts";
import { send } from "../../support/clients/http-client.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { openAnswer } from "../../support/clients/open-answer.ts";
import { makeMachine } from "../../support/nodes.ts";
import { sharedServers } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";

// Auditors read everything and change nothing but their own account.

const serverOf = sharedServers();

forEachKind((kind) => {
  test(`B7: an auditor reads what administrators read, over every way to read (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native: root } = admin(server);
    const [auditor, other] = [await makePerson(server, { isAuditor: true }), await makePerson(server)];
    await other.native.ask("POST", "account/tokens", { name: "theirs" });
    const [event] = await allEvents(root, { owner: other.username, action: "token.create" });
    assert.ok(event !== undefined);
    const maas = await auditor.maas.get(`events/?op=query&level=AUDIT&owner=${other.username}`);
    assert.ok(maas.json<{ count: number }>().count >= 1, maas.text);
    for (const path of [
      `events?owner=${other.username}&limit=1`,
      `events/export?format=jsonl&owner=${other.username}&action=token.create`,
    ]) {
      const answer = await auditor.native.ask("GET", path);
      assert.equal(answer.status, 200, answer.text);
      assert.ok(answer.text.includes(`"username":"${other.username}"`), path);
    }
    assert.equal((await auditor.native.ask("GET", `events/${event.id}`)).status, 200);
    const counted = await auditor.native.ask("GET", `events/histogram?owner=${other.username}`);
    assert.ok(counted.json<{ counted: number }>().counted >= 1);
    assert.equal((await auditor.native.ask("GET", `events/${event.id}/proof`)).status, 200);
    const person = await auditor.native.ask("GET", `users/${other.username}`);
    assert.equal(person.json<{ email: string }>().email, other.email);
    assert.ok((await auditor.maas.get(`users/${other.username}/`)).text.includes(other.email));
    for (const path of [
      `users/${other.username}/tokens`,
      `users/${other.username}/sessions`,
      "settings",
      "settings/maas_name",
      "server/workers",
    ]) {
      assert.equal((await auditor.native.ask("GET", path)).status, 200, path);
      assert.equal((await other.native.ask("GET", path)).status, 403, path);
    }
    assert.equal((await auditor.native.ask("POST", "log/verifications")).status, 202);
    for (const [by, status] of [
      [auditor, 200],
      [other, 403],
    ] as const) {
      const headers = { authorization: `Bearer ${by.apiKey}` };
      assert.equal((await send(server.url, "/log/tile/entries/000.p/1", { headers })).status, status);
    }
    const ready = await send(server.url, "/readyz", { headers: { authorization: `Bearer ${auditor.apiKey}` } });
    assert.equal(ready.status, 200);
  });

  test(`an auditor is told whether a secret setting is set, and never what it is (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native: root } = admin(server);
    const auditor = await makePerson(server, { isAuditor: true });
    const secret = "http://proxy:hunter2-of-the-proxy@proxy.example:3128";
    assert.equal((await root.ask("PUT", "settings/http_proxy", { value: secret })).status, 200);
    for (const path of [
      "settings",
      "settings/http_proxy",
      "events?action=setting.*&limit=5",
      "events/export?format=csv&action=setting.*",
    ]) {
      const answer = await auditor.native.ask("GET", path);
      assert.equal(answer.status, 200, answer.text);
      assert.ok(!answer.text.includes("hunter2"), path);
    }
  });

  test(`an auditor's attempts to change something are refused and recorded (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native: root, maas } = admin(server);
    const { system_id } = await makeMachine(maas, {}, "Ready");
    const auditor = await makePerson(server, { isAuditor: true });
    const attempts = [
      () => auditor.native.ask("PUT", "settings/maas_name", { value: "mine" }),
      () => auditor.native.ask("POST", "users", { username: "x", email: "x@example.com", password: "long enough" }),
      () => auditor.native.ask("POST", `nodes/${system_id}/steps`, { step: "acquire" }),
      () => auditor.native.ask("DELETE", `users/${auditor.username}`),
      () => auditor.maas.post("machines/?op=allocate", [["system_id", system_id]]),
      () => auditor.maas.post("devices/", [["mac_addresses", "52:54:00:00:00:77"]]),
      () =>
        auditor.maas.post("maas/?op=set_config", [
          ["name", "maas_name"],
          ["value", "mine"],
        ]),
    ];
    for (const attempt of attempts) assert.equal((await attempt()).status, 403, attempt.toString());
    const refusals = await allEvents(root, { action: "operation.refuse", owner: auditor.username });
    assert.equal(refusals.length, attempts.length);
    const own = [
      await auditor.native.ask("PATCH", "account", { last_name: "Auditor" }),
      await auditor.native.ask("POST", "account/tokens", { name: "mine", scopes: ["audit"] }),
      await auditor.maas.post("account/?op=create_authorisation_token", []),
    ];
    assert.deepEqual(
      own.map(({ status }) => status),
      [200, 201, 200],
    );
  });

  test(`roles are given, changed and told in the log's words (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native: root } = admin(server);
    const person = await makePerson(server, { isAuditor: true });
    const set = (changes: object) => root.ask("PATCH", `users/${person.username}`, changes);
    const both = await set({ is_superuser: true, is_auditor: true });
    assert.equal(both.status, 400, both.text);
    assert.match(
      both.text,
      /"is_auditor":\["An administrator reads everything: give is_superuser or is_auditor, not both\."\]/,
    );
    assert.equal((await set({ is_superuser: true })).json<{ is_auditor: boolean }>().is_auditor, false);
    await set({ is_superuser: false, is_auditor: true });
    await set({ is_auditor: false });
    await root.ask("DELETE", `users/${person.username}`);
    const told = await allEvents(root, { target: `user/${person.username}` });
    const words = told.filter(({ action }) => /permission|user\.(create|delete)/.test(action ?? ""));
    assert.deepEqual(words.map(({ description }: NativeEvent) => description).toReversed(), [
      `Created auditor '${person.username}'.`,
      `Permissions changed for '${person.username}': auditor -> admin.`,
      `Permissions changed for '${person.username}': admin -> auditor.`,
      `Permissions changed for '${person.username}': auditor -> user.`,
      `Deleted user '${person.username}'.`,
    ]);
  });

  test(`who is no auditor any more reads their own again, and what they followed ends (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native: root } = admin(server);
    const auditor = await makePerson(server, { isAuditor: true });
    const session = await logIn(server, auditor, { from: auditor.from });
    using stream = await openAnswer(server.url, "events/stream", { authorization: `Bearer ${auditor.apiKey}` });
    await root.ask("PATCH", `users/${auditor.username}`, { is_auditor: false });
    await stream.until((text) => text.includes(`"reason":"demoted"`));
    assert.equal((await session.ask("GET", "settings")).status, 403);
    const seen = await allEvents(auditor.native, { limit: "1000" });
    assert.ok(seen.every(({ username }) => username === auditor.username));
  });

  test(`the scope audit is an auditor's or an administrator's to give, and reads what its owner may read by now (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native: root } = admin(server);
    const [auditor, user] = [await makePerson(server, { isAuditor: true }), await makePerson(server)];
    assert.equal((await user.native.ask("POST", "account/tokens", { scopes: ["audit"] })).status, 403);
    const made = await auditor.native.ask("POST", "account/tokens", { scopes: ["audit"] });
    const key = bearer(server, made.json<{ api_key: string }>().api_key);
    assert.equal((await key.ask("GET", "settings")).status, 200);
    assert.equal((await key.ask("PATCH", "account", { last_name: "x" })).status, 403, "it changes nothing");
    await root.ask("PATCH", `users/${auditor.username}`, { is_auditor: false });
    assert.equal((await key.ask("GET", "settings")).status, 403);
    const events = await allEvents(key, { limit: "1000" });
    assert.ok(events.every(({ username }) => username === auditor.username));
  });
});
