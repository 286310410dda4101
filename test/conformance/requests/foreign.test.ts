import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, freshAddress, send } from "../../support/clients/http-client.ts";
import { eventsSince, newestEventId, logIn, type NativeEvent } from "../../support/clients/native-client.ts";
import { oauthHeader } from "../../support/clients/maas-client.ts";
import { everyOperation, targetOf } from "../../support/operations.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { sharedServers, startServer, type TestServer } from "../../support/server.ts";

// A page of another site that makes a browser send something: no cookie is set, and nothing is recorded of it.

const serverOf = sharedServers();
const sentence = /This request came from a page of another site\./;

/** What a browser says of such a page. */
const foreignHeaders: readonly Readonly<Record<string, string>>[] = [
  { origin: "https://evil.example" },
  { origin: "null" },
  { origin: "http://127.0.0.1:1" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-user": "?1" },
  { "sec-fetch-site": "same-site", origin: "https://neighbour.example" },
  { referer: "https://evil.example/a/link" },
];

/** What it says of the server's own pages, of an address that was typed, and what other programs say: nothing. */
function ownHeaders({ url }: { readonly url: string }): readonly Readonly<Record<string, string>>[] {
  return [
    {},
    { origin: url },
    { "sec-fetch-site": "same-origin", origin: url },
    // A proxy may have changed the Host: the browser's own word counts.
    { "sec-fetch-site": "same-origin", origin: "https://audit.example" },
    { "sec-fetch-site": "none" },
    { referer: `${url}/events` },
  ];
}

const apis = [
  ["/MAAS/accounts/login/", "application/x-www-form-urlencoded", 204],
  ["/MAAS/accounts/authenticate/", "application/x-www-form-urlencoded", 200],
  ["/api/v1/session", "application/json", 200],
] as const;

function tryApi(
  url: string,
  [path, type]: (typeof apis)[number],
  given: { readonly username: string; readonly password: string },
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { username, password } = given;
  const body =
    type === "application/json"
      ? JSON.stringify({ username, password })
      : new URLSearchParams({ username, password }).toString();
  return send(url, path, { method: "POST", from: freshAddress(), headers: { "content-type": type, ...headers }, body });
}

function assertForeign(answer: Answer, about: string): void {
  assert.equal(answer.status, 403, `${about}: ${answer.text}`);
  assert.match(answer.text, sentence, about);
  assert.equal(answer.headers["set-cookie"], undefined, about);
}

/** What was recorded since, but for what the test itself has done by key. */
async function actionsSince(server: TestServer, id: number): Promise<readonly string[]> {
  return (await eventsSince(admin(server).native, id)).map(({ action }: NativeEvent) => action);
}

forEachKind((kind) => {
  test(`a foreign page logs nobody in, rightly or wrongly, in any API (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const before = await newestEventId(admin(server).native);
    for (const api of apis) {
      for (const headers of foreignHeaders) {
        const about = `${api[0]} ${JSON.stringify(headers)}`;
        assertForeign(await tryApi(server.url, api, person, headers), about);
        assertForeign(await tryApi(server.url, api, { ...person, password: "wrong password" }, headers), about);
      }
    }
    assert.deepEqual(await actionsSince(server, before), []);
    for (const api of apis) {
      for (const headers of ownHeaders(server)) {
        const answer = await tryApi(server.url, api, person, headers);
        assert.equal(answer.status, api[2], `${api[0]} ${JSON.stringify(headers)}: ${answer.text}`);
      }
    }
  });

  test(`no operation that records an act is carried out for a foreign page, whatever its method (${kind})`, async () => {
    const server = await serverOf(kind);
    const root = await makePerson(server, { isAdministrator: true });
    const session = await logIn(server, root, { from: root.from });
    const commands = everyOperation.filter((operation) => operation.kind === "command");
    assert.ok(commands.some(({ method }) => method === "GET"));
    const before = await newestEventId(admin(server).native);
    for (const [at, operation] of commands.entries()) {
      const foreign = foreignHeaders[at % foreignHeaders.length] ?? {};
      const headers = { ...foreign, "content-type": "application/json" };
      const { method } = operation;
      const ask = { method, headers, ...(method !== "GET" && { body: "{}" }) };
      const about = `${operation.name} ${JSON.stringify(foreign)}`;
      assertForeign(
        await session.send(
          targetOf(operation, () => "1"),
          ask,
        ),
        about,
      );
    }
    assert.deepEqual(await actionsSince(server, before), []);
  });

  test(`an export by a link is the own pages' and the reader's, and no foreign page's (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const session = await logIn(server, person, { from: person.from });
    const before = await newestEventId(admin(server).native);
    const path = "/api/v1/events/export?format=jsonl";
    for (const headers of foreignHeaders) assertForeign(await session.send(path, { headers }), JSON.stringify(headers));
    assert.deepEqual(await actionsSince(server, before), []);
    const own = ownHeaders(server);
    for (const headers of own) assert.equal((await session.send(path, { headers })).status, 200);
    assert.deepEqual(
      await actionsSince(server, before),
      own.map(() => "log.export"),
    );
  });

  test(`what a foreign page may not see is refused, but isn't put on the reader (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const session = await logIn(server, person, { from: person.from });
    const before = await newestEventId(admin(server).native);
    const paths = [
      "/api/v1/settings",
      "/api/v1/users/admin/sessions",
      "/MAAS/api/2.0/maas/?op=get_config&name=vcenter_password",
    ];
    for (const path of paths) {
      for (const headers of foreignHeaders) assert.equal((await session.send(path, { headers })).status, 403, path);
    }
    assert.deepEqual(await actionsSince(server, before), []);
    for (const path of paths) assert.equal((await session.send(path)).status, 403, path);
    assert.deepEqual(
      await actionsSince(server, before),
      paths.map(() => "operation.refuse"),
    );
  });

  test(`an API key is no browser's to add: its requests are taken from anywhere (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    for (const headers of foreignHeaders) {
      const answer = await person.native.ask("POST", "account/tokens", { name: "robot" }, { headers });
      assert.equal(answer.status, 201, answer.text);
      const signed = await person.maas.post("account/?op=create_authorisation_token", [], { headers });
      assert.equal(signed.status, 200, signed.text);
    }
  });

  test(`a key in a form or an address is one that a foreign page could have put there (${kind})`, async () => {
    const server = await serverOf(kind);
    const person = await makePerson(server);
    const before = await newestEventId(admin(server).native);
    const path = "/MAAS/api/2.0/account/?op=create_authorisation_token";
    const type = "application/x-www-form-urlencoded";
    const signedParts = (): string => {
      const parts = oauthHeader(person.apiKey, { shape: "curl" }).matchAll(/(oauth_\w+)=([^,]*)/g);
      return [...parts].map(([, name = "", value = ""]) => `${name}=${encodeURIComponent(value)}`).join("&");
    };
    for (const foreign of foreignHeaders) {
      const headers = { ...foreign, "content-type": type };
      assertForeign(await send(server.url, path, { method: "POST", headers, body: signedParts() }), "in the form");
      const inQuery = (): string => `${path}&${signedParts()}`;
      const basic = { ...headers, authorization: "Basic YTpi" };
      assertForeign(await send(server.url, inQuery(), { method: "POST", headers, body: "" }), "in the query");
      assertForeign(
        await send(server.url, inQuery(), { method: "POST", headers: basic, body: "" }),
        "beside another header",
      );
    }
    assert.deepEqual(await actionsSince(server, before), []);
    const own = { "content-type": type };
    assert.equal((await send(server.url, path, { method: "POST", headers: own, body: signedParts() })).status, 200);
  });
});

test("with --url its pages are the own ones, by the whole address, whatever Host a proxy passes on", async () => {
  await using server = await startServer({ kind: "sqlite", args: ["--url", "https://audit.example"] });
  const [, listening = ""] = await server.untilLogged(/listening at (http[^"]+)"/);
  for (const api of apis) {
    for (const origin of ["http://audit.example", "https://audit.example:444", "https://audit.example.evil.example"]) {
      assertForeign(await tryApi(listening, api, server.firstLogin, { origin, host: "audit.example" }), origin);
    }
    for (const host of ["audit.example", "127.0.0.1:5240"]) {
      const answer = await tryApi(listening, api, server.firstLogin, { origin: "https://audit.example", host });
      assert.equal(answer.status, api[2], answer.text);
    }
  }
});
