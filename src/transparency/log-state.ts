import type { Database } from "../database/database.ts";
import type { WorkerDesk } from "../following/workers.ts";
import { nowMicros, rfc3339Micros } from "../time.ts";
import type { SliceGauge } from "../slice.ts";
import { findNewestCheckpoint } from "./queries.ts";
import type { Signer } from "./signing/signer.ts";
import { listVerifications, type StoredVerification } from "./verification/verification-store.ts";

/** What keeps the log in this server. */
export interface LogParts {
  /** Undefined on a server that hasn't the log's key. */
  readonly signer: Signer | undefined;
  readonly workers: WorkerDesk;
}

/** True if the last full pass found nothing. */
export function isGood({ integrity, completeness }: StoredVerification): boolean {
  return integrity === "intact" && completeness === "complete";
}

/**
 * Whether it signs and what the last full pass found, in lines for `/readyz`. Without the details for those whom nobody
 * knows: why it doesn't sign names files, and how many events there are is nobody's but the administrators'.
 */
export async function describeLog(db: Database, { signer }: LogParts, isDetailed: boolean): Promise<readonly string[]> {
  const [newest, [last]] = await Promise.all([findNewestCheckpoint(db), listVerifications(db, 1)]);
  const hasCheckpoint = newest !== undefined;
  if (!isDetailed) {
    const state = signer === undefined ? "no" : signer.trouble === undefined ? "yes" : "NO";
    const found = last === undefined ? "none yet" : foundBy(last);
    return [`signing: ${state}`, `last checkpoint: ${hasCheckpoint ? "yes" : "never"}`, `last verification: ${found}`];
  }
  const signing =
    signer === undefined
      ? "no: this server hasn't the log's key"
      : signer.trouble === undefined
        ? "yes"
        : `NO: ${signer.trouble}`;
  const sealed = !hasCheckpoint ? "never" : `${newest.size} events at ${rfc3339Micros(newest.signed)}`;
  return [`signing: ${signing}`, `last checkpoint: ${sealed}`, `last verification: ${describeLast(last)}`];
}

function describeLast(last: StoredVerification | undefined): string {
  if (last === undefined) return "none yet";
  const ageSeconds = Math.round((nowMicros() - last.finished) / 1_000_000);
  return `${rfc3339Micros(last.finished)}, ${ageSeconds} seconds ago: ${foundBy(last)}`;
}

function foundBy(last: StoredVerification): string {
  return `${last.integrity}, ${last.completeness}${isGood(last) ? "" : " (NOT what was recorded)"}`;
}

/** The same for Prometheus. */
export function logGauges(db: Database, { signer }: LogParts): readonly SliceGauge[] {
  const ageSeconds = (micros: number | undefined): number | undefined =>
    micros === undefined ? undefined : (nowMicros() - micros) / 1_000_000;
  const last = async (): Promise<StoredVerification | undefined> => (await listVerifications(db, 1))[0];
  return [
    [
      "ironlog_signing",
      "1 if this server signs checkpoints, or will when the one stops that does.",
      async () => signing(signer),
    ],
    [
      "ironlog_sealed_events",
      "Events that the last checkpoint covers.",
      async () => (await findNewestCheckpoint(db))?.size,
    ],
    [
      "ironlog_checkpoint_age_seconds",
      "How long ago the last checkpoint was signed.",
      async () => ageSeconds((await findNewestCheckpoint(db))?.signed),
    ],
    [
      "ironlog_verification_age_seconds",
      "How long ago the last full verification ended.",
      async () => ageSeconds((await last())?.finished),
    ],
    [
      "ironlog_verification_good",
      "1 if the last full verification found the log intact and complete.",
      async () => {
        const found = await last();
        return found === undefined ? undefined : Number(isGood(found));
      },
    ],
  ];
}

function signing(signer: Signer | undefined): number {
  return Number(signer !== undefined && signer.trouble === undefined);
}
