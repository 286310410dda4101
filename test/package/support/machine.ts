import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../support/processes/program.ts";
import { guardMs } from "./packages.ts";
import { step, type StepOutcome, succeed } from "./tools.ts";

/** What a shell inside of the system is given. */
const inside = [
  "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "HOME=/root",
  "DEBIAN_FRONTEND=noninteractive",
  "LC_ALL=C.UTF-8",
];

/** A fresh Debian, whose network is this machine's. */
export interface Debian extends AsyncDisposable {
  /** Its root, seen from here. */
  readonly folder: string;
  /** Runs a line of shell as its root. */
  sh(line: string): StepOutcome;
  /** The output of a line that must succeed. */
  ok(line: string): string;
  /** Installs a package's file and what it depends on, as people do. */
  install(file: string, flags?: string): StepOutcome;
}

/** A system that isn't booted: nothing runs in it but what a test starts. */
export function makeChroot(suite: string): Debian {
  const folder = freshRoot(suite);
  return debian(folder, ["chroot", folder], async () => {});
}

/** A system that is booted, with its own systemd. */
export async function bootMachine(suite: string): Promise<Debian> {
  const folder = freshRoot(suite);
  const flags = ["--quiet", "--boot", "--register=no", "--keep-unit", "--console=pipe"];
  const machine = spawn("systemd-nspawn", [...flags, "--directory", folder], {
    stdio: "ignore",
    timeout: guardMs,
    killSignal: "SIGKILL",
  });
  const end = async (): Promise<void> => endMachine(machine);
  try {
    return await booted(folder, machine, end);
  } catch (error) {
    await end();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

const bootMsMax = 120_000;

async function booted(folder: string, machine: ChildProcess, end: () => Promise<void>): Promise<Debian> {
  const deadlineMs = Date.now() + bootMsMax;
  while (Date.now() < deadlineMs && machine.exitCode === null) {
    // Its first child only prepares the system's own first process.
    const enter = ["nsenter", "--target", childOf(machine), "--mount", "--uts", "--ipc", "--pid", "--root", "--wd"];
    const made = debian(folder, enter, end);
    if (/^(?:running|degraded)$/m.test(made.sh("systemctl is-system-running").stdout)) return made;
    await sleep(200);
  }
  throw new Error(`${folder} did not boot: systemd-nspawn ended with ${machine.exitCode}`);
}

function debian(folder: string, enter: readonly string[], end: () => Promise<void>): Debian {
  const [program, ...words] = [...enter, "/usr/bin/env", "-i", ...inside, "/bin/sh", "-c"];
  const sh = (line: string): StepOutcome => step(program, [...words, line], { timeoutMs: 300_000 });
  return {
    folder,
    sh,
    ok: (line) => succeed(program, [...words, line], { timeoutMs: 300_000 }),
    install(file, flags = "") {
      cpSync(file, path.join(folder, "root", path.basename(file)));
      return sh(`apt-get -q -y ${flags} install /root/${path.basename(file)} 2>&1`);
    },
    async [Symbol.asyncDispose]() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The process that a machine's systemd is, from here. */
function childOf({ pid }: ChildProcess): string {
  const file = `/proc/${pid}/task/${pid}/children`;
  const [first = ""] = existsSync(file) ? readFileSync(file, "utf8").split(" ") : [];
  return first;
}

async function endMachine(machine: ChildProcess): Promise<void> {
  if (machine.exitCode !== null || machine.signalCode !== null) return;
  const ended = once(machine, "close");
  // systemd-nspawn has the system shut down.
  machine.kill("SIGTERM");
  const guard = setTimeout(() => machine.kill("SIGKILL"), 60_000);
  await ended;
  clearTimeout(guard);
}

/** A copy of a new system, with the newest list of packages. */
function freshRoot(suite: string): string {
  const kept = path.join(root, "node_modules/.cache/ironlog-packages", suite);
  if (!existsSync(kept)) {
    const draft = `${kept}.${process.pid}`;
    mkdirSync(path.dirname(kept), { recursive: true });
    const more = suite === "bookworm" ? ["--include=systemd,systemd-sysv,dbus"] : [];
    succeed("debootstrap", ["--variant=minbase", ...more, suite, draft], { timeoutMs: guardMs });
    succeed("mv", [draft, kept]);
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-debian-"));
  succeed("cp", ["-a", `${kept}/.`, folder], { timeoutMs: guardMs });
  succeed("chmod", ["755", folder]);
  cpSync("/etc/resolv.conf", path.join(folder, "etc/resolv.conf"), { dereference: true });
  succeed("chroot", [folder, "apt-get", "-q", "update"], { timeoutMs: guardMs });
  return folder;
}
