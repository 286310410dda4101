import { useEffect, useSyncExternalStore } from "react";
import { isMirrored, reporterOf } from "../events/event/event.ts";
import { unwantVerdict, verdictOf, wantVerdict, subscribeToVerdicts } from "./proofs.ts";
import type { ShownEvent } from "./verification/recorded-event.ts";
import type { Verdict } from "./verification/verify-event.ts";

/** A row is checked once somebody has had it before them for so long, not while it flies past. */
const glanceMs = 500;
/** How often an event that no checkpoint covers yet is asked about. */
const checkpointMs = 2_000;

/** What this browser has found of an event; asks for it while the event is shown. */
export function useVerdict(event: ShownEvent, delayMs: number): Verdict | undefined {
  const verdict = useSyncExternalStore(subscribeToVerdicts, () => verdictOf(event.id));
  const isUnsealed = verdict?.state === "not-sealed";
  useEffect(() => {
    const timer = setTimeout(() => wantVerdict(event), isUnsealed ? checkpointMs : delayMs);
    return () => {
      clearTimeout(timer);
      unwantVerdict(event.id);
    };
  }, [event, delayMs, isUnsealed, verdict]);
  return verdict;
}

/** In a list: a tick only where this browser has checked, a dot before. */
export function ProofMark({ event }: { readonly event: ShownEvent }) {
  const verdict = useVerdict(event, glanceMs);
  switch (verdict?.state) {
    case "verified":
      return (
        <i className={`p-icon--${verifiedIcon(event)}`} title={verdictWords(verdict, event)}>
          {verdictWords(verdict, event)}
        </i>
      );
    case "broken":
      return <i className="p-icon--security-error">{verdictWords(verdict, event)}</i>;
    case undefined:
    case "not-sealed":
    case "could-not-check":
      return (
        <span className="u-text--muted" title={verdictWords(verdict, event)}>
          <span aria-hidden="true">·</span>
          <span className="u-off-screen">{verdictWords(verdict, event)}</span>
        </span>
      );
  }
}

/** In the panel: the same in words. */
export function ProofBadge({ event, verdict }: { readonly event: ShownEvent; readonly verdict: Verdict | undefined }) {
  const [kind, icon] =
    verdict?.state === "verified" && reporterOf(event) !== undefined
      ? (["p-chip", verifiedIcon(event)] as const)
      : looks[verdict?.state ?? "checking"];
  return (
    <span className={`${kind} is-readonly`} {...(verdict?.state === "broken" && { role: "alert" })}>
      {icon !== undefined && <i className={`p-icon--${icon}`} aria-hidden="true" />}
      <span className="p-chip__value">{verdictWords(verdict, event)}</span>
    </span>
  );
}

/** A tick would say that it is true: of a report it is only known who said so. */
function verifiedIcon(event: ShownEvent): string {
  return reporterOf(event) === undefined ? "security-tick" : "comments";
}

const looks: Readonly<Record<Verdict["state"] | "checking", readonly [string, string | undefined]>> = {
  checking: ["p-chip", "spinner u-animation--spin"],
  "not-sealed": ["p-chip", undefined],
  verified: ["p-chip--positive", "security-tick"],
  "could-not-check": ["p-chip--caution", "security-warning"],
  broken: ["p-chip--negative", "security-error"],
};

/** A verdict in a few words. Of what others have reported it says no more than that the report is unchanged. */
export function verdictWords(verdict: Verdict | undefined, event: ShownEvent): string {
  const reporter = reporterOf(event);
  switch (verdict?.state) {
    case undefined:
      return "Checking…";
    case "not-sealed":
      return "Not sealed yet";
    case "verified":
      if (reporter === undefined) return "Verified in this browser";
      return `${isMirrored(event) ? "Mirrored from" : "Reported by"} ${reporter}, unchanged since`;
    case "could-not-check":
      return "Could not check";
    case "broken":
      return "Does not match the log";
  }
}
