import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { MaasClient } from "./clients/maas-client.ts";
import { allEvents, type NativeClient, type NativeEvent } from "./clients/native-client.ts";
import { freshName } from "./worlds/people.ts";

/** A machine as MAAS's API shows it, as far as tests look. */
export interface MaasNode {
  readonly system_id: string;
  readonly hostname: string;
  readonly fqdn: string;
  readonly resource_uri: string;
  readonly status: number;
  readonly status_name: string;
  readonly owner: string | null;
  readonly locked: boolean;
  readonly power_state: string;
  readonly architecture: string;
  readonly node_type: number;
  readonly tag_names: readonly string[];
  readonly zone: { readonly id: number; readonly name: string };
  readonly pool: { readonly id: number; readonly name: string } | null;
  readonly domain: { readonly id: number; readonly name: string };
  readonly interface_set: readonly { readonly mac_address: string }[];
}

/** A MAC address that is nobody's: locally administered. */
export function freshMac(): string {
  return `52:54:${randomBytes(4).toString("hex").match(/../g)?.join(":")}`;
}

/** Makes a machine over MAAS's API. `status` is where the test wants it. */
export async function makeMachine(
  maas: MaasClient,
  parameters: Readonly<Record<string, string>> = {},
  status?: string,
): Promise<MaasNode> {
  const all = { architecture: "amd64", mac_addresses: freshMac(), hostname: freshName("host"), ...parameters };
  const answer = await maas.post("machines/", Object.entries(all));
  assert.equal(answer.status, 200, answer.text);
  const machine = answer.json<MaasNode>();
  if (status === undefined) return machine;
  const updated = await maas.put(`machines/${machine.system_id}/`, [["status", status]]);
  assert.equal(updated.status, 200, updated.text);
  return updated.json<MaasNode>();
}

/** What was recorded of a node, oldest first. */
export async function eventsOf(native: NativeClient, systemId: string): Promise<readonly NativeEvent[]> {
  return (await allEvents(native, { node: systemId })).toReversed();
}
