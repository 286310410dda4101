import http from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import { serverConfig, type ServerConfig, serverSettings } from "../config.ts";
import { invalidField } from "../refusal.ts";
import { settingsHelp } from "../settings-help.ts";
import { CommandFailure, exitStatus } from "../terminal/exit.ts";
import type { CommandBody } from "../terminal/local-command.ts";
import { print } from "../terminal/print.ts";
import { visible } from "../terminal/visible.ts";

/** A server that says nothing for so long is not well. */
const answerTimeoutMs = 10_000;

/** Whether the server is well, as a command: for containers and whoever else asks by a program. */
export const healthCommand: CommandBody = {
  usage: `Usage: ironlog health [--strict] [OPTION …]

Ask the server that runs here with these options and this environment for /readyz, and print its
answer. Exit status 0: ready, or degraded, which is with something to look after. 1: not ready, or
no answer.

  --strict
      Degraded is 1, too.

${settingsHelp(serverSettings)}`,

  async run(args) {
    const isStrict = args.includes("--strict");
    const { status, body } = await ask(serverConfig(args.filter((word) => word !== "--strict")));
    await print(visible(body));
    const isGood = status === 200 && (!isStrict || body.startsWith("ready\n"));
    return isGood ? exitStatus.success : exitStatus.gaveUp;
  },
};

async function ask(config: ServerConfig): Promise<{ readonly status: number; readonly body: string }> {
  const { host, port, tls } = config;
  if (port === 0) {
    throw invalidField("--port", "With --port 0 the server takes a free port: give the one that it has.");
  }
  const options = {
    host: anyAddress[host] ?? host,
    port,
    path: "/readyz",
    signal: AbortSignal.timeout(answerTimeoutMs),
    // Its certificate bears another name, and nothing is told to it.
    rejectUnauthorized: false,
  };
  try {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      (tls === undefined ? http : https).get(options, resolve).once("error", reject);
    });
    return { status: answer.statusCode ?? 0, body: await text(answer) };
  } catch (error) {
    const isLate = error instanceof Error && error.name === "AbortError";
    const reason = isLate
      ? `nothing within ${answerTimeoutMs / 1000} seconds`
      : String(error instanceof Error ? error.message : error);
    throw new CommandFailure(exitStatus.gaveUp, `ironlog health: no answer from ${host}, port ${port} (${reason})`, {
      cause: error,
    });
  }
}

/** Where a server is reached that listens on all addresses. */
const anyAddress: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
