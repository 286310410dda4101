import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { allEvents, logIn, type NativeEvent } from "../../support/clients/native-client.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { sharedServers, type TestServer } from "../../support/server.ts";

// Where a server runs in the test's process, the tests make people in its database. Nothing may tell them from people
// who were made over HTTP.

const serverOf = sharedServers();

forEachKind((kind) => {
  for (const isAdministrator of [false, true]) {
    const who = isAdministrator ? "an administrator" : "a user";
    test(`${who} made in the database is the same as one made over HTTP (${kind})`, async () => {
      const server = await serverOf(kind);
      assert.ok(server.database !== undefined);
      const wanted = { isAdministrator, lastName: "Ünïcode" };
      const inDatabase = await whatIsKnownOf(server, await makePerson(server, wanted));
      const overHttp = await whatIsKnownOf(server, await makePerson(server, wanted, admin(server).maas));
      assert.deepEqual(inDatabase, overHttp);
    });
  }
});

/** What the APIs and the log say of somebody who can log in and has an API key, without names, keys and times. */
async function whatIsKnownOf(server: TestServer, person: Person): Promise<string> {
  const { native } = admin(server);
  const { username } = person;
  const session = await logIn(server, person, { from: person.from });
  const shown = [
    await session.ask("GET", "account"),
    await native.ask("GET", `users/${username}`),
    await person.native.ask("GET", "account/tokens"),
    await person.maas.get("users/?op=whoami"),
  ];
  const events = [
    ...(await allEvents(native, { target: username })),
    ...(await allEvents(native, { owner: username, action: "token.create" })),
  ];
  assert.equal(events.length, 3);
  const known = { shown: shown.map(({ status, text }) => ({ status, text })), events: events.map(eventOf(person)) };
  const text = JSON.stringify(known, null, 1).replaceAll(username, "NAME");
  return (
    text
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
      // It is noted a moment later. An answer's text stands in a text: its quotation marks are escaped.
      .replace(/last_used\\":(?:null|\\"TIME\\")/g, "last_used")
      .replace(/last_ip\\":(?:null|\\"[\d.]+\\")/g, "last_ip")
      .replace(/(token_key|consumer_key|fingerprint)\W+[\w:]+/g, "$1")
  );
}

const eventOf =
  ({ username, from }: Person) =>
  (event: NativeEvent) => {
    const { level, type, action, outcome, source, endpoint, description, details, target_kind, target_name } = event;
    const isOwn = event.username === username;
    const by = { username: event.username, isFromOwnAddress: event.ip === from, isTraced: event.trace_id !== null };
    return {
      level,
      type,
      action,
      outcome,
      source,
      endpoint,
      description,
      details,
      target_kind,
      target_name,
      isOwn,
      by,
    };
  };
