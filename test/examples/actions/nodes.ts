import { createDomain, deleteDomain, updateDomain } from "../../../src/nodes/places/domain-actions.ts";
import { type LifeCycleStep } from "../../../src/nodes/life-cycle/life-cycle.ts";
import { advanceNode, allocateNode, releaseNodes } from "../../../src/nodes/life-cycle/life-cycle-actions.ts";
import { createNode, deleteNode, type NewNode, updateNode } from "../../../src/nodes/inventory/node-actions.ts";
import {
  createPool,
  createZone,
  deletePool,
  deleteZone,
  updatePool,
  updateZone,
} from "../../../src/nodes/places/place-actions.ts";
import type { StatusLabel } from "../../../src/nodes/life-cycle/status.ts";
import { createTag, deleteTag, tagNodes, updateTag } from "../../../src/nodes/tags/tag-actions.ts";
import { perform } from "../../../src/audit/perform.ts";
import { type ActionExample, example } from "./example.ts";
import { type DatabaseWorld, newMachine, now } from "../../support/worlds/database-world.ts";

const systemId = "abc346";

function newNode(changes: Partial<NewNode> = {}): NewNode {
  return newMachine(systemId, {
    hostnames: ["web"],
    macs: ["aa:bb:cc:dd:ee:01", "aa:bb:cc:dd:ee:02"],
    ...changes,
  });
}

const newTag = (name: string) => ({ name, definition: "", comment: "", kernelOpts: "" });

async function withNode({ db, ada }: DatabaseWorld, status: StatusLabel = "Ready"): Promise<void> {
  await perform(db, ada.actor, createNode, newNode({ status }));
}

/** What each step starts from, where that isn't a machine that is ready. */
const before: Partial<Record<LifeCycleStep, StatusLabel>> = {
  abort: "Deploying",
  exit_rescue_mode: "Rescue mode",
  lock: "Deployed",
  mark_fixed: "Broken",
  override_failed_testing: "Failed testing",
  release: "Deployed",
};

const steps: readonly LifeCycleStep[] = [
  "commission",
  "deploy",
  "release",
  "abort",
  "test",
  "rescue_mode",
  "exit_rescue_mode",
  "mark_broken",
  "mark_fixed",
  "override_failed_testing",
  "lock",
  "power_on",
  "power_off",
];

/** The examples of the nodes slice. */
export const nodeActionExamples: Readonly<Record<string, ActionExample>> = {
  "nodes/createNode": example(createNode, ({ ada }) => [ada.actor, newNode({ zone: "default", domain: "maas" })]),
  "nodes/createNode (a name that is taken)": example(createNode, async (world) => {
    await withNode(world);
    return [world.ada.actor, newNode({ systemIds: [systemId, "abc347"] })];
  }),
  "nodes/updateNode": example(updateNode, async (world) => {
    await withNode(world);
    await perform(world.db, world.ada.actor, createZone, { name: "east", description: "" });
    const changes = { zone: "east", hostname: "web2", macs: ["aa:bb:cc:dd:ee:02", "aa:bb:cc:dd:ee:03"] };
    return [world.ada.actor, { systemId, changes, now }];
  }),
  "nodes/deleteNode": example(deleteNode, async (world) => {
    await withNode(world);
    return [world.ada.actor, { systemId, now }];
  }),
  ...Object.fromEntries(
    steps.map((step) => [
      `nodes/advanceNode (${step})`,
      example(advanceNode, async (world) => {
        await withNode(world, before[step]);
        return [world.ada.actor, { systemId, step, comment: "why", now }];
      }),
    ]),
  ),
  "nodes/advanceNode (unlock)": example(advanceNode, async (world) => {
    await withNode(world, "Deployed");
    await perform(world.db, world.ada.actor, advanceNode, { systemId, step: "lock", comment: "", now });
    return [world.ada.actor, { systemId, step: "unlock" as const, comment: "", now }];
  }),
  "nodes/advanceNode (refused)": example(advanceNode, async (world) => {
    await withNode(world, "New");
    return [world.ada.actor, { systemId, step: "deploy" as const, comment: "", now }];
  }),
  "nodes/allocateNode": example(allocateNode, async (world) => {
    await withNode(world);
    const constraints = { hostname: "web", tags: [], notTags: ["gpu"] };
    return [world.bob.actor, { constraints, agentName: "juju", comment: "", now }];
  }),
  "nodes/releaseNodes": example(releaseNodes, async (world) => {
    await withNode(world);
    const constraints = { tags: [], notTags: [] };
    await perform(world.db, world.bob.actor, allocateNode, { constraints, agentName: "juju", comment: "", now });
    return [world.bob.actor, { systemIds: [systemId], comment: "", now }];
  }),
  "nodes/createZone": example(createZone, ({ ada }) => [ada.actor, { name: "east", description: "e" }]),
  "nodes/updateZone": example(updateZone, async ({ db, ada }) => {
    await perform(db, ada.actor, createZone, { name: "east", description: "" });
    return [ada.actor, { name: "east", changes: { name: "west", description: "w" } }];
  }),
  "nodes/deleteZone": example(deleteZone, async (world) => {
    await perform(world.db, world.ada.actor, createZone, { name: "east", description: "" });
    await perform(world.db, world.ada.actor, createNode, newNode({ zone: "east" }));
    return [world.ada.actor, { name: "east" }];
  }),
  "nodes/createPool": example(createPool, ({ ada }) => [ada.actor, { name: "gold", description: "" }]),
  "nodes/updatePool": example(updatePool, ({ ada }) => [ada.actor, { name: "default", changes: { description: "d" } }]),
  "nodes/deletePool": example(deletePool, async ({ db, ada }) => {
    await perform(db, ada.actor, createPool, { name: "gold", description: "" });
    return [ada.actor, { name: "gold" }];
  }),
  "nodes/createDomain": example(createDomain, ({ ada }) => [
    ada.actor,
    { name: "example.com", isAuthoritative: true, ttlSeconds: 60 },
  ]),
  "nodes/updateDomain": example(updateDomain, ({ ada }) => [
    ada.actor,
    { name: "maas", changes: { name: "lab", ttlSeconds: 60 } },
  ]),
  "nodes/deleteDomain": example(deleteDomain, async ({ db, ada }) => {
    await perform(db, ada.actor, createDomain, { name: "lab", isAuthoritative: false, ttlSeconds: null });
    return [ada.actor, { name: "lab" }];
  }),
  "nodes/createTag": example(createTag, ({ ada }) => [ada.actor, newTag("gpu")]),
  "nodes/updateTag": example(updateTag, async ({ db, ada }) => {
    await perform(db, ada.actor, createTag, newTag("gpu"));
    return [ada.actor, { name: "gpu", changes: { name: "tpu", comment: "c" } }];
  }),
  "nodes/deleteTag": example(deleteTag, async (world) => {
    await withNode(world);
    await perform(world.db, world.ada.actor, createTag, newTag("gpu"));
    await perform(world.db, world.ada.actor, tagNodes, { name: "gpu", add: [systemId], remove: [] });
    return [world.ada.actor, { name: "gpu" }];
  }),
  "nodes/tagNodes": example(tagNodes, async (world) => {
    await withNode(world);
    await perform(
      world.db,
      world.ada.actor,
      createNode,
      newNode({ systemIds: ["abc348"], hostnames: ["db"], macs: [] }),
    );
    await perform(world.db, world.ada.actor, createTag, newTag("gpu"));
    await perform(world.db, world.ada.actor, tagNodes, { name: "gpu", add: [systemId], remove: [] });
    return [world.ada.actor, { name: "gpu", add: ["abc348"], remove: [systemId] }];
  }),
  "nodes/tagNodes (nothing)": example(tagNodes, async ({ db, ada }) => {
    await perform(db, ada.actor, createTag, newTag("gpu"));
    return [ada.actor, { name: "gpu", add: [], remove: [] }];
  }),
};
