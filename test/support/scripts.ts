import assert from "node:assert/strict";
import type { Answer } from "./clients/http-client.ts";
import { type MaasClient, multipart, type ParameterPairs } from "./clients/maas-client.ts";
import { allEvents, type NativeClient, type NativeEvent } from "./clients/native-client.ts";
import { freshName } from "./worlds/world.ts";

/** A script as MAAS's API shows one, as far as tests look. */
export interface MaasScript {
  readonly id: number;
  readonly name: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly timeout: string;
  readonly type: number;
  readonly hardware_type: number;
  readonly history: readonly MaasRevision[];
}

export interface MaasRevision {
  readonly id: number;
  readonly comment: string | null;
  readonly created: string;
  readonly data?: string;
}

export const shell = (word: string): string => `#!/bin/sh\necho ${word}\n`;

/** Sends files as the `maas` client does, each under its own name. */
export function upload(
  maas: MaasClient,
  method: "POST" | "PUT",
  path: string,
  parameters: ParameterPairs,
  files: readonly (readonly [string, string | Buffer])[],
): Promise<Answer> {
  const bytes = files.map(([name, content]) => [name, Buffer.from(content)] as const);
  const { body, type } = multipart(parameters, bytes);
  return maas.ask(path, { method, body, headers: { "content-type": type } });
}

/** Makes a script of a name that nobody else has, with as many versions as there are words. */
export async function makeScript(maas: MaasClient, ...words: readonly string[]): Promise<MaasScript> {
  const [first = "one", ...more] = words;
  const name = freshName("script");
  let answer = await maas.post("scripts/", [
    ["name", name],
    ["script", shell(first)],
  ]);
  for (const word of more) {
    assert.equal(answer.status, 200, answer.text);
    answer = await maas.put(`scripts/${name}`, [
      ["script", shell(word)],
      ["comment", word],
    ]);
  }
  assert.equal(answer.status, 200, answer.text);
  return answer.json<MaasScript>();
}

/** What was recorded of a script, oldest first. */
export async function scriptEvents(
  native: NativeClient,
  { id }: { readonly id: number },
): Promise<readonly NativeEvent[]> {
  const events = await allEvents(native, { type: "SETTINGS" });
  return events
    .filter(({ target_kind, target_id }) => target_kind === "script" && target_id === String(id))
    .toReversed();
}
