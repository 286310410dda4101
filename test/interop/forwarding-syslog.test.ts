import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { once } from "node:events";
import path from "node:path";
import { test } from "node:test";
import { freshFolder } from "../support/databases/databases.ts";
import { createDestination, logged, readDestination } from "../support/forwarding/destinations.ts";
import { freePort } from "../support/ports.ts";
import { hasProgram } from "../support/processes/command.ts";
import { startProcess, type TestProcess } from "../support/processes/program.ts";
import { makeCertificates, type TestCertificates } from "../support/receivers/certificates.ts";
import { powerFailure } from "../support/reports.ts";
import { startServerProcess } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin } from "../support/worlds/people.ts";

// A real syslog-ng and a real rsyslog take what Ironlog forwards, over TCP and over TLS with certificates on both sides.

type Way = "tcp" | "tls";

/** What collects syslog, and how it is told to write down each event's id and leaf hash. */
interface Program {
  readonly name: string;
  readonly command: string;
  readonly packages: string;
  /** Its configuration; `at` gives the place of a file, of which that of a way is what arrives by it. */
  configuration(at: (name: string) => string, ports: Readonly<Record<Way, number>>): string;
  args(at: (name: string) => string): readonly string[];
  eventIn(line: string): { readonly id: number; readonly leafHash: string };
}

const syslogNg: Program = {
  name: "syslog-ng",
  command: "syslog-ng",
  packages: "syslog-ng-core syslog-ng-mod-http",
  configuration: (at, ports) => `@version: 3.38
options { log-msg-size(65536); keep-hostname(yes); };
source s_tcp { syslog(ip("127.0.0.1") port(${ports.tcp}) transport("tcp") trim-large-messages(yes)); };
source s_tls { syslog(ip("127.0.0.1") port(${ports.tls}) transport("tls") trim-large-messages(yes)
  tls(key-file("${at("s.key")}") cert-file("${at("s.pem")}") ca-file("${at("ca.pem")}") peer-verify(required-trusted))); };
${(["tcp", "tls"] as const)
  .map(
    (way) =>
      `destination d_${way} { file("${at(way)}" template("$(format-json --scope rfc5424 --key .SDATA.*)\\n")); };
log { source(s_${way}); destination(d_${way}); };`,
  )
  .join("\n")}
`,
  args: (at) => [
    "--foreground",
    "--no-caps",
    "--stderr",
    "-f",
    at("configuration"),
    "-R",
    at("persist"),
    "-p",
    at("pid"),
    "-c",
    at("control"),
  ],
  eventIn(line) {
    const { _SDATA: data } = JSON.parse(line) as {
      readonly _SDATA: Readonly<Record<string, { readonly id: string | number; readonly leafHash: string }>>;
    };
    const own = data["ironlog@32473"];
    return { id: Number(own?.id), leafHash: own?.leafHash ?? "" };
  },
};

const rsyslog: Program = {
  name: "rsyslog",
  command: "rsyslogd",
  packages: "rsyslog rsyslog-openssl",
  configuration: (at, ports) => `global(workDirectory="${at("")}" maxMessageSize="64k"
  defaultNetstreamDriverCAFile="${at("ca.pem")}"
  defaultNetstreamDriverCertFile="${at("s.pem")}" defaultNetstreamDriverKeyFile="${at("s.key")}")
main_queue(queue.type="direct")
module(load="imtcp")
template(name="ironlog" type="string" string="%msgid% %structured-data% %msg%\\n")
${(["tcp", "tls"] as const)
  .map(
    (way) => `ruleset(name="${way}") { action(type="omfile" file="${at(way)}" template="ironlog") }
input(type="imtcp" address="127.0.0.1" port="${ports[way]}" ruleset="${way}"${
      way === "tcp"
        ? ""
        : ' StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/name" PermittedPeer=["ironlog"]'
    })`,
  )
  .join("\n")}
`,
  args: (at) => ["-n", "-f", at("configuration"), "-i", at("pid")],
  eventIn(line) {
    const [, id, leafHash = ""] = /^\S+ \[ironlog@32473 id="(\d+)" leafHash="([^"]+)"/.exec(line) ?? [];
    return { id: Number(id), leafHash };
  },
};

interface Collector {
  readonly running: TestProcess;
  readonly ports: Readonly<Record<Way, number>>;
  /** Ids and leaf hashes, in the order of its file. */
  received(way: Way): readonly { readonly id: number; readonly leafHash: string }[];
}

async function startCollector(program: Program, folder: string, { ca, server }: TestCertificates): Promise<Collector> {
  const ports = { tcp: await freePort(), tls: await freePort() };
  const at = (name: string): string => path.join(folder, name);
  const files = { "ca.pem": ca, "s.pem": server.certificate, "s.key": server.key };
  for (const [name, text] of Object.entries({ ...files, configuration: program.configuration(at, ports) })) {
    writeFileSync(at(name), text);
  }
  const running = startProcess({ command: program.command, args: program.args(at) });
  await until(() => isListening(ports.tcp, running));
  await until(() => isListening(ports.tls, running));
  return {
    running,
    ports,
    received: (way) =>
      existsSync(at(way)) ? readFileSync(at(way), "utf8").split("\n").slice(0, -1).map(program.eventIn) : [],
  };
}

async function isListening(port: number, running: TestProcess): Promise<boolean> {
  assert.ok(!running.hasEnded, running.stderr);
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

for (const program of [syslogNg, rsyslog]) {
  const { name, command, packages } = program;
  const skip = (await hasProgram(command))
    ? false
    : `there is no ${name} here (apt-get install ${packages}; Debian has one of both at a time)`;
  test(
    `${name} has every event in order, over TCP and over TLS, hostile text and cut records too`,
    { skip },
    async (t) => {
      const certificates = await makeCertificates(t);
      if (certificates === undefined) return;
      await using server = await startServerProcess({ kind: "sqlite" });
      using folder = freshFolder();
      const { running, ports, received } = await startCollector(program, folder.folder, certificates);
      await using _ = running;
      const { native } = admin(server);
      const { ca, client, stranger } = certificates;
      const common = { transport: "syslog", format: "syslog", start: "beginning" };
      const byClient = { ca, client_certificate: client.certificate, client_key: client.key };
      await createDestination(native, { name: "tcp", ...common, url: `tcp://127.0.0.1:${ports.tcp}` });
      await createDestination(native, { name: "tls", ...common, url: `tls://localhost:${ports.tls}`, ...byClient });
      const texts = ["plain", 'quote " and ] and \\ and [', "line\nbreak\ttab", "ünïcödé 漢字 🪵", "漢".repeat(4_096)];
      const events = Array.from({ length: 500 }, (_, at) => ({
        ...powerFailure,
        description: texts[at % texts.length],
      }));
      const reported = await native.ask("POST", "events", events);
      assert.equal(reported.status, 201, reported.text);
      for (const way of ["tcp", "tls"] as const) {
        await until(async () => (await readDestination(native, way)).behind === 0);
        const wanted = await logged(native, 1, Infinity);
        await until(() => received(way).length >= wanted.length);
        assert.deepEqual(received(way), wanted, way);
      }
      const unknown = { client_certificate: stranger.certificate, client_key: stranger.key, is_enabled: false };
      await createDestination(native, {
        name: "stranger",
        ...common,
        url: `tls://localhost:${ports.tls}`,
        ca,
        ...unknown,
      });
      const tested = await native.ask("POST", "destinations/stranger/test");
      assert.equal(tested.json<{ is_delivered: boolean }>().is_delivered, false, tested.text);
    },
  );
}
