import type { MaasParameter } from "../../http/maas/operation.ts";
import type { Parameters } from "../../http/maas/parameters/parameters.ts";
import { parseFreeText } from "../inventory/node.ts";

export const comment: MaasParameter = { type: "String", required: false, doc: "Why, for the event log." };
export const agentName: MaasParameter = {
  type: "String",
  required: false,
  doc: "Who it is for, in your own words; kept until the machine is released.",
};

/** What somebody says of a step. */
export function said(parameters: Parameters): { readonly agentName?: string; readonly comment: string } {
  const agent = parameters.last("agent_name");
  return {
    ...(agent !== undefined && { agentName: parseFreeText(agent, "agent_name", 255) }),
    comment: parseFreeText(parameters.last("comment") ?? "", "comment"),
  };
}
