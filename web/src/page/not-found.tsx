import { Link } from "@tanstack/react-router";
import { Notice } from "./states.tsx";

/** For an address that leads nowhere. */
export function NotFound() {
  return (
    <main className="ui-page__body" id="main-content">
      <h1 className="p-heading--4">Not found</h1>
      <Notice severity="caution" title="There is no page at this address.">
        <Link to="/">See the events</Link>
      </Notice>
    </main>
  );
}
