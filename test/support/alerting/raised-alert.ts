import type { TestServer } from "../server.ts";
import { until } from "../until.ts";
import { admin } from "../worlds/people.ts";
import { freshName } from "../worlds/world.ts";

export interface ShownAlert {
  readonly id: number;
  readonly rule: string;
  readonly event: number;
  readonly description: string;
  readonly events: readonly number[];
  readonly acknowledged_by: string | null;
}

export async function alertsOf(server: TestServer, rule: string): Promise<readonly ShownAlert[]> {
  const answer = await admin(server).native.ask("GET", "alerts?limit=500");
  return answer.json<{ readonly items: readonly ShownAlert[] }>().items.filter((alert) => alert.rule === rule);
}

/** An alert that a rule has raised which looks for the deletion of one tag. */
export async function raisedAlert(server: TestServer): Promise<ShownAlert> {
  const { native } = admin(server);
  const rule = freshName("rule").slice(0, 40);
  const tag = freshName("tag");
  const once = { kind: "threshold", count: 1, window_seconds: 60, filter: ["action:tag.create", `target:${tag}`] };
  await native.ask("POST", "rules", { name: rule, ...once });
  await native.ask("POST", "tags", { name: tag });
  let found: ShownAlert | undefined;
  await until(async () => {
    [found] = await alertsOf(server, rule);
    return found !== undefined;
  });
  if (found === undefined) throw new Error("the rule raised no alert");
  return found;
}
