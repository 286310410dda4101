import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { eventsOf, type MaasNode, makeMachine } from "../../support/nodes.ts";
import { freshMac, freshName } from "../../support/worlds/world.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { sharedServers } from "../../support/server.ts";

// What people who are no administrators add to the inventory, as in MAAS: machines for commissioning, devices for themselves.

const serverOf = sharedServers();

forEachKind((kind) => {
  test(`a user's machine is new and nobody's until an administrator commissions it (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    const [user, other] = [await makePerson(server), await makePerson(server)];
    const zone = freshName("zone");
    await maas.post("zones/", [["name", zone]]);
    const hostname = freshName("host");
    const values = {
      architecture: "amd64",
      mac_addresses: freshMac(),
      hostname,
      commission: "true",
      zone,
      swap_size: "5",
    };
    const answer = await user.maas.post("machines/", Object.entries(values));
    assert.equal(answer.status, 200, answer.text);
    const machine = answer.json<MaasNode & { readonly swap_size: unknown }>();
    assert.deepEqual(
      [machine.status_name, machine.owner, machine.zone.name, machine.swap_size],
      ["New", null, "default", 5],
    );
    const warning = ["zone", "commission"].map(
      (name) => `299 - "${name} is ignored: only administrators may choose it"`,
    );
    assert.equal(answer.headers["warning"], warning.join(", "));
    const [created] = await eventsOf(native, machine.system_id);
    assert.deepEqual(
      [created?.action, created?.username, created?.details?.["status"]],
      ["node.create", user.username, "New"],
    );
    const path = `machines/${machine.system_id}/`;
    assert.equal((await other.maas.get(path)).status, 200);
    const allocate = async () => user.maas.post("machines/?op=allocate", [["name", hostname]]);
    assert.equal((await allocate()).status, 409);
    for (const refused of [
      await user.maas.post(`${path}?op=commission`),
      await user.maas.put(path, [["status", "Ready"]]),
      await user.maas.delete(path),
    ]) {
      assert.deepEqual([refused.status, refused.text], [403, "This method is reserved for admin users."]);
    }
    assert.equal((await maas.post(`${path}?op=commission`)).status, 200);
    await maas.put(path, [["status", "Ready"]]);
    assert.equal((await allocate()).json<MaasNode>().owner, user.username);
  });

  test(`a device belongs to its creator, who alone sees, changes and deletes it beside administrators (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    const [user, other] = [await makePerson(server), await makePerson(server)];
    const values = { mac_addresses: freshMac(), zone: "default" };
    const answer = await user.maas.post("devices/", Object.entries(values));
    assert.equal(answer.status, 200, answer.text);
    const { system_id, owner } = answer.json<MaasNode>();
    assert.equal(owner, user.username);
    assert.equal(answer.headers["warning"], undefined);
    const path = `devices/${system_id}/`;
    const listed = async (client: typeof maas) =>
      (await client.get("devices/", [["id", system_id]])).json<readonly unknown[]>().length;
    assert.deepEqual([await listed(maas), await listed(user.maas), await listed(other.maas)], [1, 1, 0]);
    assert.equal((await other.maas.get(path)).status, 403);
    assert.equal((await other.maas.put(path, [["description", "mine"]])).status, 403);
    assert.equal((await other.maas.delete(path)).status, 403);
    // What the path's operation doesn't take is nobody's to set by it.
    const changed = await user.maas.put(path, Object.entries({ description: "mine", status: "Deployed" }));
    assert.deepEqual([changed.status, changed.json<MaasNode>().status_name], [200, "New"]);
    const parent = (await makeMachine(maas, {}, "Ready")).system_id;
    assert.equal((await user.maas.put(path, [["parent", parent]])).status, 200);
    await maas.post(`machines/${parent}/?op=deploy`);
    assert.equal((await user.maas.put(path, [["parent", parent]])).status, 400, "somebody else's machine");
    assert.equal((await user.maas.delete(path)).status, 204);
    const events = await eventsOf(native, system_id);
    assert.deepEqual(
      events.map(({ action, username }) => [action, username]),
      ["node.create", "node.update", "node.update", "node.delete"].map((action) => [action, user.username]),
    );
  });

  test(`who has a device can be deleted only once an heir takes it, and administrators may change it (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    const [owner, heir] = [await makePerson(server), await makePerson(server)];
    const { system_id } = (await owner.maas.post("devices/", [["mac_addresses", freshMac()]])).json<MaasNode>();
    const path = `devices/${system_id}/`;
    assert.equal((await maas.put(path, [["description", "an administrator's words"]])).status, 200);
    assert.equal((await native.ask("DELETE", `users/${owner.username}`)).status, 400);
    const deleted = await maas.delete(`users/${owner.username}/?transfer_resources_to=${heir.username}`);
    assert.equal(deleted.status, 204, deleted.text);
    assert.equal((await heir.maas.get(path)).json<MaasNode>().owner, heir.username);
  });

  test(`a device keeps its owner whatever status it gets (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    const owner = await makePerson(server);
    const { system_id } = (await owner.maas.post("devices/", [["mac_addresses", freshMac()]])).json<MaasNode>();
    for (const status of ["New", "Deployed", "Ready", "Commissioning"]) {
      const changed = await native.ask("PATCH", `nodes/${system_id}`, { status, agent_name: "juju" });
      const shown = changed.json<Readonly<Record<string, unknown>>>();
      assert.deepEqual([shown["status"], shown["owner"], shown["agent_name"]], [status, owner.username, "juju"]);
    }
    assert.equal((await owner.maas.get(`devices/${system_id}/`)).json<MaasNode>().owner, owner.username);
    const events = await eventsOf(native, system_id);
    assert.ok(events.every(({ details }) => details?.["owner"] === owner.username || !("owner" in (details ?? {}))));
  });

  test(`a MAC address of a hidden node is told to be in use, not where (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas } = admin(server);
    const [owner, other] = [await makePerson(server), await makePerson(server)];
    const mac = freshMac();
    const device = (await owner.maas.post("devices/", [["mac_addresses", mac]])).json<MaasNode>();
    const machine = await makeMachine(maas, {}, "Ready");
    assert.equal((await owner.maas.post("machines/?op=allocate", [["name", machine.hostname]])).status, 200);
    const own = (await other.maas.post("devices/", [["mac_addresses", freshMac()]])).json<MaasNode>();
    for (const [taken, hostname] of [
      [mac, device.hostname],
      [machine.interface_set[0]?.mac_address ?? "", machine.hostname],
    ] as const) {
      const values = Object.entries({ mac_addresses: taken, architecture: "amd64" });
      const hidden = [`MAC address ${taken} already in use.`];
      for (const answer of [
        await other.maas.post("devices/", values),
        await other.maas.post("machines/", values),
        await other.maas.put(`devices/${own.system_id}/`, values),
      ]) {
        assert.deepEqual([answer.status, answer.json()], [400, { mac_addresses: hidden }]);
      }
      for (const client of [maas, owner.maas]) {
        const told = (await client.post("devices/", values)).json();
        assert.deepEqual(told, { mac_addresses: [`MAC address ${taken} already in use on ${hostname}.`] });
      }
    }
  });
});
