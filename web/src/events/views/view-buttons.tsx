import { Link } from "@tanstack/react-router";
import { searchOfAll } from "./view.ts";

/** Before the filter of a view, however long that is: the way out of it. */
export function AllEventsLink() {
  return (
    <Link to="/" search={searchOfAll()}>
      All events
    </Link>
  );
}

/** Behind a filter that is no view: what makes one of it. */
export function SaveViewButton({ onSave }: { readonly onSave: () => void }) {
  return (
    <button type="button" className="p-button--link u-no-margin" onClick={onSave}>
      Save view
    </button>
  );
}
