import assert from "node:assert/strict";
import type { MaasClient } from "./clients/maas-client.ts";
import { allEvents, type NativeClient, type NativeEvent } from "./clients/native-client.ts";
import { createMachine } from "./worlds/over-http.ts";
import { wireOf } from "./worlds/people.ts";
import type { WantedMachine } from "./worlds/world.ts";

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

/** Makes a machine over MAAS's API. `status` is where the test wants it. */
export async function makeMachine(maas: MaasClient, wanted: WantedMachine = {}, status?: string): Promise<MaasNode> {
  const machine = await createMachine<MaasNode>(wireOf(maas), wanted);
  if (status === undefined) return machine;
  const updated = await maas.put(`machines/${machine.system_id}/`, [["status", status]]);
  assert.equal(updated.status, 200, updated.text);
  return updated.json<MaasNode>();
}

/** What was recorded of a node, oldest first. */
export async function eventsOf(native: NativeClient, systemId: string): Promise<readonly NativeEvent[]> {
  return (await allEvents(native, { node: systemId })).toReversed();
}
