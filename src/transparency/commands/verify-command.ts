import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openForReading } from "../../database/reading.ts";
import { Refusal } from "../../refusal.ts";
import { findErrorCode, misuse } from "../../terminal/exit.ts";
import { readFirstLine } from "../../terminal/secret-input.ts";
import { print, printError, redrawLine } from "../../terminal/print.ts";
import { parseCheckpoint } from "../../verifiable-log/checkpoint.ts";
import { parseNote } from "../../verifiable-log/signed-note.ts";
import { checkpointFileOf, readCheckpointFile } from "../signing/checkpoint-file.ts";
import type { KeptCheckpoint } from "../verification/checkpoint-check.ts";
import { refuseWords } from "./key-commands.ts";
import type { LogCall, LogSubcommand } from "./log-subcommand.ts";
import { readLogKey } from "../signing/log-key.ts";
import { parseTrustedKeys } from "../verification/trusted-keys.ts";
import { verifyRemoteLog } from "../verification/remote-verification.ts";
import { verifyLog } from "../verification/verification.ts";
import type { VerificationReport } from "../verification/verification-report.ts";

/** Exit statuses of `log verify`: it could not be verified is another thing than that it is wrong. */
const verdictStatus = { good: 0, bad: 1 } as const;

/** `log verify`: everything again, from the rows. */
export const verifyCommand: LogSubcommand = {
  usage: "log verify [--since FILE] [--key KEY] [--json] [--url URL [--apikey KEY]]",
  summary: "Verify the log: every event, the tree, every checkpoint.",
  help: `Reads every stored row and computes all hashes again. Changes nothing; works beside a running
server, and on a read-only copy. Two verdicts: integrity (what is there is what was recorded) and
completeness (all of it is there). Exit status: 0 both are good, 1 one isn't, 2 it could not be
verified.

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
  --pace N
      At most N events a second, to leave room for others.
  --json
      Print the result as JSON.`,
  own: { since: "text", key: "text", url: "text", apikey: "text", pace: "text", json: "flag", progress: "flag" },
  async run(call) {
    refuseWords(call.words);
    const report = await verify(call);
    const isGood = report.integrity.verdict === "intact" && report.completeness.verdict === "complete";
    await print(call.own.has("json") ? `${JSON.stringify(report, null, 2)}\n` : describe(report));
    return isGood ? verdictStatus.good : verdictStatus.bad;
  },
};

async function verify(call: LogCall): Promise<VerificationReport> {
  const { config, own } = call;
  const kept = await keptCheckpoints(call);
  const given = own.get("key");
  const trustedKeys = given === undefined ? undefined : parseTrustedKeys(given).map(({ text }) => text);
  const onProgress = progress(call);
  const url = own.get("url");
  if (url !== undefined) {
    const shown = own.get("apikey");
    const apiKey = shown === "-" ? await readFirstLine(process.stdin) : shown;
    return verifyRemoteLog({ url, apiKey, kept, trustedKeys: trustedKeys ?? [], onProgress });
  }
  await using reading = await openForReading(config.database);
  const beside = trustedKeys ?? (await keysBeside(call));
  const mustBeSigned = trustedKeys !== undefined;
  return await verifyLog(reading, {
    kept,
    onProgress,
    mustBeSigned,
    ...(beside !== undefined && { trustedKeys: beside }),
  });
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
    ...completeness.gaps.map(({ from, to }) =>
      from === to ? `  event ${from} is missing` : `  events ${from} to ${to} are missing`,
    ),
    ...(report.basis === "rows"
      ? [`Last event: ${completeness.last_event ?? "none"}. Last signed: ${completeness.last_signed ?? "never"}.`]
      : ["From outside: what the rows say was not read."]),
    ...(report.keys_are_trusted ? [] : [untrustedWords(report)]),
  ];
  return `${lines.join("\n")}\n`;
}

const basisWords = { rows: "events", leaves: "leaves", hashes: "leaf hashes" } as const;

function untrustedWords({ basis }: VerificationReport): string {
  return basis === "rows"
    ? "Checked with the keys that the database itself names: give --key to check with one kept elsewhere."
    : "Nobody's signature was checked: give --key with the log's key, kept elsewhere.";
}
