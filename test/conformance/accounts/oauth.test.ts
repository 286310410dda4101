import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { freshAddress, send } from "../../support/clients/http-client.ts";
import { encode, headerShapes, MaasClient, oauthHeader, type Signing } from "../../support/clients/maas-client.ts";
import { logIn } from "../../support/clients/native-client.ts";
import { admin, anyone, makePerson, type Person } from "../../support/worlds/people.ts";
import { sharedServers } from "../../support/server.ts";

const serverOf = sharedServers();
const now = (): number => Math.floor(Date.now() / 1000);
const whoami = (person: Person, signing: Signing = {}) => person.maas.get("users/", [["op", "whoami"]], { signing });

/** A key that differs from a real one in one of its three parts. */
function altered(apiKey: string, part: 0 | 1 | 2): string {
  const parts = apiKey.split(":");
  parts[part] = "A".repeat(parts[part]?.length ?? 0);
  return parts.join(":");
}

forEachKind((kind) => {
  test(`1, 2: version/ and describe/ need no credentials, and ignore bad ones (${kind})`, async () => {
    const server = await serverOf(kind);
    for (const headers of [{}, { authorization: oauthHeader("A:B:C") }]) {
      const version = await send(server.url, "/MAAS/api/2.0/version/", { headers });
      assert.equal(version.status, 200);
      const describe = await send(server.url, "/MAAS/api/2.0/describe/", { headers });
      assert.equal(describe.status, 200);
      assert.equal(describe.type, "application/json");
    }
  });

  test(`3: no credentials are a 401 without WWW-Authenticate (${kind})`, async () => {
    const server = await serverOf(kind);
    const answer = await send(server.url, "/MAAS/api/2.0/users/?op=whoami");
    assert.equal(answer.status, 401);
    assert.equal(answer.type, "text/plain");
    assert.equal(answer.headers["www-authenticate"], undefined);
    assert.match(String(answer.headers["x-maas-api-hash"]), /^[0-9a-f]{40}$/);
  });

  for (const shape of headerShapes) {
    test(`4-7: a header as ${shape} writes it is good (${kind})`, async () => {
      const server = await serverOf(kind);
      const person = await anyone(server);
      for (let round = 0; round < (shape === "gomaasapi" ? 8 : 1); round += 1) {
        const answer = await whoami(person, { shape });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(answer.json(), {
          is_superuser: false,
          username: person.username,
          email: person.email,
          is_local: true,
          resource_uri: `/MAAS/api/2.0/users/${person.username}/`,
        });
      }
    });
  }

  test(`8: an unknown consumer is a 401 that says so (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await anyone(server);
    const answer = await new MaasClient(server, altered(person.apiKey, 0)).get("users/", [["op", "whoami"]]);
    assert.equal(answer.status, 401);
    assert.equal(answer.text, "Authorization Error: Invalid API key.");
    assert.equal(answer.headers["www-authenticate"], 'OAuth realm="OAuth"');
    assert.equal(answer.type, "text/html; charset=utf-8");
    assert.equal(answer.headers["x-maas-api-hash"], undefined);
  });

  test(`9: an unknown token is a 401 that names it (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await anyone(server);
    const key = altered(person.apiKey, 1);
    const answer = await new MaasClient(server, key).get("users/", [["op", "whoami"]]);
    assert.equal(answer.status, 401);
    assert.equal(answer.text, `Authorization Error: 'Invalid access token: ${key.split(":")[1]}'`);
  });

  test(`10: a timestamp 301 seconds old is a 401, one 290 seconds old is good (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await anyone(server);
    const old = await whoami(person, { timestamp: now() - 302 });
    assert.equal(old.status, 401);
    assert.match(
      old.text,
      /^Authorization Error: 'Expired timestamp: given \d+ and now \d+ has a greater difference than threshold 300'$/,
    );
    assert.equal((await whoami(person, { timestamp: now() - 290 })).status, 200);
  });

  test(`1.3: a timestamp more than 300 seconds ahead is refused, one of 290 is good (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await anyone(server);
    assert.equal((await whoami(person, { timestamp: now() + 310 })).status, 401);
    assert.equal((await whoami(person, { timestamp: now() + 290 })).status, 200);
  });

  for (const timestamp of ["abc", "", "1e3", "99999999999999999999999", "-1", "NaN", "1.5"]) {
    test(`1.3: the timestamp '${timestamp}' is refused with a 4xx (${kind})`, async () => {
      const server = await serverOf(kind);
      const answer = await whoami(await makePerson(server), { timestamp });
      assert.ok(answer.status === 400 || answer.status === 401, String(answer.status));
    });
  }

  test(`11: of requests with the same nonce exactly one is good, also at the same moment (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const signing = { nonce: "1234567890", timestamp: now() };
    const answers = await Promise.all(Array.from({ length: 6 }, () => whoami(person, signing)));
    assert.deepEqual(
      answers.map(({ status }) => status).sort((a, b) => a - b),
      [200, 401, 401, 401, 401, 401],
    );
    const again = await whoami(person, signing);
    assert.equal(again.status, 401);
    assert.equal(again.text, "Authorization Error: 'Nonce already used: 1234567890'");
    const sameNonceOtherKey = await makePerson(server);
    assert.equal((await whoami(sameNonceOtherKey, signing)).status, 200);
  });

  test(`12: a wrong secret is a 401 that says neither the right one nor what was sent (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await anyone(server);
    const secret = person.apiKey.split(":")[2] ?? "";
    for (const signature of [
      "&wrongwrongwrong",
      secret,
      `x&${secret}`,
      "&",
      "",
      `&${secret} `,
      `&${secret.toLowerCase()}`,
    ]) {
      const answer = await whoami(person, { signature });
      assert.equal(answer.status, 401, `${signature} gave ${answer.text}`);
      assert.ok(!answer.text.includes(secret), answer.text);
      assert.ok(!answer.text.includes("wrongwrongwrong"), answer.text);
    }
  });

  test(`1.3: a token is good only with its own consumer (${kind})`, async () => {
    const server = await serverOf(kind);
    const [one, other] = [await makePerson(server), await makePerson(server)];
    const mixed = [one.apiKey.split(":")[0], ...other.apiKey.split(":").slice(1)].join(":");
    assert.equal((await new MaasClient(server, mixed).get("users/", [["op", "whoami"]])).status, 401);
  });

  test(`1.3: HMAC-SHA1, another method and another version are refused by name (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await anyone(server);
    for (const method of ["HMAC-SHA1", "RSA-SHA1", "plaintext"]) {
      const answer = await whoami(person, { method });
      assert.equal(answer.status, 401);
      assert.ok(answer.text.startsWith(`Authorization Error: 'Signature method ${method} not supported`), answer.text);
    }
    const answer = await whoami(person, { version: "2.0" });
    assert.equal(answer.status, 401);
    assert.equal(answer.text, "Authorization Error: 'OAuth version 2.0 not supported.'");
  });

  test(`1.3: without one of the six values, or with another scheme, nobody is asking (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await anyone(server);
    const whole = oauthHeader(person.apiKey);
    const names = ["consumer_key", "token", "signature", "signature_method", "timestamp", "nonce"];
    const lacking = names.map((name) => whole.replace(new RegExp(`oauth_${name}="[^"]*"(, )?`), ""));
    for (const authorization of [
      ...lacking,
      whole.replace("OAuth ", "oauth "),
      whole.replace("OAuth ", "OAuth"),
      "OAuth ",
      "Basic YTpi",
    ]) {
      const answer = await send(server.url, "/MAAS/api/2.0/users/?op=whoami", { headers: { authorization } });
      assert.equal(answer.status, 401, authorization);
      assert.equal(answer.headers["www-authenticate"], undefined, authorization);
    }
  });

  test(`1.3: values in the query override the header's; in a form the header's win (${kind})`, async () => {
    const server = await serverOf(kind);
    const [one, other] = [await makePerson(server), await makePerson(server)];
    const values = (person: Person) =>
      [...oauthHeader(person.apiKey, { shape: "curl" }).matchAll(/(oauth_\w+)=([^,]*)/g)].map(
        ([, name = "", value = ""]) => [name, value] as const,
      );
    const inQuery = await one.maas.get("users/", [["op", "whoami"], ...values(other)]);
    assert.equal(inQuery.status, 200, inQuery.text);
    assert.equal(inQuery.json<{ username: string }>().username, other.username);
    const inForm = await send(server.url, "/MAAS/api/2.0/account/?op=create_authorisation_token", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: encode([["name", "by form"], ...values(other)]),
    });
    assert.equal(inForm.status, 200, inForm.text);
    assert.equal(inForm.json<{ name: string }>().name, "by form");
  });

  test(`13: a deactivated user's key is a 403, and doesn't come back once activated (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const { native } = admin(server);
    await native.ask("PATCH", `users/${person.username}`, { is_active: false });
    const answer = await whoami(person);
    assert.equal(answer.status, 403);
    assert.equal(answer.text, "User is not allowed access to this API.");
    assert.equal((await person.native.ask("GET", "account")).status, 403);
    await native.ask("PATCH", `users/${person.username}`, { is_active: true });
    assert.equal((await whoami(person)).status, 401);
    assert.equal((await person.native.ask("GET", "account")).status, 401);
  });

  test(`14: a session may read; to write it needs its form token (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const session = await logIn(server, person, { from: person.from });
    const other = await logIn(server, await makePerson(server), { from: freshAddress() });
    const create = "/MAAS/api/2.0/account/?op=create_authorisation_token";
    assert.equal(
      (await session.send("/MAAS/api/2.0/users/?op=whoami", { headers: { "x-csrftoken": "" } })).status,
      200,
    );
    for (const token of ["", "wrong", other.formToken, session.sessionId]) {
      const answer = await session.send(create, { method: "POST", body: "", headers: { "x-csrftoken": token } });
      assert.equal(answer.status, 403, token);
      const native = await session.ask("POST", "account/tokens", { name: "x" }, { headers: { "x-csrftoken": token } });
      assert.equal(native.status, 403, token);
    }
    assert.equal((await session.send(create, { method: "POST", body: "" })).status, 200);
    assert.equal((await session.ask("POST", "account/tokens", { name: "x" })).status, 201);
    const inForm = await send(server.url, create, {
      method: "POST",
      headers: { cookie: session.cookies, "content-type": "application/x-www-form-urlencoded" },
      body: encode([["csrfmiddlewaretoken", session.formToken]]),
    });
    assert.equal(inForm.status, 200, inForm.text);
  });

  test(`1.5: a forged pair of cookie and header is no form token (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const session = await logIn(server, person, { from: person.from });
    const answer = await session.send("/MAAS/api/2.0/account/?op=create_authorisation_token", {
      method: "POST",
      body: "",
      headers: { cookie: `sessionid=${session.sessionId}; csrftoken=forged`, "x-csrftoken": "forged" },
    });
    assert.equal(answer.status, 403);
  });

  test(`1.5: a valid session wins over an Authorization header, a bad one doesn't count (${kind})`, async () => {
    const server = await serverOf(kind);
    const [one, other] = [await makePerson(server), await makePerson(server)];
    const session = await logIn(server, one, { from: one.from });
    const asked = await session.send("/MAAS/api/2.0/users/?op=whoami", {
      headers: { authorization: oauthHeader(other.apiKey) },
    });
    assert.equal(asked.json<{ username: string }>().username, one.username);
    const bad = await other.maas.get("users/", [["op", "whoami"]], { headers: { cookie: "sessionid=nosuch" } });
    assert.equal(bad.json<{ username: string }>().username, other.username);
  });

  test(`the native API takes a key as bearer or by OAuth, and no other key (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const byOAuth = await send(server.url, "/api/v1/account", {
      headers: { authorization: oauthHeader(person.apiKey) },
    });
    assert.equal(byOAuth.json<{ username: string }>().username, person.username);
    assert.equal((await person.native.ask("GET", "account")).json<{ username: string }>().username, person.username);
    const bad = [0, 1, 2].map((part) => altered(person.apiKey, part as 0 | 1 | 2));
    for (const key of [
      ...bad,
      "",
      "a:b",
      "a:b:c:d",
      `${person.apiKey}:`,
      `${person.apiKey}x`,
      person.apiKey.slice(0, -1),
    ]) {
      const answer = await send(server.url, "/api/v1/account", { headers: { authorization: `Bearer ${key}` } });
      assert.equal(answer.status, 401, key);
      assert.equal(answer.type, "application/problem+json");
      const problem = answer.json<Record<string, unknown>>();
      assert.equal(problem["status"], 401);
      assert.equal(problem["code"], "unauthenticated");
      assert.equal(problem["trace_id"], answer.headers["maas-trace-id"]);
    }
  });

  test(`1.4: who is asking comes before which method (${kind})`, async () => {
    const server = await serverOf(kind);
    const answer = await send(server.url, "/MAAS/api/2.0/events/?op=query", { method: "POST", body: "" });
    assert.equal(answer.status, 401);
  });
});
