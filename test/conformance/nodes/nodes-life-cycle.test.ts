import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { eventsOf, type MaasNode, makeMachine } from "../../support/nodes.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServers } from "../../support/server.ts";

// 5.10: what state each step of a machine's life leaves, what it records, and where it is refused.

const serverOf = sharedServers();

const steps: readonly (readonly [op: string, from: string, to: string, sentence: string])[] = [
  ["commission", "New", "Commissioning", "Started commissioning on 'H'."],
  ["deploy", "Ready", "Deploying", "Started deploying 'H'."],
  ["deploy", "Allocated", "Deploying", "Started deploying 'H'."],
  ["release", "Allocated", "Ready", "Started releasing 'H'."],
  ["release", "Ready", "Ready", "Started releasing 'H'."],
  ["abort", "Commissioning", "New", "Aborted 'commissioning' on 'H'."],
  ["abort", "Deploying", "Allocated", "Aborted 'deploying' on 'H'."],
  ["test", "Ready", "Testing", "Started testing on 'H'."],
  ["rescue_mode", "Deployed", "Entering rescue mode", "Started rescue mode on 'H'."],
  ["exit_rescue_mode", "Rescue mode", "Exiting rescue mode", "Exited rescue mode on 'H'."],
  ["mark_broken", "Ready", "Broken", "Marked 'H' broken."],
  ["mark_fixed", "Broken", "Ready", "Marked 'H' fixed."],
  ["override_failed_testing", "Failed testing", "Ready", "Overrode failed testing on 'H'."],
  ["lock", "Deployed", "Deployed", "Locked 'H'."],
  ["power_on", "Ready", "Ready", "Powered on 'H'."],
  ["power_off", "Ready", "Ready", "Powered off 'H'."],
];

const refused: readonly (readonly [op: string, state: string])[] = [
  ["commission", "Deployed"],
  ["deploy", "New"],
  ["release", "New"],
  ["abort", "Ready"],
  ["test", "New"],
  ["rescue_mode", "New"],
  ["exit_rescue_mode", "Ready"],
  ["mark_broken", "Broken"],
  ["mark_fixed", "Ready"],
  ["override_failed_testing", "Ready"],
  ["lock", "Ready"],
  ["unlock", "Deployed"],
];

forEachKind((kind) => {
  for (const [op, from, to, sentence] of steps) {
    test(`5.10: ${op} takes a machine from ${from} to ${to}, and says so (${kind})`, async () => {
      const { maas, native } = admin(await serverOf(kind));
      const { system_id, hostname } = await makeMachine(maas, {}, from);
      const answer = await maas.post(`machines/${system_id}/?op=${op}`, [["comment", "because"]]);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json<MaasNode>().status_name, to);
      const event = (await eventsOf(native, system_id)).at(-1);
      assert.ok(event !== undefined);
      assert.equal(event.action, `node.${op}`);
      assert.equal(event.description, sentence.replace("H", hostname));
      assert.deepEqual([event.node, event.hostname, event.type_words], [system_id, hostname, "Node"]);
      assert.equal(event.details?.["comment"], "because");
      if (from !== to) assert.deepEqual(event.details?.["status"], { old: from, new: to });
    });
  }

  for (const [op, state] of refused) {
    test(`5.10: ${op} of a machine that is ${state} is a 409 in words, and changes and records nothing (${kind})`, async () => {
      const { maas, native } = admin(await serverOf(kind));
      const { system_id } = await makeMachine(maas, {}, state);
      const before = await eventsOf(native, system_id);
      const answer = await maas.post(`machines/${system_id}/?op=${op}`);
      assert.equal(answer.status, 409, answer.text);
      assert.equal(answer.type, "text/plain; charset=utf-8");
      const sentences: Readonly<Record<string, string>> = {
        lock: "Can't lock, node is not deployed or deploying",
        unlock: "Machine is not locked",
        abort: `Cannot abort in current state: node ${system_id} is in state ${state}.`,
      };
      const sentence = sentences[op];
      if (sentence !== undefined) assert.equal(answer.text, sentence);
      else assert.match(answer.text, new RegExp(`^Machine .* in its current state \\('${state}'\\)\\.$`));
      assert.deepEqual(await eventsOf(native, system_id), before);
      assert.equal((await maas.get(`machines/${system_id}/`)).json<MaasNode>().status_name, state);
    });
  }

  test(`5.10: a locked machine takes no step but unlock, and isn't deleted (${kind})`, async () => {
    const { maas, native } = admin(await serverOf(kind));
    const { system_id, hostname } = await makeMachine(maas, {}, "Deployed");
    const path = `machines/${system_id}/`;
    assert.equal((await maas.post(`${path}?op=lock`)).json<MaasNode>().locked, true);
    for (const op of ["release", "lock", "power_off", "mark_broken"]) {
      const answer = await maas.post(`${path}?op=${op}`);
      assert.deepEqual([answer.status, answer.text], [409, `The machine '${hostname}' is locked: unlock it first.`]);
    }
    assert.equal((await maas.delete(path)).status, 409);
    assert.equal((await maas.post(`${path}?op=unlock`)).json<MaasNode>().locked, false);
    assert.equal((await eventsOf(native, system_id)).at(-1)?.description, `Unlocked '${hostname}'.`);
    const again = await maas.post(`${path}?op=unlock`);
    assert.deepEqual([again.status, again.text], [409, "Machine is not locked"]);
    assert.equal((await maas.delete(path)).status, 204);
  });

  test(`5.10: a test goes back to where it came from, also when it failed (${kind})`, async () => {
    const { maas } = admin(await serverOf(kind));
    const { system_id } = await makeMachine(maas, {}, "Deployed");
    const path = `machines/${system_id}/`;
    const statusAfter = async (op: string) => (await maas.post(`${path}?op=${op}`)).json<MaasNode>().status_name;
    assert.equal(await statusAfter("test"), "Testing");
    assert.equal(await statusAfter("abort"), "Deployed");
    assert.equal(await statusAfter("test"), "Testing");
    await maas.put(path, [["status", "Failed testing"]]);
    assert.equal(await statusAfter("override_failed_testing"), "Deployed");
  });

  test(`a user allocates, deploys and releases a machine; nobody else may (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    const [owner, other] = [await makePerson(server), await makePerson(server)];
    const zone = freshName("zone");
    await maas.post("zones/", [["name", zone]]);
    const { system_id, hostname } = await makeMachine(maas, { zone }, "Ready");
    const path = `machines/${system_id}/`;
    const allocated = await owner.maas.post("machines/?op=allocate", [
      ["zone", zone],
      ["agent_name", "juju"],
    ]);
    assert.equal(allocated.status, 200, allocated.text);
    const machine = allocated.json<MaasNode & { readonly constraints_by_type: unknown }>();
    assert.deepEqual([machine.system_id, machine.owner, machine.status_name], [system_id, owner.username, "Allocated"]);
    assert.deepEqual(machine.constraints_by_type, {});
    assert.equal((await maas.get(`machines/?agent_name=juju&id=${system_id}`)).json<readonly unknown[]>().length, 1);
    assert.equal((await other.maas.post(`${path}?op=release`)).status, 403);
    const none = await other.maas.post("machines/?op=allocate", [["zone", zone]]);
    const sentence = `No available machine matches constraints: [('zone', ['${zone}'])] (resolved to "zone=${zone}")`;
    assert.deepEqual([none.status, none.text], [409, sentence]);
    assert.equal((await owner.maas.post(`${path}?op=deploy`)).json<MaasNode>().status_name, "Deploying");
    await maas.put(path, [["status", "Deployed"]]);
    const released = await owner.maas.post("machines/?op=release", [["machines", system_id]]);
    assert.deepEqual(released.json(), [system_id]);
    assert.equal((await maas.get(path)).json<MaasNode>().status_name, "Releasing");
    const ready = (await maas.put(path, [["status", "Ready"]])).json<MaasNode>();
    assert.deepEqual([ready.status_name, ready.owner], ["Ready", null]);
    const events = await eventsOf(native, system_id);
    assert.deepEqual(
      events.filter(({ username }) => username === owner.username).map(({ description }) => description),
      [`Acquired '${hostname}'.`, `Started deploying '${hostname}'.`, `Started releasing '${hostname}'.`],
    );
    assert.deepEqual(events.find(({ action }) => action === "node.acquire")?.details, {
      status: { old: "Ready", new: "Allocated" },
      owner: { old: null, new: owner.username },
      agent_name: { old: "", new: "juju" },
    });
  });

  test(`releasing several is all or nothing, and names what stands in the way (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas, native } = admin(server);
    const person = await makePerson(server);
    const [good, bad] = [await makeMachine(maas, {}, "Allocated"), await makeMachine(maas, {}, "New")];
    const release = (...ids: readonly string[]) =>
      maas.post(
        "machines/?op=release",
        ids.map((id) => ["machines", id] as const),
      );
    const wrong = await release(good.system_id, bad.system_id);
    assert.deepEqual([wrong.status, wrong.text], [409, "Machine cannot be released in its current state ('New')."]);
    assert.equal((await eventsOf(native, good.system_id)).at(-1)?.action, "node.update");
    const unknown = await release(good.system_id, "nosuch");
    assert.deepEqual([unknown.status, unknown.text], [400, "Unknown machine(s): nosuch."]);
    assert.equal((await release()).text, "No provided machines!");
    const foreign = await person.maas.post("machines/?op=release", [["machines", good.system_id]]);
    assert.equal(foreign.status, 403);
    assert.deepEqual((await release(good.system_id)).json(), [good.system_id]);
  });
});
