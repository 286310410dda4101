import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { allEvents } from "../../support/clients/native-client.ts";
import { eventsOf, type MaasNode, makeMachine } from "../../support/nodes.ts";
import { describeMachine, freshName } from "../../support/worlds/world.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { sharedServers } from "../../support/server.ts";

// 5.10: whoever had a machine has it no longer once it is new or ready again, and an act that changed nothing says so.

const serverOf = sharedServers();

/** How a machine that somebody has deployed comes back to everybody. */
const waysBack: readonly (readonly [name: string, steps: readonly string[], to: string])[] = [
  ["marked as fixed", ["mark_broken", "mark_fixed"], "Ready"],
  ["a commissioning that was aborted", ["deploy", "mark_broken", "commission", "abort"], "New"],
  ["a commissioning that was reported to be done", ["mark_broken", "commission", "status=Ready"], "Ready"],
  ["failed tests that were overridden", ["deploy", "status=Failed testing", "override_failed_testing"], "Ready"],
  ["reported to be new", ["deploy", "status=New"], "New"],
  ["released", ["release"], "Ready"],
];

forEachKind((kind) => {
  for (const [name, steps, to] of waysBack) {
    test(`5.10: ${name}, a machine belongs to nobody and can be allocated by others (${kind})`, async () => {
      const server = await serverOf(kind);
      const { maas, native } = admin(server);
      const [owner, other] = [await makePerson(server), await makePerson(server)];
      const { system_id, hostname } = await makeMachine(maas, {}, "Ready");
      const path = `machines/${system_id}/`;
      const allocated = await owner.maas.post(
        "machines/?op=allocate",
        Object.entries({ name: hostname, agent_name: "juju" }),
      );
      assert.equal(allocated.json<MaasNode>().owner, owner.username, allocated.text);
      for (const step of steps) {
        const [, status] = step.split("=");
        const answer = await (status === undefined
          ? maas.post(`${path}?op=${step}`)
          : maas.put(path, [["status", status]]));
        assert.equal(answer.status, 200, `${step}: ${answer.text}`);
      }
      const after = (await maas.get(path)).json<MaasNode>();
      assert.deepEqual([after.status_name, after.owner], [to, null]);
      assert.deepEqual((await maas.get(`machines/?agent_name=juju&id=${system_id}`)).json(), []);
      assert.equal((await other.maas.get(path)).status, 200);
      const details = (await eventsOf(native, system_id)).map((event) => event.details ?? {});
      const freed = details.filter((each) => "owner" in each).at(-1);
      assert.deepEqual(freed?.["owner"], { old: owner.username, new: null });
      assert.deepEqual(freed["agent_name"], { old: "juju", new: "" });
      if (to === "New") return;
      const again = await other.maas.post("machines/?op=allocate", [["name", hostname]]);
      assert.equal(again.json<MaasNode>().owner, other.username, again.text);
    });
  }

  test(`5.10: a broken machine that was deployed stays its owner's when it is fixed (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas } = admin(server);
    const owner = await makePerson(server);
    const { system_id } = await makeMachine(maas, {}, "Ready");
    const path = `machines/${system_id}/`;
    await owner.maas.post(`${path}?op=deploy`);
    await maas.put(path, [["status", "Deployed"]]);
    await owner.maas.post(`${path}?op=mark_broken`);
    const fixed = (await maas.post(`${path}?op=mark_fixed`)).json<MaasNode>();
    assert.deepEqual([fixed.status_name, fixed.owner], ["Deployed", owner.username]);
  });

  test(`a locked machine keeps its status whoever reports another one, but a deployment ends (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const { system_id, hostname } = await makeMachine(maas, {}, "Deploying");
    const path = `machines/${system_id}/`;
    assert.equal((await maas.post(`${path}?op=lock`)).status, 200);
    assert.equal((await maas.put(path, [["status", "Deployed"]])).json<MaasNode>().status_name, "Deployed");
    const before = await eventsOf(native, system_id);
    const answers = [
      await maas.put(path, [["status", "Ready"]]),
      await native.ask("PATCH", `nodes/${system_id}`, { status: "New", description: "x" }),
    ];
    for (const { status, text } of answers) {
      assert.equal(status, 409);
      assert.ok(text.includes(`The machine '${hostname}' is locked: unlock it first.`), text);
    }
    assert.deepEqual(await eventsOf(native, system_id), before);
    assert.equal((await maas.put(path, Object.entries({ status: "Deployed", description: "x" }))).status, 200);
    await maas.post(`${path}?op=unlock`);
    assert.equal((await maas.put(path, [["status", "Ready"]])).json<MaasNode>().status_name, "Ready");
  });

  test(`A1: an act that changes nothing says so in its details (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const { system_id } = await makeMachine(maas, {}, "Ready");
    const path = `machines/${system_id}/`;
    const lastDetails = async () => (await eventsOf(native, system_id)).at(-1)?.details;
    for (const again of [false, true]) {
      await maas.post(`${path}?op=power_on`, [["comment", "because"]]);
      const changed = again ? { change: "none" } : { power_state: { old: "unknown", new: "on" } };
      assert.deepEqual(await lastDetails(), { ...changed, comment: "because" });
    }
    assert.equal((await maas.post(`${path}?op=release`)).status, 200);
    assert.deepEqual(await lastDetails(), { change: "none" });
    assert.equal((await maas.put(path, [["status", "Ready"]])).status, 200);
    assert.deepEqual(await lastDetails(), { change: "none" });

    const [tag, zone] = [freshName("tag"), freshName("zone")];
    await maas.post("tags/", [["name", tag]]);
    await maas.put(`tags/${tag}/`, [["comment", ""]]);
    await maas.post(`tags/${tag}/?op=update_nodes`, [["remove", system_id]]);
    const tagged = await allEvents(native, { action: "tag.update", target: tag });
    assert.deepEqual(
      tagged.map(({ details }) => details),
      [{ change: "none" }, { change: "none" }],
    );
    await maas.post("zones/", [["name", zone]]);
    await maas.put(`zones/${zone}/`, [["name", zone]]);
    const [zoned] = await allEvents(native, { action: "zone.update", target: zone });
    assert.deepEqual(zoned?.details, { change: "none" });
  });

  test(`a hostname is taken in any case, and its own node may change the case (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const hostname = freshName("host");
    const { system_id } = await makeMachine(maas, { hostname });
    const other = await makeMachine(maas);
    const refused = { hostname: ["Node with this Hostname already exists."] };
    const taken = describeMachine({ hostname: hostname.toUpperCase() });
    assert.deepEqual((await maas.post("machines/", Object.entries(taken))).json(), refused);
    const renamed = await maas.put(`machines/${other.system_id}/`, [["hostname", hostname.toUpperCase()]]);
    assert.deepEqual([renamed.status, renamed.json()], [400, refused]);
    const same = await maas.put(`machines/${system_id}/`, [["hostname", hostname.toUpperCase()]]);
    assert.equal(same.json<MaasNode>().hostname, hostname.toUpperCase());
  });
});
