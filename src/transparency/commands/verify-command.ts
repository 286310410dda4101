import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { findDamage } from "../../database/checking/damage.ts";
import type { DatabaseLocation } from "../../database/database.ts";
import { openForReading, type ReadingDatabase } from "../../database/reading.ts";
import { Refusal } from "../../refusal.ts";
import { findErrorCode, misuse, refuseWords } from "../../terminal/exit.ts";
import { readFirstLine } from "../../terminal/secret-input.ts";
import { print, printError, redrawLine } from "../../terminal/print.ts";
import { parseCheckpoint } from "../../verifiable-log/checkpoint.ts";
import { parseNote } from "../../verifiable-log/signed-note.ts";
import { checkpointFileOf, readCheckpointFile } from "../signing/checkpoint-file.ts";
import type { KeptCheckpoint } from "../verification/checkpoint-check.ts";
import type { LogCall, LogSubcommand } from "./log-subcommand.ts";
import { readLogKey } from "../signing/log-key.ts";
import { parseTrustedKeys } from "../verification/trusted-keys.ts";
import { verifyRemoteLog } from "../verification/remote-verification.ts";
import { verifyLog } from "../verification/verification.ts";
import {
  Findings,
  missingWords,
  type VerdictPace,
  type VerificationReport,
} from "../verification/verification-report.ts";

/** Exit statuses of `log verify`: it could not be verified is another thing than that it is wrong. */
const verdictStatus = { good: 0, bad: 1 } as const;

/** `log verify`: everything again, from the rows. */
export const verifyCommand: LogSubcommand = {
  usage: "log verify [--since FILE] [--key KEY] [--deep] [--json] [--url URL [--apikey KEY]]",
  summary: "Verify the log: every event, what each says of stored rows, the tree, every checkpoint, the tables.",
  help: `Reads every stored row and computes all hashes again; holds accounts, keys and settings against
what events said of them; compares tables, indexes and guards with those that Ironlog made, and counts
along each index. Changes nothing; works beside a running server, and on a read-only copy. Verdicts:
integrity (what is there is what was recorded), completeness (all of it is there), and whether the log
was verified as often as its setting says. What the database can't read is damage. Exit status: 0 all
are good, 1 one isn't, 2 it could not be verified.

  --since FILE
      A checkpoint that was kept elsewhere: the log must have grown from it.
  --key KEY
      The log's verifier key (ironlog log key), kept elsewhere; several are separated by commas.
      Without it the keys beside the log are used (--log-key), or those that the database names,
      and whoever can write the database could have written those too.
  --url URL
      Verify a server from outside: its checkpoint, and the tree over all hashes; with an
      administrator's API key also every leaf. The rows' texts are not shown there.
  --apikey KEY
      For --url. Others on this machine can read a command line: - reads it from standard
      input.
  --deep
      Check every entry of every index too: 'pragma integrity_check' on SQLite, amcheck on
      PostgreSQL where that extension is there. Takes minutes on a large log.
  --pace N
      At most N events a second, to leave room for others.
  --json
      Print the result as JSON.`,
  own: {
    since: "text",
    key: "text",
    url: "text",
    apikey: "text",
    pace: "text",
    deep: "flag",
    json: "flag",
    progress: "flag",
  },
  async run(call) {
    refuseWords(call.words);
    const report = await verifyAsCalled(call);
    await print(call.own.has("json") ? `${JSON.stringify(report, null, 2)}\n` : describe(report));
    const { integrity, completeness, verifications } = report;
    const isSound = integrity.verdict === "intact" && completeness.verdict === "complete";
    return isSound && verifications?.verdict !== "absent" ? verdictStatus.good : verdictStatus.bad;
  },
};

/** What `log verify` finds with these flags. */
export async function verifyAsCalled(call: LogCall): Promise<VerificationReport> {
  const { config, own } = call;
  const kept = await keptCheckpoints(call);
  const given = own.get("key");
  const trustedKeys = given === undefined ? undefined : parseTrustedKeys(given).map(({ text }) => text);
  const onProgress = progress(call);
  const url = own.get("url");
  if (url !== undefined) {
    if (own.has("deep")) throw misuse("--deep looks into the database: leave out --url.");
    const shown = own.get("apikey");
    const apiKey = shown === "-" ? await readFirstLine(process.stdin) : shown;
    return verifyRemoteLog({ url, apiKey, kept, trustedKeys: trustedKeys ?? [], onProgress });
  }
  const opened = await openOrDamage(config.database);
  if ("damage" in opened) return unreadableLog(opened.damage);
  await using reading = opened.reading;
  const keysThere = trustedKeys === undefined ? await keysBeside(call) : undefined;
  const beside = trustedKeys ?? keysThere;
  const mustBeSigned = trustedKeys !== undefined;
  const report = await verifyLog(reading, {
    kept,
    onProgress,
    mustBeSigned,
    isDeep: own.has("deep"),
    ...(beside !== undefined && { trustedKeys: beside }),
  });
  const isNoted = keysThere === undefined || kept.some(({ isBesideKey }) => isBesideKey === true);
  const checkpointFile = isNoted ? undefined : checkpointFileOf(config.logKeyFile);
  return { ...report, warnings: [...report.warnings, ...missingFiles(reading, report, checkpointFile)] };
}

/** What can't be noticed since a file isn't beside the log. `checkpointFile` is one that isn't there, and its key is. */
function missingFiles(
  { appendKeys }: ReadingDatabase,
  { size, checked_checkpoints: checkpoints }: VerificationReport,
  checkpointFile: string | undefined,
): readonly string[] {
  const unnoticed: string[] = [];
  if (size > 0 && appendKeys.all().length === 0) {
    unnoticed.push(
      `${appendKeys.file} is not there: nobody can say whether its holder left the head and the stored rows`,
    );
  } else if (size > 0 && appendKeys.seen === undefined) {
    unnoticed.push(
      `${appendKeys.seenFile} is not there, or can't be read: an older state of the log would not be noticed`,
    );
  }
  if (checkpoints > 0 && checkpointFile !== undefined) {
    unnoticed.push(
      `${checkpointFile} is not there, or can't be read: a log that was cut or set back would not be noticed by it`,
    );
  }
  return unnoticed;
}

/** A database that can't even be opened, since what is stored there is damaged, is damage too. */
async function openOrDamage(
  location: DatabaseLocation,
): Promise<{ readonly reading: ReadingDatabase } | { readonly damage: string }> {
  try {
    return { reading: await openForReading(location) };
  } catch (error) {
    const damage = findDamage(error);
    if (damage === undefined) throw error;
    const where = location.kind === "sqlite" ? location.file : "the database";
    return { damage: `${where} can't be read: ${damage}` };
  }
}

function unreadableLog(what: string): VerificationReport {
  const findings = new Findings();
  findings.isLengthKnown = false;
  findings.in("events").fault(null, what);
  return findings.report();
}

async function keysBeside({ config }: LogCall): Promise<readonly string[] | undefined> {
  const key = await ifReadable(config.logKeyFile, () => readLogKey(config.logKeyFile));
  return key === undefined ? undefined : [key.log.text, key.cosigner.text];
}

async function keptCheckpoints({ config, own }: LogCall): Promise<readonly KeptCheckpoint[]> {
  const since = own.get("since");
  const given = since === undefined ? [] : [{ note: readGiven(since), where: since }];
  if (own.has("url")) return given;
  const file = checkpointFileOf(config.logKeyFile);
  const note = await ifReadable(file, () => readCheckpointFile(file));
  return note === undefined ? given : [...given, { note, where: file, isBesideKey: true }];
}

/** An auditor who may read the database need not be able to read the key; that it was left out is said. */
async function ifReadable<Content>(file: string, read: () => Content): Promise<Content | undefined> {
  try {
    return read();
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (findErrorCode(cause) !== "EACCES") throw error;
    await printError(`${file} can't be read by this user: verifying without it.\n`);
    return undefined;
  }
}

/** Something else than a checkpoint says nothing of the log. */
function readGiven(file: string): string {
  const note = readText(file);
  try {
    parseCheckpoint(parseNote(note).text);
    return note;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("invalid", `${file} is no checkpoint: ${reason}`, { cause: error });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("invalid", `cannot read ${file} (${reason})`, { cause: error });
  }
}

/** Shows how far it is, and keeps to the pace. */
function progress({ own }: LogCall): (checked: number, size: number) => Promise<void> {
  const pace = own.get("pace");
  if (pace !== undefined && !/^[1-9]\d{0,8}$/.test(pace)) throw misuse("--pace takes a number of events a second.");
  const start = performance.now();
  const isShown = process.stderr.isTTY && !own.has("json");
  return async (checked, size) => {
    if (own.has("progress")) await printError(`${checked}/${size}\n`);
    if (isShown) await redrawLine(bar(checked, size));
    if (pace === undefined) return;
    const dueMs = (checked * 1000) / Number(pace);
    const aheadMs = dueMs - (performance.now() - start);
    if (aheadMs > 0) await sleep(aheadMs);
  };
}

const barWidth = 40;

function bar(checked: number, size: number): string {
  const done = Math.round((barWidth * checked) / size);
  const line = `[${"#".repeat(done)}${" ".repeat(barWidth - done)}] ${checked.toLocaleString("en")} of ${size.toLocaleString("en")} events`;
  return checked >= size ? `${" ".repeat(line.length)}\r` : line;
}

function describe(report: VerificationReport): string {
  const { integrity, completeness } = report;
  const unlisted = integrity.fault_count - integrity.faults.length;
  const lines = [
    `Integrity: ${integrity.verdict === "intact" ? "intact" : "DAMAGED"} (${report.checked_events} of ${report.size} ${basisWords[report.basis]} checked, ${report.checked_checkpoints} checkpoints)`,
    ...integrity.faults.map(({ event, what }) => `  ${event === null ? "" : `event ${event}: `}${what}`),
    ...(unlisted > 0 ? [`  and ${unlisted} more`] : []),
    `Completeness: ${completeness.verdict === "complete" ? "complete" : "INCOMPLETE"}`,
    ...completeness.gaps.map((gap) => `  ${missingWords(gap)}`),
    `Layers: ${report.layers.map(({ name, verdict }) => `${name} ${layerWords[verdict]}`).join(", ")}`,
    ...report.accepted.map(({ event, from, to, reason }) => {
      return `Accepted by event ${event}, whoever appended them: events ${from} to ${to}. ${reason}`;
    }),
    ...(report.verifications === null ? [] : [describePace(report.verifications)]),
    ...(report.basis === "rows"
      ? [`Last event: ${completeness.last_event ?? "none"}. Last signed: ${completeness.last_signed ?? "never"}.`]
      : ["From outside: what the rows say was not read."]),
    ...report.warnings.map((warning) => `Warning: ${warning}`),
    ...report.notes.map((note) => `Note: ${note}`),
    ...(report.keys_are_trusted ? [] : [untrustedWords(report)]),
  ];
  return `${lines.join("\n")}\n`;
}

function describePace({ verdict, last, interval_hours: hours }: VerdictPace): string {
  const newest = `last recorded: ${last ?? "never"}`;
  if (verdict === "present") return `Verifications: every ${hours} hours, ${newest}.`;
  if (verdict === "off") return `Verifications: OFF (ironlog_verify_interval_hours is 0), ${newest}.`;
  return `Verifications: ABSENT for more than three times ${hours} hours, ${newest}.`;
}

const layerWords = { ok: "ok", failed: "FAILED", unchecked: "not checked" } as const;

const basisWords = { rows: "events", leaves: "leaves", hashes: "leaf hashes" } as const;

function untrustedWords({ basis }: VerificationReport): string {
  return basis === "rows"
    ? "Checked with the keys that the database itself names: give --key to check with one kept elsewhere."
    : "Nobody's signature was checked: give --key with the log's key, kept elsewhere.";
}
