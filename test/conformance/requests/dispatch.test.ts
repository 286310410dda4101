import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import { bodyKinds, multipart, oauthHeader } from "../../support/clients/maas-client.ts";
import { logIn } from "../../support/clients/native-client.ts";
import { admin, anyone, makePerson } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers } from "../../support/server.ts";

const serverOf = sharedServers();
const createToken = "account/?op=create_authorisation_token";

forEachKind((kind) => {
  test(`15: GET events/ without op is an unrecognised signature (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    for (const path of ["events/", "events/?op=", "events/?op=query&op="]) {
      const answer = await maas.get(path);
      assert.equal(answer.status, 400, path);
      assert.equal(answer.text, "Unrecognised signature: method=GET op=None");
      assert.equal(answer.type, "text/plain; charset=utf-8");
    }
    assert.equal((await maas.get("events/?op=nosuch")).text, "Unrecognised signature: method=GET op=nosuch");
    assert.equal((await maas.get("events/?op=nosuch&op=query")).status, 200);
  });

  test(`16: a method that isn't offered is a 405 with Allow (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    for (const method of ["POST", "PUT", "DELETE", "HEAD"]) {
      const answer = await maas.ask("events/?op=query", { method, ...(method === "HEAD" ? {} : { body: "" }) });
      assert.equal(answer.status, 405, method);
      assert.equal(answer.headers.allow, "GET", method);
      assert.equal(answer.text, "", method);
      assert.equal(answer.type, "text/html; charset=utf-8", method);
    }
    const users = await maas.ask("users/", { method: "DELETE" });
    assert.equal(users.status, 405);
    assert.deepEqual(new Set(users.headers.allow?.split(", ")), new Set(["GET", "POST"]));
  });

  test(`17: an unknown path is a 404 that names it, for anybody (${kind})`, async () => {
    const server = await serverOf(kind);
    for (const path of ["nosuch/", "events/1/", "users/a/b/", "account/nosuch/", "event%20s/"]) {
      const answer = await send(server.url, `/MAAS/api/2.0/${path}`);
      assert.equal(answer.status, 404, path);
      assert.equal(answer.type, "text/plain; charset=utf-8");
      assert.equal(answer.headers["x-maas-api-hash"], undefined);
    }
    const answer = await send(server.url, "/MAAS/api/2.0/nosuch/?a=b");
    assert.equal(answer.text, "Unknown API endpoint: /MAAS/api/2.0/nosuch/.");
  });

  test(`18: a path without its slash is unknown, not redirected (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    for (const path of ["events", "users", "users/admin", "account", "version", "describe"]) {
      const answer = await maas.get(`${path}?op=query`);
      assert.equal(answer.status, 404, path);
      assert.equal(answer.text, `Unknown API endpoint: /MAAS/api/2.0/${path}.`);
    }
  });

  test(`19: a POST without body and Content-Type has no parameters (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    const answer = await maas.post(createToken);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json<{ name: string }>().name, "MAAS consumer");
    assert.equal(answer.type, "application/json; charset=utf-8");
    assert.match(
      answer.text,
      /^\{"token_key": "[A-Za-z0-9]{18}", "token_secret": "[A-Za-z0-9]{32}", "consumer_key": "[A-Za-z0-9]{18}", "name": "MAAS consumer"\}$/,
    );
  });

  for (const bodyKind of bodyKinds) {
    test(`20, 21: a ${bodyKind} body gives its parameters (${kind})`, async () => {
      const { maas } = await anyone(await serverOf(kind));
      const name = 'laptop & Büro + 100 % "€" 😀 = ;';
      const answer = await maas.post(createToken, [["name", name]], { bodyKind });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json<{ name: string }>().name, name);
    });
  }

  test(`20: a field that is longer than a line of base64 arrives whole (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    const name = "0123456789".repeat(20);
    const answer = await maas.post(createToken, [["name", name]]);
    assert.equal(answer.json<{ name: string }>().name, name);
  });

  test(`2.2: an unencoded multipart body, as Go's clients send it, gives its parameters (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    const body = '--abc\r\nContent-Disposition: form-data; name="name"\r\n\r\nfrom Go\r\n--abc--\r\n';
    const headers = { "content-type": "multipart/form-data; boundary=abc" };
    const answer = await maas.ask(createToken, { method: "POST", body, headers });
    assert.equal(answer.json<{ name: string }>().name, "from Go");
  });

  test(`2.2: op may stand in the form's body (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    const answer = await maas.post(
      "account/",
      [
        ["op", "create_authorisation_token"],
        ["name", "in the body"],
      ],
      { bodyKind: "urlencoded" },
    );
    assert.equal(answer.json<{ name: string }>().name, "in the body");
  });

  test(`2.2: another content type is a 400 (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    for (const type of ["text/plain", "application/xml", "application/octet-stream", "nonsense"]) {
      const answer = await maas.ask(createToken, { method: "POST", body: "name=x", headers: { "content-type": type } });
      assert.equal(answer.status, 400, type);
    }
  });

  test(`22: a multipart body with zero parts has no parameters (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    const { body, type } = multipart([]);
    const answer = await maas.ask(createToken, { method: "POST", body, headers: { "content-type": type } });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json<{ name: string }>().name, "MAAS consumer");
  });

  test(`2.2: DELETE with a multipart body of zero parts, as MAAS's Python client sends it, is a DELETE (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const { body, type } = multipart([]);
    const ask = { method: "DELETE", body, headers: { "content-type": type } };
    assert.equal((await admin(server).maas.ask(`users/${person.username}/`, ask)).status, 204);
    assert.equal((await person.maas.get("users/?op=whoami")).status, 401);
  });

  test(`23: POST users/?op= creates a user (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const username = freshName();
    const parameters = [
      ["username", username],
      ["email", `${username}@example.com`],
      ["password", "password 1"],
      ["is_superuser", "0"],
    ] as const;
    const answer = await maas.post("users/?op=", parameters, { bodyKind: "urlencoded" });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json<{ username: string }>().username, username);
  });

  test(`25: every answer has a Content-Type, also 204 and 405 (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const { maas } = person;
    const deleted = await makePerson(server);
    const token = (await maas.post(createToken)).json<{ token_key: string }>();
    const login = await send(server.url, "/MAAS/accounts/login/", {
      method: "POST",
      from: person.from,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(person as unknown as Record<string, string>).toString(),
    });
    const session = await logIn(server, person, { from: person.from });
    const answers: Record<string, Answer> = {
      "log in": login,
      "csrf token": await session.send("/MAAS/account/csrf/", { method: "POST", body: "" }),
      "log out": await session.send("/MAAS/accounts/logout/", { method: "POST", body: "" }),
      "log out of nobody": await send(server.url, "/MAAS/accounts/logout/", { method: "POST", body: "" }),
      "token deleted": await maas.post("account/?op=delete_authorisation_token", [["token_key", token.token_key]]),
      "user deleted": await admin(server).maas.delete(`users/${deleted.username}/`),
      "native token deleted": await person.native.ask("DELETE", `account/tokens/${person.apiKey.split(":")[1]}`),
      "wrong method": await maas.post("events/?op=query"),
      "csrf token for nobody": await send(server.url, "/MAAS/account/csrf/", { method: "POST", body: "" }),
      "wrong password": await send(server.url, "/MAAS/accounts/authenticate/", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "username=nobody&password=wrongwrong",
      }),
    };
    const without = Object.entries(answers).filter(([, answer]) => answer.type === "");
    assert.deepEqual(
      without.map(([name, { status }]) => `${name}: ${status}`),
      [],
    );
  });

  test(`26: what handlers answer is JSON indented by 4, in UTF-8 (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    await maas.post(createToken, [["name", "Ünïcode € 😀"]]);
    for (const path of [
      "users/",
      "users/?op=whoami",
      "users/admin/",
      "account/?op=list_authorisation_tokens",
      "events/?op=query&level=AUDIT",
      "events/?op=query&owner=nobody",
    ]) {
      const answer = await maas.get(path);
      assert.equal(answer.text, JSON.stringify(answer.json(), null, 4), path);
      assert.equal(answer.type, "application/json; charset=utf-8", path);
    }
    const tokens = await maas.get("account/?op=list_authorisation_tokens");
    assert.ok(tokens.text.includes('"name": "Ünïcode € 😀"'), tokens.text);
  });

  test(`27: X-MAAS-API-Hash is the hash of describe/ (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas } = await makePerson(server);
    const description = (await send(server.url, "/MAAS/api/2.0/describe/")).json<{ hash: string }>();
    assert.match(description.hash, /^[0-9a-f]{40}$/);
    for (const answer of [
      await maas.get("users/?op=whoami"),
      await maas.post(createToken),
      await maas.get("users/nosuch/"),
    ]) {
      assert.equal(answer.headers["x-maas-api-hash"], description.hash);
    }
  });

  test(`28: the version view says 2.0, and API 1.0 is gone (${kind})`, async () => {
    const server = await serverOf(kind);
    const version = await send(server.url, "/MAAS/api/version/");
    assert.equal(version.status, 200);
    assert.equal(version.text, "2.0");
    assert.match(version.type, /^text\/plain/);
    for (const path of ["x", "users/", ""]) {
      const old = await send(server.url, `/MAAS/api/1.0/${path}`);
      assert.equal(old.status, 410);
      assert.equal(old.text, "The 1.0 API is no longer available. Please use API version 2.0.");
    }
  });

  test(`2.1: an unknown format is a 400 (${kind})`, async () => {
    const { maas } = await anyone(await serverOf(kind));
    const answer = await maas.get("users/?op=whoami&format=x");
    assert.equal(answer.status, 400);
    assert.equal(answer.text, "Invalid output format specified 'x'.");
    assert.equal((await maas.get("users/?op=whoami&format=json")).status, 200);
  });

  for (const [what, path, body] of [
    ["user", "users/nosuch/", undefined],
    ["token", "account/?op=delete_authorisation_token", [["token_key", "nosuch"]]],
    [
      "token to rename",
      "account/?op=update_token_name",
      [
        ["token", "nosuch"],
        ["name", "x"],
      ],
    ],
  ] as const) {
    test(`2.5: a ${what} that isn't there is a 404, Not Found in plain text (${kind})`, async () => {
      const { maas } = await anyone(await serverOf(kind));
      const answer = body === undefined ? await maas.get(path) : await maas.post(path, body);
      assert.equal(answer.status, 404);
      assert.match(answer.type, /^text\/plain/);
      assert.equal(answer.text, "Not Found");
    });
  }

  test(`2.6: answers say that they depend on who asks, and may not be framed (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey } = await makePerson(server);
    const answer = await send(server.url, "/MAAS/api/2.0/users/?op=whoami", {
      headers: { authorization: oauthHeader(apiKey) },
    });
    assert.match(String(answer.headers.vary), /Authorization/);
    assert.equal(answer.headers["x-frame-options"], "SAMEORIGIN");
  });
});
