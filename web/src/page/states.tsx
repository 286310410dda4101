import { type ReactNode, useEffect, useRef, useState } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ApiProblem, Unreachable } from "../api/request.ts";
import { visible } from "./text/visible.ts";

const patienceMs = 200;

/** Rows of the height that is to come. Nothing for the first moment: what comes at once needs no skeleton. */
export function Skeleton({ lines = 6 }: { readonly lines?: number }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="ui-skeleton" aria-busy="true">
      {isLate && Array.from({ length: lines }, (_, line) => <div key={line} className="ui-skeleton__line" />)}
    </div>
  );
}

interface NoticeProps {
  readonly severity: "negative" | "caution" | "information" | "positive";
  readonly title: string;
  readonly children?: ReactNode;
  /** True where the reader was waiting for it, so that it takes the focus. */
  readonly takesFocus?: boolean;
}

/** A notification in the page. */
export function Notice({ severity, title, children, takesFocus = false }: NoticeProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus) box.current?.focus();
  }, [takesFocus]);
  return (
    <div
      ref={box}
      tabIndex={-1}
      className={`p-notification--${severity}`}
      {...(severity === "negative" && { role: "alert" })}
    >
      <div className="p-notification__content">
        <p className="p-notification__title">{title}</p>
        {children !== undefined && <div className="p-notification__message">{children}</div>}
      </div>
    </div>
  );
}

/** What failed, with the number by which the server's log can be searched, and a way to try again. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const isOfFactor = error instanceof ApiProblem && /^(?:factor|enrolment)_needed$/.test(error.code);
  if (error instanceof ApiProblem && error.status === 403 && !isOfFactor) return <NoPermission />;
  return (
    <Notice severity={error instanceof Unreachable ? "caution" : "negative"} title={messageOf(error)}>
      {error instanceof ApiProblem && error.traceId !== undefined && error.status >= 500 && (
        <p className="u-no-margin--bottom">
          Request <span className="ui-mono">{error.traceId}</span>
        </p>
      )}
      {onRetry !== undefined && (
        <button type="button" className="p-button is-dense u-no-margin--bottom" onClick={onRetry}>
          Try again
        </button>
      )}
    </Notice>
  );
}

/** The sentence of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** For those who came to a page that is not theirs. */
export function NoPermission() {
  return (
    <Notice severity="caution" title="You need to be an administrator or an auditor to see this page.">
      <Link to="/">See your events</Link>
    </Notice>
  );
}

/** For an address that names something that isn't there. */
export function Gone({ what, name }: { readonly what: string; readonly name: string }) {
  return <Notice severity="caution" title={`There is no ${what} '${visible(name)}' now.`} />;
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** What to do next, as the button says it; undefined for those who may not. */
  readonly next?: { readonly words: string; readonly onAct: () => void } | undefined;
}

/** Nothing here: what that means, and the one thing to do next. */
export function Empty({ title, children, next }: EmptyProps) {
  return (
    <div className="u-sv3">
      <p className="p-heading--5 u-no-margin--bottom">{title}</p>
      {children !== undefined && <div className="u-text--muted">{children}</div>}
      {next !== undefined && (
        <button type="button" className="p-button ui-next" onClick={next.onAct}>
          {next.words}
        </button>
      )}
    </div>
  );
}

/** Instead of a table: one that has a head alone, which narrow windows don't show, is none to those who hear it. */
export function NoneMatches({ noun }: { readonly noun: string }) {
  return <p className="u-text--muted">No {noun} matches.</p>;
}

/** Shows what a query brought; a skeleton before, its failure above what was there. */
export function Loaded<Data>({
  query,
  children,
}: {
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
}) {
  const { data, error, failureReason, refetch } = query;
  // What is still tried again is told from the first failure on.
  const failure = error ?? failureReason;
  return (
    <>
      {failure !== null && <Failure error={failure} onRetry={() => void refetch()} />}
      {data === undefined ? failure === null && <Skeleton /> : children(data)}
    </>
  );
}
