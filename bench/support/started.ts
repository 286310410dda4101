import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

/** A program that listens. */
export interface Started {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts Ironlog over a data directory. */
export function startServer(folder: string): Promise<Started> {
  const program = path.join(import.meta.dirname, "../../src/main.ts");
  return startProgram([program, "serve", "--data", folder, "--port", "0", "--log-level", "error"]);
}

/** Starts a server, which says its address on the first line that has one. */
export async function startProgram(args: readonly string[]): Promise<Started> {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  if (child.stdout === null) throw new Error("a pipe was asked for");
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    return {
      port: Number(port),
      async stop() {
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        await ended;
      },
    };
  }
  throw new Error(`${args.join(" ")} did not start`);
}
