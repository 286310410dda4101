import assert from "node:assert/strict";
import { test } from "node:test";
import { takeGuardsOff } from "../../support/databases/guards.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { allEvents, type NativeClient, tryLogIn } from "../../support/clients/native-client.ts";
import { admin, anyone, makePerson } from "../../support/worlds/people.ts";
import { powerFailure, report } from "../../support/reports.ts";
import { sharedServers, startServer, type TestServer } from "../../support/server.ts";

// How many events there were, and when.

const serverOf = sharedServers();

interface Histogram {
  readonly since: string;
  readonly until: string;
  readonly is_exact: boolean;
  readonly counted_since: string;
  readonly failures_counted_since: string;
  readonly counted: number;
  readonly bins: readonly { readonly start: string; readonly count: number; readonly failures: number }[];
}

async function histogram(client: NativeClient, query = ""): Promise<Histogram> {
  const answer = await client.ask("GET", `events/histogram?${query}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<Histogram>();
}

const sum = ({ bins }: Histogram, column: "count" | "failures"): number =>
  bins.reduce((total, bin) => total + bin[column], 0);

/** Spreads the events over hours, behind Ironlog's back: one each ten seconds. */
async function spreadOut(server: TestServer): Promise<void> {
  await server.stop();
  const guardAgain = await takeGuardsOff(server, "event");
  await server.meddle(`update event set created = ${Date.UTC(2026, 0, 1) * 1000} + id * 10000000`);
  await guardAgain();
  await server.start();
}

forEachKind((kind) => {
  for (const [query, field] of [
    ["bins=0", "bins"],
    ["bins=501", "bins"],
    ["bins=x", "bins"],
    ["since=yesterday", "since"],
    ["since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", "until"],
    ["since=2026-01-01T00:00:00Z&until=2026-01-01T00:00:00Z", "until"],
    ["since=2200-01-02T00:00:00Z&until=2200-01-01T00:00:00Z", "until"],
    ["limit=5", "limit"],
    ["time_zone=Mars/Olympus", "time_zone"],
    ["time_zone=", "time_zone"],
  ] as const) {
    test(`events/histogram?${query} is a 400 that names ${field} (${kind})`, async () => {
      const { native } = await anyone(await serverOf(kind));
      const answer = await native.ask("GET", `events/histogram?${query}`);
      assert.equal(answer.status, 400, answer.text);
      assert.deepEqual(Object.keys(answer.json<{ errors: object }>().errors), [field]);
    });
  }

  test(`of a time to come nothing is counted, as the list has nothing of it (${kind})`, async () => {
    const server = await serverOf(kind);
    for (const { native } of [admin(server), await anyone(server)]) {
      for (const since of ["2200-01-01T00:00:00.000000Z", "2255-06-05T23:47:34.740991Z"]) {
        for (const more of ["", "&owner=admin", "&time_zone=Pacific/Apia&bins=500"]) {
          const found = await histogram(native, `since=${since}${more}`);
          assert.equal(found.since, since);
          assert.ok(found.until > since && found.until.length === since.length, found.until);
          assert.deepEqual([found.counted, found.is_exact, found.counted_since], [0, true, since]);
          assert.deepEqual(
            found.bins.map(({ count, failures }) => [count, failures]),
            found.bins.map(() => [0, 0]),
          );
        }
        assert.deepEqual(await allEvents(native, { since }), []);
      }
    }
  });

  test(`an administrator's bins are the whole log, counted to the last event (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    const person = await makePerson(server);
    await report(
      native,
      Array.from({ length: 400 }, (_, at) => ({ ...powerFailure, outcome: at % 4 === 0 ? "failure" : "success" })),
    );
    await spreadOut(server);
    const span = "since=2026-01-01T00:00:00Z&until=2026-01-01T01:00:00Z";
    const events = await allEvents(native, { since: "2026-01-01T00:00:00Z", until: "2026-01-01T01:00:00Z" });
    assert.ok(events.length > 300);
    for (const [bins, length] of [
      [1, 3600],
      [7, 600],
      [60, 60],
      [499, 10],
      [500, 10],
    ] as const) {
      const found = await histogram(native, `${span}&bins=${bins}`);
      assert.equal(found.is_exact, true);
      assert.equal(found.counted, events.length);
      for (const [at, { start, count, failures }] of found.bins.entries()) {
        assert.equal(Date.parse(start), Date.UTC(2026, 0, 1) + at * length * 1000);
        const end = found.bins[at + 1]?.start ?? found.until;
        const inside = events.filter(({ created }) => created >= start && created < end);
        assert.equal(count, inside.length);
        assert.equal(failures, inside.filter(({ outcome }) => outcome === "failure").length);
      }
      // Counted one by one, it is the same.
      const filtered = await histogram(native, `${span}&bins=${bins}&exclude=owner:nobody-at-all`);
      assert.deepEqual(filtered, found);
    }
    assert.equal((await histogram(person.native, span)).counted, (await allEvents(person.native)).length);
  });

  test(`without times it reaches from the first event to now, with at most 60 bins (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const all = await allEvents(native);
    const found = await histogram(native);
    assert.equal(found.counted, all.length);
    assert.equal(sum(found, "failures"), all.filter(({ outcome }) => outcome === "failure").length);
    assert.equal(found.since.slice(0, 19), all.at(-1)?.created.slice(0, 19));
    assert.ok(found.bins.length <= 60);
  });

  test(`bins begin with the days of the zone that is asked for (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const span = "since=2026-03-01T00:00:00Z&until=2026-04-10T00:00:00Z";
    for (const [zone, first, last] of [
      ["", "2026-03-01T00:00:00", "2026-04-09T00:00:00"],
      ["&time_zone=Europe/Berlin", "2026-03-01T23:00:00", "2026-04-09T22:00:00"],
      ["&time_zone=Asia/Kolkata", "2026-03-01T18:30:00", "2026-04-09T18:30:00"],
    ] as const) {
      const { since, bins } = await histogram(native, `${span}${zone}`);
      assert.equal(since, "2026-03-01T00:00:00.000000Z");
      assert.equal(bins[zone === "" ? 0 : 1]?.start, `${first}.000000Z`);
      assert.equal(bins.at(-1)?.start, `${last}.000000Z`);
    }
  });

  test(`B7: a user's bins hold what they may see, and begin with their own first event (${kind})`, async () => {
    const server = await serverOf(kind);
    const [ann, ben] = [await makePerson(server), await makePerson(server)];
    await tryLogIn(server, { ...ann, password: "a wrong password" }, { from: ann.from });
    const own = await allEvents(ann.native);
    const found = await histogram(ann.native);
    assert.equal(found.counted, own.length);
    assert.equal(sum(found, "failures"), 1);
    assert.equal(found.since.slice(0, 19), own.at(-1)?.created.slice(0, 19));
    for (const query of [
      `owner=${ben.username}`,
      "owner=admin",
      "exclude=level:AUDIT",
      `target=user/${ben.username}`,
    ]) {
      assert.equal((await histogram(ann.native, query)).counted, 0, query);
    }
  });

  test(`of filtered events the newest 10,000 are counted, and what is left out is said (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    for (let made = 0; made < 10; made += 1) {
      await report(
        native,
        Array.from({ length: 1000 }, (_, at) => ({ ...powerFailure, ...(at % 3 === 0 && { outcome: "failure" }) })),
      );
    }
    const exactly = await histogram(native, "action=node.*");
    assert.deepEqual([exactly.counted, exactly.is_exact], [10_000, true]);
    await report(native, powerFailure);
    const cut = await histogram(native, "action=node.*");
    assert.deepEqual([cut.counted, cut.is_exact], [10_000, false]);
    const failures = await allEvents(native, { action: "node.power" });
    assert.equal(cut.counted_since, failures[9_999]?.created, "the oldest that was counted");
    assert.equal(cut.failures_counted_since, cut.counted_since);
    const whole = await histogram(native);
    assert.equal(whole.is_exact, true, "the whole log is counted by its ids");
    assert.equal(sum(whole, "failures"), (await allEvents(native, { outcome: "failure" })).length);
    assert.deepEqual([whole.counted_since, whole.failures_counted_since], [whole.since, whole.since]);
  });

  test(`where the clock was set back between two bins, it is said (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await report(
      native,
      Array.from({ length: 100 }, () => powerFailure),
    );
    await server.stop();
    const guardAgain = await takeGuardsOff(server, "event");
    // Fifty events, then an hour back.
    const start = Date.UTC(2026, 0, 1) * 1000;
    await server.meddle(
      `update event set created = ${start} + id * 60000000 - (case when id > 50 then 3600000000 else 0 end)`,
    );
    await server.meddle("update event set action = 'clock.step' where id = 51");
    await guardAgain();
    await server.start();
    const within = await histogram(native, "since=2026-01-01T00:00:00Z&until=2026-01-01T04:00:00Z&bins=240");
    assert.equal(within.is_exact, false);
    assert.ok(within.bins.every(({ count }) => count >= 0));
    const around = await histogram(native, "since=2025-12-31T00:00:00Z&until=2026-01-02T00:00:00Z&bins=1");
    assert.equal(around.is_exact, true);
    assert.ok(around.counted > 100);
  });
});
