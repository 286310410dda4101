import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { EventLink } from "../events/event-link.tsx";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { Loaded } from "../page/states.tsx";
import { grouped } from "../page/text/grouped.ts";
import { sentence } from "../page/text/sentence.ts";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { deadLettersQuery, type Destination, refreshDestinations } from "./destination.ts";

interface Order {
  readonly does: "resend" | "drop";
  /** Undefined for all. */
  readonly event: number | undefined;
}

interface DeadLettersProps {
  readonly destination: Destination;
  readonly mayChange: boolean;
}

const refetchMs = 5_000;

/** The events that a destination refused for good, and what can be done with them. */
export function DeadLetters({ destination, mayChange }: DeadLettersProps) {
  const { name, dead_letters: count } = destination;
  const [order, setOrder] = useState<Order>();
  const letters = useInfiniteQuery({ ...deadLettersQuery(name), refetchInterval: refetchMs });
  const ask = (does: Order["does"], event?: number) => () => setOrder({ does, event });
  return (
    <section className="ui-section" aria-labelledby="dead-letters">
      <h3 id="dead-letters" className="p-muted-heading">
        Dead letters
      </h3>
      <p>
        The receiver refused {count === 1 ? "this event" : `these ${grouped(count)} events`} for good. Everything behind
        them was sent.
      </p>
      {mayChange && (
        <div className="ui-form__buttons">
          <Button onClick={ask("resend")}>Send all again</Button>
          <Button onClick={ask("drop")}>Drop all</Button>
        </div>
      )}
      <Loaded query={letters}>
        {({ pages }) => (
          <ul className="p-list--divided">
            {pages
              .flatMap(({ items }) => items)
              .map(({ event, why, tries, noted }) => (
                <li key={event} className="p-list__item">
                  <EventLink id={event} />: {visible(sentence(why))}
                  <div className="u-text--muted">
                    {tries === 1 ? "One try" : `${grouped(tries)} tries`}, <Time value={noted} />
                  </div>
                  {mayChange && (
                    <>
                      <Button dense onClick={ask("resend", event)}>
                        Send again<span className="u-off-screen"> event {grouped(event)}</span>
                      </Button>
                      <Button dense onClick={ask("drop", event)}>
                        Drop<span className="u-off-screen"> event {grouped(event)}</span>
                      </Button>
                    </>
                  )}
                </li>
              ))}
          </ul>
        )}
      </Loaded>
      {letters.hasNextPage && (
        <Button disabled={letters.isFetchingNextPage} onClick={() => void letters.fetchNextPage()}>
          Show more
        </Button>
      )}
      {order !== undefined && (
        <OrderQuestion destination={destination} order={order} onClose={() => setOrder(undefined)} />
      )}
    </section>
  );
}

interface OrderQuestionProps {
  readonly destination: Destination;
  readonly order: Order;
  readonly onClose: () => void;
}

function OrderQuestion({ destination: { name, paused, dead_letters: count }, order, onClose }: OrderQuestionProps) {
  const { does, event } = order;
  const what = event === undefined ? allWords(count) : `event ${grouped(event)}`;
  const parts = { path: { name }, body: event === undefined ? {} : { event } };
  return (
    <ConfirmedAct
      title={does === "resend" ? `Send ${what} to '${name}' again?` : `Drop ${what} for '${name}'?`}
      verb={does === "resend" ? "Send again" : "Drop"}
      act={() =>
        does === "resend"
          ? request("POST /destinations/{name}/dead-letters/resend", parts)
          : request("POST /destinations/{name}/dead-letters/drop", parts)
      }
      done={does === "resend" ? `Sends ${what} to '${name}' again.` : `Drops ${what} for '${name}'.`}
      onDone={refreshDestinations}
      onClose={onClose}
    >
      <p>
        {does === "resend"
          ? "What the receiver takes now is no dead letter any more. What it refuses again stays here."
          : "It is never sent to this destination. It stays in the log."}
      </p>
      {paused !== null && <p>The destination is paused: this is done when it is resumed.</p>}
    </ConfirmedAct>
  );
}

function allWords(count: number): string {
  return count === 1 ? "one event" : `all ${grouped(count)} events`;
}
