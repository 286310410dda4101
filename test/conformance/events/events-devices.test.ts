import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type MaasNode, makeMachine } from "../../support/nodes.ts";
import { freshMac, freshName } from "../../support/worlds/world.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { powerFailure, report } from "../../support/reports.ts";
import { sharedServers } from "../../support/server.ts";

// MAAS's query leaves devices out at every level but AUDIT.

const serverOf = sharedServers();

forEachKind((kind) => {
  test(`events of devices are listed at AUDIT alone, and by the native query at all levels (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    const owner = await makePerson(server);
    const zone = freshName("zone");
    await maas.post("zones/", [["name", zone]]);
    const values = Object.entries({ mac_addresses: freshMac(), zone, hostname: freshName("device") });
    const device = (await owner.maas.post("devices/", values)).json<MaasNode>();
    const machine = await makeMachine(maas, { zone });
    const told: number[] = [];
    for (const { system_id: node } of [device, machine]) {
      for (const level of ["AUDIT", "DEBUG", "INFO", "ERROR"]) {
        const [one] = await report(native, { ...powerFailure, node, level });
        told.push(one?.id ?? 0);
      }
    }
    const [deviceAudit = 0, , , , machineAudit = 0, debug = 0, info = 0, error = 0] = told;
    const find = async (client: typeof maas, ...parameters: readonly (readonly [string, string])[]) => {
      const { events } = await client.events([["limit", "1000"], ["after", String(deviceAudit - 1)], ...parameters]);
      return events.map(({ id }) => id).filter((id) => told.includes(id));
    };
    const ways: readonly (readonly (readonly [string, string])[])[] = [
      [],
      [["zone", zone]],
      [
        ["id", device.system_id],
        ["id", machine.system_id],
      ],
      [
        ["hostname", device.hostname],
        ["hostname", machine.hostname],
      ],
    ];
    for (const way of ways) {
      assert.deepEqual(await find(maas, ...way), [error, info]);
      assert.deepEqual(await find(maas, ["level", "DEBUG"], ...way), [error, info, debug]);
      assert.deepEqual(await find(maas, ["level", "ERROR"], ...way), [error]);
      assert.deepEqual(await find(maas, ["level", "AUDIT"], ...way), [machineAudit, deviceAudit]);
    }
    assert.deepEqual(await find(maas, ["id", device.system_id]), []);
    assert.deepEqual(await find(maas, ["hostname", device.hostname]), []);
    assert.deepEqual(await find(owner.maas, ["level", "DEBUG"]), [error, info, debug]);
    const all = await native.ask("GET", `events?node=${device.system_id}&source=external`);
    assert.equal(all.json<{ readonly items: readonly unknown[] }>().items.length, 4);
  });
});
