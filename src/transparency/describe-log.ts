import { sharedLook } from "../http/shared-look.ts";
import type { Database } from "../database/database.ts";
import { nowMicros, rfc3339Micros } from "../time.ts";
import type { SliceGauge } from "../slice.ts";
import { judgeLog, type LogParts, type LogState, newer } from "./log-state.ts";
import type { Signer } from "./signing/signer.ts";
import type { RecordedVerdict } from "./verdicts/recorded-verdicts.ts";
import { isGood } from "./verdicts/verdict.ts";

/**
 * Whether it signs and what the last full pass found, in lines for `/readyz`. Without the details for those whom nobody
 * knows: why it doesn't sign names files, and how many events there are is nobody's but the administrators'.
 */
export function describeLog({ signer }: LogParts, { checkpoint, verdict }: LogState, isDetailed: boolean) {
  const hasCheckpoint = checkpoint !== undefined;
  if (!isDetailed) {
    const state = signer === undefined ? "no" : signer.trouble === undefined ? "yes" : "NO";
    const found = verdict === undefined ? "none yet" : foundBy(verdict);
    return [`signing: ${state}`, `last checkpoint: ${hasCheckpoint ? "yes" : "never"}`, `last verification: ${found}`];
  }
  const signing =
    signer === undefined
      ? "no: this server hasn't the log's key"
      : signer.trouble === undefined
        ? "yes"
        : `NO: ${signer.trouble}`;
  const sealed = !hasCheckpoint ? "never" : `${checkpoint.size} events at ${rfc3339Micros(checkpoint.signed)}`;
  return [`signing: ${signing}`, `last checkpoint: ${sealed}`, `last verification: ${describeLast(verdict)}`];
}

/** What is known of the log without its database: a verdict that could not be recorded. */
export function describeUnrecorded({ unrecorded }: LogParts): readonly string[] {
  const verdict = newer(undefined, unrecorded);
  return verdict === undefined ? [] : [`last verification: ${foundBy(verdict)}`];
}

function describeLast(verdict: RecordedVerdict | undefined): string {
  if (verdict === undefined) return "none yet";
  const { finished, reason } = verdict;
  const ageSeconds = Math.round((nowMicros() - finished) / 1_000_000);
  const why = reason === null ? "" : `: ${reason}`;
  return `${rfc3339Micros(finished)}, ${ageSeconds} seconds ago: ${foundBy(verdict)}${why}`;
}

function foundBy(verdict: RecordedVerdict): string {
  const where = verdict.event === null && verdict.isAsRecorded ? ", not recorded in the log" : "";
  if (verdict.reason !== null) return `COULD NOT VERIFY${where}`;
  if (!verdict.isAsRecorded) return "the verdict is NOT what was recorded";
  const { integrity, completeness } = verdict;
  return `${integrity}, ${completeness}${isGood(verdict) ? "" : " (NOT what was recorded)"}${where}`;
}

/** The same for Prometheus. */
export function logGauges(db: Database, parts: LogParts): readonly SliceGauge[] {
  const ageSeconds = (micros: number | undefined): number | undefined =>
    micros === undefined ? undefined : (nowMicros() - micros) / 1_000_000;
  const look = sharedLook(() => judgeLog(db, parts));
  return [
    [
      "ironlog_signing",
      "1 if this server signs checkpoints, or will when the one stops that does.",
      async () => signing(parts.signer),
    ],
    ["ironlog_sealed_events", "Events that the last checkpoint covers.", async () => (await look()).checkpoint?.size],
    [
      "ironlog_checkpoint_age_seconds",
      "How long ago the last checkpoint was signed.",
      async () => ageSeconds((await look()).checkpoint?.signed),
    ],
    [
      "ironlog_verification_age_seconds",
      "How long ago the last full verification ended.",
      async () => ageSeconds((await look()).verdict?.finished),
    ],
    [
      "ironlog_verification_good",
      "1 if the last full verification could be done, found the log intact and complete, and was recorded.",
      async () => {
        const { isVerified } = await look();
        return isVerified === undefined ? undefined : Number(isVerified);
      },
    ],
  ];
}

function signing(signer: Signer | undefined): number {
  return Number(signer !== undefined && signer.trouble === undefined);
}
