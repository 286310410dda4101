import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { send } from "../../support/clients/http-client.ts";
import { makePerson } from "../../support/worlds/people.ts";
import { sharedServers } from "../../support/server.ts";

const serverOf = sharedServers();

test("a body in gzip or zstd is read at both APIs", async () => {
  const server = await serverOf("sqlite");
  const { apiKey } = await makePerson(server);
  const authorization = `Bearer ${apiKey}`;
  for (const [encoding, compress] of [
    ["gzip", gzipSync],
    ["GZIP", gzipSync],
    ["x-gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const) {
    const headers = { authorization, "content-encoding": encoding };
    const native = await send(server.url, "/api/v1/account/tokens", {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: compress(JSON.stringify({ name: `native ${encoding}` })),
    });
    assert.equal(native.status, 201, native.text);
    assert.match(native.text, new RegExp(`"native ${encoding}"`));
    const maas = await send(server.url, "/MAAS/api/2.0/account/?op=create_authorisation_token", {
      method: "POST",
      headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
      body: compress(`name=maas+${encoding}`),
    });
    assert.equal(maas.status, 200, maas.text);
    assert.match(maas.text, new RegExp(`"maas ${encoding}"`));
  }
});

test("what a few bytes become is bounded by what is taken there: a zip bomb is 413", async () => {
  const server = await serverOf("sqlite");
  const { apiKey } = await makePerson(server);
  const bomb = JSON.stringify({ name: "x".repeat(50_000_000) });
  for (const [encoding, compress] of [
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const) {
    const body = compress(bomb);
    assert.ok(body.length < 60_000);
    for (const path of ["/api/v1/account/tokens", "/MAAS/api/2.0/account/?op=create_authorisation_token"]) {
      const headers = {
        authorization: `Bearer ${apiKey}`,
        "content-encoding": encoding,
        "content-type": "application/json",
      };
      const answer = await send(server.url, path, { method: "POST", headers, body });
      assert.equal(answer.status, 413, answer.text);
      assert.match(answer.text, /larger than the 65536 bytes/);
    }
  }
});

test("another encoding is 415 and says which are read; what isn't gzip is 400", async () => {
  const server = await serverOf("sqlite");
  const { apiKey } = await makePerson(server);
  const text = JSON.stringify({ name: "x" });
  for (const [encoding, body, status, says] of [
    ["br", brotliCompressSync(text), 415, /'br' isn't read here: use gzip, zstd, or none/],
    ["deflate", deflateSync(text), 415, /'deflate' isn't read here/],
    ["gzip, gzip", gzipSync(gzipSync(text)), 415, /isn't read here/],
    ["gzip", Buffer.from(text), 400, /not the gzip that/],
    ["gzip", gzipSync(text).subarray(0, 20), 400, /not the gzip that/],
    ["zstd", gzipSync(text), 400, /not the zstd that/],
  ] as const) {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      "content-encoding": encoding,
      "content-type": "application/json",
    };
    const answer = await send(server.url, "/api/v1/account/tokens", { method: "POST", headers, body });
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.text, says);
    assert.equal(answer.headers["accept-encoding"], status === 415 ? "gzip, zstd" : undefined);
  }
});
