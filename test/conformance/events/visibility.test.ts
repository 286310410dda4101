import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import type { Answer } from "../../support/clients/http-client.ts";
import type { MaasPage } from "../../support/clients/maas-client.ts";
import { allEvents, logIn, type NativeEvent, type NativePage, tryLogIn } from "../../support/clients/native-client.ts";
import { admin, type Administrator, makePerson, type Person } from "../../support/worlds/people.ts";
import { newTrace } from "../../support/recorded.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

// B7: nobody reads what isn't theirs, over any way to read. `query-model.test.ts` has the same for any filters.

const serverOf = sharedServers();

interface AnnAndBen {
  readonly root: Administrator;
  readonly ann: Person;
  readonly ben: Person;
  readonly annsEvents: readonly NativeEvent[];
  readonly bensEvents: readonly NativeEvent[];
}

/** Two people whose events are of the same kinds. */
async function annAndBen(server: TestServer): Promise<AnnAndBen> {
  const root = admin(server);
  const [ann, ben] = [await makePerson(server), await makePerson(server)];
  for (const person of [ann, ben, ann]) {
    await logIn(server, person, { from: person.from, headers: newTrace().headers });
    await person.native.ask("POST", "account/tokens", { name: `token of ${person.username}` });
  }
  // Of Ann and Ben, but not theirs.
  for (const { username } of [ann, ben]) await root.native.ask("PATCH", `users/${username}`, { last_name: "Changed" });
  const eventsOf = ({ username }: Person) => allEvents(root.native, { owner: username });
  return { root, ann, ben, annsEvents: await eventsOf(ann), bensEvents: await eventsOf(ben) };
}

/** What an answer tells, without what differs from request to request. */
function told({ status, type, text, headers }: Answer): unknown {
  return { status, type, text: text.replace(/"trace_id":"\w+"/, ""), length: headers["content-length"] };
}

forEachKind((kind) => {
  test(`52, B7: a user's audit events are their own, whoever is asked for (${kind})`, async () => {
    const { ann, ben, annsEvents } = await annAndBen(await serverOf(kind));
    const own = annsEvents.map(({ id }) => id);
    const ids = async (...owners: string[]) =>
      (await ann.maas.events([["level", "AUDIT"], ...owners.map((owner) => ["owner", owner] as const)])).events.map(
        ({ id }) => id,
      );
    assert.deepEqual(await ids(), own);
    assert.deepEqual(await ids(ann.username), own);
    assert.deepEqual(await ids(ben.username), []);
    assert.deepEqual(await ids("admin", ben.username, ""), []);
    assert.deepEqual(await ids("admin", ann.username), own);
    assert.ok(own.length >= 5);
  });

  test(`B7: so it is by session and over the native API (${kind})`, async () => {
    const server = await serverOf(kind);
    const { ann, ben } = await annAndBen(server);
    const session = await logIn(server, ann, { from: ann.from });
    const page = (await session.send("/MAAS/api/2.0/events/?op=query&level=AUDIT")).json<MaasPage>();
    assert.deepEqual([...new Set(page.events.map(({ username }) => username))], [ann.username]);
    for (const client of [session, ann.native]) {
      const events = await allEvents(client);
      assert.deepEqual([...new Set(events.map(({ username }) => username))], [ann.username]);
      assert.deepEqual(await allEvents(client, { owner: ben.username }), []);
    }
  });

  test(`B7: asking for somebody else says the same as asking for nobody (${kind})`, async () => {
    const { ann, ben } = await annAndBen(await serverOf(kind));
    const nobody = "x".repeat(ben.username.length);
    for (const window of ["", "&before=999999", "&after=1", "&limit=1"]) {
      const ask = (owner: string) => ann.maas.get(`events/?op=query&level=AUDIT&owner=${owner}${window}`);
      const [exists, not] = [told(await ask(ben.username)), told(await ask(nobody))];
      assert.deepEqual(JSON.parse(JSON.stringify(exists).replaceAll(ben.username, nobody)), not);
      const native = (owner: string) => ann.native.ask("GET", `events?owner=${owner}${window}`);
      const [found, missed] = [told(await native(ben.username)), told(await native(nobody))];
      assert.deepEqual(JSON.parse(JSON.stringify(found).replaceAll(ben.username, nobody)), missed);
    }
  });

  test(`B7: no filter of the native list finds what isn't the user's (${kind})`, async () => {
    const { ann, ben, bensEvents } = await annAndBen(await serverOf(kind));
    const [newest] = bensEvents;
    assert.ok(newest !== undefined);
    const filters: Readonly<Record<string, string>>[] = [
      { trace_id: newest.trace_id ?? "" },
      { ip: ben.from },
      { target: `token of ${ben.username}` },
      { target: ben.username },
      { owner: "" },
      { owner: "admin" },
      { action: "server.start" },
      { action: "user.create" },
      { type: "SETTINGS" },
      { since: newest.created, owner: ben.username },
    ];
    for (const filter of filters) assert.deepEqual(await allEvents(ann.native, filter), [], JSON.stringify(filter));
    const page = (await ann.native.ask("GET", `events?before=${newest.id + 1}&limit=1`)).json<NativePage>();
    assert.notEqual(page.items[0]?.username, ben.username);
  });

  test(`B7: one event of somebody else is as missing as one that never was (${kind})`, async () => {
    const { root, ann, annsEvents, bensEvents } = await annAndBen(await serverOf(kind));
    const own = annsEvents[0]?.id ?? 0;
    const answer = await ann.native.ask("GET", `events/${own}`);
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json(), annsEvents[0]);
    const others = bensEvents[0]?.id ?? 0;
    const missing = String(others).replace(/^\d/, "9").padEnd(7, "9");
    const said = async (id: string) =>
      JSON.stringify(told(await ann.native.ask("GET", `events/${id}`)))
        .replaceAll(id, "ID")
        .replace(/"length":"\d+"/, "");
    assert.equal(await said(String(others)), await said(missing));
    assert.equal((await ann.native.ask("GET", `events/${others}`)).status, 404);
    assert.equal((await ann.native.ask("GET", "events/2")).status, 404);
    assert.equal((await root.native.ask("GET", `events/${others}`)).status, 200);
    for (const id of ["0", "-1", "abc", "1.5", "99999999999999999999", "1e3", "%31"]) {
      const { status } = await ann.native.ask("GET", `events/${id}`);
      assert.ok(status === 404 || status === 400, `${id}: ${status}`);
    }
  });

  test(`B7: links lead a user through their own events alone (${kind})`, async () => {
    const { ann, annsEvents } = await annAndBen(await serverOf(kind));
    const met: number[] = [];
    let uri: string | null = "/MAAS/api/2.0/events/?op=query&level=AUDIT&limit=2";
    while (uri !== null) {
      const answer: Answer = await ann.maas.get(uri.replace("/MAAS/api/2.0/", ""));
      const page: MaasPage = answer.json<MaasPage>();
      met.push(...page.events.map(({ id }) => id));
      uri = page.prev_uri;
    }
    assert.deepEqual(
      met,
      annsEvents.map(({ id }) => id),
    );
    const native: number[] = [];
    let path: string | null = "/api/v1/events?limit=2";
    while (path !== null) {
      const answer: Answer = await ann.native.ask("GET", path.replace("/api/v1/", ""));
      const page: NativePage = answer.json<NativePage>();
      native.push(...page.items.map(({ id }) => id));
      path = page.older;
    }
    assert.deepEqual(native, met);
  });

  test(`B7: whoever takes a deleted user's name doesn't get their events (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root, ann, annsEvents } = await annAndBen(server);
    await root.native.ask("DELETE", `users/${ann.username}`);
    const reborn = await makePerson(server, { username: ann.username });
    const visible = (
      await reborn.maas.events([
        ["level", "AUDIT"],
        ["owner", ann.username],
      ])
    ).events.map(({ id }) => id);
    assert.equal(visible.length, 1);
    assert.deepEqual(
      visible.filter((id) => annsEvents.some((event) => event.id === id)),
      [],
    );
    assert.deepEqual(
      (await allEvents(reborn.native)).map(({ id }) => id),
      visible,
    );
    assert.equal((await reborn.native.ask("GET", `events/${annsEvents[0]?.id}`)).status, 404);
    const all = await allEvents(root.native, { owner: ann.username });
    assert.equal(all.length, annsEvents.length + 1);
  });

  test(`B7: somebody demoted sees no more than others, at once (${kind})`, async () => {
    const server = await serverOf(kind);
    const { root, ben } = await annAndBen(server);
    await root.native.ask("PATCH", `users/${ben.username}`, { is_superuser: true });
    assert.ok((await allEvents(ben.native, { owner: "admin" })).length > 0);
    await root.native.ask("PATCH", `users/${ben.username}`, { is_superuser: false });
    assert.deepEqual(await allEvents(ben.native, { owner: "admin" }), []);
    assert.equal(
      (
        await ben.maas.events([
          ["level", "AUDIT"],
          ["owner", "admin"],
        ])
      ).count,
      0,
    );
  });

  test(`A5, B7: a failed login is its account's to see (${kind})`, async () => {
    const server = await serverOf(kind);
    const { ann } = await annAndBen(server);
    await tryLogIn(server, { ...ann, password: "a wrong password" }, { from: ann.from });
    const [event] = await allEvents(ann.native, { outcome: "failure" });
    assert.equal(event?.action, "auth.login.failure");
  });
});
