import assert from "node:assert/strict";
import { test } from "node:test";
import { writeAtRandom } from "../support/maas/busy-maas.ts";
import { makeMaasDatabase } from "../support/maas/maas-database.ts";
import { mirroredEvents, mirrorProd, untilMirrored } from "../support/maas/mirrored.ts";
import { forEachKind } from "../support/each-kind.ts";
import { startServerProcess } from "../support/server.ts";
import { admin } from "../support/worlds/people.ts";
import { numbersFrom } from "../transparency/mutations.ts";

const kills = 3;

forEachKind((kind) => {
  // Known gap: beside a load of 8 it failed once on PostgreSQL, and why isn't known yet.
  const isAsked = kind === "sqlite" || process.env["IRONLOG_TEST_MIRROR_KILL"] === "1";
  const skip = isAsked ? false : "failed once beside other work: IRONLOG_TEST_MIRROR_KILL=1 runs it";
  test(
    `a mirror that is killed while MAAS writes, undoes and delays misses nothing and doubles nothing (${kind})`,
    { skip },
    async (t) => {
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
      const gaps = source.runs.flatMap((run) =>
        Array.from({ length: run.last - run.first + 1 }, (_, n) => run.first + n),
      );
      assert.deepEqual(
        gaps.toSorted((one, other) => one - other),
        undone,
      );
    },
  );
});
