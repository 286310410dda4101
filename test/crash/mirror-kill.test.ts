import assert from "node:assert/strict";
import { test } from "node:test";
import { writeAtRandom } from "../support/maas/busy-maas.ts";
import { makeMaasDatabase } from "../support/maas/maas-database.ts";
import { nodeEvent, standInEvent } from "../support/maas/maas-events.ts";
import { startMaasServer } from "../support/maas/maas-server.ts";
import { mirroredEvents, mirrorProd, untilMirrored } from "../support/maas/mirrored.ts";
import { runsOf } from "../../src/mirroring/ledger/run.ts";
import { forEachKind } from "../support/each-kind.ts";
import { startServerProcess } from "../support/server.ts";
import { admin } from "../support/worlds/people.ts";
import { numbersFrom } from "../transparency/mutations.ts";

const kills = 3;
/** As docs/api/sources.md says. */
const shownRunsMax = 1_000;

forEachKind((kind) => {
  test(`a mirror that is killed while MAAS writes, undoes and delays misses nothing and doubles nothing (${kind})`, async (t) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const draw = numbersFrom(seed);
    const random = (): number => draw(1_000) / 1_000;
    await using maas = await makeMaasDatabase("3.3");
    await maas.writeMany(3_000);
    await using server = await startServerProcess({ kind });
    await mirrorProd(admin(server).native, maas);
    let isOver = false;
    const writing = writeAtRandom(maas, { writers: 6, isOver: () => isOver, random });
    let recorded = 3_000;
    for (let killed = 0; killed < kills; killed += 1) {
      await untilMirrored(admin(server).native, recorded);
      recorded += 100 + draw(400);
      await untilMirrored(admin(server).native, recorded);
      await server.kill();
      await server.start();
    }
    await untilMirrored(admin(server).native, recorded + 300);
    isOver = true;
    const { committed, undone } = await writing;
    // What comes behind all of it settles the last gaps.
    const last = await maas.write({ description: "the end" });
    const { native } = admin(server);
    const source = await untilMirrored(native, last);
    const ids = (await mirroredEvents(native)).map(({ source_event_id: id }) => id);
    const first = Array.from({ length: 3_000 }, (_, index) => index + 1);
    assert.deepEqual(ids, [...first, ...committed, last]);
    assert.deepEqual([source.mirrored, source.gaps], [ids.length, undone.length]);
    // On a slow machine the writers get further, and the newest runs alone are shown.
    const gaps = runsOf(undone).toReversed().slice(0, shownRunsMax);
    assert.deepEqual(
      source.runs.map(({ first: from, last: to }) => ({ first: from, last: to })),
      gaps,
    );
  });

  test(`a mirror over API 2.0 that is killed while it imports misses nothing and doubles nothing (${kind})`, async (t) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const draw = numbersFrom(seed);
    await using maas = await startMaasServer("2.9.2");
    maas.people.set("a:b:c", { username: "boss", isSuperuser: true });
    maas.state.nodes.add("abc123");
    const ids = Array.from({ length: 4_000 }, (_, at) => 1 + 2 * at);
    for (const id of ids) {
      maas.state.events.push(draw(3) === 0 ? standInEvent({ id }) : nodeEvent({ id, node: "abc123" }));
    }
    await using server = await startServerProcess({ kind });
    const source = { name: "prod", url: maas.url, apikey: "a:b:c" };
    assert.equal((await admin(server).native.ask("POST", "sources", source)).status, 201);
    for (let killed = 0; killed < kills; killed += 1) {
      await untilMirrored(admin(server).native, 1 + 2_000 * killed + draw(1_000));
      await server.kill();
      await server.start();
    }
    const { native } = admin(server);
    const { first_id, coverage } = await untilMirrored(native, 7_999);
    const recorded = (await mirroredEvents(native)).map(({ source_event_id: id }) => id);
    assert.deepEqual(recorded, ids);
    assert.equal(first_id, 1);
    assert.match(coverage ?? "", /^It showed 4000 of 7999 ids between 1 and 7999\./);
  });
});
