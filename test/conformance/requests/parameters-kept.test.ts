import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { eventsOf, makeMachine } from "../../support/nodes.ts";
import { freshMac, freshName } from "../../support/worlds/world.ts";
import { admin } from "../../support/worlds/people.ts";
import { sharedServers } from "../../support/server.ts";

// What MAAS's clients set and read back: a value that is dropped is a change that they try to make for ever.

const serverOf = sharedServers();
type Shown = Readonly<Record<string, unknown>>;

forEachKind((kind) => {
  test(`a machine's system and size read back as they were set (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const { system_id } = await makeMachine(maas);
    const path = `machines/${system_id}/`;
    const set = { swap_size: "5", min_hwe_kernel: "ga-20.04", cpu_count: "4", memory: "2048", agent_name: "juju" };
    assert.equal((await maas.put(path, Object.entries(set))).status, 200);
    const read = (await maas.get(path)).json<Shown>();
    assert.deepEqual(
      [read["swap_size"], read["min_hwe_kernel"], read["cpu_count"], read["memory"]],
      [5, "ga-20.04", 4, 2048],
    );
    const [, event] = await eventsOf(native, system_id);
    assert.deepEqual(event?.details?.["swap_size"], { old: null, new: 5 });
    const larger = await maas.put(path, Object.entries({ swap_size: "2G", memory: "8589934592K" }));
    assert.deepEqual([larger.json<Shown>()["swap_size"], larger.json<Shown>()["memory"]], [2_000_000_000, 8_192_000]);
    assert.equal((await maas.put(path, [["swap_size", ""]])).json<Shown>()["swap_size"], null);
    for (const [name, value] of Object.entries({
      swap_size: "-1",
      memory: "much",
      cpu_count: "x",
      hwe_kernel: "new",
    })) {
      const refused = await maas.put(path, [[name, value]]);
      assert.equal(refused.status, 400, name);
      assert.deepEqual(Object.keys(refused.json<Shown>()), [name]);
    }
  });

  test(`what a deployment chose reads back, and ends with the release (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const { system_id } = await makeMachine(maas, {}, "Ready");
    const path = `machines/${system_id}/`;
    const system = ({ osystem, distro_series, hwe_kernel }: Shown) => [osystem, distro_series, hwe_kernel];
    const values = { distro_series: "focal", hwe_kernel: "hwe-20.04" };
    const deployed = await maas.post(`${path}?op=deploy`, Object.entries(values));
    assert.deepEqual(system(deployed.json()), ["ubuntu", "focal", "hwe-20.04"]);
    await maas.put(path, [["status", "Deployed"]]);
    assert.deepEqual(system((await maas.get(path)).json()), ["ubuntu", "focal", "hwe-20.04"]);
    await maas.post(`${path}?op=release`);
    const ready = await maas.put(path, [["status", "Ready"]]);
    assert.deepEqual(system(ready.json()), ["", "", null]);
    const other = await maas.post(`${path}?op=deploy`, [["distro_series", "centos/centos70"]]);
    assert.deepEqual(system(other.json()), ["centos", "centos70", null]);
    assert.equal((await maas.post(`${path}?op=deploy`, [["distro_series", "no such"]])).status, 400);
  });

  test(`scripts that there aren't are refused, and those that are asked for are recorded (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const script = freshName("script");
    await native.ask("POST", "scripts", { name: script, type: "testing", script: "#!/bin/sh\n", tags: ["nightly"] });
    const { system_id } = await makeMachine(maas);
    const path = `machines/${system_id}/`;
    const before = await eventsOf(native, system_id);
    const refused = await maas.post(`${path}?op=commission`, [["testing_scripts", `${script},nosuch`]]);
    assert.equal(refused.status, 400);
    assert.deepEqual(refused.json(), {
      testing_scripts: ["Select a valid choice. nosuch is not one of the available choices."],
    });
    assert.deepEqual(await eventsOf(native, system_id), before);
    const values = { testing_scripts: `${script}, nightly,none,smartctl-validate` };
    assert.equal((await maas.post(`${path}?op=commission`, Object.entries(values))).status, 200);
    const event = (await eventsOf(native, system_id)).at(-1);
    assert.deepEqual(event?.details?.["testing_scripts"], [script, "nightly", "none", "smartctl-validate"]);
  });

  test(`a device belongs to its parent until that is deleted (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const parent = (await makeMachine(maas)).system_id;
    const answer = await maas.post("devices/", Object.entries({ mac_addresses: freshMac(), parent }));
    assert.equal(answer.json<Shown>()["parent"], parent, answer.text);
    const path = `devices/${String(answer.json<Shown>()["system_id"])}/`;
    const systemId = path.split("/")[1] ?? "";
    for (const wrong of ["nosuch", systemId]) {
      const refused = await maas.put(path, [["parent", wrong]]);
      assert.deepEqual(refused.json(), {
        parent: [`Select a valid choice. '${wrong}' is not one of the available choices.`],
      });
    }
    assert.equal((await maas.put(path, [["parent", ""]])).json<Shown>()["parent"], null);
    assert.equal((await maas.put(path, [["parent", parent]])).json<Shown>()["parent"], parent);
    assert.equal((await maas.delete(`machines/${parent}/`)).status, 204);
    assert.equal((await maas.get(path)).json<Shown>()["parent"], null);
    assert.deepEqual((await eventsOf(native, parent)).at(-1)?.details?.["parent_of"], [systemId]);
  });

  test(`power types and architectures that MAAS doesn't know are refused (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const values = { architecture: "amd64", mac_addresses: freshMac() };
    const create = async (more: Readonly<Record<string, string>>) =>
      maas.post("machines/", Object.entries({ ...values, ...more }));
    const power = await create({ power_type: "nosuch" });
    assert.deepEqual(
      [power.status, power.json()],
      [400, { power_type: ["Select a valid choice. nosuch is not one of the available choices."] }],
    );
    for (const architecture of ["foo/bar", "amd64/bar", "foo"]) {
      const refused = await create({ architecture });
      assert.equal(refused.status, 400);
      assert.match(
        refused.text,
        new RegExp(`'${architecture}' is not a valid architecture\\.  It should be one of: '`),
      );
    }
    assert.equal((await native.ask("POST", "nodes", { power_type: "nosuch" })).status, 400);
    assert.equal((await native.ask("POST", "nodes", { architecture: "foo/bar" })).status, 400);
    const made = await create({ architecture: "arm64", subarchitecture: "xgene-uboot", power_type: "ipmi" });
    assert.deepEqual(
      [made.json<Shown>()["architecture"], made.json<Shown>()["power_type"]],
      ["arm64/xgene-uboot", "ipmi"],
    );
  });

  test(`a machine is commissioned at once where that is asked for, with both events (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const status = async (more: Readonly<Record<string, string>>) => (await makeMachine(maas, more)).status_name;
    assert.deepEqual([await status({}), await status({ commission: "false" })], ["New", "New"]);
    const { system_id, hostname, status_name } = await makeMachine(maas, { commission: "true" });
    assert.equal(status_name, "Commissioning");
    const events = await eventsOf(native, system_id);
    assert.deepEqual(
      events.map(({ description }) => description),
      [`Added the 'machine' '${hostname}'.`, `Started commissioning on '${hostname}'.`],
    );
    assert.equal(events[0]?.details?.["status"], "New");
    assert.deepEqual(events[1]?.details?.["status"], { old: "New", new: "Commissioning" });
  });

  test(`a device isn't put below itself, however long the way is (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const make = async (parent: string) => {
      const answer = await maas.post("devices/", Object.entries({ mac_addresses: freshMac(), parent }));
      return answer.json<{ readonly system_id: string }>().system_id;
    };
    const top = await make("");
    const middle = await make(top);
    const bottom = await make(middle);
    for (const below of [middle, bottom]) {
      const sentence = `'${below}' is below '${top}' already: choose another parent.`;
      const refused = await maas.put(`devices/${top}/`, [["parent", below]]);
      assert.deepEqual([refused.status, refused.json()], [400, { parent: [sentence] }]);
      assert.equal((await native.ask("PATCH", `nodes/${top}`, { parent: below })).status, 400);
    }
    assert.equal((await maas.put(`devices/${bottom}/`, [["parent", top]])).status, 200);
    assert.equal((await maas.put(`devices/${middle}/`, [["parent", bottom]])).status, 200);
  });
});
