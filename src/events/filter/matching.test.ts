import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { freshDatabase, kinds } from "../../../test/support/databases/databases.ts";
import { actorFor, createPerson, newMachine } from "../../../test/support/worlds/database-world.ts";
import { defineAction } from "../../audit/action.ts";
import { machineActor } from "../../audit/actor.ts";
import { draftEvent, type EventDraft, type ReportedDraft } from "../../audit/event-draft.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { createNode } from "../../nodes/inventory/node-actions.ts";
import { createZone } from "../../nodes/places/place-actions.ts";
import { readPage } from "../query/page.ts";
import { matcherOf, matchingEvents } from "./matching.ts";
import { parseFilterPairs } from "./native-filter.ts";

const machine = machineActor("tester");
const tell = defineAction({
  async run(_tx, draft: EventDraft | ReportedDraft) {
    return draft;
  },
  events: (draft) => [draft],
});

const pairs = [
  "level:AUDIT",
  "level:ERROR",
  "owner:ada",
  "owner:bob",
  "owner:",
  "owner:nobody",
  "owner:a*",
  "owner:b*",
  "owner:*",
  "owner:a\\*",
  "type:SETTINGS",
  "type:X",
  "type:AUTH*",
  "type:*",
  "action:token.create",
  "action:auth.*",
  "action:x.*",
  "action:x.y",
  "outcome:success",
  "outcome:failure",
  "source:ironlog",
  "source:external",
  "ip:192.0.2.1",
  "ip:2001:db8::1",
  "ip:2001:db8::7",
  "ip:2001:DB8:0::1",
  "ip:198.51.100.0/24",
  "ip:192.0.2.0/25",
  "ip:192.0.0.0/8",
  "ip:0.0.0.0/0",
  "ip:2001:db8::/64",
  "ip:2001:db8::/127",
  "ip:::/0",
  "ip:no address",
  "trace_id:t1",
  "session:s1",
  "key:k1",
  "target:t0",
  "target:user/t1",
  "target:7",
  "target:t*",
  "target:a/*",
  "target:user/t*",
  "target:a/b",
  "node:node0",
  "node:host1",
  "node:host*",
  "node:node*",
  "node:none*",
  "zone:attic",
  "zone:default",
  "pool:default",
  "domain:maas",
  "mac_address:00:00:00:00:00:01",
  "agent_name:juju",
];

for (const kind of kinds) {
  test(`for any filter a matcher finds among events what the database finds by it (${kind})`, async () => {
    await using fresh = await freshDatabase(kind);
    const { db } = fresh;
    await fill(db);
    const events = await db.selectFrom("event").selectAll().orderBy("id", "desc").execute();
    const some = fc.array(fc.constantFrom(...pairs), { maxLength: 4 });
    let matched = 0;
    const property = fc.asyncProperty(some, some, async (wanted, unwanted) => {
      const filter = parseFilterPairs(wanted, unwanted);
      const request = {
        columns: ["id"] as const,
        filter,
        window: { kind: "newest" } as const,
        limit: 1_000,
        entriesMax: Infinity,
      };
      const page = await readPage(db, { id: 1, username: "ada", isSuperuser: true }, request);
      const found = await matchingEvents(db, matcherOf(filter), events);
      assert.deepEqual(
        found.map(({ id }) => id),
        page.events.map(({ id }) => id),
      );
      matched += found.length;
    });
    await fc.assert(property, { numRuns: 400 });
    assert.ok(matched > 1_000, String(matched));
  });
}

const addresses = ["192.0.2.1", "192.0.2.130", "198.51.100.9", "2001:db8::1", "2001:db8:7::1", "no address", null];

/** Events of every kind that filters tell apart: with and without each of the fields. */
async function fill(db: Database): Promise<void> {
  const [ada, bob] = [
    await createPerson(db, { username: "ada", isAdministrator: true }),
    await createPerson(db, { username: "bob" }),
  ];
  await perform(db, ada.actor, createZone, { name: "attic", description: "", now: 1 });
  for (const [at, zone] of ["default", "attic"].entries()) {
    const node = newMachine(`node${at}`, { hostnames: [`host${at}`], macs: [`00:00:00:00:00:0${at}`], zone });
    await perform(db, machine, createNode, node);
  }
  for (let at = 0; at < 60; at += 1) {
    const person = [ada.actor, bob.actor, actorFor(bob.user, "t1"), machine][at % 4] ?? machine;
    const ip = addresses[at % addresses.length] ?? null;
    const actor = { ...person, origin: { ...person.origin, ip } };
    await perform(db, actor, tell, own(at));
    await perform(db, machine, tell, reported(at));
  }
  const details = { accounts: [{ attempts: 3, name: "ada" }], addresses: [{ address: "2001:db8::/64", attempts: 3 }] };
  await perform(db, machine, tell, draftEvent("auth.login.blocked", { attempts: 3 }, { details }));
}

function own(at: number): EventDraft {
  const more = {
    ...(at % 3 === 0 && {
      target: { kind: at % 2 === 0 ? "user" : "a", id: String(at % 10), name: at % 7 === 0 ? "a/b" : `t${at % 2}` },
    }),
    ...(at % 4 === 0 && { node: { systemId: `node${at % 3}`, hostname: `host${at % 3}` } }),
    ...(at % 9 === 0 && { session: "s1" }),
    ...(at % 6 === 0 && { outcome: "failure" as const }),
  };
  return at % 2 === 0 ? draftEvent("token.create", undefined, more) : draftEvent("zone.delete", { name: "z" }, more);
}

function reported(at: number): ReportedDraft {
  return {
    source: "external",
    level: [0, 20, 40][at % 3] ?? 0,
    type: at % 2 === 0 ? "X" : "AUTHORISATION",
    action: ["x.y", "x.z", "auth.login"][at % 3] ?? "",
    outcome: at % 2 === 0 ? "success" : "failure",
    occurred: null,
    username: at % 4 === 0 ? null : "ada",
    description: "told",
    details: null,
    target: at % 5 === 0 ? { kind: null, id: "7", name: null } : null,
    node: at % 3 === 0 ? "node1" : null,
    hostname: at % 3 === 1 ? "host1" : null,
  };
}
