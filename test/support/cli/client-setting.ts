import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { startFakeServer } from "./fake-server.ts";
import type { FakeServer } from "./fake-server.ts";
import { compileCache, mainFile } from "../processes/program.ts";

/** How a command ended. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A server, a person's configuration folder, and the command. */
export interface ClientSetting extends AsyncDisposable {
  readonly server: FakeServer;
  /** The configuration folder, empty at first. */
  readonly folder: string;
  /** Runs the command, with nothing on standard input unless it is given. */
  run(args: readonly string[], input?: string): Promise<Outcome>;
  /** Logs in as profile `prod`. */
  login(): Promise<void>;
}

export const apiKey = "consumer:token:secret";

export async function startClient(): Promise<ClientSetting> {
  const server = await startFakeServer();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ironlog-cli-"));
  const environment = environmentOf(folder);
  const run: ClientSetting["run"] = (args, input) =>
    runProgram(process.execPath, [mainFile, ...args], environment, input);
  return {
    server,
    folder,
    run,
    async login() {
      const { status, stderr } = await run(["login", "prod", server.url, apiKey]);
      if (status !== 0) throw new Error(`Cannot log in: ${stderr}`);
      server.asked.length = 0;
    },
    async [Symbol.asyncDispose]() {
      fs.rmSync(folder, { recursive: true });
      await server[Symbol.asyncDispose]();
    },
  };
}

/** An environment in which nothing of the machine's own is seen. */
export function environmentOf(folder: string): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], HOME: folder, IRONLOG_CONFIG_DIR: folder, NODE_COMPILE_CACHE: compileCache };
}

/** Runs a program to its end. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input = "",
): Promise<Outcome> {
  const child = spawn(program, args, { env, stdio: "pipe" });
  const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
  // A command that needs no input may have ended before it is written.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [status]: unknown[] = await once(child, "close");
  return { status: typeof status === "number" ? status : null, stdout: await stdout, stderr: await stderr };
}

async function gather(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) text += String(chunk);
  return text;
}
