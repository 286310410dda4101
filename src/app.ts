import assert from "node:assert/strict";
import path from "node:path";
import { Server as TlsServer } from "node:tls";
import { type PasswordCost, PasswordHasher } from "./accounts/passwords/password.ts";
import { keepFirstLogin, type ShowFirstLogin } from "./startup-message.ts";
import { type Actor, machineActor } from "./audit/actor.ts";
import { recordServerStart, recordServerStop } from "./audit/machine-actions.ts";
import type { openDatabase } from "./database/opening.ts";
import { openReaders } from "./database/readers/long-reads.ts";
import { openLog, refuseUnlessAppendable } from "./audit/open-log.ts";
import { perform } from "./audit/perform.ts";
import type { ServerConfig } from "./config.ts";
import type { Database } from "./database/database.ts";
import { lockFolder } from "./database/folder-lock.ts";
import { lastEventId } from "./database/version-cache.ts";
import { describeWorkers, workerGauges } from "./following/describe-workers.ts";
import { standbyWorker } from "./following/standby-worker.ts";
import { Workers } from "./following/workers.ts";
import { ActLimit } from "./http/authentication/act-limit.ts";
import { basePath } from "./http/request/base-path.ts";
import { openHealth, type Readiness } from "./http/health.ts";
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
import type { Logger } from "./logger.ts";
import { operationsOf, serveSlices } from "./operations.ts";
import { Refusal } from "./refusal.ts";
import { storedSecrets } from "./secrets/sealed-rows.ts";
import { SecretsKeys } from "./secrets/secrets.ts";
import { tablesOfAll } from "./slices.ts";
import { type ServedSlice, troubleNames } from "./slice.ts";
import { osUser } from "./terminal/os-user.ts";
import { readTls } from "./terminal/tls-files.ts";
import { version } from "./terminal/version.ts";

/** The browser application, from the source and from the bundle in `dist/` alike. */
const pagesFolder = path.join(import.meta.dirname, "..", "web", "dist");

/** What a server is started with, beside its configuration. */
export interface Surroundings {
  readonly log: Logger;
  /** The program's main file, or the executable that holds it all: the background verifier runs it. */
  readonly mainFile: string;
  /** What to do with the first administrator's login; without it, only the file `first-login` is written. */
  readonly showFirstLogin?: ShowFirstLogin;
  /** What hashing a password costs, where that isn't the standard cost. */
  readonly passwordCost?: PasswordCost;
  /** False where the rules that come with Ironlog raise nothing until somebody has changed them. */
  readonly looksByShippedRules?: boolean;
  /** False where it keeps no search index. */
  readonly keepsSearchIndex?: boolean;
  /** How the database is opened, where its tables are known to be as they must be. */
  readonly openAt?: typeof openDatabase;
}

/** A server with its database open. It closes everything it opened, in reverse order, when disposed of. */
export interface App extends AsyncDisposable {
  /** Reads the certificate's files again; undefined without TLS. A bad certificate is refused, and the old one stays. */
  readonly reloadCertificate: (() => void) | undefined;
  /** Answers from now on, and records the start. Gives the address that people use, without a slash at its end. */
  listen(): Promise<string>;
  /** Finishes what is in flight, and records the stop; `signal` is its cause. */
  stop(signal: string): Promise<void>;
}

/** A server that answers. */
export interface RunningApp extends AsyncDisposable {
  readonly url: string;
  /** Stops as a signal would stop `serve`, and closes everything. */
  stop(signal?: string): Promise<void>;
}

/** Starts a server in this process: no signals, no output, nothing that outlives it. */
export async function startApp(config: ServerConfig, surroundings: Surroundings): Promise<RunningApp> {
  await using opened = new AsyncDisposableStack();
  const app = opened.use(await openApp(config, surroundings));
  const url = await app.listen();
  const open = opened.move();
  return {
    url,
    async stop(signal = "SIGTERM") {
      try {
        await app.stop(signal);
      } finally {
        await open.disposeAsync();
      }
    },
    [Symbol.asyncDispose]: async () => open.disposeAsync(),
  };
}

/** Opens the log and assembles the server; it doesn't listen yet. */
export async function openApp(config: ServerConfig, surroundings: Surroundings): Promise<App> {
  const { log, mainFile, showFirstLogin = keepFirstLogin, passwordCost } = surroundings;
  const { looksByShippedRules = true, keepsSearchIndex = true } = surroundings;
  const passwords = new PasswordHasher(passwordCost);
  const machine = machineActor(osUser());
  await using opening = new AsyncDisposableStack();
  opening.use(lockFolder(config.dataFolder));
  const lockedAtSeconds = Date.now() / 1000;
  const database = opening.use(await openLog(config.database, machine, surroundings.openAt));
  await refuseUnlessAppendable(database);
  const { db } = database;
  const { standby } = opening.use(openReaders(db, config.database, config));
  // Closed after the last event was recorded, so that it's sealed too.
  const workers = opening.use(new Workers({ db, leases: database.leases, log }));
  const unrecorded = new Unrecorded();
  const secrets = new SecretsKeys(config.secretsKeyFile);
  let started = { version, database: config.database.kind, address: "" };
  const listensAt = () => (started.address === "" ? undefined : started.address);
  const parts = { db, database, config, machine, log, passwords, secrets, mainFile, lockedAtSeconds };
  const server = { ...parts, listensAt, looksByShippedRules, keepsSearchIndex };
  const served = await serveSlices({ unrecorded, workers, server });
  for (const worker of served.flatMap((slice) => slice.workers ?? [])) workers.add(worker);
  if (standby !== undefined) workers.add(standbyWorker(db, standby));
  const app = assemble({ db, config, log, unrecorded, workers, served });
  opening.defer(async () => app.close());
  const open = opening.move();

  return {
    reloadCertificate: certificateReload(app, config, log),
    async listen() {
      for (const { beforeListening } of served) await beforeListening?.();
      const address = await listen(app, config);
      started = { ...started, address };
      await workers.start(address);
      await warnOfUnopened(db, secrets, log);
      await perform(db, machine, recordServerStart, started);
      const url = config.url ?? address;
      await showFirstLogin({ db, machine, passwords, config, mainFile, baseUrl: url, log });
      return url;
    },
    async stop(signal) {
      await app.close();
      // While the log still takes it: nothing comes after the stop.
      await workers.stop();
      await recordStop(db, machine, { ...started, signal }, log);
    },
    [Symbol.asyncDispose]: async () => open.disposeAsync(),
  };
}

/** After a restored backup whose keys are elsewhere: the server serves, and what needs a secret says so. */
async function warnOfUnopened(db: Database, secrets: SecretsKeys, log: Logger): Promise<void> {
  const stored = await storedSecrets(db, await tablesOfAll());
  const open = secrets.opener();
  const unopened = stored.filter(({ place, sealed }) => open(place, sealed) === undefined);
  if (unopened.length === 0) return;
  const places = unopened.map(({ place }) => `${place.table}/${place.row}`);
  log.warn(
    { places },
    `${secrets.file} no longer opens ${unopened.length} ${unopened.length === 1 ? "secret" : "secrets"}: see ironlog secrets list`,
  );
}

function siteOf({ url, allowedHosts, tls, trustedProxies, trustedHeader }: ServerConfig): Site {
  const hosts = knownHosts(url, allowedHosts);
  return { url, basePath: basePath(url), isTls: tls !== undefined, trustedProxies, trustedHeader, hosts };
}

/** A log that can't be written to any more, since it was moved or its database is away, must not keep the server. */
async function recordStop(
  db: Database,
  machine: Actor,
  stop: Parameters<typeof recordServerStop.run>[1],
  log: Logger,
): Promise<void> {
  try {
    await perform(db, machine, recordServerStop, stop);
  } catch (error) {
    if (!(error instanceof Refusal && refusalStatus[error.code] >= 500)) throw error;
    log.warn({ err: error }, "the stop could not be recorded");
  }
}

interface Assembly {
  readonly db: Database;
  readonly config: ServerConfig;
  readonly log: Logger;
  readonly unrecorded: Unrecorded;
  readonly workers: Workers;
  readonly served: readonly ServedSlice[];
}

/** Builds the HTTP server from what the slices have. */
function assemble({ db, config, log, unrecorded, workers, served }: Assembly) {
  const site = siteOf(config);
  const metrics = new Metrics(() => lastEventId(db));
  const app = createHttpServer({ site, tls: config.tls, log, metrics });
  const openAuthentication = served.find((slice) => slice.authenticate !== undefined)?.authenticate;
  assert(openAuthentication !== undefined, "a slice knows the callers");
  const authenticate = openAuthentication(served.find((slice) => slice.vouch !== undefined)?.vouch);
  const refused = new RefusedOperations(db, unrecorded);
  const parts = { db, authenticate, refused, acts: new ActLimit(), site, log };
  const { maas, native } = operationsOf(served, config.maasVersion, workers);
  const description = describeOperations(maas);
  openMaasApi(app, parts, [...maas, describeOperation(description)], description.hash);
  openNativeApi(app, parts, native, openApiDocument(native, version, site.basePath));
  for (const { openRoutes } of served) openRoutes?.(app, parts);
  for (const gauge of served.flatMap(({ gauges = [] }) => gauges)) metrics.addGauge(...gauge);
  for (const gauge of served.flatMap(({ gaugesOf = [] }) => gaugesOf)) metrics.addGaugeOf(...gauge);
  for (const gauge of workerGauges(workers)) metrics.addGaugeOf("worker", ...gauge);
  metrics.addGauge("ironlog_ready", "1 if the server is ready, 0 if it is degraded or not ready.", async () =>
    Number((await judgeServer(served, workers)).troubles.length === 0),
  );
  metrics.addGaugeOf("reason", "ironlog_degraded", "1 for each reason why the server is degraded.", async () => {
    const { troubles } = await judgeServer(served, workers);
    return new Map(troubleNames.map((name) => [name, Number(troubles.some((trouble) => trouble.name === name))]));
  });
  const checkDatabase = async (): Promise<void> => void (await lastEventId(db));
  openHealth(app, {
    ...parts,
    metrics,
    checkDatabase,
    judge: async () => judgeServer(served, workers),
    describeAlone: () => served.flatMap((slice) => slice.describeAlone?.() ?? []),
  });
  openPages(app, pagesFolder, site, version);
  return app;
}

/** How the server is doing. A worker's trouble is a line, and makes it no worse. */
async function judgeServer(served: readonly ServedSlice[], workers: Workers): Promise<Readiness> {
  const judged = await Promise.all(served.map(async (slice) => slice.judge?.()));
  const states = judged.filter((state) => state !== undefined);
  return {
    troubles: states.flatMap(({ troubles }) => troubles),
    async describe(isDetailed) {
      const lines = states.flatMap(({ describe }) => describe(isDetailed));
      return [...lines, ...describeWorkers(await workers.list(), isDetailed)];
    },
  };
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
    // What uses the port may stop, and an address may come with its network; nobody gives this user a port.
    throw new Refusal(code === "EACCES" ? "invalid" : "conflict", mend, { cause: error });
  }
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
