import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { writeDebianFolder } from "../../../tools/package/image/root-folder.ts";
import { startProcess, type TestProcess } from "../../support/processes/program.ts";
import { guardMs } from "./packages.ts";
import { step, type StepOutcome, succeed } from "./tools.ts";

const snap = "/snap/ironlog/current";
const common = "/var/snap/ironlog/common";

/**
 * A machine with the snap, as far as the snap's scripts see one: a base that has the C library and a shell alone, the snap's files where
 * snapd mounts them, and `snapctl`. Confinement it has none.
 */
export class FakeSnapd implements Disposable {
  readonly #root: string;
  /** What `snapctl services` says. */
  state = "ironlog.server  enabled  active  -";

  private constructor(root: string) {
    this.#root = root;
  }

  static async start(place: string, file: string): Promise<FakeSnapd> {
    const root = path.join(mkdtempSync(path.join(place, "machine-")), "root");
    await writeDebianFolder("x64", root);
    for (const folder of [path.dirname(snap), common, "/snapd/settings"]) {
      mkdirSync(path.join(root, folder), { recursive: true });
    }
    succeed("unsquashfs", ["-quiet", "-no-progress", "-dest", path.join(root, snap), file], { timeoutMs: guardMs });
    succeed("mknod", ["--mode", "666", path.join(root, "dev/null"), "c", "1", "3"]);
    const snapctl = `#!/bin/sh
case $1 in
  get)
    value=
    [ ! -f "/snapd/settings/$2" ] || read -r value < "/snapd/settings/$2"
    echo "$value"
    ;;
  services)
    read -r state < /snapd/state
    printf 'Service  Startup  Current  Notes\\n%s\\n' "$state"
    ;;
  *) echo "$@" >> /snapd/asked ;;
esac
`;
    writeFileSync(path.join(root, "usr/bin/snapctl"), snapctl, { mode: 0o755 });
    return new FakeSnapd(root);
  }

  /** The folder that every version of the snap has in common. */
  get common(): string {
    return path.join(this.#root, common);
  }

  /** What `snap set` has set. */
  set settings(settings: Readonly<Record<string, string>>) {
    const folder = path.join(this.#root, "snapd/settings");
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    for (const [name, value] of Object.entries(settings)) writeFileSync(path.join(folder, name), `${value}\n`);
  }

  /** What the last script asked of snapd. */
  get asked(): readonly string[] {
    const file = path.join(this.#root, "snapd/asked");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  /** Runs a file of the snap to its end; words that name others of its files are found there, too. */
  run(words: readonly string[]): StepOutcome {
    rmSync(path.join(this.#root, "snapd/asked"), { force: true });
    writeFileSync(path.join(this.#root, "snapd/state"), `${this.state}\n`);
    return step("chroot", [this.#root, ...words.map(inSnap)], { env: environment });
  }

  /** Starts the service. */
  start(): TestProcess {
    const words = ["bin/with-settings", "bin/server"];
    return startProcess({ command: "chroot", args: [this.#root, ...words.map(inSnap)], env: environment });
  }

  [Symbol.dispose](): void {
    rmSync(path.dirname(this.#root), { recursive: true, force: true });
  }
}

function inSnap(word: string): string {
  return /^(?:bin|lib|meta)\//.test(word) ? path.join(snap, word) : word;
}

const environment = {
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  SNAP: snap,
  SNAP_COMMON: common,
  SNAP_USER_COMMON: "/root",
};
