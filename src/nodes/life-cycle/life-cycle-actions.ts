import assert from "node:assert/strict";
import { defineAction, type Tx } from "../../audit/action.ts";
import type { Actor } from "../../audit/actor.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { Refusal } from "../../refusal.ts";
import { findAvailable, noneAvailable } from "./allocation.ts";
import type { Constraints } from "./constraints.ts";
import { changeDetails, differences } from "../../audit/differences.ts";
import { isNobodys, type LifeCycleStep, ownersSteps, takeStep } from "./life-cycle.ts";
import { aboutNode } from "../inventory/node-actions.ts";
import { getNode, listNodes, maySee, noSuchNode, seenBy } from "../inventory/node-queries.ts";
import type { Node } from "../inventory/node.ts";
import { checkScripts, type ScriptChoices } from "./script-choices.ts";
import { statusNumber } from "./status.ts";
import { detailColumns, type SystemDetails, withoutSystem } from "../inventory/system-details.ts";

interface StepInput {
  readonly step: LifeCycleStep;
  /** Whoever asks, in their own words; kept until the machine is released. */
  readonly agentName?: string;
  /** Why, for the log. */
  readonly comment: string;
  /** What to deploy. */
  readonly details?: Partial<SystemDetails>;
  /** Which scripts to commission or test with. */
  readonly scripts?: ScriptChoices;
  /** Microseconds. */
  readonly now: number;
}

/** Takes a machine one step along its life. Owners may take some steps, administrators all. */
export const advanceNode = defineAction({
  async run(tx, input: StepInput & { readonly systemId: string }, actor) {
    const node = await getNode(tx, input.systemId);
    checkMayAdvance(node, input.step, actor);
    await checkScripts(tx, input.scripts ?? {});
    return advance(tx, node, input, actor);
  },
  events: (advanced, input) => [stepTaken(advanced, input)],
});

/** Allocates the first ready machine that will do. Refuses with `conflict` where there is none. */
export const allocateNode = defineAction({
  async run(tx, input: Omit<StepInput, "step"> & { readonly constraints: Constraints }, actor) {
    const node = actor.user === null ? undefined : await findAvailable(tx, input.constraints, actor.user);
    if (node === undefined) throw new Refusal("conflict", noneAvailable(input.constraints));
    return advance(tx, node, { ...input, step: "acquire" }, actor);
  },
  events: (advanced, input) => [stepTaken(advanced, { ...input, step: "acquire" })],
});

/** Releases several machines: all of them or none. Refuses with MAAS's sentences. */
export const releaseNodes = defineAction({
  async run(tx, input: Omit<StepInput, "step"> & { readonly systemIds: readonly string[] }, actor) {
    const { user } = actor;
    const nodes = user === null ? [] : await listNodes(tx, seenBy(user, { systemIds: input.systemIds }));
    const unknown = input.systemIds.filter((id) => !nodes.some(({ systemId }) => systemId === id));
    if (unknown.length > 0) throw new Refusal("invalid", `Unknown machine(s): ${unknown.join(", ")}.`);
    const others = nodes.filter(({ owner }) => user?.isSuperuser !== true && owner?.id !== user?.id);
    if (others.length > 0) {
      const ids = others.map(({ systemId }) => systemId).join(", ");
      const message = `You don't have the required permission to release the following machine(s): ${ids}.`;
      throw new Refusal("forbidden", message);
    }
    const advanced: Advanced[] = [];
    for (const node of nodes) advanced.push(await advance(tx, node, { ...input, step: "release" }, actor));
    return advanced;
  },
  events: (advanced, input) => {
    const [first, ...rest] = advanced.map((one) => stepTaken(one, { ...input, step: "release" }));
    assert(first !== undefined, "somebody asked to release at least one machine");
    return [first, ...rest];
  },
});

interface Advanced {
  readonly before: Node;
  readonly after: Node;
}

function checkMayAdvance(node: Node, step: LifeCycleStep, { user }: Actor): void {
  if (user === null || !maySee(user, node)) throw noSuchNode(node.systemId);
  if (user.isSuperuser) return;
  if (!ownersSteps.includes(step)) {
    throw new Refusal("forbidden", "This method is reserved for admin users.", { isForAdministrators: true });
  }
  const isFree = node.owner === null && (step === "acquire" || (step === "deploy" && node.status === "Ready"));
  if (isFree || node.owner?.id === user.id) return;
  throw new Refusal("forbidden", `'${node.hostname}' isn't yours: allocate it first.`);
}

async function advance(tx: Tx, before: Node, input: StepInput, actor: Actor): Promise<Advanced> {
  const { status, powerState, isLocked, isTaken } = takeStep(before, input.step);
  const isFreed = isNobodys(status ?? before.status);
  await tx
    .updateTable("node")
    .set({
      ...(status !== undefined && { status: statusNumber(status) }),
      ...(status !== undefined &&
        remembersStatus(before, input.step) && { previous_status: statusNumber(before.status) }),
      ...(powerState !== undefined && { power_state: powerState }),
      ...(isLocked !== undefined && { locked: Number(isLocked) }),
      ...(isTaken === true && { owner_id: actor.user?.id ?? null }),
      ...(input.agentName !== undefined && { agent_name: input.agentName }),
      ...(input.step === "release" && { agent_name: "" }),
      ...detailColumns(input.details ?? {}),
      ...(isFreed && { owner_id: null, agent_name: "" }),
      ...(isFreed && !isNobodys(before.status) && detailColumns(withoutSystem)),
      updated: input.now,
    })
    .where("id", "=", before.id)
    .execute();
  return { before, after: await getNode(tx, before.systemId) };
}

/** What these steps end in depends on where the machine was. A second test in a row must not forget it. */
function remembersStatus({ status }: Node, step: LifeCycleStep): boolean {
  const goesBack: readonly LifeCycleStep[] = ["commission", "test", "rescue_mode", "mark_broken"];
  return goesBack.includes(step) && status !== "Testing" && status !== "Failed testing";
}

function stepTaken({ before, after }: Advanced, { step, comment, scripts }: StepInput) {
  const details = {
    ...changeDetails(differences(shown(before), shown(after))),
    ...scripts,
    ...(comment !== "" && { comment }),
  };
  const { hostname } = after;
  if (step === "abort") {
    const aborted = before.status.toLowerCase();
    return draftEvent("node.abort", { hostname, aborted }, aboutNode(after, details));
  }
  return draftEvent(`node.${step}`, { hostname }, aboutNode(after, details));
}

function shown(node: Node): Readonly<Record<string, string | boolean | null>> {
  return {
    status: node.status,
    power_state: node.powerState,
    locked: node.isLocked,
    owner: node.owner?.username ?? null,
    agent_name: node.agentName,
    osystem: node.details.osystem,
    distro_series: node.details.distroSeries,
    hwe_kernel: node.details.hweKernel,
  };
}
