import { test } from "node:test";
import { startCluster } from "../support/databases/postgres-cluster.ts";
import { assertWhole, startLoad, startOn, untilAcknowledged } from "./load.ts";

// Promise 2 with a PostgreSQL that dies under it. `npm run torture` does it at length.

const rounds = Number(process.env["RESTART_ROUNDS"] ?? 2);

test("a PostgreSQL that is killed under load and starts again has all that was acknowledged, once", async () => {
  const cluster = await startCluster();
  try {
    await using server = await startOn(cluster.url);
    const load = startLoad(server.url, server.firstLogin.apiKey, 8, "restart");
    for (let round = 0; round < rounds; round += 1) {
      await untilAcknowledged(load, 50 + 37 * (round % 5));
      await cluster.crash();
      await untilAcknowledged(load, 50);
    }
    await load.stop();
    return await assertWhole(server.url, server.firstLogin.apiKey, [load], server.args);
  } finally {
    await cluster.stop();
  }
});

test("of two servers on one PostgreSQL under load one is killed, and what both acknowledged is there once", async () => {
  const cluster = await startCluster();
  try {
    await using server = await startOn(cluster.url);
    const { apiKey } = server.firstLogin;
    for (let round = 0; round < rounds; round += 1) {
      await using second = await startOn(cluster.url, server);
      const loads = [
        startLoad(server.url, apiKey, 4, `one-${round}`),
        startLoad(second.url, apiKey, 4, `other-${round}`),
      ] as const;
      await untilAcknowledged(loads[1], 20 + 31 * (round % 5));
      second.process.signal("SIGKILL");
      await second.process.ended;
      await untilAcknowledged(loads[0], 50);
      await Promise.all(loads.map(async (load) => load.stop()));
      await assertWhole(server.url, apiKey, loads, server.args);
    }
  } finally {
    await cluster.stop();
  }
});
