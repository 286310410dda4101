import { freshName } from "../../support/worlds/world.ts";
import { type Attempt, type OperationExample, type OperationExamples, told } from "./example.ts";
import { lockedMachine, makeNode } from "./nodes.ts";
import { byKey, type World } from "../../support/worlds/server-world.ts";

/** A step of a machine's life, as MAAS names it: what it starts from, what it says, and a state that doesn't allow it. */
interface Step {
  readonly from: string;
  readonly says: (hostname: string) => string;
  readonly not?: string;
}

const steps: Readonly<Record<string, Step>> = {
  commission: { from: "New", says: (hostname) => `Started commissioning on '${hostname}'.`, not: "Deployed" },
  deploy: { from: "Ready", says: (hostname) => `Started deploying '${hostname}'.`, not: "New" },
  release: { from: "Deployed", says: (hostname) => `Started releasing '${hostname}'.`, not: "New" },
  abort: { from: "Deploying", says: (hostname) => `Aborted 'deploying' on '${hostname}'.`, not: "Ready" },
  test: { from: "Ready", says: (hostname) => `Started testing on '${hostname}'.`, not: "New" },
  rescue_mode: { from: "Ready", says: (hostname) => `Started rescue mode on '${hostname}'.`, not: "New" },
  exit_rescue_mode: { from: "Rescue mode", says: (hostname) => `Exited rescue mode on '${hostname}'.`, not: "Ready" },
  mark_broken: { from: "Ready", says: (hostname) => `Marked '${hostname}' broken.`, not: "Retired" },
  mark_fixed: { from: "Broken", says: (hostname) => `Marked '${hostname}' fixed.`, not: "Ready" },
  override_failed_testing: {
    from: "Failed testing",
    says: (hostname) => `Overrode failed testing on '${hostname}'.`,
    not: "Ready",
  },
  lock: { from: "Deployed", says: (hostname) => `Locked '${hostname}'.`, not: "Ready" },
  power_on: { from: "Ready", says: (hostname) => `Powered on '${hostname}'.` },
  power_off: { from: "Ready", says: (hostname) => `Powered off '${hostname}'.` },
};

/** A step over MAAS's API. */
function stepOf(step: string, { from, says, not }: Step): OperationExample {
  return async (world) => {
    const [node, locked] = [await makeNode(world, { status: from }), await lockedMachine(world)];
    const unfit = not === undefined ? locked : await makeNode(world, { status: not });
    const { hostname } = node;
    return [
      { what: "none", path: { system_id: "zzzzzz" }, status: 404 },
      { what: "a machine that is locked", path: { system_id: locked.system_id }, status: 409 },
      { what: "a machine that isn't in the state for it", path: { system_id: unfit.system_id }, status: 409 },
      {
        what: "a machine",
        path: { system_id: node.system_id },
        values: { comment: "why" },
        status: 200,
        records: [told(`node.${step}`, says(hostname), ["node", hostname])],
      },
    ];
  };
}

async function unlocking(world: World): Promise<readonly Attempt[]> {
  const [locked, free, owner] = [
    await lockedMachine(world),
    await makeNode(world, { status: "Deployed" }),
    await world.person(),
  ];
  const { hostname } = locked;
  return [
    { what: "a machine that isn't locked", path: { system_id: free.system_id }, status: 409 },
    { what: "by somebody whose it isn't", by: byKey(owner), path: { system_id: locked.system_id }, status: 403 },
    {
      what: "a machine",
      path: { system_id: locked.system_id },
      status: 200,
      records: [told("node.unlock", `Unlocked '${hostname}'.`, ["node", hostname])],
    },
  ];
}

async function allocation(world: World): Promise<readonly Attempt[]> {
  const [node, person] = [await makeNode(world, { status: "Ready" }), await world.person()];
  const by = byKey(person);
  const values = { name: node.hostname, agent_name: "juju" };
  return [
    { what: "a name that nothing has", by, values: { name: freshName("host") }, status: 409 },
    {
      what: "a machine",
      by,
      values,
      status: 200,
      records: [told("node.acquire", `Acquired '${node.hostname}'.`, ["node", node.hostname])],
    },
    { what: "the same again", by, values, status: 409 },
  ];
}

async function releaseOfMany(world: World): Promise<readonly Attempt[]> {
  const person = await world.person();
  const by = byKey(person);
  const nodes = [await makeNode(world, { status: "Ready" }), await makeNode(world, { status: "Ready" })];
  for (const { system_id } of nodes) await person.native.ask("POST", `nodes/${system_id}/steps`, { step: "acquire" });
  const [unowned, unfit] = [await makeNode(world, { status: "Ready" }), await makeNode(world, { status: "New" })];
  const machines = nodes.map(({ system_id }) => system_id);
  return [
    { what: "one that isn't there, among them", by, values: { machines: [...machines, "zzzzzz"] }, status: 400 },
    {
      what: "one that isn't theirs, among them",
      by,
      values: { machines: [...machines, unowned.system_id] },
      status: 403,
    },
    { what: "one that can't be, among them", values: { machines: [...machines, unfit.system_id] }, status: 409 },
    {
      what: "their own",
      by,
      values: { machines },
      status: 200,
      records: nodes.map(({ hostname }) =>
        told("node.release", `Started releasing '${hostname}'.`, ["node", hostname]),
      ),
    },
  ];
}

/** Every step over the native API, which takes them at one address. */
async function nativeSteps(world: World): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const [step, { from, says, not }] of Object.entries(steps)) {
    const { system_id, hostname } = await makeNode(world, { status: from });
    if (not !== undefined) {
      const unfit = await makeNode(world, { status: not });
      attempts.push({
        what: `${step} in the wrong state`,
        path: { system_id: unfit.system_id },
        values: { step },
        status: 409,
      });
    }
    const records = [told(`node.${step}`, says(hostname), ["node", hostname])];
    attempts.push({ what: step, path: { system_id }, values: { step }, status: 200, records });
  }
  const { system_id, hostname } = await makeNode(world, { status: "Ready" });
  const by = byKey(await world.person());
  const path = { system_id };
  const target = ["node", hostname] as const;
  return [
    { what: "a step that is none", path, values: { step: "explode" }, status: 400 },
    { what: "a machine that isn't there", path: { system_id: "zzzzzz" }, values: { step: "lock" }, status: 404 },
    { what: "a step of the owner's, by somebody else", by, path, values: { step: "power_on" }, status: 403 },
    {
      what: "acquire",
      by,
      path,
      values: { step: "acquire" },
      status: 200,
      records: [told("node.acquire", `Acquired '${hostname}'.`, target)],
    },
    {
      what: "deploy by the owner",
      by,
      path,
      values: { step: "deploy" },
      status: 200,
      records: [told("node.deploy", `Started deploying '${hostname}'.`, target)],
    },
    {
      what: "lock by the owner",
      by,
      path,
      values: { step: "lock" },
      status: 200,
      records: [told("node.lock", `Locked '${hostname}'.`, target)],
    },
    {
      what: "unlock by the owner",
      by,
      path,
      values: { step: "unlock" },
      status: 200,
      records: [told("node.unlock", `Unlocked '${hostname}'.`, target)],
    },
    ...attempts,
  ];
}

/** A machine's life. */
export const lifeCycleExamples: OperationExamples = {
  ...Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [`machine ${name.replaceAll("_", "-")}`, stepOf(name, step)]),
  ),
  "machine unlock": unlocking,
  "machines allocate": allocation,
  "machines release": releaseOfMany,
  "POST /api/v1/nodes/{system_id}/steps": nativeSteps,
};
