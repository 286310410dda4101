import os from "node:os";
import path from "node:path";

/** Variables of an environment by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a setting comes from that nobody has given. */
export const byDefault = "default";

/** systemd's StateDirectory=, then the user's own. */
export function defaultFolder(environment: Environment): { readonly folder: string; readonly from: string } {
  const systemd = environment["STATE_DIRECTORY"]?.split(":")[0] ?? "";
  if (systemd !== "") return { folder: systemd, from: "STATE_DIRECTORY" };
  const xdg = environment["XDG_STATE_HOME"] ?? "";
  if (path.isAbsolute(xdg)) return { folder: path.join(xdg, "ironlog"), from: "XDG_STATE_HOME" };
  return { folder: path.join(os.homedir(), ".local", "state", "ironlog"), from: byDefault };
}
