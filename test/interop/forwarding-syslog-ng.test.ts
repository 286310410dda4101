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

// A real syslog-ng takes what Ironlog forwards, over TCP and over TLS with certificates on both sides.

const skip = (await hasProgram("syslog-ng"))
  ? false
  : "there is no syslog-ng here (apt-get install syslog-ng-core syslog-ng-mod-http)";

interface Collector {
  readonly syslogNg: TestProcess;
  readonly ports: { readonly tcp: number; readonly tls: number };
  /** Ids and leaf hashes, in the order of its file. */
  received(transport: "tcp" | "tls"): readonly { readonly id: number; readonly leafHash: string }[];
}

async function startSyslogNg(folder: string, { ca, server }: TestCertificates): Promise<Collector> {
  const ports = { tcp: await freePort(), tls: await freePort() };
  const at = (name: string): string => path.join(folder, name);
  for (const [name, text] of Object.entries({ "ca.pem": ca, "s.pem": server.certificate, "s.key": server.key })) {
    writeFileSync(at(name), text);
  }
  const destinations = (["tcp", "tls"] as const).map(
    (name) =>
      `destination d_${name} { file("${at(name)}" template("$(format-json --scope rfc5424 --key .SDATA.*)\\n")); };
log { source(s_${name}); destination(d_${name}); };`,
  );
  writeFileSync(
    at("syslog-ng.conf"),
    `@version: 3.38
options { log-msg-size(65536); keep-hostname(yes); };
source s_tcp { syslog(ip("127.0.0.1") port(${ports.tcp}) transport("tcp") trim-large-messages(yes)); };
source s_tls { syslog(ip("127.0.0.1") port(${ports.tls}) transport("tls") trim-large-messages(yes)
  tls(key-file("${at("s.key")}") cert-file("${at("s.pem")}") ca-file("${at("ca.pem")}") peer-verify(required-trusted))); };
${destinations.join("\n")}
`,
  );
  const own = ["persist", "pid", "control"].map(at);
  const [persist = "", pid = "", control = ""] = own;
  const args = ["--foreground", "--no-caps", "--stderr", "-f", at("syslog-ng.conf"), "-R", persist, "-p", pid];
  const syslogNg = startProcess({ command: "syslog-ng", args: [...args, "-c", control] });
  await until(() => isListening(ports.tcp, syslogNg));
  await until(() => isListening(ports.tls, syslogNg));
  return {
    syslogNg,
    ports,
    received: (transport) =>
      existsSync(at(transport)) ? readFileSync(at(transport), "utf8").split("\n").slice(0, -1).map(eventIn) : [],
  };
}

function eventIn(line: string) {
  const { _SDATA: data } = JSON.parse(line) as {
    readonly _SDATA: Readonly<Record<string, { readonly id: string | number; readonly leafHash: string }>>;
  };
  const own = data["ironlog@32473"];
  return { id: Number(own?.id), leafHash: own?.leafHash ?? "" };
}

async function isListening(port: number, syslogNg: TestProcess): Promise<boolean> {
  assert.ok(!syslogNg.hasEnded, syslogNg.stderr);
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

test(
  "syslog-ng has every event in order, over TCP and over TLS, hostile text and cut records too",
  { skip },
  async (t) => {
    const certificates = await makeCertificates(t);
    if (certificates === undefined) return;
    await using server = await startServerProcess({ kind: "sqlite" });
    using folder = freshFolder();
    const { syslogNg, ports, received } = await startSyslogNg(folder.folder, certificates);
    await using _ = syslogNg;
    const { native } = admin(server);
    const { ca, client, stranger } = certificates;
    const common = { transport: "syslog", format: "syslog", start: "beginning" };
    const byClient = { ca, client_certificate: client.certificate, client_key: client.key };
    await createDestination(native, { name: "tcp", ...common, url: `tcp://127.0.0.1:${ports.tcp}` });
    await createDestination(native, { name: "tls", ...common, url: `tls://localhost:${ports.tls}`, ...byClient });
    const texts = ["plain", 'quote " and ] and \\ and [', "line\nbreak\ttab", "ünïcödé 漢字 🪵", "漢".repeat(4_096)];
    const events = Array.from({ length: 500 }, (_, at) => ({ ...powerFailure, description: texts[at % texts.length] }));
    const reported = await native.ask("POST", "events", events);
    assert.equal(reported.status, 201, reported.text);
    for (const name of ["tcp", "tls"] as const) {
      await until(async () => (await readDestination(native, name)).behind === 0);
      const wanted = await logged(native, 1, Infinity);
      await until(() => received(name).length >= wanted.length);
      assert.deepEqual(received(name), wanted, name);
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
