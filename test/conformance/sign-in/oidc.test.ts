import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { freshAddress } from "../../support/clients/http-client.ts";
import { logIn, newestEventId } from "../../support/clients/native-client.ts";
import { TestBrowser } from "../../support/providers/browser.ts";
import { joinForger } from "../../support/providers/join-forger.ts";
import {
  detailsOf,
  joinProvider,
  outline,
  reasons,
  recorded,
  type Recorded,
  sessionOf,
  signIn,
  somebody,
  tryToSignIn,
  whoIs,
} from "../../support/providers/sign-in.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { sharedServers } from "../../support/server.ts";

// Sign-in through a provider that speaks OpenID Connect: a real one, in this process.

const serverOf = sharedServers();

forEachKind((kind) => {
  test(`a first login creates an account, the next is the same person, and both name issuer and subject (${kind})`, async () => {
    await using joined = await joinProvider(await serverOf(kind), { accounts: "create" });
    const { server, provider, name } = joined;
    const person = somebody();
    const username = person.preferred_username;
    const browser = new TestBrowser(freshAddress());
    const first = await recorded(joined, async () => {
      assert.equal(await tryToSignIn(joined, person, browser, "?redirectTo=/integrity%3Fa%3D1"), "/integrity?a=1");
    });
    assert.deepEqual(outline(first), [
      ["user.create", "success", username],
      ["identity.link", "success", username],
      ["auth.login", "success", username],
    ]);
    assert.equal(await whoIs(sessionOf(server, browser)), username);
    const identity = { provider: name, issuer: provider.issuer, subject: person.sub };
    assert.deepEqual(first.at(-1)?.details, { method: "oidc", role: "user", ...identity });
    assert.equal(first[1]?.description, `Linked '${username}' to an identity at '${provider.issuer}'.`);
    const again = await recorded(joined, () => signIn(joined, { ...person, preferred_username: "another-name" }));
    assert.deepEqual(outline(again), [["auth.login", "success", username]]);
    const shown = await admin(server).native.ask("GET", `users/${username}/identities`);
    const [one] = shown.json<{ items: readonly { last_login: string | null; subject: string }[] }>().items;
    assert.equal(one?.subject, person.sub);
    assert.ok(one?.last_login !== null);
    // Nobody knows its password, and nobody can guess that it has one.
    const account = await admin(server).native.ask("GET", `users/${username}`);
    assert.equal(account.json<{ email: string }>().email, person.email);
  });

  test(`where accounts are only linked, nobody comes in before an administrator has linked them (${kind})`, async () => {
    await using joined = await joinProvider(await serverOf(kind));
    const { server, provider, name } = joined;
    const { native: root } = admin(server);
    const local = await makePerson(server);
    const person = somebody({ preferred_username: local.username, email: local.email, email_verified: true });
    const refused = await recorded(joined, async () => {
      assert.equal(await tryToSignIn(joined, person), "/login?failed=unknown");
    });
    assert.deepEqual(outline(refused), [["auth.login.failure", "failure", null]]);
    assert.deepEqual(refused[0]?.details, {
      method: "oidc",
      provider: name,
      issuer: provider.issuer,
      subject: person.sub,
      reason: "unknown",
    });
    const link = { provider: name, subject: person.sub };
    const linked = await root.ask("POST", `users/${local.username}/identities`, link);
    assert.equal(linked.status, 201, linked.text);
    const twice = await root.ask("POST", `users/${local.username}/identities`, link);
    assert.equal(twice.status, 409, twice.text);
    const { session } = await signIn(joined, person);
    assert.equal(await whoIs(session), local.username);
    const { id } = linked.json<{ id: number }>();
    const unlinked = await recorded(joined, () => root.ask("DELETE", `users/${local.username}/identities/${id}`));
    assert.deepEqual(outline(unlinked), [["identity.unlink", "success", admin(server).username]]);
    assert.equal(detailsOf(unlinked[0])["sessions_ended"], 1);
    assert.equal(await whoIs(session), undefined);
    assert.equal(await tryToSignIn(joined, person), "/login?failed=unknown");
  });

  test(`a user links their own account, and only the session that began it can (${kind})`, async () => {
    await using joined = await joinProvider(await serverOf(kind));
    const { server, name } = joined;
    const [local, other] = [await makePerson(server), await makePerson(server)];
    const person = somebody();
    const begin = async (who: typeof local) => {
      const browser = new TestBrowser(who.from);
      const session = await logIn(server, who, { from: who.from });
      browser.setCookie(server.url, "sessionid", session.sessionId);
      const answer = await session.ask("POST", "account/identities", { provider: name });
      assert.equal(answer.status, 200, answer.text);
      browser.setCookie(server.url, "oidclogin", answer.cookie("oidclogin") ?? "");
      return { browser, session, url: answer.json<{ url: string }>().url };
    };
    joined.provider.person = person;
    // Somebody plants what their own browser was given into another's.
    const [own, planted] = [await begin(local), await begin(other)];
    const pending = own.browser.cookie(server.url, "oidclogin") ?? "";
    planted.browser.setCookie(server.url, "oidclogin", pending);
    const stolen = await planted.browser.follow(own.url, server.url);
    assert.equal((await planted.browser.follow(stolen.url)).url, `${server.url}/account/prefs/details?failed=expired`);
    const again = await begin(local);
    const events = await recorded(joined, async () => {
      assert.equal((await again.browser.follow(again.url)).url, `${server.url}/account/prefs/details`);
    });
    assert.deepEqual(outline(events), [["identity.link", "success", local.username]]);
    assert.equal(await whoIs((await signIn(joined, person)).session), local.username);
    // The same person at the provider can't be two here.
    const second = await begin(other);
    assert.equal((await second.browser.follow(second.url)).url, `${server.url}/account/prefs/details?failed=linked`);
    const shown = await other.native.ask("GET", "account/identities");
    assert.deepEqual(shown.json<{ items: unknown[] }>().items, []);
    assert.equal((await local.native.ask("POST", "account/identities", { provider: name })).status, 400);
  });

  test(`an account that is there is never taken over, and a deactivated one stays out (${kind})`, async () => {
    await using joined = await joinProvider(await serverOf(kind), { accounts: "create" });
    const { server } = joined;
    const local = await makePerson(server);
    const taken = await recorded(joined, async () => {
      const person = somebody({ preferred_username: local.username });
      assert.equal(await tryToSignIn(joined, person), "/login?failed=taken");
    });
    assert.deepEqual(reasons(taken), [["auth.login.failure", "taken"]]);
    assert.equal(await tryToSignIn(joined, somebody({ preferred_username: "no name" })), "/login?failed=name");
    const person = somebody({ email: local.email });
    const { session } = await signIn(joined, person);
    const { email } = (await session.ask("GET", "account")).json<{ email: string }>();
    assert.equal(email, "", "an address that somebody has stays theirs");
    const { native } = admin(server);
    await native.ask("PATCH", `users/${person.preferred_username}`, { is_active: false });
    const out = await recorded(joined, async () => {
      assert.equal(await tryToSignIn(joined, person), "/login?failed=inactive");
    });
    assert.deepEqual(outline(out), [["auth.login.failure", "failure", person.preferred_username]]);
  });

  test(`roles follow the claim at each login, and each change is recorded (${kind})`, async () => {
    await using joined = await joinProvider(await serverOf(kind), {
      accounts: "create",
      scopes: "openid profile groups",
      role_claim: "groups",
      administrator_value: "ironlog-admins",
      auditor_value: "ironlog-auditors",
      required_claim: "groups",
      required_value: "staff",
    });
    const person = somebody();
    const as = async (...groups: readonly string[]) =>
      recorded(joined, async () => void (await signIn(joined, { ...person, groups: ["staff", ...groups] })));
    const told = (events: Recorded) => events.map(({ description }) => description).slice(0, -1);
    const username = person.preferred_username;
    const changed = (was: string, is: string) => [`Permissions changed for '${username}': ${was} -> ${is}.`];
    assert.equal(await tryToSignIn(joined, { ...person, groups: ["guests"] }), "/login?failed=not_allowed");
    assert.equal((await as()).length, 3);
    assert.deepEqual(told(await as("ironlog-auditors")), changed("user", "auditor"));
    const promoted = await as("ironlog-auditors", "ironlog-admins");
    assert.deepEqual(told(promoted), changed("auditor", "admin"));
    assert.equal(promoted[0]?.username, null, "nobody here has given it");
    const { claim, issuer } = detailsOf(promoted[0]);
    assert.deepEqual([claim, issuer], ["groups", joined.provider.issuer]);
    const review = await admin(joined.server).native.ask("POST", "reports/access", {});
    const { items } = review.json<{ items: readonly { finding: string; username: string; by: string | null }[] }>();
    const found = items.find((one) => one.finding === "reads everything" && one.username === username);
    assert.equal(found?.by, `sign-in provider '${joined.name}'`);
    assert.deepEqual(told(await as("ironlog-admins")), []);
    // Who is kept for emergencies isn't at the provider's mercy.
    const { native } = admin(joined.server);
    await native.ask("PATCH", `users/${username}`, { is_break_glass: true });
    const kept = await as();
    assert.deepEqual(
      kept.map(({ action, outcome }) => [action, outcome]),
      [
        ["auth.login", "success"],
        ["auth.break_glass", "failure"],
      ],
    );
    assert.equal(detailsOf(kept[0])["role_kept_of"], "a break-glass account");
    await native.ask("PATCH", `users/${username}`, { is_break_glass: false });
    assert.deepEqual(told(await as()), changed("admin", "user"));
  });

  test(`who fails too often is turned away, and counted instead of recorded (${kind})`, async () => {
    const server = await serverOf(kind);
    const { forger, name } = await joinForger(server);
    await using _ = forger;
    const browser = new TestBrowser(freshAddress());
    const ends: string[] = [];
    const comeBack = async (state: string): Promise<string | undefined> =>
      (await browser.step(`${server.url}/oidc/${name}/callback?error=access_denied&state=${state}`)).headers.location;
    // What a page elsewhere makes a browser send, which has begun no login, counts for nothing.
    const before = await newestEventId(admin(server).native);
    for (let time = 0; time < 14; time += 1) assert.equal(await comeBack("y"), "/login?failed=expired");
    assert.equal(await newestEventId(admin(server).native), before);
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const { location = "" } = (await browser.step(`${server.url}/oidc/${name}/login`)).headers;
      const state = URL.canParse(location) ? (new URL(location).searchParams.get("state") ?? "") : "";
      ends.push((state === "" ? location : await comeBack(state)) ?? "");
    }
    assert.deepEqual(new Set(ends.slice(0, 8)), new Set(["/login?failed=refused"]));
    assert.equal(ends.at(-1), "/login?failed=busy");
  });
});
