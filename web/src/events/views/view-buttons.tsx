import { Link } from "@tanstack/react-router";
import { searchOfAll, type View } from "./view.ts";

interface ViewButtonsProps {
  /** The view that is open. */
  readonly view: View | undefined;
  readonly canSave: boolean;
  readonly onSave: () => void;
}

/** Beside the filter: out of the view that is open, or what makes one. */
export function ViewButtons({ view, canSave, onSave }: ViewButtonsProps) {
  if (view !== undefined) {
    return (
      <Link to="/" search={searchOfAll()}>
        All events
      </Link>
    );
  }
  return canSave ? (
    <button type="button" className="p-button--link u-no-margin" onClick={onSave}>
      Save view
    </button>
  ) : null;
}
