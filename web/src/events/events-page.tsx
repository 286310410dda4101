import { EventsView } from "./events-view.tsx";

/** The audit log: the page people come for. */
export function EventsPage() {
  return <EventsView title="Events" hasViews />;
}
