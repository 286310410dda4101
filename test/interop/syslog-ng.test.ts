import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { test } from "node:test";
import { reportedTo, untilReported } from "../support/cli/reporting.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { freePort } from "../support/ports.ts";
import { hasProgram } from "../support/processes/command.ts";
import { root, startProcess, type TestProcess } from "../support/processes/program.ts";
import { startServerProcess, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin, makePerson } from "../support/worlds/people.ts";

// syslog-ng with the destination of docs/ingest.md as it is there, but for the address, the key and where its buffer is.

const skip = (await hasProgram("syslog-ng"))
  ? false
  : "there is no syslog-ng here (apt-get install syslog-ng-core syslog-ng-mod-http)";

function destination(url: string, apiKey: string, folder: string): string {
  const page = readFileSync(path.join(root, "docs/ingest.md"), "utf8");
  const [, given = ""] = /^```\n(destination d_ironlog \{\n[^]*?\n\};)\n```$/m.exec(page) ?? [];
  assert.notEqual(given, "");
  return given
    .replace("https://ironlog.example.com", url)
    .replace("CK:TK:TS", apiKey)
    .replace("disk-buffer(", `disk-buffer(dir("${folder}") `);
}

async function startSyslogNg(server: TestServer, apiKey: string, folder: string) {
  const port = await freePort();
  const file = path.join(folder, "syslog-ng.conf");
  mkdirSync(path.join(folder, "buffer"));
  writeFileSync(
    file,
    `@version: 3.38
options { use-uniqid(yes); keep-hostname(yes); time-reopen(1); };
source s_tests { network(ip("127.0.0.1") port(${port}) transport("tcp")); };
${destination(server.url, apiKey, path.join(folder, "buffer"))}
log { source(s_tests); destination(d_ironlog); };
`,
  );
  const own = ["persist", "pid", "control"].map((name) => path.join(folder, name));
  const [persist = "", pid = "", control = ""] = own;
  const args = ["--foreground", "--no-caps", "--stderr", "-f", file, "-R", persist, "-p", pid, "-c", control];
  const syslogNg = startProcess({ command: "syslog-ng", args });
  await until(() => isListening(port, syslogNg));
  return { syslogNg, port };
}

async function isListening(port: number, syslogNg: TestProcess): Promise<boolean> {
  assert.ok(!syslogNg.hasEnded, syslogNg.stderr);
  try {
    await send(port, []);
    return true;
  } catch {
    return false;
  }
}

/** As `logger --server` sends them. */
async function send(port: number, lines: readonly string[]): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.end(lines.map((line) => `${line}\n`).join(""));
  await once(socket, "close");
}

function lines(from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `<38>Nov 30 09:00:00 web1 sshd[812]: message ${from + index}`);
}

test("syslog-ng delivers by its http() destination, and what came while Ironlog was away, once", { skip }, async () => {
  const port = String(await freePort());
  await using server = await startServerProcess({ kind: "sqlite", args: ["--port", port] });
  using folder = freshFolder();
  const robot = await makePerson(server);
  const made = await admin(server).native.ask("POST", `users/${robot.username}/tokens`, { scopes: ["events:write"] });
  const { api_key } = made.json<{ api_key: string }>();
  const { syslogNg, port: syslogPort } = await startSyslogNg(server, api_key, folder.folder);
  await using _ = syslogNg;
  await send(syslogPort, lines(1, 700));
  await untilReported(server, 700);
  await server.kill();
  await send(syslogPort, lines(701, 300));
  await server.start();
  await untilReported(server, 1_000);
  const events = await reportedTo(server);
  assert.equal(new Set(events.map(({ description }) => description)).size, 1_000);
  assert.equal(events.length, 1_000);
  const [first] = events;
  assert.partialDeepStrictEqual(first, {
    type: "SYSLOG",
    action: "syslog.auth",
    description: "message 1",
    hostname: "web1",
    details: { program: "sshd", pid: "812", priority: "info" },
  });
});
