import assert from "node:assert/strict";
import { freshAddress, send } from "../support/clients/http-client.ts";
import type { TestServer } from "../support/server.ts";
import { admin } from "../support/worlds/people.ts";

/** A verdict as the native API shows it. */
export interface ShownVerdict {
  readonly id: number | null;
  readonly is_good: boolean;
  readonly is_as_recorded: boolean;
  readonly reason: string | null;
  readonly layers: readonly { readonly name: string; readonly verdict: string; readonly faults: number }[];
  readonly fault_count: number;
  readonly faults: readonly { readonly layer: string | null; readonly event: number | null; readonly what: string }[];
}

/** What the native API says of the log. */
interface ShownLog {
  readonly troubles: readonly { readonly name: string; readonly what: string | null }[];
  readonly verification: { readonly running: unknown; readonly last: ShownVerdict | null };
}

/** From one address: the use of a key from another one is noted, which is work that `/readyz` tells of. */
const from = freshAddress();

export async function logOf(server: TestServer): Promise<ShownLog> {
  return (await admin(server, from).native.ask("GET", "log")).json<ShownLog>();
}

/** The one state that `/readyz`, the metrics and the page's answer show: the names of what is wrong, and whether it's verified. */
export async function stateOf(server: TestServer) {
  const headers = { authorization: `Bearer ${server.firstLogin.apiKey}` };
  const askReady = () => send(server.url, "/readyz", { headers });
  for (;;) {
    const ready = await askReady();
    const { text } = await send(server.url, "/metrics");
    const { troubles } = await logOf(server);
    // What changes meanwhile says nothing of whether they agree.
    if ((await askReady()).text !== ready.text) continue;
    assert.equal(ready.status, 200, ready.text);
    const [first = ""] = ready.text.split("\n");
    const told = first === "ready" ? [] : first.replace("degraded: ", "").split(", ");
    const counted = [...text.matchAll(/^ironlog_degraded\{reason="([^"]+)"\} 1$/gm)].map(([, reason = ""]) => reason);
    assert.deepEqual(counted.toSorted(), told.toSorted());
    assert.match(text, new RegExp(`^ironlog_ready ${told.length === 0 ? 1 : 0}$`, "m"));
    assert.deepEqual(
      troubles.map(({ name }) => name),
      told,
    );
    for (const { what } of troubles) assert.notEqual(what ?? "", "");
    return { told, text: ready.text, isGood: /^ironlog_verification_good 1$/m.test(text) };
  }
}
