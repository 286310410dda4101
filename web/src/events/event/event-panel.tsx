import { useContext, useEffect, useRef } from "react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { addressOf } from "../../api/base.ts";
import { request } from "../../api/request.ts";
import { AsidePanel } from "../../page/aside-panel.tsx";
import { CopyButton } from "../../page/text/copy.tsx";
import { isShortcut } from "../../page/keyboard.ts";
import { Failure, messageOf, Skeleton } from "../../page/states.tsx";
import { announce } from "../../shell/live-region.tsx";
import { logQuery } from "../../transparency/log-query.ts";
import { ProofBadge, useVerdict } from "../../transparency/proof-badge.tsx";
import { ProofSection } from "../../transparency/proof-section.tsx";
import { PrintEventButton } from "../print/print-event-button.tsx";
import { AlertSection } from "./alert-section.tsx";
import { divideDetails } from "./changes.ts";
import { ChangesTable } from "./changes-table.tsx";
import { descriptionOf, type Event, isMirrored, reporterOf } from "./event.ts";
import { Details, Related, What, WhenAndWho } from "./event-fields.tsx";
import { Marked, SoughtContext } from "../search/marked.tsx";
import type { OnFilter } from "../filter/filter-buttons.tsx";
import { grouped } from "../../page/text/grouped.ts";

interface EventPanelProps {
  readonly id: number;
  /** The event as the list holds it, so that it shows at once. */
  readonly held: Event | undefined;
  readonly onClose: () => void;
  /** The next older (1) or newer (-1) one of the list. */
  readonly beside: (id: number, by: 1 | -1) => Promise<Event | undefined>;
  /** What a reader sees who doesn't see everything. */
  readonly seenPart: string | undefined;
  readonly onOpen: (id: number) => void;
  readonly onFilter: OnFilter;
}

/** One event with all that is known of it. */
export function EventPanel({ id, held, beside, seenPart, onClose, onOpen, onFilter }: EventPanelProps) {
  const {
    data: event,
    error,
    refetch,
  } = useQuery({
    queryKey: ["events", "one", id],
    queryFn: ({ signal }) => request("GET /events/{id}", { path: { id }, signal }),
    initialData: held,
    // An event never changes: after this time a row that somebody changed all the same is noticed.
    staleTime: 60_000,
  });
  const step = useMutation({
    mutationFn: (by: 1 | -1) => beside(id, by),
    onSuccess: (next, by) => {
      if (next !== undefined) onOpen(next.id);
      else announce(noneWords(by));
    },
    onError: (failure) => announce(messageOf(failure)),
    scope: { id: "step" },
  });
  const { reset } = step;
  useEffect(reset, [id, reset]);
  useStepKeys(step.mutate);
  return (
    <AsidePanel
      title={`Event ${grouped(id)}`}
      onClose={onClose}
      controls={
        <>
          <button type="button" className="p-button--base has-icon" onClick={() => step.mutate(-1)} title="Newer (p)">
            <i className="p-icon--chevron-left">Newer event</i>
          </button>
          <button type="button" className="p-button--base has-icon" onClick={() => step.mutate(1)} title="Older (n)">
            <i className="p-icon--chevron-right">Older event</i>
          </button>
          <CopyButton text={addressOf(`/?event=${id}`)} what="the link to this event" label="Copy link" />
        </>
      }
    >
      {step.isError && <Failure error={step.error} onRetry={() => step.mutate(step.variables)} />}
      {step.isSuccess && step.data === undefined && <p className="u-text--muted">{noneWords(step.variables)}</p>}
      {error !== null && <Failure error={error} onRetry={() => void refetch()} />}
      {error !== null && seenPart !== undefined && <p>{seenPart}</p>}
      {event === undefined ? (
        error === null && <Skeleton lines={12} />
      ) : (
        <Shown key={id} event={event} onFilter={onFilter} />
      )}
    </AsidePanel>
  );
}

function Shown({ event, onFilter }: { readonly event: Event; readonly onFilter: OnFilter }) {
  const verdict = useVerdict(event, 0);
  const { data: log } = useQuery(logQuery);
  const { changes, rest } = divideDetails(event.details);
  const reporter = reporterOf(event);
  const description = descriptionOf(event);
  const isLong = description.length > longFrom;
  return (
    <>
      <p className="ui-panel__description">
        <Marked text={isLong ? `${description.slice(0, shortLength).trimEnd()}…` : description} />
      </p>
      {reporter !== undefined && (
        <p className="ui-panel__reported">
          {isMirrored(event) ? "Mirrored from" : "Reported by"} <strong>{reporter}</strong>. Ironlog records what{" "}
          {isMirrored(event) ? "that MAAS had recorded" : "was reported"}; it didn't see this happen.
        </p>
      )}
      <div className="ui-panel__badge">
        <a href="#proof" onClick={(pressed) => jump(pressed, "proof")}>
          <ProofBadge event={event} verdict={verdict} />
        </a>
        <PrintEventButton event={event} />
      </div>
      <AlertSection event={event} />
      {changes.length > 0 && (
        <section>
          <h3 className="p-muted-heading">Changes</h3>
          <ChangesTable changes={changes} />
        </section>
      )}
      <WhenAndWho event={event} onFilter={onFilter} />
      <What event={event} onFilter={onFilter} />
      {isLong && <WholeDescription text={description} />}
      <Details event={event} rest={rest} />
      <Related event={event} />
      <ProofSection event={event} verdict={verdict} logKey={log?.log_key} />
    </>
  );
}

/** A description that is longer is folded, with so much of it at the top: changes come before it. */
const [longFrom, shortLength] = [240, 160];

function WholeDescription({ text }: { readonly text: string }) {
  // What was found in it shall be seen.
  const isSought = useContext(SoughtContext) !== undefined;
  return (
    <section>
      <h3 className="p-muted-heading">Description</h3>
      <details open={isSought}>
        <summary>All of it, {grouped(text.length)} characters</summary>
        <p className="ui-panel__whole">
          <Marked text={text} />
        </p>
      </details>
    </section>
  );
}

function noneWords(by: 1 | -1): string {
  return by === 1 ? "No older event matches." : "No newer event matches.";
}

function jump(pressed: React.MouseEvent, id: string): void {
  pressed.preventDefault();
  document.getElementById(id)?.scrollIntoView({ block: "start" });
}

/** `n` and `p` step through the list while the panel is open. */
function useStepKeys(onStep: (step: 1 | -1) => void): void {
  const step = useRef(onStep);
  step.current = onStep;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!isShortcut(event)) return;
      if (event.key === "n") step.current(1);
      if (event.key === "p") step.current(-1);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}
