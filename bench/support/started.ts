import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { buildIfStale } from "../../tools/build.ts";

/** A program that listens. */
export interface Started {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts Ironlog over a data directory. */
export function startServer(folder: string, environment: Readonly<Record<string, string>> = {}): Promise<Started> {
  return startServerFrom(path.join(root, "src/main.ts"), folder, environment);
}

/** The same from the bundle, as it is installed: without what Node needs to read TypeScript. */
export async function startBundle(folder: string, args: readonly string[] = []): Promise<Started> {
  await buildIfStale();
  return startServerFrom(path.join(root, "dist/ironlog.cjs"), folder, {}, args);
}

/** As `bin/ironlog` starts it. */
const flags = ["--max-semi-space-size=16"];

const root = path.join(import.meta.dirname, "../..");

function startServerFrom(
  program: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Started> {
  return startProgram(
    [...flags, program, "serve", "--data", folder, "--port", "0", "--log-level", "error", ...args],
    environment,
  );
}

/** Starts a server, which says its address on the first line that has one. */
export async function startProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const child: ChildProcess = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  if (child.stdout === null) throw new Error("a pipe was asked for");
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    return {
      port: Number(port),
      pid: child.pid ?? 0,
      async stop() {
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        await ended;
      },
    };
  }
  throw new Error(`${args.join(" ")} did not start`);
}
