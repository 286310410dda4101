import assert from "node:assert/strict";
import { test } from "node:test";
import { kinds } from "../../support/databases/databases.ts";
import { allEvents, bearer, logIn } from "../../support/clients/native-client.ts";
import { openAnswer } from "../../support/clients/open-answer.ts";
import { startServer } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";

// What administrators and auditors read of others is told of, without an event for each page.

for (const kind of kinds) {
  test(`proofs and streams by API key are recorded, a session's or key's first at once, the others summed (${kind})`, async () => {
    await using server = await startServer({ kind });
    const root = admin(server);
    const [auditor, user] = [await makePerson(server, { isAuditor: true }), await makePerson(server)];
    const [event] = await allEvents(root.native, { owner: user.username });
    assert.ok(event !== undefined);
    const reads = async () =>
      (await allEvents(root.native, { action: "log.read" })).map(({ username, description, target_name, details }) => [
        username,
        target_name,
        description,
        details?.["reads"],
      ]);
    const prove = async (native: typeof auditor.native, id = event.id) => {
      const answer = await native.ask("GET", `events/${id}/proof`);
      assert.equal(answer.status, 200, answer.text);
    };
    await prove(user.native);
    assert.deepEqual(await reads(), [], "one's own events are one's own");
    await prove(auditor.native);
    const first = [
      auditor.username,
      auditor.username,
      `'${auditor.username}' read the log: 1 proof.`,
      { proof: 1, query: 0, stream: 0 },
    ];
    assert.deepEqual(await reads(), [first]);
    await prove(auditor.native);
    const [own] = await allEvents(auditor.native, { owner: auditor.username });
    assert.ok(own !== undefined);
    await prove(auditor.native, own.id);
    using stream = await openAnswer(server.url, "events/stream", { authorization: `Bearer ${auditor.apiKey}` });
    await stream.until((text) => text.includes(":"));
    const pages = await logIn(server, auditor);
    await prove(pages);
    assert.deepEqual(await reads(), [first], "further ones wait, and what a page fetches is its list");
    stream[Symbol.dispose]();
    await server.stop();
    await server.start();
    assert.deepEqual(await reads(), [
      [
        null,
        auditor.username,
        `'${auditor.username}' read the log: 1 proof, 1 stream.`,
        { proof: 1, query: 0, stream: 1 },
      ],
      first,
    ]);
  });

  test(`ironlog_record_reads records every way to read, in two events for each session and key (${kind})`, async () => {
    await using server = await startServer({ kind });
    const root = admin(server);
    const [auditor, user] = [await makePerson(server, { isAuditor: true }), await makePerson(server)];
    const count = async () => (await allEvents(bearer(server, root.apiKey), { action: "log.read" })).length;
    await auditor.native.ask("GET", "events");
    assert.equal(await count(), 0, "it is off at first");
    assert.equal((await root.native.ask("PUT", "settings/ironlog_record_reads", { value: true })).status, 200);
    const [event] = (await user.native.ask("GET", "events?limit=1")).json<{ items: readonly { id: number }[] }>().items;
    const session = await logIn(server, auditor);
    for (let time = 0; time < 3; time += 1) {
      for (const path of ["events", `events/${event?.id}`, "events/histogram"]) {
        assert.equal((await session.ask("GET", path)).status, 200);
        assert.equal((await auditor.native.ask("GET", path)).status, 200);
        assert.equal((await user.native.ask("GET", path)).status, 200);
      }
      assert.equal((await auditor.maas.get("events/?op=query&level=AUDIT")).status, 200);
    }
    await server.stop();
    await server.start();
    const told = (await allEvents(root.native, { action: "log.read", target: auditor.username })).map(
      ({ description, details }) => [description, details?.["credential"]],
    );
    const sentences = told.map(([description]) => String(description));
    const words = (reads: string) => `'${auditor.username}' read the log: ${reads}.`;
    assert.deepEqual(sentences.toSorted(), [
      words("1 query"),
      words("1 query"),
      words("11 queries"),
      words("8 queries"),
    ]);
    assert.equal(new Set(told.map(([, credential]) => credential)).size, 2);
    assert.deepEqual(await allEvents(root.native, { action: "log.read", target: user.username }), []);
  });
}
