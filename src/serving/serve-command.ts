import { setFlagsFromString } from "node:v8";
import { showReady, showFirstLogin } from "../startup-message.ts";
import { openApp } from "../app.ts";
import { serverConfig, type ServerConfig, serverSettings } from "../config.ts";
import { createLogger, type Logger } from "../logger.ts";
import { findDiskFailure, UnusableDatabase } from "../database/failures.ts";
import { Refusal, type RefusalCode } from "../refusal.ts";
import { settingsHelp } from "../settings-help.ts";
import { CommandFailure, exitStatus } from "../terminal/exit.ts";
import type { CommandBody } from "../terminal/local-command.ts";
import { notifyReady } from "../terminal/notify.ts";
import { ownFile } from "../terminal/single-file.ts";
import { hasInspector, untilEnded } from "../terminal/signals.ts";
import { visible } from "../terminal/visible.ts";

/** The server, as a command. */
export const serveCommand: CommandBody = {
  usage: `Usage: ironlog serve [OPTION …]

Run the server until it gets SIGTERM or SIGINT. The first start makes an administrator
and shows the password, an API key and the next commands to type. SIGHUP reads the TLS
certificate again, or stops the server where there is none.

${settingsHelp(serverSettings)}`,

  run: serve,
};

/** Refusals at the start that may pass by themselves. */
const passing: ReadonlySet<RefusalCode> = new Set([
  "conflict",
  "storage_full",
  "database_away",
  "overloaded",
  "outcome_unknown",
]);

/** Whoever starts the server again should know whether that is any use. */
async function starting<Result>(work: () => Promise<Result>, folder: string): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const error = findDiskFailure(cause, folder) ?? cause;
    if (!(error instanceof Refusal || error instanceof UnusableDatabase)) throw error;
    if (error instanceof Refusal ? passing.has(error.code) : error.mayPass) throw error;
    throw new CommandFailure(exitStatus.misconfigured, `ironlog serve: ${error.message}`, { cause: error });
  }
}

/** Serves until a signal comes; everything it opens is closed again in the reverse order. */
async function serve(args: readonly string[]): Promise<number> {
  // V8 would let garbage lie for long: the first import of a mirrored MAAS would take 50 MB more, and be no faster. As a flag of Node it
  // would have Node compile its own code anew, at each start of any command.
  setFlagsFromString("--heap-growing-percent=20");
  const config = await starting(async () => serverConfig(args), "the files of the settings");
  refuseInspector(config);
  const log = createLogger(config.logLevel, visible);
  const { ignoredNames } = config;
  if (ignoredNames.length > 0) log.debug({ ignored: ignoredNames }, "variables of Kubernetes are no settings");
  await using app = await starting(
    () => openApp(config, { log, mainFile: ownFile(), showFirstLogin }),
    config.dataFolder,
  );
  const stopped = untilEnded({ isDebug: config.isDebug, hangUp: app.reloadCertificate });
  const url = await starting(() => app.listen(), config.dataFolder);
  await showReady(url, config, log);
  await tellManager(url, config, log);
  const signal = await stopped;
  if (signal === "inspector") log.error("a debugger was opened on this server: it stops");
  else log.info({ signal }, "stopping: what is in flight is finished first");
  await app.stop(signal);
  if (signal === "inspector") refuseInspector(config);
  return exitStatus.success;
}

/** A service manager that isn't told ends the server after a while. Nothing that the server could do mends it. */
async function tellManager(url: string, { childEnvironment }: ServerConfig, log: Logger): Promise<void> {
  try {
    await notifyReady(`Ironlog is ready at ${url}/`, childEnvironment);
  } catch (error) {
    log.error(
      { err: error },
      "the service manager can't be told that the server is ready: is systemd-notify installed?",
    );
  }
}

/** Whoever attaches a debugger reads passwords and keys, and writes the log. */
function refuseInspector({ isDebug }: ServerConfig): void {
  if (isDebug || !hasInspector()) return;
  throw new CommandFailure(
    exitStatus.misconfigured,
    "ironlog serve: Node's inspector is open, so others on this machine could read and change everything. Start without --inspect and check NODE_OPTIONS, or set IRONLOG_DEBUG=1 to debug the server.",
  );
}
