import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../support/each-kind.ts";
import { makeMaasDatabase } from "../support/maas/maas-database.ts";
import { mirrorProd, readProd, type ShownSource, untilMirrored } from "../support/maas/mirrored.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin } from "../support/worlds/people.ts";

forEachKind((kind) => {
  test(`the list of sources counts what each ledger holds and what waits for an open transaction (${kind})`, async () => {
    await using maas = await makeMaasDatabase();
    await maas.writeMany(5);
    await maas.ask("delete from maasserver_event where id in (2, 3)");
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await mirrorProd(native, maas);
    await untilMirrored(native, 5);
    const slow = await maas.connect();
    await slow.query("begin");
    await maas.write({}, slow);
    await maas.writeMany(4);
    await until(async () => (await readProd(native)).waiting > 0);
    const { items } = (await native.ask("GET", "sources")).json<{ items: readonly ShownSource[] }>();
    const counted = { mirrored: 3, gaps: 2, vanished: 0, changed: 0, recorded_to: 5, waiting: 4, import_to: null };
    assert.equal(items.length, 1);
    assert.partialDeepStrictEqual(items[0], { state: "mirroring", ...counted });
    await slow.query("commit");
    const source = await untilMirrored(native, 10);
    assert.deepEqual([source.mirrored, source.gaps], [8, 2]);
    await until(async () => (await readProd(native)).waiting === 0);
  });
});
