import { ask } from "../client/ask.ts";
import { isSuccess } from "../client/server.ts";
import type { Profile } from "../profiles/profile.ts";
import { readNativeApi, serverOf } from "./native-store.ts";

/** Nobody waits longer for a Tab. */
const patienceMs = 1_500;

/** Which list names what a parameter takes, and by which member. */
const lists: Readonly<Record<string, readonly [resource: string, operation: string, member: string]>> = {
  owner: ["users", "list", "username"],
  user: ["users", "list", "username"],
  username: ["users", "list", "username"],
  node: ["nodes", "list", "system_id"],
  system_id: ["nodes", "list", "system_id"],
  "settings name": ["settings", "list", "name"],
};

/** Names that the server knows for a parameter; none where it doesn't answer at once. */
export async function knownNames(profile: Profile, asking: string, parameter: string): Promise<readonly string[]> {
  const [resource = "", operation = "", member = ""] = lists[`${asking} ${parameter}`] ?? lists[parameter] ?? [];
  const command = readNativeApi(profile)?.resources[resource]?.[operation];
  if (command === undefined) return [];
  const request = { method: "GET", path: command.path, headers: {}, body: undefined };
  const asked = ask(serverOf(profile, false), request, profile.key).then((answer) => {
    if (!isSuccess(answer)) return [];
    const { items } = JSON.parse(Buffer.from(answer.body).toString("utf8")) as { items: Record<string, unknown>[] };
    return items.map((item) => String(item[member]));
  });
  const late = new Promise<readonly string[]>((resolve) => setTimeout(() => resolve([]), patienceMs).unref());
  return Promise.race([asked.catch(() => []), late]);
}
