import assert from "node:assert/strict";
import type { Answer } from "./clients/http-client.ts";
import { byOthers, type NativeClient, type NativeEvent } from "./clients/native-client.ts";

/** An event as another program reports it. */
export const powerFailure = {
  type: "NODE_POWER_FAILURE",
  action: "node.power",
  description: "No answer from the BMC.",
};

export interface Reported {
  readonly items: readonly { readonly id: number; readonly status: string }[];
}

/** Reports what must be taken, and gives what became of each event. */
export async function report(
  client: NativeClient,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reported["items"]> {
  const answer = await client.ask("POST", "events", body, { headers });
  assert.equal(answer.status, 201, answer.text);
  return answer.json<Reported>().items;
}

/** Sends a body as it is. */
export function sendText(client: NativeClient, text: string, type: string): Promise<Answer> {
  return client.ask("POST", "events", undefined, { headers: { "content-type": type }, body: text });
}

export async function eventOf(
  client: NativeClient,
  id: number,
): Promise<NativeEvent & { readonly reporter: string | null; readonly leaf_hash: string }> {
  return (await client.ask("GET", `events/${id}`)).json();
}

export async function lastId(client: NativeClient): Promise<number> {
  const [last] = (await client.ask("GET", `events?limit=1&${byOthers}`)).json<{ items: NativeEvent[] }>().items;
  return last?.id ?? 0;
}
