import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { forgingProvider, sendJson } from "../../support/providers/forging-provider.ts";
import { freshProviderName } from "../../support/providers/provider-name.ts";
import {
  detailsOf,
  joinProvider,
  recorded,
  signIn,
  somebody,
  tryToSignIn,
  whoIs,
} from "../../support/providers/sign-in.ts";
import { admin } from "../../support/worlds/people.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

// What administrators do with providers: what is recorded of it, what a test of one says, and its secret.

const serverOf = sharedServers();

interface Tested {
  readonly is_usable: boolean;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

async function examine(server: TestServer, name: string): Promise<Tested> {
  const answer = await admin(server).native.ask("POST", `oidc-providers/${name}/test`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<Tested>();
}

forEachKind((kind) => {
  test(`a test says in words what is wrong with a provider, before anybody needs it (${kind})`, async () => {
    const server = await serverOf(kind);
    await using forger = await forgingProvider();
    const { native: root } = admin(server);
    const problems = async (metadata: object, settings: object = {}): Promise<string> => {
      forger.metadata = { ...metadata };
      const name = freshProviderName();
      const added = { name, issuer: forger.issuer, client_id: "ironlog", ...settings };
      assert.equal((await root.ask("POST", "oidc-providers", added)).status, 201);
      return (await examine(server, name)).problems.join(" ");
    };
    const away = "http://127.0.0.1:1";
    assert.match(await problems({}, { issuer: away }), /^Http:\/\/127.0.0.1:1 can't be used: fetch failed/i);
    assert.match(
      await problems({}, { issuer: `${forger.issuer}/realms/none` }),
      /can't be used: unexpected HTTP response/,
    );
    assert.match(await problems({ issuer: "https://login.example.com" }), /can't be used: .*issuer/);
    assert.match(await problems({ response_types_supported: ["id_token"] }), /authorization code flow/);
    assert.match(await problems({ authorization_endpoint: undefined }), /names no authorization_endpoint/);
    assert.match(await problems({ token_endpoint: "http://login.example.com/token" }), /token_endpoint isn't https/);
    assert.match(await problems({ jwks_uri: undefined }), /jwks_uri/);
    assert.match(await problems({ id_token_signing_alg_values_supported: ["HS256"] }), /no key pair/);
    assert.match(await problems({ scopes_supported: ["openid"] }), /doesn't offer these scopes: profile, email/);
    forger.answer = (response) => sendJson(response, { error: "invalid_client" }, 401);
    assert.match(await problems({}), /doesn't take the client ID and secret/);
    forger.answer = (response) => sendJson(response, { error: "invalid_grant" }, 400);
    assert.equal(await problems({}), "");
    const name = freshProviderName();
    await root.ask("POST", "oidc-providers", { name, issuer: forger.issuer, client_id: "ironlog" });
    forger.metadata = { backchannel_logout_supported: false, code_challenge_methods_supported: undefined };
    const { is_usable: isUsable, notes } = await examine(server, name);
    assert.deepEqual([isUsable, notes.length], [true, 4], notes.join(" "));
  });

  test(`changes are recorded with old and new values, and the secret with neither (${kind})`, async () => {
    const server = await serverOf(kind);
    await using joined = await joinProvider(server, { accounts: "create" });
    const { provider, name } = joined;
    const { native: root } = admin(server);
    assert.deepEqual((await examine(server, name)).problems, [], "a real one is good");
    const wrong = "a-wrong-secret-of-the-client";
    const changed = await recorded(joined, () =>
      root.ask("PATCH", `oidc-providers/${name}`, { title: "Another", client_secret: wrong }),
    );
    assert.deepEqual(detailsOf(changed[0]), {
      changed: ["title", "client_secret"],
      title: { old: name, new: "Another" },
    });
    const shown = await root.ask("GET", `oidc-providers/${name}`);
    assert.ok(![shown.text, JSON.stringify(changed), server.output].join(" ").includes(wrong));
    assert.match((await examine(server, name)).problems.join(" "), /doesn't take the client ID and secret/);
    assert.equal(await tryToSignIn(joined, somebody()), "/login?failed=answer");
    await root.ask("PATCH", `oidc-providers/${name}`, { client_secret: provider.clientSecret });
    const person = somebody();
    const { session } = await signIn(joined, person);
    // Who came in through it goes with it.
    const off = await recorded(joined, () => root.ask("PATCH", `oidc-providers/${name}`, { is_enabled: false }));
    assert.equal(detailsOf(off[0])["sessions_ended"], 1);
    assert.equal(await whoIs(session), undefined);
    assert.equal(await tryToSignIn(joined, person), "/login?failed=closed");
    const offered = await root.ask("GET", "sign-in");
    assert.ok(!offered.text.includes(`"${name}"`));
    const gone = await recorded(joined, () => root.ask("DELETE", `oidc-providers/${name}`));
    assert.equal(detailsOf(gone[0])["identities_deleted"], 1);
    const issuer = await root.ask("PATCH", `oidc-providers/${name}`, { issuer: "https://login.example.com" });
    assert.equal(issuer.status, 400, "an issuer never changes");
  });

  test(`a secret that no key opens any more is to be entered again, and locks only the provider (${kind})`, async () => {
    const server = await serverOf(kind);
    await using joined = await joinProvider(server, { accounts: "create" });
    rmSync(path.join(server.data, "secrets.key"));
    assert.equal(await tryToSignIn(joined, somebody()), "/login?failed=secret");
    assert.match((await examine(server, joined.name)).problems.join(" "), /enter it again/);
    const { native: root } = admin(server);
    await root.ask("PATCH", `oidc-providers/${joined.name}`, { client_secret: joined.provider.clientSecret });
    await signIn(joined, somebody());
  });
});
