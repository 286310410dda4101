import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Environment } from "../environment.ts";

/**
 * Tells the service manager that started this process that it's ready, where it asked for that by NOTIFY_SOCKET. Node has no such
 * sockets, so `systemd-notify` does it: the unit needs `NotifyAccess=all`. Throws where the manager can't be told.
 */
export async function notifyReady(status: string, environment: Environment): Promise<void> {
  if (!environment["NOTIFY_SOCKET"]) return;
  const child = spawn("systemd-notify", ["--ready", `--status=${status}`], { env: environment, stdio: "ignore" });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`systemd-notify ended with ${code}`);
}
