import { apiUrl, ApiProblem, requestText } from "../api/request.ts";
import { Listeners } from "../page/listeners.ts";
import { queryClient } from "../query-client.ts";
import type { ShownEvent } from "./verification/recorded-event.ts";
import { logQuery } from "./log-query.ts";
import { type Consistency, checkConsistency } from "./verification/known-log.ts";
import { hasCheckpoint, memory, readTile, trustedLog } from "./verification/trust.ts";
import { unproved, type Verdict, verifyEvent } from "./verification/verify-event.ts";

/** Proofs that are fetched at once. */
const lanes = 4;

/** What this browser has found, by event: a proof that has held holds for ever. */
const verdicts = new Map<number, Verdict>();
const waiting = new Map<number, ShownEvent>();
const listeners = new Listeners();
let busy = 0;

/** Calls back whenever a verdict has come. */
export const subscribeToVerdicts = listeners.subscribe;

/** What this browser has found of an event; undefined while it hasn't looked. */
export function verdictOf(id: number): Verdict | undefined {
  return verdicts.get(id);
}

/** Asks for an event to be checked, in its turn. */
export function wantVerdict(event: ShownEvent): void {
  if (isSettled(verdicts.get(event.id))) return;
  waiting.set(event.id, event);
  work();
}

/** Takes back what hasn't begun. */
export function unwantVerdict(id: number): void {
  waiting.delete(id);
}

/** Checks again what couldn't be checked, or wasn't sealed yet. */
export function checkAgain(event: ShownEvent): void {
  verdicts.delete(event.id);
  listeners.tell();
  wantVerdict(event);
}

/** The proof of an event, as the server gives it: C2SP tlog-proof. */
export function proofUrl(id: number): string {
  return apiUrl("/events/{id}/proof", { path: { id } });
}

function isSettled(verdict: Verdict | undefined): boolean {
  return verdict !== undefined && verdict.state !== "not-sealed" && verdict.state !== "could-not-check";
}

function work(): void {
  while (busy < lanes) {
    const [next] = waiting;
    if (next === undefined) return;
    const [id, event] = next;
    waiting.delete(id);
    busy += 1;
    void check(event)
      .then((verdict) => verdicts.set(id, verdict))
      .finally(() => {
        busy -= 1;
        listeners.tell();
        work();
      });
  }
}

/** A break is only said after all was asked for once more: a renewal of the log's name in between looks like one. */
async function check(event: ShownEvent): Promise<Verdict> {
  const verdict = await checkOnce(event);
  if (verdict.state !== "broken") return verdict;
  await queryClient.invalidateQueries({ queryKey: logQuery.queryKey, exact: true });
  return checkOnce(event);
}

async function checkOnce(event: ShownEvent): Promise<Verdict> {
  try {
    const log = await queryClient.ensureQueryData(logQuery);
    const trusted = trustedLog(log);
    if (trusted === undefined || !hasCheckpoint(log)) return { state: "not-sealed" };
    let verdict: Verdict | undefined;
    const meeting = await checkConsistency(
      memory,
      async () => {
        verdict = await verifyEvent(event, await requestText(proofUrl(event.id)), trusted);
        if (!("checkpoint" in verdict)) throw new NoCheckpoint();
        return { ...trusted, checkpoint: verdict.checkpoint };
      },
      readTile,
    ).catch((error: unknown) => {
      if (error instanceof NoCheckpoint) return undefined;
      throw error;
    });
    return verdict === undefined ? { state: "not-sealed" } : withMeeting(verdict, meeting);
  } catch (error) {
    if (error instanceof ApiProblem) return unproved(error.code, error.message);
    return { state: "could-not-check", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The proof has shown no checkpoint that could be held against what is known. */
class NoCheckpoint extends Error {}

/** A proof holds only if its checkpoint goes with what this browser has seen of the log. */
function withMeeting(verdict: Verdict, meeting: Consistency | undefined): Verdict {
  if (meeting?.state === "broken") {
    const steps = "steps" in verdict ? verdict.steps : [];
    return { state: "broken", step: "signature", says: meeting.says, steps };
  }
  return meeting?.state === "could-not-check" ? { state: "could-not-check", reason: meeting.reason } : verdict;
}
