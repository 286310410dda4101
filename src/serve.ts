import assert from "node:assert/strict";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Server as TlsServer } from "node:tls";
import { authentication, type AuthenticationParts } from "./accounts/sessions/authentication.ts";
import { BlockedLoginReporter } from "./accounts/login-limits/blocked-logins.ts";
import { forgetFirstLogin } from "./accounts/users/first-login.ts";
import { openNonces } from "./accounts/sessions/nonces.ts";
import { LoginLimiter } from "./accounts/login-limits/login-limiter.ts";
import { showReady, showFirstLogin } from "./startup-message.ts";
import { type Actor, machineActor } from "./audit/actor.ts";
import { startServer, stopServer } from "./audit/machine-actions.ts";
import { openLog, refuseIfMoved } from "./audit/open-log.ts";
import { perform } from "./audit/perform.ts";
import { CommandFailure, exitStatus } from "./terminal/exit.ts";
import type { CommandBody } from "./terminal/local-command.ts";
import { osUser } from "./terminal/os-user.ts";
import { hasInspector, untilEnded } from "./terminal/signals.ts";
import { version } from "./terminal/version.ts";
import { visible } from "./terminal/visible.ts";
import { serverConfig, type ServerConfig, serverSettings } from "./config.ts";
import type { Database } from "./database/database.ts";
import { UnusableDatabase } from "./database/failures.ts";
import { lockFolder } from "./database/folder-lock.ts";
import { lastEventId } from "./database/version-cache.ts";
import { ActLimit } from "./http/authentication/act-limit.ts";
import { basePath } from "./http/request/base-path.ts";
import { openHealth } from "./http/health.ts";
import { knownHosts } from "./http/request/host.ts";
import { describeOperation } from "./http/maas/describe-operation.ts";
import { describeOperations } from "./http/maas/description.ts";
import { openMaasApi } from "./http/maas/api.ts";
import { Metrics } from "./http/metrics.ts";
import { openPages } from "./http/pages.ts";
import { openNativeApi } from "./http/native/api.ts";
import { openApiDocument } from "./http/native/openapi.ts";
import { RefusedOperations } from "./http/authentication/refused-operations.ts";
import type { Site } from "./http/request/request-facts.ts";
import { refusalStatus } from "./http/operations/refusal-status.ts";
import { createHttpServer } from "./http/server.ts";
import { Unrecorded } from "./http/authentication/unrecorded.ts";
import { createLogger, type Logger } from "./logger.ts";
import { gatherOperations } from "./operations.ts";
import { Refusal } from "./refusal.ts";
import { openLogApi } from "./transparency/proofs/log-api.ts";
import { openSigner } from "./transparency/signing/open-signer.ts";
import { BackgroundVerifier } from "./transparency/verification/background-verifier.ts";
import { describeWatch, type Watch, watchGauges } from "./transparency/log-state.ts";
import { settingsHelp } from "./settings-help.ts";
import { readTls } from "./terminal/tls-files.ts";

/** The browser application, from the source and from the bundle in `dist/` alike. */
const pagesFolder = path.join(import.meta.dirname, "..", "web", "dist");

/** The server, as a command. */
export const serveCommand: CommandBody = {
  usage: `Usage: ironlog serve [OPTION …]

Run the server until it gets SIGTERM or SIGINT. The first start makes an administrator
and shows the password, an API key and the next commands to type. SIGHUP reads the TLS
certificate again, or stops the server where there is none.

${settingsHelp(serverSettings)}`,

  async run(args) {
    try {
      return await serve(serverConfig(args));
    } catch (error) {
      // Whatever is wrong with how it was called or with what it found: one line that names the mend.
      if (error instanceof Refusal || error instanceof UnusableDatabase) {
        throw new CommandFailure(exitStatus.gaveUp, `ironlog serve: ${error.message}`, { cause: error });
      }
      throw error;
    }
  },
};

/** Serves until a signal comes; everything it opens is closed again in the reverse order. */
async function serve(config: ServerConfig): Promise<number> {
  refuseInspector(config);
  const log = createLogger(config.logLevel, visible);
  const { ignoredNames } = config;
  if (ignoredNames.length > 0) log.debug({ ignored: ignoredNames }, "variables of Kubernetes are no settings");
  const machine = machineActor(osUser());
  await using open = new AsyncDisposableStack();
  open.use(lockFolder(config.dataFolder));
  const lockedAtSeconds = Date.now() / 1000;
  const database = open.use(await openLog(config.database, machine));
  await refuseIfMoved(database);
  const { db } = database;
  const signer = await openSigner(
    db,
    { keyFile: config.logKeyFile, origin: config.logOrigin },
    machine,
    (error, sentence) => log.error({ err: error }, sentence),
  );
  const { url, trustedProxies, trustedHeader } = config;
  const hosts = knownHosts(url, config.allowedHosts);
  const site = { url, basePath: basePath(url), isTls: config.tls !== undefined, trustedProxies, trustedHeader, hosts };
  // Closed after the last event was recorded, so that it's sealed too.
  if (signer !== undefined) open.use(signer).start();
  const { dataFolder, logKeyFile, childEnvironment: environment } = config;
  const warn = (error: unknown, sentence: string): void => log.error({ err: error }, sentence);
  const verifier = open.use(new BackgroundVerifier({ db, dataFolder, logKeyFile, environment, machine, warn }));
  verifier.start();
  const nonces = await openNonces(database, lockedAtSeconds);
  const { app, reporter } = assemble({ db, config, site, machine, log, nonces, watch: { signer, verifier } });
  open.use(reporter);
  open.defer(async () => app.close());

  const stopped = untilEnded({ isDebug: config.isDebug, hangUp: certificateReload(app, config, log) });
  await sleep(Math.min(1_000, Math.max(0, nonces.sinceSeconds * 1_000 - Date.now())));
  const address = await listen(app, config);
  const server = { version, database: config.database.kind };
  await perform(db, machine, startServer, { ...server, address });
  const baseUrl = config.url ?? address;
  await showFirstLogin(db, machine, config, baseUrl, log);
  await showReady(baseUrl, config, log);
  const signal = await stopped;
  if (signal === "inspector") log.error("a debugger was opened on this server: it stops");
  else log.info({ signal }, "stopping: what is in flight is finished first");
  await app.close();
  // While the log still takes it: nothing comes after the stop.
  await reporter.report();
  await recordStop(db, machine, { ...server, signal }, log);
  if (signal === "inspector") refuseInspector(config);
  return exitStatus.success;
}

/** A log that can't be written to any more, since it was moved or its database is away, must not keep the server. */
async function recordStop(
  db: Database,
  machine: Actor,
  stop: Parameters<typeof stopServer.run>[1],
  log: Logger,
): Promise<void> {
  try {
    await perform(db, machine, stopServer, stop);
  } catch (error) {
    if (!(error instanceof Refusal && refusalStatus[error.code] >= 500)) throw error;
    log.warn({ err: error }, "the stop could not be recorded");
  }
}

interface Assembly {
  readonly db: Database;
  readonly config: ServerConfig;
  readonly site: Site;
  readonly machine: Actor;
  readonly log: Logger;
  readonly nonces: AuthenticationParts["nonces"];
  readonly watch: Watch;
}

/** Builds the server from the slices' operations. */
function assemble({ db, config, site, machine, log, nonces, watch }: Assembly) {
  const unrecorded = new Unrecorded();
  const limiter = new LoginLimiter(unrecorded);
  const services = {
    limiter,
    passwordChanged: async (username: string) => forgetFirstLogin(config.dataFolder, username),
  };
  const { maas, native } = gatherOperations(services, config.maasVersion, watch);
  const authenticate = authentication({
    db,
    unrecorded,
    nonces,
    warn: (error, sentence) => log.warn({ err: error }, sentence),
  });
  const metrics = new Metrics(() => lastEventId(db));
  const app = createHttpServer({ site, tls: config.tls, log, metrics });
  const refused = new RefusedOperations(db, unrecorded);
  const parts = { db, authenticate, refused, acts: new ActLimit(), site, log };
  const description = describeOperations(maas);
  openMaasApi(app, parts, [...maas, describeOperation(description)], description.hash);
  openNativeApi(app, parts, native, openApiDocument(native, version, site.basePath));
  openLogApi(app, { db, site, authenticate });
  for (const gauge of watchGauges(db, watch)) metrics.addGauge(...gauge);
  const checkDatabase = async (): Promise<void> => void (await lastEventId(db));
  openHealth(app, {
    site,
    authenticate,
    metrics,
    checkDatabase,
    describe: async (isDetailed) => describeWatch(db, watch, isDetailed),
  });
  openPages(app, pagesFolder, site, version);
  return { app, reporter: new BlockedLoginReporter(db, unrecorded, machine, log) };
}

async function listen(app: ReturnType<typeof createHttpServer>, { host, port }: ServerConfig): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const mend =
      code === "EADDRINUSE"
        ? `port ${port} is in use: stop what uses it, or choose another with --port`
        : code === "EADDRNOTAVAIL" || code === "ENOTFOUND"
          ? `${host} is no address of this machine: choose another with --host`
          : code === "EACCES"
            ? `this user may not listen on port ${port}: choose one above 1023 with --port`
            : undefined;
    if (mend === undefined) throw error;
    throw new CommandFailure(exitStatus.gaveUp, `ironlog serve: ${mend}`, { cause: error });
  }
}

/** Whoever attaches a debugger reads passwords and keys, and writes the log. */
function refuseInspector({ isDebug }: ServerConfig): void {
  if (isDebug || !hasInspector()) return;
  throw new CommandFailure(
    exitStatus.gaveUp,
    "ironlog serve: Node's inspector is open, so others on this machine could read and change everything. Start without --inspect and check NODE_OPTIONS, or set IRONLOG_DEBUG=1 to debug the server.",
  );
}

/** Takes the certificate's files again; undefined where there is none. A bad one is refused, and the old one stays. */
function certificateReload(
  app: ReturnType<typeof createHttpServer>,
  { tls }: ServerConfig,
  log: Logger,
): (() => void) | undefined {
  if (tls === undefined) return undefined;
  return () => {
    try {
      const { certificate, key } = readTls(...tls.files);
      const server: unknown = app.server;
      assert(server instanceof TlsServer, "a server with a certificate speaks TLS");
      server.setSecureContext({ cert: certificate, key });
      log.info("the TLS certificate was read again: new connections get it");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      log.error({ err: error }, "the new TLS certificate was refused: the old one stays");
    }
  };
}
