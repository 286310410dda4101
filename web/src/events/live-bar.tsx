import { useEffect, useState } from "react";
import { clockTime } from "../page/time.tsx";
import { type Live, waitingWords } from "./use-live.ts";

interface LiveBarProps {
  readonly live: Live;
  readonly onShow: () => void;
  readonly isLive: boolean;
  readonly readAt: Date | undefined;
  readonly isRebased: boolean;
  readonly onNewest: () => void;
}

/** Between histogram and list: what waits, that the connection is lost, that the list doesn't begin at the newest. */
export function LiveBar({ live, onShow, isLive, readAt, isRebased, onNewest }: LiveBarProps) {
  const seconds = useSecondsUntil(live.retryAt);
  if (live.retryAt !== undefined) {
    return (
      <div className="ui-bar is-caution">
        Not connected.{readAt !== undefined && ` Showing events up to ${clockTime(readAt)}.`} Retrying in {seconds}{" "}
        {seconds === 1 ? "second" : "seconds"}.
      </div>
    );
  }
  if (isLive && live.waiting > 0) {
    return (
      <div className="ui-bar">
        Paused. {waitingWords(live.waiting)}.{" "}
        <button type="button" className="p-button--link u-no-margin" onClick={onShow}>
          Show
        </button>
      </div>
    );
  }
  if (!isRebased) return null;
  return (
    <div className="ui-bar">
      Newer events were left out of the list.{" "}
      <button type="button" className="p-button--link u-no-margin" onClick={onNewest}>
        To the newest
      </button>
    </div>
  );
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
