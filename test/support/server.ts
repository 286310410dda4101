import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { after } from "node:test";
import { freshFolder, freshLocation, type Kind } from "./databases/databases.ts";

/** The checkout. */
export const root = path.resolve(import.meta.dirname, "../..");

/** A process of the tests' own. Everything that it wrote is kept. */
export interface TestProcess extends AsyncDisposable {
  readonly pid: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The raw bytes of what it wrote to standard output. */
  readonly stdoutBytes: Buffer;
  /** Its end, with all of its output read. */
  readonly ended: Promise<End>;
  readonly hasEnded: boolean;
  signal(name: NodeJS.Signals): void;
  /** Writes to its standard input, and closes it where `isLast`. */
  write(text: string, isLast?: boolean): void;
  /** Waits until what it wrote matches; fails where it ends before. */
  until(pattern: RegExp, stream?: "stdout" | "stderr"): Promise<RegExpMatchArray>;
}

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  readonly command?: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether something will be written to its standard input; else that is empty. */
  readonly hasInput?: boolean;
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
// The test runner ends a file that takes too long so; without a listener nothing above would run.
process.once("SIGTERM", () => process.exit(143));

export function startProcess({ command, args, env, cwd, hasInput }: ProcessOptions): TestProcess {
  const child = spawn(command ?? process.execPath, [...args], {
    stdio: [hasInput === true ? "pipe" : "ignore", "pipe", "pipe"],
    env: { ...cleanEnvironment(), NODE_COMPILE_CACHE: compileCache, ...env },
    cwd: cwd ?? root,
  });
  running.add(child);
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const listeners = new Set<() => void>();
  let end: End | undefined;
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.on("data", (chunk: Buffer) => {
      chunks[stream].push(chunk);
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<End>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      running.delete(child);
      end = { code, signal };
      for (const listener of listeners) listener();
      resolve(end);
    });
  });
  ended.catch(() => undefined);
  const text = (stream: "stdout" | "stderr"): string => Buffer.concat(chunks[stream]).toString();
  return {
    pid: child.pid ?? 0,
    get stdout() {
      return text("stdout");
    },
    get stderr() {
      return text("stderr");
    },
    get stdoutBytes() {
      return Buffer.concat(chunks.stdout);
    },
    ended,
    get hasEnded() {
      return end !== undefined;
    },
    signal: (name) => void child.kill(name),
    write(input, isLast = false) {
      child.stdin?.write(input);
      if (isLast) child.stdin?.end();
    },
    until: (pattern, stream = "stdout") =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = text(stream).match(pattern);
          if (found !== null) resolve(found);
          else if (end !== undefined) reject(new Error(`ended before ${pattern}:\n${text("stdout")}${text("stderr")}`));
          else return;
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      if (end === undefined) child.kill("SIGKILL");
      await ended.catch(() => undefined);
    },
  };
}

/** Where Node keeps what it compiled: most of the tests' time goes into starting the same program again and again. */
const compileCache = path.join(root, "node_modules/.cache/ironlog-tests");

/** This process's environment without what Ironlog or its client would take from it. */
export function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(IRONLOG_|XDG_|STATE_DIRECTORY$|NODE_TEST|NODE_OPTIONS$|https?_proxy$|no_proxy$|COLUMNS$)/i.test(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}

/** What the first start shows once. */
export interface FirstLogin {
  readonly username: string;
  readonly password: string;
  readonly apiKey: string;
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
  readonly firstLogin: FirstLogin;
  readonly process: TestProcess;
  /** Everything that this server's processes wrote, from the first start on. */
  readonly output: string;
  /** Runs a statement behind Ironlog's back. */
  meddle(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Asks it to stop and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<End>;
  kill(): Promise<void>;
  /** Starts it again on the same data, after `stop` or `kill`. */
  start(args?: readonly string[]): Promise<void>;
}

export interface ServerOptions {
  readonly kind: Kind;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a server on a database that nobody else uses, and reads its first login. */
export async function startServer({ kind, args = [], env = {} }: ServerOptions): Promise<TestServer> {
  const fresh = await freshLocation(kind);
  const folder = freshFolder();
  const data = fresh.location.kind === "sqlite" ? path.dirname(fresh.location.file) : folder.folder;
  const databaseArgs = [
    "--data",
    data,
    ...(fresh.location.kind === "postgres" ? ["--database", fresh.location.url] : []),
  ];
  const past: string[] = [];
  let current: TestProcess | undefined;
  let url = "";
  const start = async (more: readonly string[] = args): Promise<void> => {
    if (current !== undefined) past.push(current.stdout, current.stderr);
    current = serve([...databaseArgs, ...more], env);
    url = await readyAt(current);
  };
  const dispose = async (): Promise<void> => {
    await current?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
    await fresh[Symbol.asyncDispose]();
  };
  try {
    await start();
    const firstLogin = readFirstLogin(data);
    return {
      kind,
      get url() {
        return url;
      },
      data,
      databaseArgs,
      firstLogin,
      get process() {
        return alive(current);
      },
      get output() {
        return [...past, current?.stdout, current?.stderr].join("\n");
      },
      meddle: (statement) => fresh.meddle(statement),
      async stop(signal = "SIGTERM") {
        alive(current).signal(signal);
        return alive(current).ended;
      },
      async kill() {
        alive(current).signal("SIGKILL");
        await alive(current).ended;
      },
      start,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** One more server on the database of another one, with a data directory of its own. */
export async function startSecondServer(first: TestServer): Promise<AsyncDisposable & { readonly url: string }> {
  const folder = freshFolder();
  const database = first.databaseArgs.slice(first.databaseArgs.indexOf("--database"));
  const second = serve(["--data", folder.folder, ...database]);
  const dispose = async (): Promise<void> => {
    await second[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  };
  try {
    return { url: await readyAt(second), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Starts `serve` on a free port without waiting for anything. */
export function serve(args: readonly string[], env: Readonly<Record<string, string>> = {}): TestProcess {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  return startProcess({ args: [path.join(root, "src/main.ts"), "serve", ...port, ...args], env });
}

/** The URL of a server that says it is ready, without a slash at its end. */
export async function readyAt(server: TestProcess): Promise<string> {
  const [, url] = await server.until(/^Ironlog is ready at (https?:\/\/\S+?)\/?(?: |$)/m);
  return url ?? "";
}

/** What a server says that refuses to start: one line. */
export async function refusedStart(args: readonly string[]): Promise<string> {
  await using server = serve(args);
  const { code } = await server.ended;
  assert.equal(code, 1, server.stdout + server.stderr);
  assert.equal(server.stderr.trim().split("\n").length, 1, server.stderr);
  return server.stderr;
}

export function readFirstLogin(data: string): FirstLogin {
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
  const servers = new Map<Kind, Promise<TestServer>>();
  after(async () => {
    for (const [kind, server] of servers) {
      try {
        await (await server)[Symbol.asyncDispose]();
      } catch (error) {
        // The cluster, whose own `after` came first, has gone already, and its databases with it.
        if (kind !== "postgres") throw error;
      }
    }
  });
  return (kind) => {
    const server = servers.get(kind) ?? startServer({ ...options, kind });
    servers.set(kind, server);
    return server;
  };
}

function alive(server: TestProcess | undefined): TestProcess {
  if (server === undefined) throw new Error("the server was never started");
  return server;
}
