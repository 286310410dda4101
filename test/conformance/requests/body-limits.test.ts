import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type Answer, freshAddress, send, sendRaw } from "../../support/clients/http-client.ts";
import { admin } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

// A request must not cost more than what it asks for: bodies are bounded before anything is made of them.

const serverOf = sharedServers();
const json = "application/json";
const form = "application/x-www-form-urlencoded";
const kib = 1024;

function post(server: TestServer, path: string, body: string | Buffer, type = json, apiKey?: string): Promise<Answer> {
  return send(server.url, path, {
    method: "POST",
    from: freshAddress(),
    headers: { "content-type": type, ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) },
    body,
  });
}

/** JSON with many members that nobody knows. */
function manyMembers(count: number): string {
  return `{${Array.from({ length: count }, (_, number) => `"m${number}":1`).join(",")}}`;
}

function isTooLarge(answer: Answer, limitBytes: number): void {
  assert.equal(answer.status, 413, answer.text.slice(0, 200));
  assert.ok(answer.text.includes(`The body is larger than the ${limitBytes} bytes that are taken here.`), answer.text);
}

forEachKind((kind) => {
  test(`whoever isn't known yet sends 16 KiB at most, most operations take 64 KiB (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey } = server.firstLogin;
    const filled = (length: number): string => `{"username":"${"x".repeat(length)}","password":"y"}`;
    for (const path of ["/api/v1/session", "/MAAS/accounts/login/", "/MAAS/accounts/authenticate/"]) {
      isTooLarge(await post(server, path, filled(16 * kib)), 16 * kib);
      isTooLarge(await post(server, path, manyMembers(17_000)), 16 * kib);
      assert.notEqual((await post(server, path, filled(15 * kib))).status, 413, path);
    }
    for (const path of [
      "/api/v1/users",
      "/MAAS/api/2.0/users/",
      "/MAAS/api/2.0/zones/",
      "/MAAS/api/2.0/maas/?op=set_config",
    ]) {
      isTooLarge(await post(server, path, filled(64 * kib), json, apiKey), 64 * kib);
      assert.equal((await post(server, path, filled(63 * kib), json, apiKey)).status, 400, path);
    }
  });

  test(`scripts, certificates, definitions and reports are taken as before (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    const script = `#!/bin/sh\n${"# filled\n".repeat(100_000)}`;
    const made = await maas.post("scripts/", [
      ["name", freshName("script")],
      ["script", script],
    ]);
    assert.equal(made.status, 200, made.text);
    const definition = "x".repeat(65_536);
    const tag = await native.ask("POST", "tags", { name: freshName("tag"), definition });
    assert.equal(tag.status, 201, tag.text);
    const certificate = await native.ask("POST", "account/ssl-keys", { key: "x".repeat(100_000) });
    assert.notEqual(certificate.status, 413, certificate.text);
    const events = Array.from({ length: 1000 }, () => ({
      type: "POWER",
      action: "power.off",
      description: "x".repeat(2000),
    }));
    assert.equal((await native.ask("POST", "events", events)).status, 201);
  });

  test(`whoever brings no credentials has no megabytes read, and empty fields count (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey } = server.firstLogin;
    for (const path of ["/MAAS/api/2.0/scripts/", "/MAAS/api/2.0/account/prefs/sslkeys/"]) {
      for (const body of ["&".repeat(200_000), `script=${"+".repeat(200_000)}`]) {
        isTooLarge(await post(server, path, body, form), 64 * kib);
      }
    }
    const empty = await post(server, "/MAAS/api/2.0/scripts/", "&".repeat(2_000), form, apiKey);
    assert.match(empty.text, /Send at most 1000 parameters\./);
  });

  test(`one object holds ten thousand values at most, also where a list of them is taken (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey } = server.firstLogin;
    for (const body of [manyMembers(20_000), `[${manyMembers(20_000)}]`]) {
      const answer = await post(server, "/api/v1/events", body, json, apiKey);
      assert.equal(answer.status, 400);
      assert.match(answer.text, /Send at most 10000 values\./);
    }
  });

  test(`a body that comes in chunks is refused where it grows too large (${kind})`, async () => {
    const server = await serverOf(kind);
    const head =
      "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    const chunk = "x".repeat(10_000);
    const answer = await sendRaw(server.url, `${head}${`2710\r\n${chunk}\r\n`.repeat(3)}0\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 413 [\s\S]*The body is larger than the 16384 bytes/);
  });

  test(`of many mistakes fifty are told, and depth and number are looked at first (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey } = server.firstLogin;
    for (const [path, key] of [
      ["/api/v1/session", undefined],
      ["/api/v1/users", apiKey],
    ] as const) {
      const answer = await post(server, path, manyMembers(1_500), json, key);
      assert.equal(answer.status, 400);
      assert.ok(Object.keys(answer.json<{ errors: object }>().errors).length <= 50);
      const deep = await post(server, path, "[".repeat(16_000), json, key);
      assert.match(deep.text, /Nest JSON at most 32 levels deep\./);
      const many = await post(server, path, `[${"1,".repeat(5_000)}1]`, json, key);
      assert.equal(many.status, 400);
    }
    const long = await post(server, "/api/v1/users", `[${"1,".repeat(20_000)}1]`, json, apiKey);
    assert.match(long.text, /Send at most 10000 values\./);
    const wrong = Array.from({ length: 200 }, () => ({ nosuch: 1, other: 2 }));
    const reported = await post(server, "/api/v1/events", JSON.stringify(wrong), json, apiKey);
    assert.equal(Object.keys(reported.json<{ errors: object }>().errors).length, 50);
    const pairs = await post(server, "/MAAS/accounts/login/", "a=b&".repeat(4_000), form);
    assert.match(pairs.text, /Send at most 1000 parameters\./);
  });

  test(`what is sent to no operation is not read (${kind})`, async () => {
    const server = await serverOf(kind);
    for (const path of ["/", "/nothing", "/healthz", "/log/checkpoint", "/assets/x.js"]) {
      const answer = await post(server, path, "[".repeat(200_000));
      assert.ok([404, 405].includes(answer.status), `${path}: ${answer.status}`);
    }
  });
});
