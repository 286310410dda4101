import { actingUser } from "../../http/authentication/acting-user.ts";
import { indentedJson } from "../../http/maas/answer.ts";
import type { MaasOperation, MaasParameter } from "../../http/maas/operation.ts";
import { command } from "../../http/operations/operation.ts";
import {
  commissioningIgnored,
  deploymentIgnored,
  powerOffIgnored,
  powerOnIgnored,
  releaseIgnored,
  scriptInputIgnored,
  testingIgnored,
} from "../ignored-parameters.ts";
import { type LifeCycleStep, lifeCycleSteps, ownersSteps } from "./life-cycle.ts";
import { advanceNode, releaseNodes } from "./life-cycle-actions.ts";
import { allocate } from "./maas-allocation.ts";
import { shownNode } from "../inventory/maas-node-answer.ts";
import { getVisible, machines } from "../inventory/maas-node-kinds.ts";
import { declaredIn, detailParameters } from "../maas-parameters.ts";
import { agentName, comment, said } from "./maas-said.ts";
import { parseScripts, scriptParameters } from "./maas-script-choices.ts";
import { parseDetails } from "../inventory/system-details.ts";

const releaseMany: MaasOperation = {
  ...machines.many,
  method: "POST",
  op: "release",
  who: "user",
  title: "Release machines",
  description: "Release several machines: all of them or, where one can't be released, none.",
  parameters: {
    machines: { type: "String", required: true, doc: "A machine's system id. Repeat it for several." },
    comment,
  },
  example: "machines=abc346 machines=xk4d8p",
  does: command({
    action: releaseNodes,
    async input({ now, request: { parameters } }) {
      return { systemIds: [...new Set(parameters.all("machines"))], ...said(parameters), now };
    },
    output: (advanced) => indentedJson(advanced.map(({ after }) => after.systemId)),
  }),
};

const titles: Readonly<Record<Exclude<LifeCycleStep, "acquire">, string>> = {
  commission: "Commission a machine",
  deploy: "Deploy a machine",
  release: "Release a machine",
  abort: "Abort what a machine is doing",
  test: "Test a machine",
  rescue_mode: "Enter rescue mode",
  exit_rescue_mode: "Exit rescue mode",
  mark_broken: "Mark a machine as broken",
  mark_fixed: "Mark a machine as fixed",
  override_failed_testing: "Ignore failed tests",
  lock: "Lock a machine",
  unlock: "Unlock a machine",
  power_on: "Turn a machine on",
  power_off: "Turn a machine off",
};

/** What a step takes beside its comment. */
const stepParameters: Readonly<Partial<Record<LifeCycleStep, Readonly<Record<string, MaasParameter>>>>> = {
  commission: {
    ...scriptParameters("commissioning_scripts", "testing_scripts"),
    ...commissioningIgnored,
    ...scriptInputIgnored,
  },
  deploy: {
    agent_name: agentName,
    ...pick(detailParameters, ["osystem", "distro_series", "hwe_kernel"]),
    ...deploymentIgnored,
  },
  release: releaseIgnored,
  test: { ...scriptParameters("testing_scripts"), ...testingIgnored },
  power_on: powerOnIgnored,
  power_off: powerOffIgnored,
};

/** A machine's life cycle. No hardware is driven: a step is a change of state, and its event. */
export const maasMachineOperations: readonly MaasOperation[] = [
  allocate,
  releaseMany,
  ...lifeCycleSteps.filter((step) => step !== "acquire").map(stepOperation),
];

function stepOperation(step: Exclude<LifeCycleStep, "acquire">): MaasOperation {
  const parameters = { ...stepParameters[step], comment };
  return {
    ...machines.one,
    method: "POST",
    op: step,
    who: ownersSteps.includes(step) ? "user" : "administrator",
    title: titles[step],
    description: `${titles[step]}: its state is changed and recorded, no hardware is driven. Refused in a state that doesn't allow it.`,
    parameters,
    does: command({
      action: advanceNode,
      async input({ db, actor, now, request }) {
        const { systemId } = await getVisible(db, actingUser(actor), request.path, machines.types);
        const sent = declaredIn(parameters, request.parameters);
        const details = parseDetails({
          osystem: sent.last("osystem"),
          distro_series: sent.last("distro_series"),
          hwe_kernel: sent.last("hwe_kernel"),
        });
        return { systemId, step, details, scripts: parseScripts(sent), ...said(sent), now };
      },
      output: async ({ after }, { db }) => indentedJson(await shownNode(db, after)),
    }),
  };
}

function pick<Value>(from: Readonly<Record<string, Value>>, names: readonly string[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}
