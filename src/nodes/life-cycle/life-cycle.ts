import { Refusal } from "../../refusal.ts";
import type { Node, PowerState } from "../inventory/node.ts";
import type { StatusLabel } from "./status.ts";

/** What can be done to a machine, by the name of MAAS's operation; `acquire` is its `allocate`. */
export const lifeCycleSteps = [
  "commission",
  "acquire",
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
  "unlock",
  "power_on",
  "power_off",
] as const;

export type LifeCycleStep = (typeof lifeCycleSteps)[number];

/** Steps of whoever owns the machine; the others are for administrators. */
export const ownersSteps: readonly LifeCycleStep[] = [
  "acquire",
  "deploy",
  "release",
  "abort",
  "mark_broken",
  "lock",
  "unlock",
  "power_on",
  "power_off",
];

/** What a step makes of a machine. What is left out stays. */
export interface Change {
  readonly status?: StatusLabel;
  readonly powerState?: PowerState;
  readonly isLocked?: boolean;
  /** True if whoever asked for the step owns the machine now. Where it stops being anybody's, `isNobodys` says. */
  readonly isTaken?: true;
}

/**
 * What the step makes of the machine. Refuses with `conflict` where its state doesn't allow it.
 *
 * No hardware is driven: a step that takes time in MAAS leaves the machine in the state in between, such as
 * `Deploying`, until whoever drives the hardware reports how it ended, by changing the status.
 */
export function takeStep(node: Node, step: LifeCycleStep): Change {
  if (node.type !== "machine") {
    throw new Refusal("conflict", `'${node.hostname}' is a ${node.type}: only machines have a life cycle.`);
  }
  if (node.isLocked && step !== "unlock") throw lockedNode(node);
  const change = steps[step](node);
  if (change !== undefined) return change;
  throw new Refusal("conflict", notNow(node, step));
}

/** Whether a machine of that status belongs to nobody: anybody may see it, and allocate it once it is ready. */
export function isNobodys(status: StatusLabel): boolean {
  return status === "New" || status === "Commissioning" || status === "Ready";
}

export function lockedNode({ type, hostname }: Pick<Node, "type" | "hostname">): Refusal {
  return new Refusal("conflict", `The ${type} '${hostname}' is locked: unlock it first.`);
}

/** MAAS's sentence for a step that the machine's state doesn't allow. */
function notNow(node: Node, step: LifeCycleStep): string {
  if (step === "lock") return "Can't lock, node is not deployed or deploying";
  if (step === "unlock") return "Machine is not locked";
  if (step === "abort") return `Cannot abort in current state: node ${node.systemId} is in state ${node.status}.`;
  return `Machine ${verbs[step]} in its current state ('${stateOf(node)}').`;
}

function stateOf(node: Node): string {
  return node.isLocked ? "Locked" : node.status;
}

/** Undefined where the machine's state doesn't allow the step. */
type Step = (node: Node) => Change | undefined;

const from =
  (statuses: readonly StatusLabel[], change: Change): Step =>
  ({ status }) =>
    statuses.includes(status) ? change : undefined;

const settled = ["Ready", "Broken", "Allocated", "Deployed", "Failed testing", "Failed deployment"] as const;
const releasable = [
  "Allocated",
  "Reserved",
  "Deploying",
  "Deployed",
  "Broken",
  "Failed deployment",
  "Releasing failed",
  "Failed disk erasing",
] as const;
const breakable = [
  "New",
  "Commissioning",
  "Failed commissioning",
  "Missing",
  "Ready",
  "Reserved",
  "Allocated",
  "Deploying",
  "Deployed",
  "Failed deployment",
  "Releasing failed",
  "Failed disk erasing",
  "Testing",
  "Failed testing",
] as const;

const steps: Readonly<Record<LifeCycleStep, Step>> = {
  commission: from(["New", "Failed commissioning", "Missing", "Ready", "Broken", "Failed testing"], {
    status: "Commissioning",
    powerState: "on",
  }),
  acquire: from(["Ready"], { status: "Allocated", isTaken: true }),
  deploy: ({ status }) => {
    if (status === "Ready") return { status: "Deploying", powerState: "on", isTaken: true };
    return status === "Allocated" || status === "Reserved" ? { status: "Deploying", powerState: "on" } : undefined;
  },
  release({ status, powerState }) {
    // MAAS answers for these too: there is nothing left to release, and the event says that nothing changed.
    if (status === "Ready" || status === "Releasing") return {};
    if (!releasable.some((label) => label === status)) return undefined;
    return powerState === "on" ? { status: "Releasing", powerState: "off" } : { status: "Ready" };
  },
  abort: ({ status, previousStatus }) => {
    if (status === "Commissioning") return { status: previousStatus === "Ready" ? "Ready" : "New", powerState: "off" };
    if (status === "Deploying") return { status: "Allocated", powerState: "off" };
    if (status === "Disk erasing") return { status: "Failed disk erasing", powerState: "off" };
    return status === "Testing" ? { status: previousStatus } : undefined;
  },
  test: from(settled, { status: "Testing", powerState: "on" }),
  rescue_mode: from(settled, { status: "Entering rescue mode", powerState: "on" }),
  exit_rescue_mode: from(
    ["Rescue mode", "Entering rescue mode", "Failed to enter rescue mode", "Failed to exit rescue mode"],
    { status: "Exiting rescue mode" },
  ),
  mark_broken: from(breakable, { status: "Broken" }),
  mark_fixed: ({ status, previousStatus }) =>
    status === "Broken" ? { status: previousStatus === "Deployed" ? "Deployed" : "Ready" } : undefined,
  override_failed_testing: ({ status, previousStatus }) =>
    status === "Failed testing" ? { status: previousStatus === "Deployed" ? "Deployed" : "Ready" } : undefined,
  lock: from(["Deployed", "Deploying"], { isLocked: true }),
  unlock: ({ isLocked }) => (isLocked ? { isLocked: false } : undefined),
  power_on: () => ({ powerState: "on" }),
  power_off: () => ({ powerState: "off" }),
};

const verbs: Readonly<Record<Exclude<LifeCycleStep, "lock" | "unlock" | "abort">, string>> = {
  commission: "cannot be commissioned",
  acquire: "cannot be allocated",
  deploy: "cannot be deployed",
  release: "cannot be released",
  test: "cannot be tested",
  rescue_mode: "cannot enter rescue mode",
  exit_rescue_mode: "cannot exit rescue mode",
  mark_broken: "cannot be marked broken",
  mark_fixed: "cannot be marked fixed",
  override_failed_testing: "has no failed testing to override",
  power_on: "cannot be powered on",
  power_off: "cannot be powered off",
};
