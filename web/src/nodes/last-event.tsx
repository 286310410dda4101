import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { request } from "../api/request.ts";
import { descriptionOf } from "../events/event/event.ts";
import { timeAgo } from "../page/text/time.tsx";
import { Absent } from "../page/text/absent.tsx";

/** When something was last recorded of a node: one seek in the log for each row that is shown. */
export function LastEvent({ systemId }: { readonly systemId: string }) {
  const { data } = useQuery({
    queryKey: ["events", "last", systemId],
    queryFn: ({ signal }) =>
      request("GET /events", { query: new URLSearchParams({ node: systemId, limit: "1" }), signal }),
  });
  const [event] = data?.items ?? [];
  if (data === undefined) return <>&nbsp;</>;
  if (event === undefined) return <Absent />;
  return (
    <Link
      to="/machine/$systemId/events"
      params={{ systemId }}
      search={{ event: event.id }}
      title={event.created}
      aria-label={`${descriptionOf(event)} ${timeAgo(event.created)}`}
    >
      {timeAgo(event.created)}
    </Link>
  );
}
