import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import type { Worker } from "../../following/worker.ts";
import { Refusal } from "../../refusal.ts";
import { oneLine } from "../verification/one-line.ts";
import { isStopRecorded, recordSignResume, recordSignStop } from "./sign-actions.ts";
import type { Signer } from "./signer.ts";

const lookMs = 1_000;

/**
 * Records when signing stops and when it goes on: once each, not at each attempt. A worker beside the signer, which goes on
 * until the last event is signed and so records none itself.
 */
export function signingEvents(
  db: Database,
  signer: Pick<Signer, "lastingTrouble" | "isSigning">,
  machine: Actor,
): Worker {
  /** What this server has told of its own trouble. Another server that signs may tell of a resume meanwhile. */
  let told: string | undefined;
  return {
    name: "signing-events",
    runs: "everyServer",
    pauseMs: lookMs,
    complaint: "could not record that signing has stopped or goes on",
    async turn() {
      const trouble = signer.lastingTrouble;
      if (trouble === undefined) {
        told = undefined;
        if (signer.isSigning && (await isStopRecorded(db)))
          await unlessTold(perform(db, machine, recordSignResume, undefined));
      } else if (trouble !== told) {
        await unlessTold(perform(db, machine, recordSignStop, { reason: oneLine(trouble).replace(/\.$/, "") }));
        told = trouble;
      }
      return "pause";
    },
  };
}

/** Another server may have told of it; a log that was moved takes no events. */
async function unlessTold(recorded: Promise<unknown>): Promise<void> {
  try {
    await recorded;
  } catch (error) {
    if (!(error instanceof Refusal && (error.code === "conflict" || error.code === "moved"))) throw error;
  }
}
