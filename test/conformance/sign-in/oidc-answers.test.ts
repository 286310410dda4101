import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { freshAddress, send } from "../../support/clients/http-client.ts";
import { TestBrowser } from "../../support/providers/browser.ts";
import { type Forgery, type ForgingProvider, sendJson } from "../../support/providers/forging-provider.ts";
import { joinForger } from "../../support/providers/join-forger.ts";
import {
  detailsOf,
  joinProvider,
  outline,
  reasons,
  recorded,
  sessionOf,
  signIn,
  somebody,
  tryToSignIn,
  whoIs,
} from "../../support/providers/sign-in.ts";
import { admin } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers, startSecondServer } from "../../support/server.ts";
import { until } from "../../support/until.ts";

// What comes back from a provider, and what it sends by itself: only what is as it must be lets anybody in or out.

const serverOf = sharedServers();

/** Tokens that no login may accept, by what is wrong with them. */
const forgeries: Readonly<Record<string, Forgery>> = {
  "another nonce": { claims: { nonce: "another" } },
  "no nonce": { without: ["nonce"] },
  "another issuer": { claims: { iss: "https://login.example.com" } },
  "another audience": { claims: { aud: "somebody-else" } },
  "another party": { claims: { aud: ["ironlog", "somebody-else"], azp: "somebody-else" } },
  "an end in the past": { claims: { exp: Math.floor(Date.now() / 1_000) - 600 } },
  "no end": { without: ["exp"] },
  "no subject": { without: ["sub"] },
  "a stranger's signature": { byStranger: true },
  "a key that the provider hasn't": { header: { kid: "two" } },
  "a subject that is too long": { claims: { sub: "x".repeat(256) } },
};

/** Log-out tokens that end nobody's session. */
const forgedLogouts: Readonly<Record<string, Forgery>> = {
  "another issuer": { claims: { iss: "https://login.example.com" } },
  "another audience": { claims: { aud: "somebody-else" } },
  "a time long ago": { claims: { iat: Math.floor(Date.now() / 1_000) - 600 } },
  "no time": { without: ["iat"] },
  "no name of its own": { without: ["jti"] },
  "a nonce, as an ID token has": { claims: { nonce: "one" } },
  "no event": { without: ["events"] },
  "another event": { claims: { events: { "https://example.com/else": {} } } },
  nobody: { without: ["sub", "sid"] },
  "a stranger's signature": { byStranger: true },
};

const logoutEvent = { "http://schemas.openid.net/event/backchannel-logout": {} };

forEachKind((kind) => {
  test(`nobody is sent to another site, whatever an address says (${kind})`, async () => {
    await using joined = await joinProvider(await serverOf(kind), { accounts: "create" });
    const person = somebody();
    for (const elsewhere of [
      "//evil.example",
      "https://evil.example/",
      "/\\evil.example",
      "javascript:alert(1)",
      "/%0a/x",
    ]) {
      const query = `?redirectTo=${encodeURIComponent(elsewhere).replace("%250a", "%0a")}`;
      assert.equal(await tryToSignIn(joined, person, new TestBrowser(freshAddress()), query), "/", elsewhere);
    }
  });

  test(`an answer that this browser didn't ask for, asked for too long ago, or has used lets nobody in (${kind})`, async () => {
    await using joined = await joinProvider(await serverOf(kind), { accounts: "create" });
    const { server, provider, name } = joined;
    const person = somebody();
    provider.person = person;
    const back = `${server.url}/oidc/${name}/callback`;
    const begin = async () => {
      const browser = new TestBrowser(freshAddress());
      const { url } = await browser.follow(`${server.url}/oidc/${name}/login`, back);
      return { browser, url };
    };
    const endOf = async (browser: TestBrowser, url: string) => (await browser.follow(url)).url.slice(server.url.length);
    const [mine, theirs] = [await begin(), await begin()];
    // Another browser, another's code, a state that isn't ours, an answer twice.
    assert.equal(await endOf(new TestBrowser(freshAddress()), mine.url), "/login?failed=expired");
    assert.equal(await endOf(mine.browser, theirs.url), "/login?failed=expired");
    const third = await begin();
    const pending = third.browser.cookie(server.url, "oidclogin") ?? "";
    assert.equal(await endOf(third.browser, third.url), "/");
    third.browser.setCookie(server.url, "oidclogin", pending);
    assert.equal(await endOf(third.browser, third.url), "/login?failed=answer", "the provider takes no code twice");
    const late = await begin();
    const parts = JSON.parse(
      Buffer.from(late.browser.cookie(server.url, "oidclogin") ?? "", "base64url").toString(),
    ) as unknown[];
    parts[3] = Number(parts[3]) - 601;
    late.browser.setCookie(server.url, "oidclogin", Buffer.from(JSON.stringify(parts)).toString("base64url"));
    assert.equal(await endOf(late.browser, late.url), "/login?failed=expired");
    const no = await recorded(joined, async () => {
      assert.equal(await tryToSignIn(joined, null), "/login?failed=refused");
    });
    assert.deepEqual(reasons(no), [["auth.login.failure", "refused"]]);
    assert.equal(detailsOf(no[0])["cause"], "the provider answered access_denied");
  });

  test(`a session of a provider's ends after a time of its own, and asking again replaces it (${kind})`, async () => {
    await using joined = await joinProvider(await serverOf(kind), { accounts: "create" });
    const { server, provider } = joined;
    const person = somebody();
    const { browser, session } = await signIn(joined, person);
    const before = provider.logins;
    assert.ok(!(await tryToSignIn(joined, person, browser)).includes("failed"));
    assert.equal(provider.logins, before, "the provider still knows them");
    assert.equal(await whoIs(session), undefined, "one browser has one session");
    const now = sessionOf(server, browser);
    assert.ok(!(await tryToSignIn(joined, person, browser, "?again=1")).includes("failed"));
    assert.equal(provider.logins, before + 1, "the provider asks anew");
    assert.equal(await whoIs(now), undefined);
    const last = sessionOf(server, browser);
    const shown = (await last.ask("GET", "sessions")).json<{ items: readonly Record<string, unknown>[] }>().items;
    assert.deepEqual(
      shown.map((one) => one["is_by_provider"]),
      [true],
    );
    const lasts = Date.parse(String(shown[0]?.["expires"])) - Date.parse(String(shown[0]?.["created"]));
    assert.equal(lasts, 43_200_000);
  });

  test(`a log-out at the provider ends the session here, and the other way round (${kind})`, async () => {
    await using joined = await joinProvider(await serverOf(kind), { accounts: "create" });
    const { server, provider } = joined;
    const person = somebody();
    const [one, other] = [await signIn(joined, person), await signIn(joined, person)];
    const hint = one.browser.cookie(server.url, "oidcidtoken") ?? "";
    const cookie = `${one.session.cookies}; oidcidtoken=${hint}`;
    const out = await one.session.ask("POST", "session/end", undefined, { headers: { cookie } });
    assert.equal(out.status, 200, out.text);
    const { url } = out.json<{ url: string }>();
    assert.ok(url.startsWith(`${provider.issuer}/session/end?`), url);
    const sent = new URL(url).searchParams;
    assert.equal(sent.get("post_logout_redirect_uri"), `${server.url}/login`);
    assert.equal(sent.get("id_token_hint"), hint, "some providers ask for it");
    assert.equal(await whoIs(one.session), undefined);
    // There the other browser logs out, by the provider's own form.
    const events = await recorded(joined, async () => {
      const { answer } = await other.browser.follow(url);
      const [, xsrf = ""] = /name="xsrf" value="([^"]+)"/.exec(answer.text) ?? [];
      const form = { method: "POST", body: new URLSearchParams({ xsrf, logout: "yes" }).toString() };
      const ended = await other.browser.follow(`${provider.issuer}/session/end/confirm`, undefined, form);
      assert.equal(ended.url, `${server.url}/login`);
      await until(async () => (await whoIs(other.session)) === undefined);
    });
    assert.deepEqual(outline(events), [["session.end", "success", null]]);
    const { reason, subject } = detailsOf(events[0]);
    assert.deepEqual([reason, subject], ["back-channel log-out", person.sub]);
    assert.equal(events[0]?.description, `Ended 1 sessions of '${person.preferred_username}'.`);
  });

  test(`no login takes a token that isn't its own, and each is recorded with what was wrong (${kind})`, async () => {
    const server = await serverOf(kind);
    const { forger, name, comeBack, token } = await joinForger(server);
    await using _ = forger;
    const sub = freshName("person");
    for (const [what, forgery] of Object.entries(forgeries)) {
      const events = await recorded({ server }, async () => {
        assert.equal(await comeBack(token(sub, forgery)), "/login?failed=answer", what);
      });
      assert.deepEqual(reasons(events), [["auth.login.failure", "answer"]], what);
      assert.equal(events[0]?.username, null);
      assert.equal(detailsOf(events[0])["provider"], name);
      assert.equal(typeof detailsOf(events[0])["cause"], "string");
    }
    const answers: Readonly<Record<string, ForgingProvider["answer"]>> = {
      "no ID token": (response) => sendJson(response, { access_token: "a", token_type: "bearer" }),
      "a refusal": (response) => sendJson(response, { error: "invalid_grant" }, 400),
      "something else": (response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>Welcome"),
      "another address": (response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
      "more than it may": (response) => {
        response.writeHead(200, { "content-type": "application/json" }).end(`{"a":"${"x".repeat(600_000)}"}`);
      },
    };
    for (const [what, answer] of Object.entries(answers)) {
      assert.equal(await comeBack(() => answer), "/login?failed=answer", what);
    }
    assert.equal(await comeBack(() => (response) => void response.destroy()), "/login?failed=away");
    // The same token without the forgery.
    assert.equal(await comeBack(token(sub)), "/");
  });

  test(`only the provider's own log-out tokens end sessions, each once (${kind})`, async () => {
    const server = await serverOf(kind);
    const { forger, name, comeBack, token } = await joinForger(server);
    await using _ = forger;
    const sub = freshName("person");
    const open = async () => {
      const browser = new TestBrowser(freshAddress());
      assert.equal(await comeBack(token(sub), browser), "/");
      return sessionOf(server, browser);
    };
    const post = async (logout_token: string) => {
      const body = new URLSearchParams({ logout_token }).toString();
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return send(server.url, `/oidc/${name}/backchannel-logout`, { method: "POST", headers, body });
    };
    const session = await open();
    const about = { sub, sid: `session of ${sub}`, jti: freshName("token"), events: logoutEvent };
    for (const [what, forgery] of Object.entries(forgedLogouts)) {
      const answer = await post(await forger.sign(about, forgery));
      assert.equal(answer.status, 400, what);
      assert.equal(answer.json<{ error: string }>().error, "invalid_request");
    }
    assert.equal((await post("no token")).status, 400);
    assert.equal(await whoIs(session), sub);
    const others = await forger.sign({ ...about, sid: "another session", jti: freshName("token") });
    assert.equal((await post(others)).status, 200, "a session that isn't here has ended already");
    assert.equal(await whoIs(session), sub);
    const good = await forger.sign(about);
    const events = await recorded({ server }, async () => assert.equal((await post(good)).status, 200));
    assert.deepEqual(outline(events), [["session.end", "success", null]]);
    assert.equal(await whoIs(session), undefined);
    const next = await open();
    assert.equal((await post(good)).status, 400, "each token counts once");
    assert.equal(await whoIs(next), sub);
    const { sid: _sid, ...ofPerson } = about;
    assert.equal((await post(await forger.sign({ ...ofPerson, jti: freshName("token") }))).status, 200);
    assert.equal(await whoIs(next), undefined);
  });

  test(`the provider's word counts as a second factor, and only while it is fresh for what is sensitive (${kind})`, async () => {
    const server = await serverOf(kind);
    const { forger, comeBack, token } = await joinForger(server);
    await using _ = forger;
    const { native: root } = admin(server);
    const sub = freshName("person");
    const seconds = Math.floor(Date.now() / 1_000);
    const shownAt = (authTime: number) => token(sub, { claims: { auth_time: authTime } });
    const browser = new TestBrowser(freshAddress());
    for (const [name, value] of Object.entries({ ironlog_second_factor: "all", ironlog_second_factor_grace_days: 0 })) {
      assert.equal((await root.ask("PUT", `settings/${name}`, { value })).status, 200);
    }
    assert.equal(await comeBack(shownAt(seconds - 3_600), browser), "/");
    const before = sessionOf(server, browser);
    const shown = await before.ask("GET", "session");
    assert.equal(shown.json<{ second_factor: string }>().second_factor, "off", "nothing is asked for on top");
    assert.equal((await before.ask("GET", "account/tokens")).status, 200);
    const sensitive = await before.ask("POST", "account/tokens", { name: "one" });
    assert.deepEqual([sensitive.status, sensitive.json<{ code: string }>().code], [403, "factor_needed"]);
    const again = "?again=1&redirectTo=/account/prefs/api-keys";
    assert.equal(await comeBack(shownAt(seconds - 3_600), browser, again), "/login?failed=stale");
    assert.equal(await comeBack(shownAt(seconds), browser, again), "/account/prefs/api-keys");
    assert.equal(await whoIs(before), undefined, "the session was replaced");
    const made = await sessionOf(server, browser).ask("POST", "account/tokens", { name: "one" });
    assert.equal(made.status, 201, made.text);
    await root.ask("PUT", "settings/ironlog_second_factor", { value: "off" });
  });

  if (kind === "postgres") {
    test("two servers on one database finish each other's logins, and none twice", async () => {
      const server = await serverOf(kind);
      const { forger, name, token } = await joinForger(server);
      await using _ = forger;
      await using second = await startSecondServer(server);
      const sub = freshName("person");
      const browser = new TestBrowser(freshAddress());
      const { location = "" } = (await browser.step(`${server.url}/oidc/${name}/login`)).headers;
      const sent = new URL(location).searchParams;
      forger.answer = await token(sub)(sent.get("nonce") ?? "");
      const pending = browser.cookie(server.url, "oidclogin") ?? "";
      const comeBackTo = async (url: string): Promise<string | undefined> => {
        browser.setCookie(url, "oidclogin", pending);
        return (await browser.step(`${url}/oidc/${name}/callback?code=one&state=${sent.get("state")}`)).headers
          .location;
      };
      assert.equal(await comeBackTo(second.url), "/");
      assert.equal(await comeBackTo(server.url), "/login?failed=expired");
      assert.equal(await whoIs(sessionOf(server, browser)), undefined);
    });
  }
});
