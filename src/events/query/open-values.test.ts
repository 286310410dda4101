import assert from "node:assert/strict";
import { test } from "node:test";
import { freshDatabase, kinds } from "../../../test/support/databases/databases.ts";
import { defineAction } from "../../audit/action.ts";
import { machineActor } from "../../audit/actor.ts";
import { draftEvent, type EventDraft } from "../../audit/event-draft.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import type { EventWindow } from "../filter/filter.ts";
import { parseFilterPairs } from "../filter/native-filter.ts";
import { readPage } from "./page.ts";

// Beginnings and networks: sought value by value where there are few, else within a bound of work, which the page tells.

const ada = { id: 1, username: "ada", isSuperuser: true };
const bob = { id: 2, username: "bob", isSuperuser: false };
const tell = defineAction({
  async run(_tx, draft: EventDraft) {
    return draft;
  },
  events: (draft) => [draft],
});

/** 60 values of each kind that begin alike, one more that does on its second half, and behind each something else. */
async function fill(db: Database): Promise<void> {
  const acts = Array.from({ length: 62 }, (_, at) => {
    const half = at < 60 ? "few" : "more";
    const origin = { ...machineActor("x").origin, ip: `198.51.${half === "few" ? 100 : 101}.${at}` };
    const actor = { user: { id: 100 + at, username: `svc-${half}-${at}`, isSuperuser: false }, origin };
    const target = { kind: "disk", id: String(at), name: `sd-${half}-${at}` };
    const node = { systemId: `n${at}`, hostname: `web-${half}-${at}` };
    return [
      perform(db, actor, tell, draftEvent("token.create", undefined, { target, node })),
      ...Array.from({ length: 3 }, () =>
        perform(db, machineActor("x"), tell, draftEvent("auth.logout", { username: "x" })),
      ),
    ];
  });
  await Promise.all(acts.flat());
}

async function pageOf(db: Database, pair: string, window: EventWindow, viewer = ada) {
  const filter = parseFilterPairs([pair], []);
  return readPage(db, viewer, { columns: ["id", "username"], filter, window, limit: 20, entriesMax: 20 });
}

async function allOf(db: Database, pair: string): Promise<number> {
  let count = 0;
  for (let window: EventWindow = { kind: "newest" }; ;) {
    const { events, stoppedAt } = await pageOf(db, pair, window);
    count += events.length;
    const last = stoppedAt ?? (events.length === 20 ? events.at(-1)?.id : undefined);
    if (last === undefined) return count;
    window = { kind: "before", id: last };
  }
}

for (const kind of kinds) {
  test(`what up to 60 values begin with, or lie in, is found at the cost of a page, and of more within its bound (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { db } = database;
    await fill(db);
    for (const [few, more] of [
      ["ip:198.51.100.0/24", "ip:198.51.0.0/16"],
      ["owner:svc-few-*", "owner:svc-*"],
      ["target:sd-few-*", "target:sd-*"],
      ["target:disk/sd-few-*", "target:disk/sd-*"],
      ["node:web-few-*", "node:web-*"],
    ] as const) {
      const page = await pageOf(db, few, { kind: "newest" });
      assert.deepEqual([page.events.length, page.stoppedAt], [20, undefined], few);
      assert.equal(await allOf(db, few), 60, few);
      const bounded = await pageOf(db, more, { kind: "newest" });
      assert.ok(bounded.events.length < 20 && bounded.stoppedAt !== undefined, more);
      assert.equal(await allOf(db, more), 62, more);
    }
  });

  test(`nothing that begins so is found at once, and nobody finds others' names by a beginning (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { db } = database;
    await fill(db);
    for (const pair of ["ip:203.0.113.0/24", "owner:none*", "type:none*", "target:none*", "node:none*"]) {
      assert.deepEqual(await pageOf(db, pair, { kind: "newest" }), { events: [], stoppedAt: undefined }, pair);
    }
    for (const pair of ["owner:svc-*", "owner:*", "ip:0.0.0.0/0"]) {
      assert.deepEqual((await pageOf(db, pair, { kind: "newest" }, bob)).events, [], pair);
    }
  });
}
