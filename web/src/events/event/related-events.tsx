import { useEffect, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { request } from "../../api/request.ts";
import { Failure, Skeleton } from "../../page/states.tsx";
import { Time } from "../../page/text/time.tsx";
import { descriptionOf, type Event, originWords } from "./event.ts";
import { factsOf, type FilterKey } from "../filter/filter-keys.ts";
import { recordedValue } from "../filter/values/beginnings.ts";
import { printFilter } from "../filter/filter-language.ts";

const aroundEach = 5;

interface RelatedEventsProps {
  readonly title: string;
  readonly event: Event;
  readonly filter: FilterKey;
  readonly value: string;
}

/** What else there was, around the event; read when somebody scrolls there. */
export function RelatedEvents({ title, event, filter, value: recorded }: RelatedEventsProps) {
  const value = recordedValue(filter, recorded);
  const section = useRef<HTMLElement>(null);
  const { parameter } = factsOf(filter);
  const isSeen = useIsSeen(section);
  const {
    data: events,
    error,
    refetch,
  } = useQuery({
    queryKey: ["events", "around", event.id, parameter, value],
    queryFn: ({ signal }) => readAround(event.id, parameter, value, signal),
    enabled: isSeen,
  });
  const others = events?.filter(({ id }) => id !== event.id);
  const id = `related-${filter}`;
  return (
    <section ref={section} aria-labelledby={id}>
      <h3 id={id} className="p-muted-heading">
        {title}
      </h3>
      {error !== null && <Failure error={error} onRetry={() => void refetch()} />}
      {others === undefined ? (
        error === null && <Skeleton lines={3} />
      ) : others.length === 0 ? (
        <p className="u-text--muted">No others.</p>
      ) : (
        <>
          <ul className="p-list ui-related">
            {others.map((other) => (
              <li key={other.id} className="p-list__item">
                <Link to="." search={(now) => ({ ...now, event: other.id })} replace state={true}>
                  <Time value={other.created} /> {descriptionOf(other)}
                  <Reported event={other} />
                </Link>
              </li>
            ))}
          </ul>
          <p>
            <Link to="/" search={{ q: printFilter([{ key: filter, value, isExcluded: false }]) }}>
              All of them
            </Link>
          </p>
        </>
      )}
    </section>
  );
}

function Reported({ event }: { readonly event: Event }) {
  const origin = originWords(event);
  return origin === undefined ? null : <span className="ui-reported"> {origin}</span>;
}

async function readAround(
  id: number,
  parameter: string,
  value: string,
  signal: AbortSignal,
): Promise<readonly Event[]> {
  const ask = (place: "before" | "after") =>
    request("GET /events", {
      query: new URLSearchParams({ [parameter]: value, [place]: String(id), limit: String(aroundEach) }),
      signal,
    });
  const [newer, older] = await Promise.all([ask("after"), ask("before")]);
  return [...newer.items, ...older.items];
}

function useIsSeen(section: React.RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (section.current === null) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    observer.observe(section.current);
    return () => observer.disconnect();
  }, [section]);
  return isSeen;
}
