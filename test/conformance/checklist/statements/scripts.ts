import { canonicalCli } from "../clients/canonical-cli.ts";
import type { Client, NamedParameters } from "../clients/client.ts";
import { expectAnswer } from "../expectations.ts";
import type { WireAnswer } from "./wire.ts";
import type { World } from "../world.ts";

/** The shortest script that MAAS takes. */
export const scriptText = "#!/bin/sh\necho it ran\n";

/** A script as `scripts/` shows it, as far as the statements look. */
export interface WireScript {
  readonly name: string;
  readonly type: number;
  readonly tags: readonly string[];
  readonly history: readonly { readonly id: number }[];
  readonly resource_uri: string;
}

/** A test script of this run's own, and where it is. */
export async function makeTestScript(
  world: World,
  parameters: NamedParameters = {},
  {
    bytes = Buffer.from(scriptText),
    client = canonicalCli,
  }: { readonly bytes?: Buffer; readonly client?: Client } = {},
): Promise<{ readonly name: string; readonly path: string; readonly answer: WireAnswer }> {
  const name = world.name("script");
  const path = `scripts/${name}`;
  const answer = await world.root.by(client).create("scripts/", { name, ...parameters }, { script: bytes });
  world.later(`the script ${name}`, () => world.root.remove(path));
  return { name, path, answer: expectAnswer(answer, { status: 200, type: "application/json; charset=utf-8" }) };
}
