import { useQuery } from "@tanstack/react-query";
import { request } from "../../api/request.ts";
import { EventLink, EventsLink } from "../../events/event-link.tsx";
import { Loaded } from "../../page/states.tsx";
import { Time } from "../../page/text/time.tsx";
import { visible } from "../../page/text/visible.ts";

/** What changes how far the log can be trusted, or says that something was wrong. A verification that finds nothing isn't among it. */
const told = [
  "log.key.create",
  "log.identity.renew",
  "log.append.key.use",
  "log.append.accept",
  "log.move",
  "log.import",
  "log.restore",
  "log.sign.stop",
  "log.sign.resume",
  "log.verify.overrun",
  "state.mismatch",
  "search.fault",
  "clock.step",
] as const;
const shownMax = 20;

/** What has happened to the log itself, newest first: keys, moves, restores, stops, and what was found to be wrong. */
export function LogHistory() {
  const events = useQuery({
    queryKey: ["log", "history"],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams([
        ...told.map((action): [string, string] => ["action", action]),
        ["source", "ironlog"],
        ["limit", String(shownMax)],
      ]);
      return request("GET /events", { query, signal });
    },
  });
  return (
    <section className="ui-section" aria-labelledby="log-history-heading">
      <h2 id="log-history-heading" className="p-heading--5">
        What has happened to the log
      </h2>
      <Loaded query={events}>
        {({ items, older }) =>
          items.length === 0 ? (
            <p>Nothing yet.</p>
          ) : (
            <>
              <ol className="ui-timeline">
                {items.map(({ id, created, description }) => (
                  <li key={id}>
                    <Time value={created} /> {visible(description ?? "")} <EventLink id={id} />
                  </li>
                ))}
              </ol>
              {older !== null && <EventsLink filter={`action:${told.join(",")} source:ironlog`} of="the log itself" />}
            </>
          )
        }
      </Loaded>
    </section>
  );
}
