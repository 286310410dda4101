import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { type MaasNode, makeMachine } from "../../support/nodes.ts";
import { freshMac, freshName } from "../../support/worlds/world.ts";
import { admin } from "../../support/worlds/people.ts";
import { powerFailure, report } from "../../support/reports.ts";
import { sharedServers } from "../../support/server.ts";

// The bodies of machines have the keys of MAAS 2.9, and its message of what happened last.

const serverOf = sharedServers();
type Shown = Readonly<Record<string, unknown>>;

const machineKeys =
  `address_ttl architecture bcaches bios_boot_method blockdevice_set boot_disk boot_interface cache_sets
  commissioning_status commissioning_status_name cpu_count cpu_speed cpu_test_status cpu_test_status_name
  current_commissioning_result_id current_installation_result_id current_testing_result_id default_gateways description
  disable_ipv4 distro_series domain fqdn hardware_info hardware_uuid hostname hwe_kernel interface_set
  interface_test_status interface_test_status_name ip_addresses iscsiblockdevice_set locked memory memory_test_status
  memory_test_status_name min_hwe_kernel netboot network_test_status network_test_status_name node_type node_type_name
  numanode_set osystem other_test_status other_test_status_name owner owner_data physicalblockdevice_set pod pool
  power_state power_type raids resource_uri special_filesystems status status_action status_message status_name storage
  storage_test_status storage_test_status_name swap_size system_id tag_names testing_status testing_status_name
  virtualblockdevice_set virtualmachine_id volume_groups zone`.split(/\s+/);

forEachKind((kind) => {
  test(`a machine has MAAS's keys wherever it is shown (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const tag = freshName("tag");
    await maas.post("tags/", [["name", tag]]);
    const made = await makeMachine(maas, {}, "Ready");
    const { system_id, hostname } = made;
    await maas.post(`tags/${tag}/?op=update_nodes`, [["add", system_id]]);
    const path = `machines/${system_id}/`;
    const id = [["id", system_id]] as const;
    const lists = [
      await maas.get("machines/", id),
      await maas.get("nodes/", id),
      await maas.get(`tags/${tag}/?op=machines`),
    ];
    const bodies: readonly unknown[] = [
      made,
      (await maas.get(path)).json(),
      ...lists.flatMap((answer) => answer.json<readonly unknown[]>()),
      (await maas.post(`${path}?op=power_on`)).json(),
    ];
    assert.equal(bodies.length, 6);
    for (const body of bodies) assert.deepEqual(Object.keys(body as Shown).toSorted(), machineKeys);
    const allocated = (await maas.post("machines/?op=allocate", [["name", hostname]])).json<Shown>();
    assert.deepEqual(Object.keys(allocated).toSorted(), [...machineKeys, "constraints_by_type"].toSorted());
    assert.deepEqual([allocated["cpu_test_status"], allocated["cpu_test_status_name"]], [-1, "Unknown"]);
    const device = await maas.post("devices/", [["mac_addresses", freshMac()]]);
    assert.deepEqual(Object.keys(device.json<Shown>()).toSorted(), [...machineKeys, "parent"].toSorted());
  });

  test(`status_message is the newest event of level INFO or above, and never an audit event (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const [one, other] = [await makeMachine(maas), await makeMachine(maas)];
    const node = one.system_id;
    const messages = async () => {
      const read = (await maas.get(`machines/${node}/`)).json<Shown>()["status_message"];
      const ids = [["id", node] as const, ["id", other.system_id] as const];
      const listed = (await maas.get("machines/", ids)).json<readonly (MaasNode & Shown)[]>();
      assert.deepEqual(
        listed.map((shown) => shown["status_message"]),
        [read, null],
      );
      return read;
    };
    assert.equal(await messages(), null);
    const tell = async (level: string, type: string, description: string) =>
      report(native, { ...powerFailure, node, level, type, description });
    await tell("ERROR", "NODE_POWER_FAILURE", "No answer.");
    assert.equal(await messages(), "NODE_POWER_FAILURE - No answer.");
    await tell("INFO", "NODE", "Rebooted.");
    assert.equal(await messages(), "Node - Rebooted.");
    await tell("DEBUG", "NODE", "Detail.");
    await tell("AUDIT", "NODE", "Somebody did something.");
    await maas.post(`machines/${node}/?op=power_on`);
    assert.equal(await messages(), "Node - Rebooted.");
  });
});
