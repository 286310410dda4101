import { Link } from "@tanstack/react-router";
import { Page } from "./page.tsx";
import { Notice } from "./states.tsx";

/** For an address that leads nowhere. */
export function NotFound() {
  return (
    <Page title="Not found">
      <Notice severity="caution" title="There is no page at this address.">
        <Link to="/">See the events</Link>
      </Notice>
    </Page>
  );
}
