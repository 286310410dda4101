import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Findings,
  type LayerName,
  type VerificationReport,
} from "../../src/transparency/verification/verification-report.ts";
import { kinds } from "../support/databases/databases.ts";
import { takeGuardsOff } from "../support/databases/guards.ts";
import { startServer } from "../support/server.ts";
import { makePerson } from "../support/worlds/people.ts";
import { stateOf } from "./shown-state.ts";
import { makeSignedLog } from "./signed-log.ts";
import { unguarded } from "./tampered.ts";

// What is wrong is told of the layer that it is in, and what could not be looked at is not said to be good.

/** What somebody has changed, and which layers have to say so. */
const changes: Readonly<Record<string, { readonly statement: string; readonly failed: readonly LayerName[] }>> = {
  "an index that is gone": { statement: "drop index event_trace", failed: ["schema"] },
  "an event of other words": { statement: "update event set description = 'x' where id = 40", failed: ["events"] },
  "an event of another type": { statement: "update event set type = 'X' where id = 40", failed: ["events", "tree"] },
  "a node of the tree": {
    statement: "update tree_node set hash = leaf_hash from event where event.id = 1",
    // Also those that this server has seen follow from it.
    failed: ["tree", "appends"],
  },
  "a checkpoint that is gone": { statement: "delete from checkpoint where id = 2", failed: ["tree"] },
  "an account": { statement: `update "user" set email = 'eve@example.com'`, failed: ["state"] },
  "who left the head": { statement: "update log_head set last_created = last_created + 1", failed: ["appends"] },
};

function failedIn({ layers }: VerificationReport): readonly LayerName[] {
  return layers.filter(({ verdict }) => verdict === "failed").map(({ name }) => name);
}

test("of each layer that has a fault one is listed, however many another has", () => {
  const findings = new Findings();
  for (let id = 1; id <= 2_000; id += 1) findings.in("events").fault(id, "it is not what was recorded");
  findings.in("state").fault(null, "an account is not what events say");
  findings.in("state").fault(null, "nor is another");
  const { integrity, layers } = findings.report();
  assert.deepEqual([integrity.faults.length, integrity.fault_count], [1_001, 2_002]);
  assert.equal(integrity.faults.at(-1)?.layer, "state");
  assert.equal(layers.find(({ name }) => name === "state")?.faults, 2);
});

for (const kind of kinds) {
  test(`each layer has a verdict of its own (${kind})`, async () => {
    await using log = await makeSignedLog(kind);
    const { verifyWith } = await unguarded(log);
    const good = await verifyWith({ statements: [] });
    const { size } = good;
    assert.deepEqual(good.layers, [
      { name: "schema", verdict: "ok", checked: null, faults: 0 },
      ...(["events", "tree", "state", "appends"] as const).map((name) => ({
        name,
        verdict: "ok",
        checked: size,
        faults: 0,
      })),
    ]);
    for (const [what, { statement, failed }] of Object.entries(changes)) {
      const report = await verifyWith({ statements: [statement] });
      assert.deepEqual(failedIn(report), failed, `${what}: ${JSON.stringify(report.integrity.faults)}`);
      assert.deepEqual([...new Set(report.integrity.faults.map(({ layer }) => layer))], failed, what);
    }
  });

  test(`where an event is missing, what follows from it is not called good (${kind})`, async () => {
    await using log = await makeSignedLog(kind);
    const { verifyWith } = await unguarded(log);
    const { layers } = await verifyWith({ statements: ["delete from event where id = 40"] });
    const found = Object.fromEntries(layers.map((layer) => [layer.name, layer]));
    const verdicts = ["events", "state", "schema"].map((name) => found[name]?.verdict);
    assert.deepEqual(verdicts, ["failed", "unchecked", "ok"]);
    assert.notEqual(found["tree"]?.verdict, "ok");
    assert.equal(found["events"]?.checked, found["appends"]?.checked, "up to which event, not how many");
  });

  test(`what follows from an event that can't be read is no fault of what was looked at (${kind})`, async () => {
    await using log = await makeSignedLog(kind);
    const { verifyWith } = await unguarded(log);
    const { layers } = await verifyWith({
      statements: ["update event set created = 9100000000000000000 where action = 'user.create'"],
    });
    const found = Object.fromEntries(layers.map(({ name, verdict }) => [name, verdict]));
    assert.deepEqual([found["events"], found["state"], found["appends"]], ["failed", "unchecked", "ok"]);
  });

  test(`a server of whose log an event is missing tells of it, and starts (${kind})`, async () => {
    await using server = await startServer({ kind });
    await makePerson(server);
    // From here on it has seen these events.
    await server.stop();
    await server.start();
    const guardAgain = await takeGuardsOff(server, "event");
    await server.meddle("delete from event where id = 3");
    await guardAgain();
    assert.deepEqual((await stateOf(server)).told, ["log behind"]);
    await server.stop();
    await server.start();
    assert.match((await stateOf(server)).text, /^log behind: the first \d+ events can't be held against what/m);
  });
}
