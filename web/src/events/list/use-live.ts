import { useEffect, useRef, useState } from "react";
import { sessionQuery } from "../../accounts/session.ts";
import { apiUrl, request } from "../../api/request.ts";
import { queryClient } from "../../query-client.ts";
import { announce } from "../../shell/live-region.tsx";
import type { Event } from "../event/event.ts";
import type { EventStore } from "./event-store.ts";

/** Events are gathered for so long, so that a busy log is drawn a few times a second and no more. */
const batchMs = 250;
/** Beyond this many that wait, the list is read anew instead. */
const waitingMax = 1_000;
const announceEveryMs = 10_000;
const retryMs = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

interface LiveParts {
  readonly store: EventStore;
  readonly query: URLSearchParams;
  /** Whether somebody has asked for it. */
  readonly isOn: boolean;
  /** True while nothing may move: the list is scrolled, the panel is open, text is selected. */
  readonly isHeld: boolean;
  /** Reads the list anew. */
  readonly onReload: () => void;
}

/** What live mode says of itself. */
export interface Live {
  /** Events that have come and wait to be shown. */
  readonly waiting: number;
  /** When the connection will be tried again; undefined unless it is lost. */
  readonly retryAt: Date | undefined;
  /** Shows what waits. */
  readonly show: () => void;
}

/** Adds events to the store as they are recorded, in batches, while the tab is visible. */
export function useLive({ store, query, isOn, isHeld, onReload }: LiveParts): Live {
  const [waiting, setWaiting] = useState(0);
  const [retryAt, setRetryAt] = useState<Date>();
  const buffer = useRef<Event[]>([]);
  const held = useRef(isHeld);
  held.current = isHeld;
  const isVisible = useIsVisible();
  const search = query.toString();

  const show = (): void => {
    const events = buffer.current;
    buffer.current = [];
    setWaiting(0);
    if (events.length >= waitingMax) onReload();
    else store.prepend(events);
  };

  useEffect(() => {
    buffer.current = [];
    setWaiting(0);
    setRetryAt(undefined);
  }, [store]);

  useEffect(() => {
    if (!isOn || !isVisible) return undefined;
    let source: EventSource | undefined;
    let attempts = 0;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const open = async (): Promise<void> => {
      // Not before the list has begun: what comes in between is then neither missed nor there twice.
      await store.begin();
      let after = buffer.current.at(-1)?.id ?? store.shown().newestId;
      if (after === undefined) {
        const { size, events } = await readSoFar(search);
        if (isOver) return;
        buffer.current = events;
        after = size;
      }
      if (isOver) return;
      const from = new URLSearchParams(search);
      from.set("after", String(after));
      source = new EventSource(apiUrl("/events/stream", { query: from }));
      source.addEventListener("open", () => {
        attempts = 0;
        setRetryAt(undefined);
      });
      source.addEventListener("event", (message: MessageEvent<string>) => {
        if (buffer.current.length < waitingMax) buffer.current.push(JSON.parse(message.data) as Event);
      });
      // Why it ended shows when the session is asked for.
      source.addEventListener("end", () => void again());
      source.addEventListener("error", () => void again());
    };
    const again = async (): Promise<void> => {
      source?.close();
      if (isOver) return;
      const wait = retryMs[Math.min(attempts, retryMs.length - 1)] ?? 30_000;
      attempts += 1;
      setRetryAt(new Date(Date.now() + wait));
      clearTimeout(retry);
      retry = setTimeout(() => void start(), wait);
      // An EventSource hides the status: this tells a session that has ended from an outage.
      await queryClient
        .fetchQuery({ queryKey: ["session", "check"], queryFn: whoAmI, retry: false, gcTime: 0 })
        // Somebody who was demoted sees less from now on, in the navigation too.
        .then((user) => queryClient.setQueryData(sessionQuery.queryKey, user))
        .catch(() => {});
    };
    let isOpening = false;
    const start = async (): Promise<void> => {
      if (isOpening) return;
      isOpening = true;
      await open()
        .catch(() => again())
        .finally(() => {
          isOpening = false;
        });
    };
    const reconnect = (): void => {
      clearTimeout(retry);
      if (source === undefined || source.readyState === EventSource.CLOSED) void start();
    };
    addEventListener("online", reconnect);
    void start();
    return () => {
      isOver = true;
      setRetryAt(undefined);
      source?.close();
      clearTimeout(retry);
      removeEventListener("online", reconnect);
    };
  }, [isOn, isVisible, search, store]);

  useEffect(() => {
    if (!isOn) return undefined;
    let toldAt = 0;
    const timer = setInterval(() => {
      if (buffer.current.length === 0) return;
      if (!held.current && String(getSelection()) === "" && buffer.current.length < waitingMax) {
        store.prepend(buffer.current);
        buffer.current = [];
        setWaiting(0);
        return;
      }
      setWaiting(buffer.current.length);
      if (Date.now() - toldAt < announceEveryMs) return;
      toldAt = Date.now();
      announce(`Paused. ${waitingWords(buffer.current.length)}.`);
    }, batchMs);
    return () => clearInterval(timer);
  }, [isOn, store]);

  return { waiting, retryAt, show };
}

/** How many wait: `37 new events`. */
export function waitingWords(waiting: number): string {
  return `${waiting >= waitingMax ? "999+" : waiting} new ${waiting === 1 ? "event" : "events"}`;
}

async function whoAmI() {
  return request("GET /session");
}

/** Where a stream begins for a list without events, and what has matched since that was found empty. */
async function readSoFar(search: string): Promise<{ readonly size: number; readonly events: Event[] }> {
  const { size } = await request("GET /log");
  const { items } = await request("GET /events", { query: new URLSearchParams(search) });
  return { size, events: items.filter(({ id }) => id <= size).toReversed() };
}

function useIsVisible(): boolean {
  const [isVisible, setVisible] = useState(document.visibilityState === "visible");
  useEffect(() => {
    const look = (): void => setVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return isVisible;
}
