import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import packageJson from "../../package.json" with { type: "json" };
import { freePort } from "../support/ports.ts";
import { root, startProcess } from "../support/processes/program.ts";
import { readyAt } from "../support/server.ts";
import { nextVersion } from "../support/upgrade/next-ironlog.ts";
import { until } from "../support/until.ts";
import { bootMachine, type Debian, makeChroot } from "./support/machine.ts";
import { guardMs, makeNextPackages, makePackages, missing, type Packages } from "./support/packages.ts";
import { succeed } from "./support/tools.ts";

const { version } = packageJson;
const make = await missing("dpkg-deb", "x86_64-linux-gnu-strip");
const systems = ["debootstrap", "systemd-nspawn", "nsenter", "chroot"];
const isRoot = process.getuid?.() === 0;
const guarded = { timeout: guardMs };
/** For tests that install packages. */
const skip =
  (await missing("dpkg-deb", "x86_64-linux-gnu-strip", ...systems)) || (!isRoot && "not tested here: needs root");

let current: Packages;
let next: Packages;
before(async () => {
  if (make !== false) return;
  current = await makePackages(["--fast", "--only", "deb"]);
  if (skip === false) next = await makeNextPackages(["--fast", "--only", "deb"]);
});
after(() => {
  current?.[Symbol.dispose]();
  next?.[Symbol.dispose]();
});

function debOf({ folder }: Packages): string {
  const [name = ""] = readdirSync(folder).filter((file) => file.endsWith(".deb"));
  return path.join(folder, name);
}

test("lintian has nothing to say", { ...guarded, skip: make || (await missing("lintian")) }, () => {
  const flags = ["--fail-on", "warning", "--allow-root"];
  assert.equal(succeed("lintian", [...flags, debOf(current)], { timeoutMs: guardMs }), "");
});

test(
  "on Debian 12 one apt install ends with a server, and an operator's life goes on from there",
  { ...guarded, skip },
  async (t) => {
    await using machine = await bootMachine("bookworm");
    const port = await freePort();
    // The machine shares this one's network.
    machine.ok(
      `mkdir -p /etc/systemd/system/ironlog.service.d && printf '[Service]\\nEnvironment=IRONLOG_PORT=${port}\\n' > /etc/systemd/system/ironlog.service.d/port.conf`,
    );
    await t.test("installed, it runs, and says where the first password stands", () => installs(machine, port));
    await t.test("the commands that it names give the first events", () => answers(machine));
    await t.test("the unit is a narrow place, in which the log is verified", async () => verifiesInPlace(machine));
    await t.test("an upgrade migrates, starts it again, and keeps edited settings", () => upgrades(machine));
    await t.test("a downgrade is refused before anything is touched", () => refusesOlder(machine));
    await t.test("the way back by a backup works as upgrade.md has it", () => goesBack(machine));
    await t.test("removed, it keeps its log; installed again, it goes on", () => returns(machine));
    await t.test("purged, it keeps the log and its key, and says how to delete them", () => purges(machine));
    await t.test("an older Ironlog beside a newer log stays stopped, and says so", () => staysStopped(machine));
  },
);

const facts = (machine: Debian, name: string): string =>
  machine.ok(`systemctl show --property ${name} --value ironlog.service`).trim();

function installs(machine: Debian, port: number): void {
  const { status, stdout } = machine.install(debOf(current));
  assert.equal(status, 0, stdout);
  assert.match(stdout, new RegExp(`^ironlog: Ironlog is ready at http://127\\.0\\.0\\.1:${port}/$`, "m"));
  assert.match(stdout, /^ironlog: .*sudo cat \/var\/lib\/ironlog\/first-login$/m);
  assert.equal(facts(machine, "ActiveState"), "active");
  assert.equal(machine.ok("systemctl is-enabled ironlog").trim(), "enabled");
  const modes = machine.ok(
    "stat -c '%a %U %n' /var/lib/ironlog /var/lib/ironlog/first-login /var/lib/ironlog/log.key /etc/default/ironlog",
  );
  assert.deepEqual(modes.trim().split("\n"), [
    "700 ironlog /var/lib/ironlog",
    "600 ironlog /var/lib/ironlog/first-login",
    "600 ironlog /var/lib/ironlog/log.key",
    "600 root /etc/default/ironlog",
  ]);
  assert.equal(machine.sh("command -v maas").stdout, "");
  machine.ok("ln -s /usr/lib/ironlog/bin/maas /usr/local/bin/maas");
  assert.match(machine.ok("maas --help"), /^Usage: maas /);
}

function answers(machine: Debian): void {
  const commands = machine.ok("cat /var/lib/ironlog/first-login").match(/^ +ironlog .*$/gm) ?? [];
  assert.equal(commands.length, 2);
  const page = JSON.parse(machine.ok(commands.map((command) => command.trim()).join(" > /dev/null && "))) as {
    readonly events: readonly { readonly username: string; readonly description: string }[];
  };
  assert.ok(
    page.events.some(({ description }) => description.includes("'admin'")),
    JSON.stringify(page.events),
  );
}

async function verifiesInPlace(machine: Debian): Promise<void> {
  const [, exposure = "10"] =
    /exposure level for ironlog\.service: ([\d.]+)/.exec(machine.ok("systemd-analyze security ironlog --no-pager")) ??
    [];
  assert.ok(Number(exposure) <= 2, exposure);
  const verdicts = (): string =>
    machine.ok("ironlog admin events query level=AUDIT | grep -c 'Verified [0-9]* events: no fault' || true");
  await until(() => Number(verdicts()) > 0);
  machine.ok("runuser -u ironlog -- ironlog log verify --data /var/lib/ironlog");
}

function upgrades(machine: Debian): void {
  machine.ok("cd /var/lib/ironlog && runuser -u ironlog -- ironlog backup before-upgrade.gz --data /var/lib/ironlog");
  machine.ok("mv /var/lib/ironlog/before-upgrade.gz /root/");
  machine.ok("echo IRONLOG_LOG_LEVEL=warn >> /etc/default/ironlog");
  const before = facts(machine, "MainPID");
  const { status, stdout } = machine.install(debOf(next));
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^ironlog: Ironlog is ready at /m);
  assert.notEqual(facts(machine, "MainPID"), before);
  assert.equal(machine.ok("ironlog --version"), `ironlog ${nextVersion}\n`);
  assert.match(machine.ok("cat /etc/default/ironlog"), /^IRONLOG_LOG_LEVEL=warn$/m);
  assert.equal(machine.ok("stat -c %a /etc/default/ironlog").trim(), "600");
  assert.match(machine.ok("ironlog admin events query level=AUDIT"), /tables up to date: 9998-next\./);
  machine.ok("runuser -u ironlog -- ironlog log verify --data /var/lib/ironlog");
}

function refusesOlder(machine: Debian): void {
  const before = [facts(machine, "MainPID"), facts(machine, "ActiveEnterTimestampMonotonic")];
  const { status, stdout } = machine.install(debOf(current), "--allow-downgrades");
  assert.notEqual(status, 0);
  assert.match(
    stdout,
    new RegExp(
      `ironlog: ${nextVersion} is installed, and the older ${version} may not know its database\\. Nothing was changed\\.`,
    ),
  );
  assert.deepEqual([facts(machine, "MainPID"), facts(machine, "ActiveEnterTimestampMonotonic")], before);
  assert.equal(machine.ok("dpkg-query -W -f '${Version} ${Status}' ironlog"), `${nextVersion} install ok installed`);
  assert.equal(machine.ok("ironlog --version"), `ironlog ${nextVersion}\n`);
}

/** What upgrade.md says to type, with the packages at hand; then forward again, to what was there. */
function goesBack(machine: Debian): void {
  const manual = readFileSync(path.join(root, "docs/operating/upgrade.md"), "utf8");
  const [, typed = ""] = /^On Debian.*?```sh\n(.*?)```/ms.exec(manual) ?? [];
  const [before, after] = typed.split(/^apt install .*\n/m);
  assert.ok(before !== undefined && after !== undefined, typed);
  const said = machine.ok(`set -e; cd /root\n${before}`);
  assert.match(said, /^ironlog: The log and its keys are kept in/m);
  const installed = machine.install(debOf(current));
  assert.equal(installed.status, 0, installed.stdout);
  assert.doesNotMatch(installed.stdout, /is ready at/);
  assert.match(installed.stdout, /^ironlog: the server is not started, since its service is disabled\.$/m);
  machine.ok(`set -e; cd /root\n${after}`);
  assert.equal(machine.ok("ironlog --version"), `ironlog ${version}\n`);
  assert.match(machine.ok("ironlog admin events query level=AUDIT"), /Restored the log and all else from a backup/);
  machine.ok("runuser -u ironlog -- ironlog log verify --data /var/lib/ironlog");
  machine.ok("systemctl stop ironlog && rm -r /var/lib/ironlog && mv /var/lib/ironlog.newer /var/lib/ironlog");
  assert.equal(machine.install(debOf(next)).status, 0);
}

function returns(machine: Debian): void {
  const key = machine.ok("sha256sum /var/lib/ironlog/log.key");
  const removal = machine.ok("apt-get -q -y remove ironlog 2>&1");
  assert.match(removal, /^ironlog: The log and its keys are kept in \/var\/lib\/ironlog\.$/m);
  assert.equal(machine.sh("command -v ironlog").stdout, "");
  assert.equal(machine.sh("systemctl is-active ironlog").stdout.trim(), "inactive");
  const { status, stdout } = machine.install(debOf(next));
  assert.equal(status, 0, stdout);
  assert.equal(machine.ok("sha256sum /var/lib/ironlog/log.key"), key);
  assert.match(machine.ok("cat /etc/default/ironlog"), /^IRONLOG_LOG_LEVEL=warn$/m);
  machine.ok("ironlog admin events query level=AUDIT");
}

function purges(machine: Debian): void {
  const purge = machine.ok("apt-get -q -y purge ironlog 2>&1");
  assert.match(purge, /^ironlog: rm -r \/var\/lib\/ironlog; userdel ironlog$/m);
  assert.equal(machine.ok("ls /var/lib/ironlog/log.key /var/lib/ironlog/ironlog.db | wc -l").trim(), "2");
  assert.equal(
    machine.sh("ls /etc/default/ironlog /etc/systemd/system/multi-user.target.wants/ironlog.service").stdout,
    "",
  );
}

function staysStopped(machine: Debian): void {
  const { stdout } = machine.install(debOf(current));
  assert.match(stdout, /^ironlog: the server did not start\. 'journalctl --unit ironlog' says why/m);
  assert.equal(facts(machine, "ExecMainStatus"), "78");
  assert.equal(facts(machine, "NRestarts"), "0");
  assert.match(machine.ok("journalctl --unit ironlog --no-pager"), /written by a newer Ironlog/);
  const deletion = machine.ok("apt-get -q -y purge ironlog 2>&1").match(/^ironlog: (rm -r .*)$/m)?.[1] ?? "";
  machine.ok(deletion);
  assert.equal(machine.sh("ls -d /var/lib/ironlog").stdout, "");
}

test(
  "on Debian 13, not booted, it is installed, serves by hand, is upgraded, kept and purged",
  { ...guarded, skip },
  async () => {
    await using system = makeChroot("trixie");
    const { status, stdout } = system.install(debOf(current));
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^ironlog: Start the server with: systemctl start ironlog$/m);
    const words = [
      "setpriv",
      "--reuid=ironlog",
      "--regid=ironlog",
      "--init-groups",
      "ironlog",
      "serve",
      "--port",
      "0",
      "--data",
      "/var/lib/ironlog",
    ];
    await using server = startProcess({ command: "chroot", args: [system.folder, ...words] });
    const url = await readyAt(server);
    assert.equal((await fetch(`${url}/`)).status, 200);
    server.signal("SIGTERM");
    assert.equal((await server.ended).code, 0);
    assert.equal(statSync(path.join(system.folder, "var/lib/ironlog")).mode & 0o777, 0o700);
    const upgrade = system.install(debOf(next));
    assert.equal(upgrade.status, 0, upgrade.stdout);
    system.ok("runuser -u ironlog -- ironlog migrate --data /var/lib/ironlog");
    const downgrade = system.install(debOf(current), "--allow-downgrades");
    assert.notEqual(downgrade.status, 0);
    assert.match(downgrade.stdout, /Nothing was changed\./);
    assert.equal(system.ok("ironlog --version"), `ironlog ${nextVersion}\n`);
    assert.match(system.ok("apt-get -q -y purge ironlog 2>&1"), /rm -r \/var\/lib\/ironlog; userdel ironlog/);
    system.ok("test -f /var/lib/ironlog/log.key");
  },
);
