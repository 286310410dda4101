import { actingUser } from "../http/acting-user.ts";
import { indentedJson } from "../http/maas/answer.ts";
import type { MaasOperation, MaasParameter } from "../http/maas/operation.ts";
import type { Parameters } from "../http/maas/parameters.ts";
import { command } from "../http/operation.ts";
import { type LifeCycleStep, lifeCycleSteps, ownersSteps } from "./life-cycle.ts";
import { advanceNode, allocateNode, releaseNodes } from "./life-cycle-actions.ts";
import { getVisible, machines } from "./maas-node-operations.ts";
import { given } from "./maas-parameters.ts";
import { maasNode } from "./maas-rendering.ts";
import { parseFreeText } from "./node.ts";

const comment: MaasParameter = { type: "String", required: false, doc: "Why, for the event log." };
const agentName: MaasParameter = {
  type: "String",
  required: false,
  doc: "Who it is for, in your own words; kept until the machine is released.",
};

const allocate: MaasOperation = {
  ...machines.many,
  method: "POST",
  op: "allocate",
  who: "user",
  title: "Allocate a machine",
  description:
    "Allocate the first machine that is ready and that matches: it is yours until you release it. Constraints on hardware are not looked at, since nothing is known of it.",
  parameters: {
    name: { type: "String", required: false, doc: "The machine's hostname." },
    system_id: { type: "String", required: false, doc: "The machine's system id." },
    arch: { type: "String", required: false, doc: "Its architecture." },
    zone: { type: "String", required: false, doc: "The zone that it is in." },
    pool: { type: "String", required: false, doc: "The resource pool that it is in." },
    tags: { type: "String", required: false, doc: "A tag that it bears, or several with commas. May be repeated." },
    not_tags: { type: "String", required: false, doc: "A tag that it doesn't bear. May be repeated." },
    agent_name: agentName,
    comment,
  },
  example: "zone=default agent_name=juju",
  does: command({
    action: allocateNode,
    async input({ now, request: { parameters } }) {
      const systemId = given(parameters, "system_id");
      const hostname = given(parameters, "name")?.split(".")[0];
      const zone = given(parameters, "zone");
      const pool = given(parameters, "pool");
      const architecture = given(parameters, "arch");
      const constraints = {
        ...(systemId !== undefined && { systemId }),
        ...(hostname !== undefined && { hostname }),
        ...(zone !== undefined && { zone }),
        ...(pool !== undefined && { pool }),
        ...(architecture !== undefined && { architecture }),
        tags: words(parameters, "tags"),
        notTags: words(parameters, "not_tags"),
      };
      return { constraints, agentName: "", ...said(parameters), now };
    },
    output: ({ after }) => indentedJson({ ...maasNode(after), constraints_by_type: {} }),
  }),
};

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

/** A machine's life cycle. No hardware is driven: a step is a change of state, and its event. */
export const maasMachineOperations: readonly MaasOperation[] = [
  allocate,
  releaseMany,
  ...lifeCycleSteps.filter((step) => step !== "acquire").map(stepOperation),
];

function stepOperation(step: Exclude<LifeCycleStep, "acquire">): MaasOperation {
  const takesAgent = step === "deploy";
  return {
    ...machines.one,
    method: "POST",
    op: step,
    who: ownersSteps.includes(step) ? "user" : "administrator",
    title: titles[step],
    description: `${titles[step]}: its state is changed and recorded, no hardware is driven. Refused in a state that doesn't allow it.`,
    parameters: { ...(takesAgent && { agent_name: agentName }), comment },
    does: command({
      action: advanceNode,
      async input({ db, actor, now, request: { path, parameters } }) {
        const { systemId } = await getVisible(db, actingUser(actor), path, machines.types);
        const { agentName: given, comment: why } = said(parameters);
        return { systemId, step, ...(takesAgent && given !== undefined && { agentName: given }), comment: why, now };
      },
      output: ({ after }) => indentedJson(maasNode(after)),
    }),
  };
}

function said(parameters: Parameters): { readonly agentName?: string; readonly comment: string } {
  const agent = parameters.last("agent_name");
  return {
    ...(agent !== undefined && { agentName: parseFreeText(agent, "agent_name", 255) }),
    comment: parseFreeText(parameters.last("comment") ?? "", "comment"),
  };
}

function words(parameters: Parameters, name: string): readonly string[] {
  return parameters
    .all(name)
    .flatMap((value) => value.split(/[\s,]+/))
    .filter((word) => word !== "");
}
