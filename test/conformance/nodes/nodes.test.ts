import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { eventsOf, type MaasNode, makeMachine } from "../../support/nodes.ts";
import { describeMachine, freshMac, freshName } from "../../support/worlds/world.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { sharedServers } from "../../support/server.ts";

// Machines and devices over MAAS's API and the native one, and what they record (A2).

const serverOf = sharedServers();

/** What juju's gomaasapi demands of a machine, with the JSON type; it refuses the whole list where one is missing. */
const demanded: Readonly<Record<string, string>> = {
  resource_uri: "string",
  system_id: "string",
  hostname: "string",
  fqdn: "string",
  tag_names: "array",
  owner_data: "object",
  osystem: "string",
  distro_series: "string",
  power_state: "string",
  status_name: "string",
  memory: "number",
  cpu_count: "number",
  ip_addresses: "array",
  interface_set: "array",
  physicalblockdevice_set: "array",
  blockdevice_set: "array",
  zone: "object",
  pool: "object",
  domain: "object",
  architecture: "string",
  status: "number",
  node_type: "number",
  locked: "boolean",
  netboot: "boolean",
  disable_ipv4: "boolean",
};

const typeOf = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);

forEachKind((kind) => {
  test(`76: a machine has every key that the Go clients demand, of the right type (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const { system_id } = await makeMachine(maas);
    const machine = (await maas.get(`machines/${system_id}/`)).json<Readonly<Record<string, unknown>>>();
    for (const [key, type] of Object.entries(demanded)) assert.equal(typeOf(machine[key]), type, key);
    const { zone, pool, boot_interface } = machine as Record<string, Record<string, unknown>>;
    for (const place of [zone, pool]) {
      for (const key of ["name", "description", "resource_uri"]) assert.equal(typeof place?.[key], "string", key);
    }
    for (const key of [
      "resource_uri",
      "id",
      "name",
      "type",
      "enabled",
      "effective_mtu",
      "links",
      "parents",
      "children",
    ]) {
      assert.ok(key in (boot_interface ?? {}), key);
    }
  });

  test(`creating a machine answers 200 with its place in the inventory, and is recorded (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const hostname = freshName("host");
    const mac = freshMac();
    const machine = await makeMachine(maas, { hostname, mac_addresses: mac.toUpperCase().replaceAll(":", "-") });
    assert.match(machine.system_id, /^[4678abcdefghkmnpqrstwxy][34678abcdefghkmnpqrstwxy]{5}$/);
    assert.equal(machine.fqdn, `${hostname}.maas`);
    assert.equal(machine.resource_uri, `/MAAS/api/2.0/machines/${machine.system_id}/`);
    assert.deepEqual([machine.zone.id, machine.zone.name], [1, "default"]);
    assert.deepEqual([machine.pool?.id, machine.pool?.name], [0, "default"]);
    assert.deepEqual([machine.domain.id, machine.domain.name], [0, "maas"]);
    assert.deepEqual([machine.status, machine.status_name], [0, "New"]);
    assert.equal(machine.architecture, "amd64/generic");
    assert.deepEqual(
      machine.interface_set.map(({ mac_address }) => mac_address),
      [mac],
    );
    const [created] = await eventsOf(native, machine.system_id);
    assert.ok(created !== undefined);
    assert.equal(created.action, "node.create");
    assert.equal(created.type_words, "Node");
    assert.equal(created.description, `Added the 'machine' '${hostname}'.`);
    assert.deepEqual([created.node, created.hostname], [machine.system_id, hostname]);
    assert.deepEqual(
      [created.target_kind, created.target_id, created.target_name],
      ["node", machine.system_id, hostname],
    );
  });

  test(`without a name a machine gets two random words (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    assert.match((await makeMachine(maas, { hostname: "" })).hostname, /^[a-z]+-[a-z]+(-\d+)?$/);
  });

  test(`what a machine can't be made of is refused under its field, and leaves nothing (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const { hostname, interface_set } = await makeMachine(maas);
    const mac = interface_set[0]?.mac_address ?? "";
    const cases: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
      [{ hostname }, /^\{\s+"hostname": \[\s+"Node with this Hostname already exists\."/],
      [{ hostname: "-x" }, /"hostname"/],
      [{ hostname: "a_b" }, /"hostname": \[\s+"Host label cannot contain underscore: 'a_b'\."/],
      [{ hostname: "a_b.maas" }, /"hostname": \[\s+"Host label cannot contain underscore: 'a_b'\."/],
      [{ hostname: "x..maas" }, /"hostname": \[\s+"Nonexistant domain\."/],
      [{ hostname: "x.nosuch" }, /"hostname": \[\s+"Nonexistant domain\."/],
      [{ mac_addresses: mac.toUpperCase() }, /"mac_addresses": \[\s+"MAC address .* already in use on/],
      [{ mac_addresses: "zz" }, /Invalid MAC address\(es\): zz/],
      [{ zone: "nosuch" }, /"zone"/],
      [{ pool: "nosuch" }, /"pool"/],
      [{ domain: "nosuch" }, /"domain"/],
      [{ architecture: "amd 64" }, /"architecture"/],
    ];
    const before = (await maas.get("machines/")).json<readonly unknown[]>().length;
    for (const [changes, text] of cases) {
      const answer = await maas.post("machines/", Object.entries(describeMachine(changes)));
      assert.equal(answer.status, 400, JSON.stringify(changes));
      assert.match(answer.text, text);
    }
    const required = ["This field is required."];
    const missing: readonly (readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, unknown>>])[] =
      [
        ["machines/", { mac_addresses: freshMac() }, { architecture: required }],
        ["machines/", { architecture: "" }, { architecture: required, mac_addresses: required }],
        ["devices/", {}, { mac_addresses: required }],
        ["zones/", { description: "x" }, { name: required }],
        ["resourcepools/", { name: "" }, { name: required }],
        ["domains/", {}, { name: required }],
        ["tags/", {}, { name: required }],
      ];
    for (const [path, values, fields] of missing) {
      const answer = await maas.post(path, Object.entries(values));
      assert.deepEqual(
        [answer.status, answer.type, answer.json()],
        [400, "application/json; charset=utf-8", fields],
        path,
      );
    }
    assert.equal((await maas.get("machines/")).json<readonly unknown[]>().length, before);
    const bare = await maas.post("machines/", [["power_type", "ipmi"]]);
    assert.equal(bare.status, 200, bare.text);
    assert.deepEqual([bare.json<MaasNode>().architecture, bare.json<MaasNode>().interface_set], ["", []]);
  });

  test(`77, A2: a PUT answers the machine, and the event names what changed, with old and new (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const zone = freshName("zone");
    assert.equal((await maas.post("zones/", [["name", zone]])).status, 200);
    const machine = await makeMachine(maas);
    const hostname = freshName("renamed");
    const path = `machines/${machine.system_id}/`;
    const answer = await maas.put(path, Object.entries({ hostname, zone, description: "" }));
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json<MaasNode>().resource_uri, machine.resource_uri);
    assert.equal(answer.json<MaasNode>().zone.name, zone);
    assert.equal((await maas.put(path, [["hostname", hostname]])).status, 200);
    const [, updated, unchanged] = await eventsOf(native, machine.system_id);
    assert.equal(updated?.description, `Updated the 'machine' '${hostname}': zone, hostname.`);
    assert.deepEqual(updated?.details, {
      zone: { old: "default", new: zone },
      hostname: { old: machine.hostname, new: hostname },
    });
    assert.equal(unchanged?.description, `Updated the 'machine' '${hostname}': no change.`);
  });

  test(`A6, 50: deleting a machine answers 204, then 404; its events stay (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const { system_id, hostname } = await makeMachine(maas);
    assert.equal((await maas.delete(`machines/${system_id}/`)).status, 204);
    const gone = await maas.get(`machines/${system_id}/`);
    assert.deepEqual([gone.status, gone.text, gone.type], [404, "Not Found", "text/plain"]);
    assert.equal((await maas.delete(`machines/${system_id}/`)).status, 404);
    const events = await eventsOf(native, system_id);
    assert.deepEqual(
      events.map(({ description }) => description),
      [`Added the 'machine' '${hostname}'.`, `Deleted the 'machine' '${hostname}'.`],
    );
    const page = await maas.events([
      ["level", "AUDIT"],
      ["hostname", hostname],
    ]);
    assert.deepEqual(
      page.events.map((event) => [event.node, event.hostname, event.type]),
      [
        [null, hostname, "Node"],
        [null, hostname, "Node"],
      ],
    );
    assert.equal(
      (
        await maas.events([
          ["level", "AUDIT"],
          ["id", system_id],
        ])
      ).count,
      2,
    );
  });

  test(`machines are listed by id, and found by each filter (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const [one, two] = [await makeMachine(maas), await makeMachine(maas)];
    const find = async (...parameters: readonly (readonly [string, string])[]) =>
      (await maas.get("machines/", parameters)).json<readonly MaasNode[]>().map(({ system_id }) => system_id);
    assert.deepEqual(await find(["hostname", two.hostname], ["hostname", one.hostname]), [
      one.system_id,
      two.system_id,
    ]);
    assert.deepEqual(await find(["id", two.system_id]), [two.system_id]);
    assert.deepEqual(await find(["mac_address", one.interface_set[0]?.mac_address.toUpperCase() ?? ""]), [
      one.system_id,
    ]);
    assert.deepEqual(await find(["id", two.system_id], ["hostname", one.hostname]), []);
    assert.deepEqual((await maas.get("machines/?zone=nosuch")).json(), { zone: ["No such zone: 'nosuch'."] });
    assert.ok((await find(["zone", "default"], ["pool", "default"], ["domain", "maas"])).includes(one.system_id));
    assert.ok(!(await find(["status", "ready"])).includes(one.system_id));
    const bad = await maas.get("machines/?mac_address=zz&mac_address=1");
    assert.deepEqual([bad.status, bad.text], [400, "Invalid MAC address(es): zz, 1"]);
  });

  test(`a user sees what nobody owns and their own, and changes nothing (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    const [owner, other] = [await makePerson(server), await makePerson(server)];
    const machine = await makeMachine(maas, {}, "Ready");
    const controller = await native.ask("POST", "nodes", { type: "rack controller", hostname: freshName("rack") });
    const rack = controller.json<{ readonly system_id: string }>().system_id;
    const path = `machines/${machine.system_id}/`;
    assert.equal((await other.maas.get(path)).status, 200);
    const allocated = await owner.maas.post("machines/?op=allocate", [["system_id", machine.system_id]]);
    assert.equal(allocated.json<MaasNode>().owner, owner.username);
    const hidden = await other.maas.get(path);
    assert.deepEqual([hidden.status, hidden.text], [403, ""]);
    assert.equal((await other.native.ask("GET", `nodes/${machine.system_id}`)).status, 404);
    assert.equal((await owner.maas.get(path)).status, 200);
    const seen = async (maasOf: typeof maas) =>
      (await maasOf.get("nodes/")).json<readonly MaasNode[]>().map(({ system_id }) => system_id);
    assert.ok((await seen(maas)).includes(rack) && (await seen(maas)).includes(machine.system_id));
    assert.ok((await seen(owner.maas)).includes(machine.system_id));
    assert.ok(!(await seen(owner.maas)).includes(rack));
    assert.ok(!(await seen(other.maas)).includes(machine.system_id));
    for (const answer of [
      await owner.maas.put(path, [["hostname", "x"]]),
      await owner.maas.delete(path),
      await owner.maas.post(`${path}?op=commission`),
    ]) {
      assert.deepEqual([answer.status, answer.text], [403, "This method is reserved for admin users."]);
    }
  });

  test(`devices have no pool, and no life cycle; each kind is at its own path (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const answer = await maas.post("devices/", [
      ["mac_addresses", freshMac()],
      ["mac_addresses", freshMac()],
    ]);
    assert.equal(answer.status, 200, answer.text);
    const device = answer.json<MaasNode>();
    assert.deepEqual([device.node_type, device.pool, device.interface_set.length], [1, null, 2]);
    assert.equal(device.resource_uri, `/MAAS/api/2.0/devices/${device.system_id}/`);
    assert.equal((await maas.get(`machines/${device.system_id}/`)).status, 404);
    assert.equal((await maas.get(`nodes/${device.system_id}/`)).status, 200);
    const step = await native.ask("POST", `nodes/${device.system_id}/steps`, { step: "power_on" });
    assert.equal(step.status, 409, step.text);
    assert.equal((await maas.put(`devices/${device.system_id}/`, [["zone", "default"]])).status, 200);
    assert.equal((await maas.put(`devices/${device.system_id}/`, [["pool", "default"]])).status, 400);
    assert.equal((await native.ask("POST", "nodes", { type: "device", pool: "default" })).status, 400);
    assert.equal((await maas.delete(`devices/${device.system_id}/`)).status, 204);
    const events = await eventsOf(native, device.system_id);
    assert.equal(events.at(-1)?.description, `Deleted the 'device' '${device.hostname}'.`);
  });

  test(`the native API makes, reads, changes and deletes nodes (${kind})`, async () => {
    const { native } = admin(await serverOf(kind));
    const hostname = freshName("native");
    const created = await native.ask("POST", "nodes", { hostname: `${hostname}.maas`, mac_addresses: [freshMac()] });
    assert.equal(created.status, 201, created.text);
    const node = created.json<Readonly<Record<string, unknown>>>();
    assert.deepEqual(
      [node["hostname"], node["domain"], node["type"], node["status"]],
      [hostname, "maas", "machine", "New"],
    );
    const path = `nodes/${String(node["system_id"])}`;
    const mac = freshMac();
    const changed = await native.ask("PATCH", path, { mac_addresses: [mac], agent_name: "juju", power_state: "on" });
    assert.deepEqual(changed.json<Readonly<Record<string, unknown>>>()["mac_addresses"], [mac]);
    const listed = await native.ask("GET", `nodes?mac_address=${mac}&agent_name=juju&type=machine`);
    assert.equal(listed.json<{ readonly items: readonly unknown[] }>().items.length, 1);
    assert.equal((await native.ask("PATCH", path, { hostname: "a b" })).status, 400);
    assert.equal((await native.ask("DELETE", path)).status, 204);
    assert.equal((await native.ask("GET", path)).status, 404);
  });
});
