import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { freshAddress, send } from "../../support/clients/http-client.ts";
import { MaasClient, oauthHeader } from "../../support/clients/maas-client.ts";
import { allEvents } from "../../support/clients/native-client.ts";
import { makePerson } from "../../support/worlds/people.ts";
import { askAs, assertRecorded, newTrace, type ExpectedOrigin, recordedPeople } from "../../support/recorded.ts";
import { sharedServers } from "../../support/server.ts";

// A2, A3, A5 and 5.1: what each act on API tokens answers and records.

const serverOf = sharedServers();

interface NewToken {
  readonly token_key: string;
  readonly token_secret: string;
  readonly consumer_key: string;
  readonly name: string;
}

forEachKind((kind) => {
  test(`53, A2, A3: a token's life over MAAS's API: 200, 202, 204 and the three texts (${kind})`, async () => {
    const { root, person, own } = await recordedPeople(await serverOf(kind));
    const at = (): ExpectedOrigin => ({ trace: newTrace(), ip: person.from, endpoint: "API" });
    const create = at();
    const made = await person.maas.post("account/?op=create_authorisation_token", [["name", "one"]], {
      headers: create.trace.headers,
    });
    assert.equal(made.status, 200);
    const token = made.json<NewToken>();
    const about = { ...own, target_kind: "token" };
    const [created] = await assertRecorded(root.native, create, [
      { action: "token.create", description: "Created token.", ...about, target_name: "one" },
    ]);
    const target_id = created?.target_id ?? "";
    assert.ok(!target_id.includes(token.token_secret) && target_id !== "", target_id);
    const rename = at();
    const renamed = await person.maas.post(
      "account/?op=update_token_name",
      [
        ["token", token.token_key],
        ["name", "two"],
      ],
      {
        headers: rename.trace.headers,
      },
    );
    assert.equal(renamed.status, 202);
    assert.equal(renamed.text, "Accepted");
    await assertRecorded(root.native, rename, [
      {
        action: "token.rename",
        description: "Modified consumer name of token.",
        ...about,
        target_id,
        target_name: "two",
        details: { name: { old: "one", new: "two" } },
      },
    ]);
    const end = at();
    const deleted = await person.maas.post("account/?op=delete_authorisation_token", [["token_key", token.token_key]], {
      headers: end.trace.headers,
    });
    assert.equal(deleted.status, 204);
    assert.equal(deleted.text, "");
    await assertRecorded(root.native, end, [
      { action: "token.delete", description: "Deleted token.", ...about, target_id, target_name: "two" },
    ]);
  });

  test(`A2, A3: a token's life over the native API (${kind})`, async () => {
    const { root, person, own } = await recordedPeople(await serverOf(kind));
    const at = (): ExpectedOrigin => ({ trace: newTrace(), ip: person.from, endpoint: "API" });
    const [create, rename, end] = [at(), at(), at()];
    const made = await askAs(person.native, create, "POST", "account/tokens", { name: "one" });
    const { token_key, fingerprint } = made.json<{ token_key: string; fingerprint: string }>();
    const about = { ...own, target_kind: "token", target_id: fingerprint };
    await assertRecorded(root.native, create, [
      { action: "token.create", description: "Created token.", ...about, target_name: "one" },
    ]);
    await askAs(person.native, rename, "PATCH", `account/tokens/${token_key}`, { name: "two" });
    await assertRecorded(root.native, rename, [
      { action: "token.rename", description: "Modified consumer name of token.", ...about, target_name: "two" },
    ]);
    assert.equal((await askAs(person.native, end, "DELETE", `account/tokens/${token_key}`)).status, 204);
    await assertRecorded(root.native, end, [
      { action: "token.delete", description: "Deleted token.", ...about, target_name: "two" },
    ]);
  });

  test(`5.1: update_token_name takes the whole key, too (${kind})`, async () => {
    const person = await makePerson(await serverOf(kind));
    const parameters = [
      ["token", person.apiKey],
      ["name", "renamed"],
    ] as const;
    assert.equal((await person.maas.post("account/?op=update_token_name", parameters)).status, 202);
    const list = await person.maas.get("account/?op=list_authorisation_tokens");
    assert.ok(list.json<{ name: string }[]>().some(({ name }) => name === "renamed"));
  });

  test(`5.1: what is missing is a 400 that names it (${kind})`, async () => {
    const { maas } = await makePerson(await serverOf(kind));
    for (const [op, parameters, text] of [
      ["delete_authorisation_token", [], "No provided token_key!"],
      ["update_token_name", [["name", "x"]], "No provided token!"],
      ["update_token_name", [["token", "x"]], "No provided name!"],
    ] as const) {
      const answer = await maas.post(`account/?op=${op}`, parameters);
      assert.equal(answer.status, 400);
      assert.equal(answer.text, text);
      assert.equal(answer.type, "text/plain; charset=utf-8");
    }
  });

  test(`5.1, A1: somebody else's token is a 404 without event, and stays (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root, person, own } = await recordedPeople(server);
    const other = await makePerson(server);
    const key = other.apiKey.split(":")[1] ?? "";
    const traces = [newTrace(), newTrace(), newTrace(), newTrace()] as const;
    const [first, second, third, fourth] = traces;
    const remove = "account/?op=delete_authorisation_token";
    assert.equal((await person.maas.post(remove, [["token_key", key]], { headers: first.headers })).status, 404);
    const rename = [
      ["token", key],
      ["name", "stolen"],
    ] as const;
    assert.equal(
      (await person.maas.post("account/?op=update_token_name", rename, { headers: second.headers })).status,
      404,
    );
    assert.equal(
      (await person.native.ask("DELETE", `account/tokens/${key}`, undefined, { headers: third.headers })).status,
      404,
    );
    const named = await person.native.ask(
      "PATCH",
      `account/tokens/${key}`,
      { name: "stolen" },
      { headers: fourth.headers },
    );
    assert.equal(named.status, 404);
    for (const trace of traces) {
      await assertRecorded(root.native, { trace, ip: person.from, endpoint: "API" }, []);
    }
    assert.equal((await other.native.ask("GET", "account")).status, 200);
    assert.ok(own.user_id > 0);
  });

  test(`5.1: lists show no secret, and are of one's own tokens, oldest first (${kind})`, async () => {
    const person = await makePerson(await serverOf(kind));
    const second = (await person.maas.post("account/?op=create_authorisation_token", [["name", "b"]])).json<NewToken>();
    const keys = [person.apiKey, `${second.consumer_key}:${second.token_key}:${second.token_secret}`];
    const list = await person.maas.get("account/?op=list_authorisation_tokens");
    assert.deepEqual(
      list.json<{ name: string; token: string }[]>(),
      keys.map((key, at) => ({ name: at === 0 ? "tests" : "b", token: key.replace(/[^:]+$/, "********") })),
    );
    const native = await person.native.ask("GET", "account/tokens");
    for (const key of keys) assert.ok(!(native.text + list.text).includes(key.split(":")[2] ?? ""));
    for (const key of keys)
      assert.equal((await new MaasClient(person.maas.place, key).get("users/?op=whoami")).status, 200);
  });

  test(`A5: a deleted token's use is refused and recorded, in each API (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root, person, own } = await recordedPeople(server);
    const made = await person.native.ask("POST", "account/tokens", { name: "old" });
    const { api_key, token_key, fingerprint } = made.json<Record<string, string>>();
    assert.ok(api_key !== undefined);
    await person.native.ask("DELETE", `account/tokens/${token_key}`);
    const apis = [
      ["/api/v1/account", `Bearer ${api_key}`],
      ["/api/v1/account", oauthHeader(api_key)],
      ["/MAAS/api/2.0/users/?op=whoami", oauthHeader(api_key)],
    ] as const;
    for (const [path, authorization] of apis) {
      const origin: ExpectedOrigin = { trace: newTrace(), ip: freshAddress(), endpoint: "API" };
      const answer = await send(server.url, path, {
        from: origin.ip,
        headers: { authorization, ...origin.trace.headers },
      });
      assert.equal(answer.status, 401, path);
      const [refused] = await assertRecorded(root.native, origin, [
        {
          action: "token.refuse",
          outcome: "failure",
          description: "Refused a deleted or expired token.",
          ...own,
          target_kind: "token",
          target_id: fingerprint ?? "",
        },
      ]);
      assert.ok(!JSON.stringify(refused).includes(api_key.split(":")[2] ?? ""));
    }
  });

  test(`A5: a token that never was is refused without event (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root } = await recordedPeople(server);
    const origin: ExpectedOrigin = { trace: newTrace(), ip: freshAddress(), endpoint: "API" };
    for (const [path, authorization] of [
      ["/api/v1/account", "Bearer aaaaaaaaaaaaaaaaaa:bbbbbbbbbbbbbbbbbb:cccccccccccccccccccccccccccccccc"],
      ["/MAAS/api/2.0/users/?op=whoami", oauthHeader("aaaaaaaaaaaaaaaaaa:bbbbbbbbbbbbbbbbbb:cccc")],
    ] as const) {
      const answer = await send(server.url, path, {
        from: origin.ip,
        headers: { authorization, ...origin.trace.headers },
      });
      assert.equal(answer.status, 401);
    }
    await assertRecorded(root.native, origin, []);
  });

  test(`A5: the tokens of a deleted user are refused (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root, person } = await recordedPeople(server);
    await root.native.ask("DELETE", `users/${person.username}`);
    assert.equal((await person.native.ask("GET", "account")).status, 401);
    assert.equal((await person.maas.get("users/?op=whoami")).status, 401);
    const refused = await allEvents(root.native, { action: "token.refuse", ip: person.from });
    assert.equal(refused.length, 2);
  });

  test(`A1, A5: deleting the token in use works, and it is refused from then on (${kind})`, async () => {
    const { root, person, own } = await recordedPeople(await serverOf(kind));
    const key = person.apiKey.split(":")[1] ?? "";
    const origin: ExpectedOrigin = { trace: newTrace(), ip: person.from, endpoint: "API" };
    assert.equal((await askAs(person.native, origin, "DELETE", `account/tokens/${key}`)).status, 204);
    await assertRecorded(root.native, origin, [{ action: "token.delete", description: "Deleted token.", ...own }]);
    assert.equal((await person.native.ask("GET", "account")).status, 401);
  });
});
