import { useEffect, useState } from "react";
import { clockTime, localTime } from "../../page/text/time.tsx";
import type { Order, SearchedTo } from "./event-reader.ts";
import type { Shown } from "./shown.ts";
import { type Live, waitingWords } from "./use-live.ts";
import { counted, grouped } from "../../page/text/grouped.ts";

interface ListBarProps {
  readonly live: Live;
  readonly isLive: boolean;
  /** Why what should be live can't be; undefined where it is or shouldn't. */
  readonly liveRefusal: string | undefined;
  readonly shown: Shown;
  readonly order: Order;
  /** From when the list was to begin. */
  readonly at: string | undefined;
  /** The filter that the list answers, where another one is typed and can't be read; undefined otherwise. */
  readonly answered: string | undefined;
  readonly onShow: () => void;
  readonly onStop: () => void;
  readonly onSearchOn: () => void;
  readonly onUp: () => void;
  readonly onNewest: () => void;
}

/** At the foot of the list: what it doesn't show, and why. */
export function ListBar(props: ListBarProps) {
  const { live, isLive, liveRefusal, shown, order, at, answered, onShow, onStop, onSearchOn, onUp, onNewest } = props;
  const { readAt, isRebased, isLoading, isStopped, searchedTo, rowCount } = shown;
  const seconds = useSecondsUntil(live.retryAt);
  if (live.retryAt !== undefined) {
    return (
      <div className="ui-bar is-caution">
        Not connected.{readAt !== undefined && ` Showing events up to ${clockTime(readAt)}.`} Retrying in{" "}
        {counted(seconds, "second")}.
      </div>
    );
  }
  if (answered !== undefined) {
    return (
      <div className="ui-bar is-caution">
        The list still answers the filter before: <span className="ui-mono">{answered === "" ? "none" : answered}</span>
      </div>
    );
  }
  if (searchedTo !== undefined && (isLoading || isStopped)) {
    return (
      <div className="ui-bar">
        {isLoading ? "Searching. Got to" : "The search was stopped at"} {placeWords(searchedTo)}, {grouped(rowCount)}{" "}
        found so far. <BarButton words={isLoading ? "Stop" : "Search on"} onClick={isLoading ? onStop : onSearchOn} />
      </div>
    );
  }
  if (isLive && live.waiting > 0) {
    return (
      <div className="ui-bar">
        Paused. {waitingWords(live.waiting)}. <BarButton words="Show" onClick={onShow} />
      </div>
    );
  }
  if (liveRefusal !== undefined) return <div className="ui-bar">{liveRefusal}</div>;
  if (searchedTo !== undefined && shown.indexedTo !== undefined) {
    return (
      <div className="ui-bar">
        More may match {order === "oldest" ? "after" : "before"} {placeWords(searchedTo)}.{" "}
        <BarButton words="Search on" onClick={onSearchOn} />
      </div>
    );
  }
  if (shown.isBeyond && at !== undefined && rowCount > 0) {
    return (
      <div className="ui-bar">
        No event of this filter is at {localTime(at)} or {order === "oldest" ? "later" : "earlier"}. These are the{" "}
        {order}.
      </div>
    );
  }
  if (!isRebased || readAt === undefined) return null;
  return (
    <div className="ui-bar">
      {order === "oldest" ? "Older" : "Newer"} events are not in this list.{" "}
      <BarButton words={order === "oldest" ? "Show older" : "Show newer"} onClick={onUp} />{" "}
      <BarButton words={`To the ${order}`} onClick={onNewest} />
    </div>
  );
}

function BarButton({ words, onClick }: { readonly words: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="p-button--link u-no-margin" onClick={onClick}>
      {words}
    </button>
  );
}

/** How far a search has come: a time, or the place in the log where no event near is the reader's. */
function placeWords({ id, created }: SearchedTo): string {
  return created === null ? `event ${grouped(id)}` : localTime(created);
}

function useSecondsUntil(time: Date | undefined): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (time === undefined) return undefined;
    const count = (): void => setSeconds(Math.max(0, Math.ceil((time.getTime() - Date.now()) / 1_000)));
    count();
    const timer = setInterval(count, 500);
    return () => clearInterval(timer);
  }, [time]);
  return seconds;
}
