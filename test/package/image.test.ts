import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import packageJson from "../../package.json" with { type: "json" };
import { send } from "../support/clients/http-client.ts";
import { tryLogIn } from "../support/clients/native-client.ts";
import { freePort } from "../support/ports.ts";
import { startProcess, type TestProcess } from "../support/processes/program.ts";
import { readyAt } from "../support/server.ts";
import { guardMs, makePackages, missing, type Packages } from "./support/packages.ts";
import { imageInManifests, kubernetesEnvironment, kubernetesUser } from "./support/manifests.ts";
import { step, succeed } from "./support/tools.ts";

const { version } = packageJson;
const made = await missing("apt-get", "dpkg-deb", "xz", "x86_64-linux-gnu-strip", "aarch64-linux-gnu-strip");
const skip = made || (await missing("skopeo", "umoci"));
const isRoot = process.getuid?.() === 0 || "not tested here: only root may run containers";
const skipRun = skip || (isRoot === true ? await missing("runc") : isRoot);
const skipArm = skip || (isRoot === true ? await missing("qemu-aarch64-static", "chroot") : isRoot);

let packages: Packages;
let archive: string;
let folder: string;

before(async () => {
  if (skip !== false) return;
  packages = await makePackages(["--only", "oci"]);
  archive = `oci-archive:${path.join(packages.folder, `ironlog-${version}-oci.tar`)}:${version}`;
  folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-image-"));
});
after(() => {
  if (skip !== false) return;
  packages[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Config {
  readonly architecture: string;
  readonly config: {
    readonly User: string;
    readonly Volumes: Readonly<Record<string, object>>;
    readonly Entrypoint: readonly string[];
    readonly Cmd: readonly string[];
  };
}

/** Unpacks the image of one architecture to a bundle for a runtime, each only once. */
function unpack(architecture: "amd64" | "arm64"): string {
  const bundle = path.join(folder, `bundle-${architecture}`);
  if (existsSync(bundle)) return bundle;
  const image = path.join(folder, architecture);
  succeed("skopeo", ["copy", "--override-arch", architecture, archive, `oci:${image}:${version}`], {
    timeoutMs: guardMs,
  });
  const rootless = isRoot === true ? [] : ["--rootless"];
  succeed("umoci", ["unpack", ...rootless, "--image", `${image}:${version}`, bundle], { timeoutMs: guardMs });
  return bundle;
}

test("skopeo reads one image for each architecture, and every blob is what its name says", { skip }, () => {
  const index = JSON.parse(succeed("skopeo", ["inspect", "--raw", archive])) as {
    readonly manifests: readonly { readonly platform: object }[];
  };
  assert.deepEqual(
    index.manifests.map(({ platform }) => platform),
    [
      { os: "linux", architecture: "amd64" },
      { os: "linux", architecture: "arm64" },
    ],
  );
  // It compares each blob with its digest.
  succeed("skopeo", ["copy", "--all", archive, `dir:${path.join(folder, "all")}`], { timeoutMs: guardMs });
  for (const architecture of ["amd64", "arm64"]) {
    const text = succeed("skopeo", ["inspect", "--config", "--override-arch", architecture, archive]);
    const { architecture: found, config } = JSON.parse(text) as Config;
    assert.equal(found, architecture);
    assert.equal(config.User, `${kubernetesUser()}:${kubernetesUser()}`);
    assert.deepEqual(config.Volumes, { "/data": {} });
    assert.deepEqual([...config.Entrypoint, ...config.Cmd], ["/usr/bin/ironlog", "serve"]);
  }
  const sbom = readFileSync(path.join(packages.folder, `ironlog-${version}-oci.tar.cdx.json`), "utf8");
  for (const architecture of ["amd64", "arm64"])
    assert.match(sbom, new RegExp(`pkg:deb/debian/libc6@\\S+arch=${architecture}`));
  assert.deepEqual(imageInManifests(), [`ironlog:${version}`, `ironlog:${version}`]);
});

test("umoci unpacks it: a Debian of few packages, which says so, with their licences", { skip }, () => {
  const root = path.join(unpack("amd64"), "rootfs");
  assert.match(readFileSync(path.join(root, "etc/os-release"), "utf8"), /^VERSION_ID="13"$/m);
  assert.match(readFileSync(path.join(root, "var/lib/dpkg/status.d/libc6"), "utf8"), /^Version: 2\./m);
  for (const file of ["base-files", "dash", "libc6", "libstdc++6", "libatomic1"]) {
    assert.ok(existsSync(path.join(root, "usr/share/doc", file, "copyright")), file);
  }
  assert.ok(existsSync(path.join(root, "usr/share/doc/ironlog/licences/Node.txt")));
  const setuid = succeed("find", [root, "-xdev", "-type", "f", "-perm", "/6000"]);
  assert.equal(setuid, "");
});

test(
  "it serves as in Kubernetes: no root, nothing to write but /data, and variables of its Service",
  { skip: skipRun },
  async () => {
    const port = await freePort();
    await using container = await runContainer(port, kubernetesEnvironment());
    const url = await readyAt(container.process);
    const ready = await send(url, "/readyz");
    assert.equal(ready.status, 200, ready.text);
    // Names that other Pods use, and one that nobody has allowed.
    assert.equal(
      (await send(url, "/MAAS/api/2.0/version/", { headers: { host: `ironlog.default.svc:${port}` } })).status,
      200,
    );
    assert.equal((await send(url, "/MAAS/api/2.0/version/", { headers: { host: "evil.example" } })).status, 421);
    assert.equal(container.exec(["ironlog", "health", "--port", String(port)]).status, 0);
    assert.match(container.exec(["ironlog", "log", "verify"]).stdout, /^Integrity: intact/);
    assert.match(container.exec(["/usr/lib/ironlog/bin/maas", "list", "--help"]).stdout, /^Usage: maas list/);
    assert.match(container.exec(["sh", "-c", "echo x > /usr/bin/x"]).stderr, /Read-only file system/);
    // What docs/operating/container.md says to type first.
    const password = "correct horse battery";
    const changed = container.exec(["ironlog", "changepassword", "admin"], `${password}\n`);
    assert.equal(changed.status, 0, changed.stderr);
    assert.equal((await tryLogIn({ url }, { username: "admin", password }, { api: "native" })).status, 200);
    container.stop();
    assert.equal((await container.process.ended).code, 0, container.process.stderr);
    assert.ok(!existsSync(path.join(container.data, "first-login")));
  },
);

test("a volume whose key files a group may read is refused with the mend", { skip: skipRun }, async () => {
  const port = await freePort();
  const data = newVolume();
  {
    await using first = await runContainer(port, {}, data);
    await readyAt(first.process);
    first.stop();
    await first.process.ended;
  }
  // What Kubernetes does at each start without `fsGroupChangePolicy: OnRootMismatch`.
  for (const file of ["log.key", "append.key"]) chmodSync(path.join(data, file), 0o660);
  await using second = await runContainer(port, {}, data);
  assert.equal((await second.process.ended).code, 78);
  assert.match(second.process.stderr, /\/data\/(?:log|append)\.key .*chmod/);
});

test("the image for arm64 starts", { skip: skipArm }, () => {
  const root = path.join(unpack("arm64"), "rootfs");
  copyFileSync(succeed("sh", ["-c", "command -v qemu-aarch64-static"]).trim(), path.join(root, "qemu"));
  const user = `--userspec=${kubernetesUser()}:${kubernetesUser()}`;
  const words = ["/usr/lib/ironlog/bin/node", "/usr/lib/ironlog/dist/ironlog.cjs", "--version"];
  assert.equal(succeed("chroot", [user, root, "/qemu", ...words], { timeoutMs: guardMs }), `ironlog ${version}\n`);
});

interface Container extends AsyncDisposable {
  readonly process: TestProcess;
  readonly data: string;
  exec(words: readonly string[], input?: string): ReturnType<typeof step>;
  /** Asks it to stop as Kubernetes does. */
  stop(): void;
}

/** A volume as Kubernetes gives it with `fsGroup`. */
function newVolume(): string {
  const data = mkdtempSync(path.join(folder, "data-"));
  chownSync(data, 0, kubernetesUser());
  chmodSync(data, 0o2775);
  return data;
}

/** Runs the image by runc on this machine's network, read-only and without capabilities. */
async function runContainer(
  port: number,
  env: Readonly<Record<string, string>>,
  data = newVolume(),
): Promise<Container> {
  const unpacked = unpack("amd64");
  const bundle = mkdtempSync(path.join(folder, "run-"));
  const id = path.basename(bundle);
  writeFileSync(path.join(bundle, "config.json"), JSON.stringify(runConfig(unpacked, port, env, data)));
  const state = path.join(folder, "state");
  mkdirSync(state, { recursive: true });
  const runc = ["--root", state];
  const process = startProcess({ command: "runc", args: [...runc, "run", "--bundle", bundle, id] });
  return {
    process,
    data,
    exec: (words, input) => step("runc", [...runc, "exec", id, ...words], input === undefined ? {} : { input }),
    stop: () => void succeed("runc", [...runc, "kill", id, "TERM"]),
    async [Symbol.asyncDispose]() {
      step("runc", [...runc, "delete", "--force", id]);
      await process[Symbol.asyncDispose]();
    },
  };
}

interface RunConfig {
  process: { args: readonly string[]; env: readonly string[]; terminal: boolean; capabilities: object };
  root: { path: string; readonly: boolean };
  mounts: readonly { readonly destination: string }[];
  linux: { namespaces: readonly { readonly type: string }[] };
}

/** What umoci makes of the image's own settings, with what Kubernetes adds. */
function runConfig(unpacked: string, port: number, env: Readonly<Record<string, string>>, data: string): RunConfig {
  const config = JSON.parse(readFileSync(path.join(unpacked, "config.json"), "utf8")) as RunConfig;
  const { process, mounts, linux } = config;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return {
    ...config,
    root: { path: path.join(unpacked, "rootfs"), readonly: true },
    process: {
      ...process,
      args: [...process.args, "--port", String(port)],
      env: [...process.env, ...variables],
      terminal: false,
      capabilities: {},
    },
    mounts: [
      ...mounts.filter(({ destination }) => destination !== "/data"),
      Object.assign({ destination: "/data" }, { type: "bind", source: data, options: ["rbind", "rw"] }),
    ],
    linux: { ...linux, namespaces: linux.namespaces.filter(({ type }) => type !== "network") },
  };
}
