import { queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";

/** An SSH key as the native API shows it. */
export type SshKey = Item<"GET /account/ssh-keys">;

/** One's own SSH keys. */
export const sshKeysQuery = queryOptions({
  queryKey: ["account", "ssh-keys"],
  queryFn: ({ signal }) => request("GET /account/ssh-keys", { signal }),
});

/** What stands behind the key's type and data. */
export function commentOf({ key }: SshKey): string {
  return key.trim().split(/\s+/).slice(2).join(" ");
}

const servers: Readonly<Record<string, string>> = { lp: "Launchpad", gh: "GitHub" };

/** Where a key came from: `Launchpad: ada`. */
export function sourceWords({ source }: SshKey): string {
  if (source === null) return "Upload";
  const [server = "", name = ""] = source.split(":");
  return `${servers[server] ?? server}: ${name}`;
}
