import { Link } from "@tanstack/react-router";
import { grouped } from "../page/text/grouped.ts";

/** A link to an event, which opens beside the log. */
export function EventLink({ id, words }: { readonly id: number; readonly words?: string }) {
  return (
    <Link to="/" search={{ event: id }}>
      {words ?? `event ${grouped(id)}`}
    </Link>
  );
}

/** A link to the events of a filter. `of` says whose they are to those who hear it out of its row. */
export function EventsLink({ filter, of }: { readonly filter: string; readonly of: string }) {
  return (
    <Link to="/" search={{ q: filter }}>
      Events<span className="u-off-screen"> of {of}</span>
    </Link>
  );
}

/** Links to events, of which a few are enough to begin with. */
export function EventLinks({ ids, shownMax }: { readonly ids: readonly number[]; readonly shownMax: number }) {
  const shown = ids.slice(0, shownMax);
  return (
    <>
      {shown.map((id, at) => (
        <span key={id}>
          {at > 0 && ", "}
          <EventLink id={id} words={grouped(id)} />
        </span>
      ))}
      {ids.length > shown.length && ` and ${grouped(ids.length - shown.length)} more`}
    </>
  );
}
