import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../support/each-kind.ts";
import { freshAddress, send } from "../support/clients/http-client.ts";
import { oauthHeader } from "../support/clients/maas-client.ts";
import { eventsSince, newestEventId } from "../support/clients/native-client.ts";
import { boss, descriptions, johnny, maasEvents, mirroredWorld, own } from "../support/maas/mirrored-world.ts";
import { admin, makePerson } from "../support/worlds/people.ts";

// Whom a key of a mirrored MAAS lets in no more, or never did, and where keys are never sent.

forEachKind((kind) => {
  test(`a key that Ironlog ever issued is sent nowhere, nor is a request that was sent before (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server, api } = world;
    const person = await makePerson(server);
    const [consumer = "", token = "", secret = ""] = person.apiKey.split(":");
    const other = (await person.native.ask("POST", "account/tokens", { name: "second" })).json<{
      id: number;
      api_key: string;
    }>();
    assert.ok((await person.native.ask("DELETE", `account/tokens/${other.api_key.split(":")[1]}`)).status < 300);
    const [goneConsumer = "", goneToken = "", goneSecret = ""] = other.api_key.split(":");
    for (const key of [
      `x${consumer}:${token}:${secret}`,
      `${consumer}:x${token}:${secret}`,
      `${consumer}:${token}:x${secret}`,
      other.api_key,
      `x${goneConsumer}:${goneToken}:${goneSecret}`,
      `${goneConsumer}:x${goneToken}:${goneSecret}`,
      `${token}:${consumer}:${secret}`,
      `${secret}:${token}:${consumer}`,
      `a:b:${secret}`,
      `a:b:${goneSecret}`,
    ]) {
      assert.equal((await maasEvents(server, key, "level=AUDIT")).status, 401, key);
    }
    assert.deepEqual(api.asked, []);
    assert.equal(
      (
        await send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", {
          headers: { authorization: oauthHeader(person.apiKey) },
        })
      ).status,
      200,
    );
    const authorization = oauthHeader(johnny);
    // Where mirrored people have nothing to ask, their keys are nobody's.
    await admin(server).native.ask("PUT", "settings/ironlog_default_source", { value: "prod" });
    for (const path of ["/readyz", "/metrics", "/v1/logs"]) {
      const headers = { authorization: `Bearer ${johnny}`, "x-forwarded-for": "192.0.2.1" };
      await send(server.url, path, { method: path === "/v1/logs" ? "POST" : "GET", headers });
    }
    assert.deepEqual(api.asked, []);
    const once = () => send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", { headers: { authorization } });
    assert.equal((await once()).status, 200);
    const again = await once();
    assert.deepEqual([again.status, again.text.includes("Nonce already used")], [401, true], again.text);
    const old = await send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", {
      headers: { authorization: oauthHeader(johnny, { timestamp: "1000000000" }) },
    });
    assert.deepEqual([old.status, old.text.includes("Expired timestamp")], [401, true], old.text);
    assert.deepEqual(api.asked, [johnny], "and the MAAS was asked once");
  });

  test(`who is out there is out here once the source has changed, and who never was in is recorded (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server, api, maas } = world;
    const { native } = admin(server);
    assert.deepEqual(await descriptions(server, johnny, "level=AUDIT"), own);
    const before = await newestEventId(native);
    await maas.ask("update auth_user set is_active = false where id = 12");
    assert.deepEqual(await descriptions(server, johnny, "level=AUDIT"), own, "the MAAS's word counts for a while");
    const changed = await native.ask("PATCH", "sources/prod", { plain_http: true });
    assert.equal(changed.status, 200, changed.text);
    const out = await maasEvents(server, johnny, "level=AUDIT");
    assert.deepEqual([out.status, out.text], [403, "User is not allowed access to this API."]);
    const stranger = await maasEvents(server, "some:body:else", "level=AUDIT");
    assert.deepEqual([stranger.status, stranger.text.includes("else")], [401, false], stranger.text);
    // The same key again is not asked about, and not recorded, again.
    assert.equal((await maasEvents(server, "some:body:else", "level=AUDIT")).status, 401);
    assert.deepEqual(api.asked, [johnny, johnny, "some:body:else"]);
    const told = (await eventsSince(native, before)).filter(({ action }) => action === "auth.key.failure");
    assert.deepEqual(
      told.map(({ username, outcome, details, target_name }) => [username, outcome, details, target_name]),
      [
        [null, "failure", { reason: "deactivated", username: "johnnybegood" }, "prod"],
        [null, "failure", { reason: "refused" }, "prod"],
      ],
    );
    // Deleted there and made anew, it is somebody else.
    await maas.ask("delete from auth_user where id = 12");
    await maas.addUser({ id: 40, username: "johnnybegood" });
    assert.equal((await native.ask("PATCH", "sources/prod", { plain_http: false })).status, 200);
    assert.deepEqual(await descriptions(server, johnny, "level=AUDIT"), []);
  });

  test(`where people's ids are hidden its administrators alone read, and a MAAS that can't be asked lets nobody in (${kind})`, async () => {
    await using world = await mirroredWorld(kind);
    const { server, api, maas } = world;
    const { native } = admin(server);
    await maas.hidePeople();
    const hidden = await maasEvents(server, johnny, "level=AUDIT");
    assert.deepEqual(
      [hidden.status, hidden.text.includes("GRANT SELECT (id, username, is_active, is_superuser) ON auth_user")],
      [403, true],
      hidden.text,
    );
    assert.equal((await descriptions(server, boss, "level=AUDIT")).length, 4);
    const unknown = "not:asked:before";
    for (const instead of [
      { status: 302, headers: { location: `${api.url}/elsewhere` }, body: "" },
      { status: 500, body: "a page with secret1" },
      { status: 200, body: "<html>" },
      { status: 200, body: JSON.stringify({ username: "johnnybegood" }) },
    ]) {
      api.instead = instead;
      const away = await maasEvents(server, unknown, "level=AUDIT");
      assert.deepEqual([away.status, away.headers["retry-after"]], [503, "10"], away.text);
      assert.doesNotMatch(away.text, /secret1/);
      // Known to be away, it isn't asked again at once, whatever key comes.
      const asked = api.asked.length;
      assert.equal((await maasEvents(server, "yet:another:key", "level=AUDIT")).status, 503);
      assert.equal(api.asked.length, asked);
      assert.equal((await native.ask("PATCH", "sources/prod", { is_enabled: true })).status, 200);
    }
    api.instead = undefined;
    // A wrong key is paid for by its address.
    const from = freshAddress();
    const statuses = new Set<number>();
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const headers = { authorization: oauthHeader(`wrong:key:${attempt}`) };
      statuses.add((await send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", { headers, from })).status);
    }
    assert.deepEqual([...statuses], [401, 429]);
    // A key that is known to be good isn't paid for by what its neighbours try.
    const known = { authorization: oauthHeader(boss) };
    assert.equal((await send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", { headers: known })).status, 200);
    assert.equal(
      (
        await send(server.url, "/MAAS/at/prod/api/2.0/events/?op=query", {
          headers: { authorization: oauthHeader(boss) },
          from,
        })
      ).status,
      200,
    );
  });
});
