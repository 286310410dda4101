import assert from "node:assert/strict";
import { allEvents, type NativeClient } from "../clients/native-client.ts";
import type { Arrived } from "./arrived.ts";

/** A destination as the native API shows it. */
export interface ShownDestination {
  readonly state: string;
  readonly delivered_to: number;
  readonly delivered: number;
  readonly behind: number;
  readonly dead_letters: number;
  readonly last_error: string | null;
  readonly updated: string;
}

export async function createDestination(native: NativeClient, body: object): Promise<void> {
  const answer = await native.ask("POST", "destinations", body);
  assert.equal(answer.status, 201, answer.text);
}

export async function readDestination(native: NativeClient, name: string): Promise<ShownDestination> {
  const answer = await native.ask("GET", `destinations/${name}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<ShownDestination>();
}

/** The events of the log in a range that match, the oldest first, as they should arrive. */
export async function logged(
  native: NativeClient,
  first: number,
  last: number,
  filter = "",
): Promise<readonly Arrived[]> {
  const events = await allEvents(native, Object.fromEntries(new URLSearchParams(filter)));
  return events
    .map((event) => ({ id: event.id, leafHash: (event as unknown as { readonly leaf_hash: string }).leaf_hash }))
    .filter(({ id }) => id >= first && id <= last)
    .toReversed();
}
