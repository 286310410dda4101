import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { logIn, tryLogIn } from "../../support/clients/native-client.ts";
import { makePerson } from "../../support/worlds/people.ts";
import { fingerprintOf, freshName } from "../../support/worlds/world.ts";
import { askAs, assertRecorded, newTrace, type ExpectedOrigin, recordedPeople } from "../../support/recorded.ts";
import { sharedServers } from "../../support/server.ts";

// A2 and A3: what each act on accounts and sessions records.

const serverOf = sharedServers();

forEachKind((kind) => {
  for (const [by, endpoint] of [
    ["session", "UI"],
    ["key", "API"],
    ["MAAS", "API"],
  ] as const) {
    test(`A2, A3, D2: changing one's own password by ${by} (${kind})`, async () => {
      const { server, root, person, own, target } = await recordedPeople(await serverOf(kind));
      const sessions = [
        await logIn(server, person, { from: person.from }),
        await logIn(server, person, { from: person.from }),
      ];
      const origin: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint };
      const passwords = { old_password: person.password, new_password: "a new password" };
      const client = by === "session" ? sessions[0] : person.native;
      assert.ok(client !== undefined);
      const answer =
        by === "MAAS"
          ? await person.maas.post("account/?op=change_password", Object.entries(passwords), {
              headers: origin.trace.headers,
            })
          : await askAs(client, origin, "PUT", "account/password", passwords);
      assert.ok(answer.status === 204 || answer.status === 200, answer.text);
      await assertRecorded(root.native, origin, [
        {
          action: "user.password.change",
          description: `Password changed for '${person.username}'.`,
          ...own,
          ...target,
          details: { sessions_ended: 2 },
        },
      ]);
    });
  }

  test(`A2, A3: an administrator's reset (${kind})`, async () => {
    const { server, root, rootIp, person, target, asRoot } = await recordedPeople(await serverOf(kind));
    await logIn(server, person, { from: person.from });
    const origin: ExpectedOrigin = { trace: newTrace(), ip: rootIp, endpoint: "API" };
    await askAs(root.native, origin, "PUT", `users/${person.username}/password`, { new_password: "a new password" });
    await assertRecorded(root.native, origin, [
      {
        action: "user.password.reset",
        description: `Password changed for '${person.username}'.`,
        ...asRoot,
        ...target,
        details: { sessions_ended: 1, tokens_deleted: 1, tokens: [fingerprintOf(person)] },
      },
    ]);
  });

  for (const isAdmin of [true, false]) {
    const role = isAdmin ? "admin" : "user";
    test(`A2, A3: creating and deleting a ${role} in both APIs (${kind})`, async () => {
      const { root, rootIp, asRoot } = await recordedPeople(await serverOf(kind));
      for (const api of ["maas", "native"] as const) {
        const username = freshName();
        const email = `${username}@example.com`;
        const origin: ExpectedOrigin = { trace: newTrace(), ip: rootIp, endpoint: "API" };
        const answer =
          api === "maas"
            ? await root.maas.post(
                "users/",
                [
                  ["username", username],
                  ["email", email],
                  ["password", "password 1"],
                  ["is_superuser", isAdmin ? "1" : "0"],
                ],
                { headers: origin.trace.headers },
              )
            : await askAs(root.native, origin, "POST", "users", {
                username,
                email,
                password: "password 1",
                is_superuser: isAdmin,
              });
        assert.equal(answer.status, api === "maas" ? 200 : 201, answer.text);
        const [created] = await assertRecorded(root.native, origin, [
          {
            action: "user.create",
            description: `Created ${role} '${username}'.`,
            ...asRoot,
            target_kind: "user",
            target_name: username,
          },
        ]);
        assert.equal(created?.details?.["email"], email);
        assert.equal(created?.details?.["is_superuser"], isAdmin);
        const end: ExpectedOrigin = { ...origin, trace: newTrace() };
        const gone =
          api === "maas"
            ? await root.maas.delete(`users/${username}/`, { headers: end.trace.headers })
            : await askAs(root.native, end, "DELETE", `users/${username}`);
        assert.equal(gone.status, 204);
        await assertRecorded(root.native, end, [
          {
            action: "user.delete",
            description: `Deleted ${role} '${username}'.`,
            ...asRoot,
            target_kind: "user",
            target_id: created?.target_id ?? "",
            target_name: username,
          },
        ]);
      }
    });
  }

  for (const api of ["maas", "native"] as const) {
    test(`A1, A2, A3: a change of everything in the ${api} API is one event for each kind (${kind})`, async () => {
      const { server, root, rootIp, person, target, asRoot } = await recordedPeople(await serverOf(kind));
      await logIn(server, person, { from: person.from });
      const email = `new-${person.email}`;
      const change = async (values: Record<string, string | boolean>): Promise<ExpectedOrigin> => {
        const origin: ExpectedOrigin = { trace: newTrace(), ip: rootIp, endpoint: "API" };
        const asText = Object.entries(values).map(
          ([name, value]) => [name, typeof value === "string" ? value : value ? "1" : "0"] as const,
        );
        const answer =
          api === "maas"
            ? await root.maas.put(`users/${person.username}/`, asText, { headers: origin.trace.headers })
            : await askAs(root.native, origin, "PATCH", `users/${person.username}`, values);
        assert.equal(answer.status, 200, answer.text);
        return origin;
      };
      const about = { ...asRoot, ...target };
      const profile = {
        action: "user.profile.update",
        description: `User profile of '${person.username}' updated: email, last_name.`,
        ...about,
        details: { email: { old: person.email, new: email }, last_name: { old: "", new: "Ünï" } },
      };
      const up = {
        action: "user.permission.change",
        description: `Permissions changed for '${person.username}': user -> admin.`,
        ...about,
        details: { is_superuser: { old: false, new: true } },
      };
      const down = {
        ...up,
        description: `Permissions changed for '${person.username}': admin -> user.`,
        details: { is_superuser: { old: true, new: false } },
      };
      const off = {
        action: "user.deactivate",
        description: `Deactivated user '${person.username}'.`,
        ...about,
        details: { sessions_ended: 1, tokens_deleted: 1, tokens: [fingerprintOf(person)] },
      };
      const on = { action: "user.activate", description: `Activated user '${person.username}'.`, ...about };
      const all = await change({ email, last_name: "Ünï", is_superuser: true, is_active: false });
      await assertRecorded(root.native, all, [profile, up, off]);
      await assertRecorded(root.native, await change({ is_superuser: false }), [down]);
      await assertRecorded(root.native, await change({ is_active: true }), [on]);
    });
  }

  test(`A1: an act that changes nothing is recorded and says so (${kind})`, async () => {
    const { root, rootIp, person, target, asRoot, own } = await recordedPeople(await serverOf(kind));
    const description = `User profile of '${person.username}' updated: no change.`;
    const byRoot: ExpectedOrigin = { trace: newTrace(), ip: rootIp, endpoint: "API" };
    await askAs(root.native, byRoot, "PATCH", `users/${person.username}`, { email: person.email });
    await assertRecorded(root.native, byRoot, [{ action: "user.profile.update", description, ...asRoot, ...target }]);
    const bySelf: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "API" };
    await askAs(person.native, bySelf, "PATCH", "account", { last_name: "" });
    await assertRecorded(root.native, bySelf, [{ action: "user.profile.update", description, ...own, ...target }]);
  });

  test(`A1: a change that fails leaves no event that claims it (${kind})`, async () => {
    const { root, rootIp, person, own } = await recordedPeople(await serverOf(kind));
    const taken = await makePerson(await serverOf(kind));
    const origin: ExpectedOrigin = { trace: newTrace(), ip: rootIp, endpoint: "API" };
    const body = { username: taken.username, email: `other-${taken.email}`, password: "password 1" };
    assert.equal((await askAs(root.native, origin, "POST", "users", body)).status, 409);
    await assertRecorded(root.native, origin, []);
    const profile: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "API" };
    assert.ok(
      (await askAs(person.native, profile, "PATCH", "account", { email: taken.email, last_name: "x" })).status >= 400,
    );
    await assertRecorded(root.native, profile, []);
    assert.equal((await person.native.ask("GET", "account")).json<{ last_name: string }>().last_name, "");
    const login: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "UI" };
    await tryLogIn(
      await serverOf(kind),
      { ...person, password: "wrong password" },
      { from: person.from, headers: login.trace.headers },
    );
    await assertRecorded(root.native, login, [
      {
        action: "auth.login.failure",
        outcome: "failure",
        description: `Login failed for '${person.username}'.`,
        ...own,
      },
    ]);
  });
});
