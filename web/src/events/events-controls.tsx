import { addressOf } from "../api/base.ts";
import { CopyButton } from "../page/text/copy.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { MoreMenu } from "./more-menu.tsx";
import type { Density } from "./list/event-list.tsx";

interface EventsControlsProps {
  readonly isLive: boolean;
  /** Why it can't be live; undefined where it can. */
  readonly liveRefusal: string | undefined;
  readonly query: URLSearchParams;
  /** A link that shows the same later. */
  readonly link: string;
  readonly density: Density;
  readonly onLive: () => void;
  readonly onFilters: () => void;
  /** Undefined for those who make no rules. */
  readonly onAlert: (() => void) | undefined;
  readonly onColumns: () => void;
  readonly onPrint: () => void;
  /** Undefined where a list has none. */
  readonly onViews: (() => void) | undefined;
  readonly onDensity: (density: Density) => void;
  readonly onKeyboard: () => void;
  readonly topLists: { readonly id: string; readonly isOpen: boolean; readonly onToggle: () => void };
}

/** What can be done with a list of events. */
export function EventsControls(props: EventsControlsProps) {
  const {
    isLive,
    liveRefusal,
    query,
    link,
    density,
    onLive,
    onFilters,
    onColumns,
    onPrint,
    onViews,
    onAlert,
    onDensity,
    onKeyboard,
    topLists,
  } = props;
  return (
    <>
      <button
        type="button"
        className="p-button--base has-icon"
        aria-pressed={isLive}
        disabled={liveRefusal !== undefined}
        title={liveRefusal ?? "New events as they come (l)"}
        onClick={onLive}
      >
        <i className={`p-icon--${isLive ? "pause" : "play"}`} aria-hidden="true" />
        <span>{isLive ? "Pause" : "Live"}</span>
      </button>
      <button type="button" className="p-button--base" onClick={onFilters}>
        Filters
      </button>
      {onViews !== undefined && (
        <button type="button" className="p-button--base" onClick={onViews}>
          Views
        </button>
      )}
      <button
        type="button"
        className="p-button--base"
        aria-expanded={topLists.isOpen}
        aria-controls={topLists.isOpen ? topLists.id : undefined}
        title="Most frequent users, addresses, actions … (t)"
        onClick={topLists.onToggle}
      >
        Top lists
      </button>
      <ExportMenu query={query} />
      <MoreMenu
        items={[
          { words: "Columns and order", act: onColumns },
          { words: "Print", act: onPrint },
          ...(onAlert === undefined ? [] : [{ words: "Alert me", act: onAlert }]),
        ]}
      />
      <CopyButton text={addressOf(link)} what="a link to these events" label="Copy link" />
      <button
        type="button"
        className="p-button--base has-icon"
        aria-pressed={density === "compact"}
        title="Compact rows"
        onClick={() => onDensity(density === "compact" ? "comfortable" : "compact")}
      >
        <i className="p-icon--menu">Compact rows</i>
      </button>
      <button type="button" className="p-button--base has-icon" title="Keyboard (?)" onClick={onKeyboard}>
        <i className="p-icon--help">Keyboard</i>
      </button>
    </>
  );
}
