import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after } from "node:test";
import type { FirstLogin } from "../../src/accounts/users/first-login.ts";
import type { DatabaseLocation } from "../../src/database/database.ts";
import { postgresAt, sqliteAt } from "./databases/locations.ts";
import { freshFolder, type FreshLocation, type Kind, migratedLocation } from "./databases/databases.ts";
import { shareNames } from "./share-names.ts";
import { type InProcessParts, type ServerDatabase, startInProcess } from "./local-server.ts";
import { cleanEnvironment, type End, packagedFile, startIronlog, type TestProcess } from "./processes/program.ts";

/** What the first start shows once, read from its file. */
export interface FirstLoginFile extends FirstLogin {
  /** The whole of the file `first-login`. */
  readonly text: string;
}

export interface TestServer extends AsyncDisposable {
  readonly kind: Kind;
  /** Without a slash at its end. Changes with a restart. */
  readonly url: string;
  readonly data: string;
  /** What `serve` and local commands need to find the database. */
  readonly databaseArgs: readonly string[];
  readonly firstLogin: FirstLoginFile;
  /** Its open database since the last start, where it runs in this process. */
  readonly database: ServerDatabase | undefined;
  /** Everything that it wrote, from the first start on. */
  readonly output: string;
  /** Runs a statement behind Ironlog's back. */
  meddle(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Waits until its log since the last start matches. */
  untilLogged(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Has it stop as SIGTERM would, and waits until it has. Only a process has an exit status: see `ServerProcess`. */
  stop(): Promise<unknown>;
  /** Starts it again on the same data, after it ended. */
  start(args?: readonly string[]): Promise<void>;
}

/** A server that is a process of its own. */
export interface ServerProcess extends TestServer {
  readonly process: TestProcess;
  /** Asks it to stop and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<End>;
  kill(): Promise<void>;
}

export interface ServerOptions {
  readonly kind: Kind;
  readonly args?: readonly string[];
  readonly env?: Variables;
  /** True for a server in this process that keeps a search index, in a process beside it. */
  readonly keepsSearchIndex?: boolean;
}

/**
 * Starts a server on a database that nobody else uses, and reads its first login. It runs in this process, which takes a
 * fraction of the time; where the process itself is the subject, take `startServerProcess`.
 */
export async function startServer(options: ServerOptions): Promise<TestServer> {
  // What is in a package can't run in this process.
  const startOne = packagedFile === undefined ? inThisProcess : inProcessOfItsOwn;
  const { server } = await place<Run>(options, startOne, migratedLocation);
  return server;
}

/** The same as a process of its own: for what crashes it, stops it, or looks at all that a process shows. */
export async function startServerProcess(options: ServerOptions): Promise<ServerProcess> {
  const { server, current } = await place(options, inProcessOfItsOwn, migratedLocation);
  return Object.defineProperties(server, {
    process: { get: () => current().process },
    stop: { value: async (signal?: NodeJS.Signals) => current().stop(signal) },
    kill: {
      async value() {
        current().process.signal("SIGKILL");
        await current().process.ended;
      },
    },
  }) as ServerProcess; // `defineProperties` does not tell of what it has defined.
}

/** A server between its start and its end. */
interface Run extends AsyncDisposable {
  readonly url: string;
  readonly database?: ServerDatabase;
  readonly output: string;
  stop(signal?: NodeJS.Signals): Promise<End>;
  untilLogged(pattern: RegExp): Promise<RegExpMatchArray>;
}

type SecondServer = AsyncDisposable & Pick<TestServer, "url" | "data">;
type Variables = Readonly<Record<string, string>>;
type Start<One extends Run> = (args: readonly string[], env: Variables, parts: InProcessParts) => Promise<One>;

const inThisProcess: Start<Run> = async (args, env, parts) => {
  const environment = { ...cleanEnvironment(), ...env };
  const server = await startInProcess([...portArgs(args), ...args], environment, parts);
  return {
    url: server.url,
    database: server.database,
    get output() {
      return server.output;
    },
    async stop() {
      await server.stop();
      return { code: 0, signal: null };
    },
    untilLogged: (pattern) => server.until(pattern),
    [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
  };
};

const inProcessOfItsOwn: Start<Run & { readonly process: TestProcess }> = async (args, env) => {
  const server = serve(args, env);
  try {
    return {
      process: server,
      url: await readyAt(server),
      get output() {
        return [server.stdout, server.stderr].join("\n");
      },
      async stop(signal = "SIGTERM") {
        server.signal(signal);
        return server.ended;
      },
      untilLogged: (pattern) => server.until(pattern, "stderr"),
      [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
    };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
};

async function place<One extends Run>(
  { kind, args = [], env = {}, keepsSearchIndex = false }: ServerOptions,
  startOne: Start<One>,
  locate: (kind: Kind) => Promise<FreshLocation>,
) {
  const fresh = await locate(kind);
  const folder = freshFolder();
  const data = fresh.location.kind === "sqlite" ? path.dirname(fresh.location.file) : folder.folder;
  const databaseArgs = [
    "--data",
    data,
    ...(fresh.location.kind === "postgres" ? ["--database", fresh.location.url] : []),
  ];
  const past: string[] = [];
  let run: One | undefined;
  const current = (): One => {
    if (run === undefined) throw new Error("the server was never started");
    return run;
  };
  const start = async (more: readonly string[] = args): Promise<void> => {
    if (run !== undefined) past.push(run.output);
    const parts = { keepsSearchIndex, isCopy: run === undefined };
    run = await startOne([...databaseArgs, ...more], env, parts);
  };
  const dispose = async (): Promise<void> => {
    await run?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
    await fresh[Symbol.asyncDispose]();
  };
  try {
    await start();
  } catch (error) {
    await dispose();
    throw error;
  }
  const server: TestServer = {
    kind,
    get url() {
      return current().url;
    },
    data,
    databaseArgs,
    firstLogin: readFirstLogin(data),
    get database() {
      return current().database;
    },
    get output() {
      return [...past, current().output].join("\n");
    },
    meddle: (statement) => fresh.meddle(statement),
    untilLogged: (pattern) => current().untilLogged(pattern),
    stop: async () => current().stop(),
    start,
    [Symbol.asyncDispose]: dispose,
  };
  return { server, current };
}

/** Where a server's database is. */
export function locationOf(server: TestServer): DatabaseLocation {
  const at = server.databaseArgs.indexOf("--database");
  return at < 0
    ? sqliteAt(path.join(server.data, "ironlog.db"))
    : postgresAt(server.databaseArgs[at + 1] ?? "", server.data);
}

/** What `ironlog log append-key` and `ironlog secrets`, `show` and `add`, do for a second server. */
export function takeAppendKeyAlong(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of ["append.key", "secrets.key"]) {
    // There are secrets only once somebody has kept one.
    if (existsSync(path.join(from, name))) copyFileSync(path.join(from, name), path.join(to, name));
  }
}

/** One more server on the database of another one, with a data directory of its own. */
export async function startSecondServer(first: TestServer, keepsSearchIndex = false): Promise<SecondServer> {
  const folder = freshFolder();
  takeAppendKeyAlong(first.data, folder.folder);
  const database = first.databaseArgs.slice(first.databaseArgs.indexOf("--database"));
  try {
    const startOne = packagedFile === undefined ? inThisProcess : inProcessOfItsOwn;
    const second = await startOne(["--data", folder.folder, ...database], {}, { keepsSearchIndex });
    return {
      url: second.url,
      data: folder.folder,
      async [Symbol.asyncDispose]() {
        await second[Symbol.asyncDispose]();
        folder[Symbol.dispose]();
      },
    };
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
}

/** Starts `serve` on a free port without waiting for anything. */
export function serve(args: readonly string[], env: Variables = {}): TestProcess {
  return startIronlog(["serve", ...portArgs(args), ...args], { env });
}

const portArgs = (args: readonly string[]): readonly string[] => (args.includes("--port") ? [] : ["--port", "0"]);

/** The URL of a server that says it is ready, without a slash at its end. */
export async function readyAt(server: TestProcess): Promise<string> {
  const [, url] = await server.until(/^Ironlog is ready at (https?:\/\/\S+?)\/?(?: |$)/m);
  return url ?? "";
}

/** What a server says that refuses to start: one line. */
export async function refusedStart(args: readonly string[], status: 1 | 78 = 78): Promise<string> {
  await using server = serve(args);
  const { code } = await server.ended;
  assert.equal(code, status, server.stdout + server.stderr);
  assert.equal(server.stderr.trim().split("\n").length, 1, server.stderr);
  return server.stderr;
}

export function readFirstLogin(data: string): FirstLoginFile {
  const file = path.join(data, "first-login");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const value = (name: string): string => text.match(new RegExp(`^ *${name} +(\\S+)$`, "m"))?.[1] ?? "";
  return { username: value("username"), password: value("password"), apiKey: value("API key"), text };
}

/**
 * One server of each kind for all tests of a file, started when it is first needed. For tests that bring their own
 * users and look at those users' events alone.
 */
export function sharedServers(options: Omit<ServerOptions, "kind"> = {}): (kind: Kind) => Promise<TestServer> {
  return shared((kind) => startServer({ ...options, kind }));
}

/** The same with servers that are processes of their own. */
export function sharedServerProcesses(
  options: Omit<ServerOptions, "kind"> = {},
): (kind: Kind) => Promise<ServerProcess> {
  return shared((kind) => startServerProcess({ ...options, kind }));
}

function shared<One extends TestServer>(start: (kind: Kind) => Promise<One>): (kind: Kind) => Promise<One> {
  const servers = new Map<Kind, Promise<One>>();
  after(async () => {
    for (const [kind, server] of servers) {
      try {
        await (await server)[Symbol.asyncDispose]();
      } catch (error) {
        // A cluster of this file's own, whose `after` came first, has gone already, and its databases with it.
        if (kind !== "postgres" || process.env[shareNames.cluster] !== undefined) throw error;
      }
    }
  });
  return (kind) => {
    const server = servers.get(kind) ?? start(kind);
    servers.set(kind, server);
    return server;
  };
}
