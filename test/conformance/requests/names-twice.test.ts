import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import { newestEventId } from "../../support/clients/native-client.ts";
import { admin } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

// Of a JSON name that is there twice, nobody can say which value was meant: readers differ (RFC 8259 section 4).

const serverOf = sharedServers();
const sentence = "Give this name once.";

/** Sends JSON as it stands, by the administrator of the first start. */
function sendJson(server: TestServer, path: string, body: string, type = "application/json"): Promise<Answer> {
  const headers = { authorization: `Bearer ${server.firstLogin.apiKey}`, "content-type": type };
  return send(server.url, path, { method: "POST", headers, body });
}

const event = '"type":"POWER","action":"power.off","description":"Off."';

forEachKind((kind) => {
  test(`a report that says one thing twice is refused, naming it, and nothing is recorded (${kind})`, async () => {
    const server = await serverOf(kind);
    const before = await newestEventId(admin(server).native);
    const cases: readonly (readonly [body: string, field: string, type?: string])[] = [
      [`{${event},"outcome":"failure","outcome":"success"}`, "outcome"],
      [`{${event},"outcome":"failure","outcom\\u0065":"success"}`, "outcome"],
      [`{${event},"details":{"amount":1,"amount":1000000}}`, "details.amount"],
      [`{${event},"details":{"list":[{"by":"ada","by":"bob"}]}}`, "details.list[0].by"],
      [`{${event},"target":{"id":"1","id":"2"}}`, "target.id"],
      [`[{${event}},{${event},"username":"ada","username":"bob"}]`, "[1].username"],
      [`{${event}}\n\n{${event},"key":"1","key":"2"}\n`, "[1].key", "application/x-ndjson"],
      [`{${event}}\n{${event},"details":{"a":1,"a":2}}\n`, "[1].details.a", "application/jsonl"],
    ];
    for (const [body, field, type] of cases) {
      const answer = await sendJson(server, "/api/v1/events", body, type);
      assert.equal(answer.status, 400, body);
      const { code, errors, detail } = answer.json<{ code: string; errors: object; detail: string }>();
      assert.equal(code, "invalid");
      assert.deepEqual(errors, { [field]: [sentence] }, body);
      assert.match(detail, /Give this name once\.$/);
    }
    assert.equal(await newestEventId(admin(server).native), before);
  });

  test(`a user is made neither with nor without rights where both were said (${kind})`, async () => {
    const server = await serverOf(kind);
    const username = freshName();
    const rest = `"username":"${username}","email":"${username}@example.com","password":"correct horse"`;
    for (const [path, yes, no] of [
      ["/api/v1/users", "true", "false"],
      ["/MAAS/api/2.0/users/", '"1"', '"0"'],
    ] as const) {
      const answer = await sendJson(server, path, `{${rest},"is_superuser":${no},"is_superuser":${yes}}`);
      assert.equal(answer.status, 400, answer.text);
      const { errors } = answer.json<{ errors?: object }>();
      assert.deepEqual(errors ?? answer.json(), { is_superuser: [sentence] });
    }
    assert.equal((await admin(server).native.ask("GET", `users/${username}`)).status, 404);
  });

  test(`every name that is there twice is told, at most fifty (${kind})`, async () => {
    const server = await serverOf(kind);
    const members = Array.from({ length: 80 }, (_, number) => `"n${number}":1,"n${number}":2`);
    const answer = await sendJson(server, "/api/v1/events", `{${event},"details":{${members.join(",")}}}`);
    assert.equal(answer.status, 400);
    assert.equal(Object.keys(answer.json<{ errors: object }>().errors).length, 50);
  });

  test(`a script's own JSON is read as strictly (${kind})`, async () => {
    const server = await serverOf(kind);
    const name = freshName("script");
    const { maas } = admin(server);
    const answer = await maas.post("scripts/", [
      ["name", name],
      ["script", "#!/bin/sh\n"],
      ["packages", '{"apt":["one"],"apt":["two"]}'],
    ]);
    assert.equal(answer.status, 400, answer.text);
    assert.deepEqual(answer.json(), { packages: [`apt: ${sentence}`] });
    assert.equal((await maas.get(`scripts/${name}`)).status, 404);
  });
});
