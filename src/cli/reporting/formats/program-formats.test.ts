import assert from "node:assert/strict";
import { test } from "node:test";
import { Value } from "typebox/value";
import { parseReportedEvent, reportedEventSchema } from "../../../events/reporting/reported-event.ts";
import type { Reported } from "../reported.ts";
import { readCef } from "./cef.ts";
import { UnfitLine } from "./format.ts";
import { readJournal } from "./journald.ts";
import { readJson } from "./json.ts";
import { readSyslog } from "./syslog.ts";

// Lines as programs write them, and what becomes of them. Each must be an event that the server takes.

const now = Date.parse("2026-11-30T09:00:00Z");

function taken(report: Reported): Reported {
  assert.deepEqual(
    Value.Errors(reportedEventSchema, report).map(({ message }) => message),
    [],
  );
  parseReportedEvent(report as Parameters<typeof parseReportedEvent>[0], now * 1_000, null);
  return report;
}

const syslog = (line: string): Reported => taken(readSyslog({ text: line }, now));
const cef = (line: string): Reported => taken(readCef({ text: line }, now));
const journal = (entry: object): Reported => taken(readJournal({ text: JSON.stringify(entry) }));

test("a message of RFC 5424, with structured data and its escapes", () => {
  const line =
    String.raw`<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="App \"A\" \]"][other@1 a="b"] ` +
    "\ufeffAn application event log entry...";
  assert.deepEqual(syslog(line), {
    level: "INFO",
    type: "SYSLOG",
    action: "syslog.evntslog",
    description: "An application event log entry...",
    occurred: "2003-10-11T22:14:15.003Z",
    hostname: "mymachine.example.com",
    details: {
      program: "evntslog",
      facility: "local4",
      message_id: "ID47",
      structured_data: { "exampleSDID@32473": { iut: "3", eventSource: 'App "A" ]' }, "other@1": { a: "b" } },
    },
  });
});

test("a message of RFC 5424 without anything that it may lack", () => {
  assert.deepEqual(syslog("<11>1 - - - - - -"), {
    level: "ERROR",
    type: "SYSLOG",
    action: "syslog.message",
    description: "(no text)",
    details: { facility: "user" },
  });
});

test("a message of RFC 3164, in this year or the last one", () => {
  const event = syslog("<34>Oct 11 22:14:15 mymachine su[77]: 'su root' failed for lonvick on /dev/pts/8");
  assert.deepEqual(event, {
    level: "CRITICAL",
    type: "SYSLOG",
    action: "syslog.su",
    description: "'su root' failed for lonvick on /dev/pts/8",
    occurred: new Date(2026, 9, 11, 22, 14, 15).toISOString(),
    hostname: "mymachine",
    details: { program: "su", facility: "auth", pid: "77" },
  });
  assert.equal(syslog("<13>Dec  5 01:02:03 h p: m").occurred, new Date(2025, 11, 5, 1, 2, 3).toISOString());
});

test("a line of a file in /var/log, with an RFC 3339 time and without a priority", () => {
  const event = syslog("2026-11-30T08:59:58.123456+01:00 web1 CRON[4711]: (root) CMD (run-parts /etc/cron.hourly)");
  assert.deepEqual(event, {
    level: "INFO",
    type: "SYSLOG",
    action: "syslog.CRON".toLowerCase(),
    description: "(root) CMD (run-parts /etc/cron.hourly)",
    occurred: "2026-11-30T08:59:58.123456+01:00",
    hostname: "web1",
    details: { program: "CRON", pid: "4711" },
  });
});

test("what is in no form of syslog is a message as a whole", () => {
  assert.deepEqual(syslog("<14>something else"), {
    level: "INFO",
    type: "SYSLOG",
    action: "syslog.message",
    description: "something else",
    details: { facility: "user" },
  });
  assert.equal(syslog("<999>Nov 40 nothing").description, "Nov 40 nothing");
  assert.equal(syslog("1 2026-13-45T99:99:99Z a b c d - x").description, "1 2026-13-45T99:99:99Z a b c d - x");
});

test("logins and commands are known by what OpenSSH, PAM and sudo write", () => {
  const of = (program: string, text: string) => {
    const { action, outcome, username, details } = syslog(`<38>Nov 30 08:00:00 web1 ${program}[1]: ${text}`);
    return [action, outcome, username, details?.["ip"]];
  };
  assert.deepEqual(of("sshd", "Accepted publickey for ada from 203.0.113.9 port 50022 ssh2: ED25519 SHA256:abc"), [
    "syslog.sshd.login",
    "success",
    "ada",
    "203.0.113.9",
  ]);
  assert.deepEqual(of("sshd-session", "Failed password for invalid user bob from 2001:db8::7 port 50022 ssh2"), [
    "syslog.sshd-session.login",
    "failure",
    "bob",
    "2001:db8::7",
  ]);
  // The name is the attacker's; the address isn't.
  const forged = "Failed password for invalid user x from 198.51.100.1 port 1 ssh2 from 203.0.113.9 port 2 ssh2";
  assert.deepEqual(of("sshd", forged).slice(1), ["failure", "x from 198.51.100.1 port 1 ssh2", "203.0.113.9"]);
  const pam =
    "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root";
  assert.deepEqual(of("sshd", pam), ["syslog.sshd.login", "failure", "root", "203.0.113.9"]);
  assert.deepEqual(of("sudo", "     ada : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id"), [
    "syslog.sudo.command",
    "success",
    "ada",
    undefined,
  ]);
  assert.deepEqual(of("sudo", "bob : 3 incorrect password attempts ; TTY=pts/1 ; COMMAND=/bin/su"), [
    "syslog.sudo.command",
    "failure",
    "bob",
    undefined,
  ]);
  // Who else writes so isn't believed.
  assert.equal(of("logger", "Accepted publickey for ada from 203.0.113.9 port 50022 ssh2")[2], undefined);
});

test("an entry of the journal, with its cursor as the key", () => {
  const cursor = "s=5dd5a3;i=4f2;b=8d0c;m=1f9;t=60b3c;x=4d4f";
  const event = journal({
    __CURSOR: cursor,
    __REALTIME_TIMESTAMP: "1764493198123456",
    __MONOTONIC_TIMESTAMP: "31234567",
    _BOOT_ID: "8d0c",
    PRIORITY: "4",
    SYSLOG_IDENTIFIER: "my app (v2)",
    _PID: "812",
    _UID: "1000",
    _HOSTNAME: "web1",
    _SYSTEMD_UNIT: "app.service",
    _TRANSPORT: "stdout",
    MESSAGE: "disk \u001b[31m90%\u001b[0m full",
  });
  assert.deepEqual(event, {
    level: "WARNING",
    type: "JOURNAL",
    action: "journal.my-app-v2",
    description: "disk \ufffd[31m90%\ufffd[0m full",
    occurred: "2025-11-30T08:59:58.123456Z",
    hostname: "web1",
    details: { program: "my app (v2)", unit: "app.service", pid: "812", uid: "1000", transport: "stdout" },
    key: cursor,
  });
});

test("an entry whose message is bytes, or is there twice, or isn't there", () => {
  const base = { __CURSOR: "s=1;i=2", __REALTIME_TIMESTAMP: "1764493198123456" };
  assert.equal(journal({ ...base, MESSAGE: [...Buffer.from("é\0!"), 255] }).description, "é\ufffd!\ufffd");
  assert.equal(journal({ ...base, MESSAGE: ["first", "second"] }).description, "first");
  assert.equal(journal(base).description, "(no text)");
  assert.throws(() => journal({ a: 1 }), UnfitLine);
  assert.throws(() => readJournal({ text: "[1]" }), UnfitLine);
});

test("a long message is cut where people read it, and is whole in the details where they have room for it", () => {
  const event = journal({ __CURSOR: "s=1", MESSAGE: "x".repeat(6_000) });
  assert.equal(event.description.length, 4_096);
  assert.equal(event.details?.["message"], "x".repeat(6_000));
  const huge = journal({ __CURSOR: "s=1", MESSAGE: "\u0001".repeat(600_000) });
  assert.ok(String(huge.details?.["message"]).length > 1_000);
});

test("an event of CEF, with the escapes of its header and its extension", () => {
  const line = String.raw`CEF:0|Security|threat\|manager|1.0|100|detected a \\ in message|10|src=10.0.0.1 act=blocked a \\ suser=ada lovelace msg=line 1\nline 2 cs1=a\=b spt=1232 rt=1764493198000 outcome=failure`;
  assert.deepEqual(cef(line), {
    level: "CRITICAL",
    type: "CEF_THREAT_MANAGER",
    action: "cef.security.threat-manager.100",
    description: "detected a \\ in message: line 1\nline 2",
    outcome: "failure",
    occurred: "2025-11-30T08:59:58.000Z",
    username: "ada lovelace",
    details: {
      vendor: "Security",
      product: "threat|manager",
      version: "1.0",
      signature: "100",
      severity: "10",
      extension: {
        src: "10.0.0.1",
        act: "blocked a \\",
        suser: "ada lovelace",
        msg: "line 1\nline 2",
        cs1: "a=b",
        spt: "1232",
        rt: "1764493198000",
        outcome: "failure",
      },
    },
  });
});

test("an event of CEF behind a header of syslog has its host and time", () => {
  const event = cef("<13>Sep 19 08:26:10 fw1 CEF:0|Trend Micro|Deep Security|12|600|User signed in|Medium|duser=bob");
  assert.deepEqual([event.hostname, event.occurred], ["fw1", new Date(2026, 8, 19, 8, 26, 10).toISOString()]);
  assert.deepEqual([event.action, event.level], ["cef.trend-micro.deep-security.600", "WARNING"]);
  assert.deepEqual([event.username, event.outcome], ["bob", "success"]);
  const modern = cef("<134>1 2026-09-19T08:26:10Z fw2 cef - - - CEF:0|a|b|1|2|Name|3|");
  assert.deepEqual([modern.hostname, modern.occurred, modern.level], ["fw2", "2026-09-19T08:26:10Z", "INFO"]);
});

test("a line that is no CEF, and one with too few fields", () => {
  assert.throws(() => cef("Sep 19 08:26:10 fw1 hello"), { message: "The line has no 'CEF:' in it" });
  assert.throws(() => cef("CEF:0|a|b|c"), /less than the seven fields/);
});

test("a line of Ironlog's own words goes as it is", () => {
  const event = { type: "DOOR_OPENED", action: "door.open", description: "Rack 7 was opened.", key: "door/1" };
  assert.deepEqual(readJson({ text: JSON.stringify(event) }), event);
  assert.throws(() => readJson({ text: "[]" }), UnfitLine);
});

test("a line of Ironlog's own words has only numbers that the log can keep, however deep", () => {
  const line = (detail: string) =>
    `{"type":"A","action":"a","description":"a","details":{"a":${"[".repeat(100_000)}${detail}${"]".repeat(100_000)}}}`;
  for (const number of ["1e400", "-1e400", "0.5", "9007199254740993"]) {
    assert.throws(
      () => readJson({ text: line(number) }),
      /^UnfitLine: The line has the number \S+: only whole numbers/,
    );
  }
  for (const detail of ["9007199254740991", "-1", '"1e400"', "null"]) readJson({ text: line(detail) });
});
