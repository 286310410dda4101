import { memo, useId } from "react";
import { useQuery } from "@tanstack/react-query";
import { grouped } from "../../page/text/grouped.ts";
import { visible } from "../../page/text/visible.ts";
import type { OnFilter } from "../filter/filter-buttons.tsx";
import { shortTime } from "../histogram-words.ts";
import { refusalOf } from "../search/refusal.ts";
import { type Top, type TopName, topQuery } from "./top-query.ts";

const shownMax = 5;

const lists: readonly { readonly by: TopName; readonly title: string }[] = [
  { by: "user", title: "Users" },
  { by: "ip", title: "Addresses" },
  { by: "action", title: "Actions" },
  { by: "target", title: "Targets" },
  { by: "type", title: "Types" },
  { by: "outcome", title: "Outcomes" },
];

interface TopListsProps {
  readonly id: string;
  readonly query: URLSearchParams;
  readonly isLive: boolean;
  readonly readings: number;
  /** Whether there is only one value, which the page has given. */
  readonly isLeftOut: (by: TopName) => boolean;
  /** False while the list of events is still being read, which comes first. */
  readonly isReady: boolean;
  readonly onFilter: OnFilter;
}

/** The most frequent values among the events of the filter. One click takes only those, or leaves them out. */
export const TopLists = memo(function TopLists({ id, isLeftOut, ...props }: TopListsProps) {
  return (
    // What scrolls must be reached by keyboard, also while there is no button in it yet.
    <section id={id} className="ui-tops" aria-label="Top lists" tabIndex={0}>
      {lists
        .filter(({ by }) => !isLeftOut(by))
        .map((list) => (
          <TopList key={list.by} {...list} {...props} />
        ))}
    </section>
  );
});

type TopListProps = Omit<TopListsProps, "id" | "isLeftOut"> & (typeof lists)[number];

function TopList({ by, title, query, isLive, readings, isReady, onFilter }: TopListProps) {
  const { data, isPlaceholderData, failureReason } = useQuery({
    ...topQuery(query, by, shownMax, isLive, readings),
    enabled: isReady,
  });
  const isStale = isPlaceholderData || failureReason !== null;
  const most = data?.items[0]?.count ?? 1;
  const titleId = useId();
  const label = failureReason === null ? countedWords(data) : failureWords(failureReason);
  return (
    <div className={`ui-top ${isStale ? "is-stale" : ""}`} aria-busy={data === undefined || isStale}>
      <h2 id={titleId} className="p-muted-heading">
        {title}
      </h2>
      <ol aria-labelledby={titleId}>
        {data?.items.map((item) => (
          <TopItem key={item.value ?? ""} item={item} by={by} most={most} onFilter={onFilter} />
        ))}
      </ol>
      <p className="ui-top__counted" title={label}>
        {label}
      </p>
    </div>
  );
}

interface TopItemProps {
  readonly item: Top["items"][number];
  readonly by: TopName;
  /** The count of the first one, whose bar is as long as there is room. */
  readonly most: number;
  readonly onFilter: OnFilter;
}

function TopItem({ item: { value, count, failures }, by, most, onFilter }: TopItemProps) {
  const words = value === null ? (by === "user" ? "nobody" : "none") : visible(value);
  const failed = failures === 0 ? "" : `, ${grouped(failures)} failed`;
  const bar = (
    <span className="ui-top__bar" style={{ width: `${(100 * count) / most}%` }} aria-hidden="true">
      <span style={{ width: `${(100 * failures) / count}%` }} />
    </span>
  );
  // Events without an address, a target … can't be asked for.
  if (value === null && by !== "user") {
    return (
      <li>
        <span className="ui-top__value u-text--muted">
          {bar}
          {words}
        </span>
        <span className="ui-top__count">{grouped(count)}</span>
      </li>
    );
  }
  return (
    <li>
      <button
        type="button"
        className="ui-top__value"
        aria-label={`Filter for ${by} ${words}`}
        title={`Only ${by}: ${words} (${grouped(count)}${failed})`}
        onClick={() => onFilter(by, value ?? "")}
      >
        {bar}
        {words}
      </button>
      <span className="ui-top__count">
        {grouped(count)}
        <span className="u-off-screen">{failed}</span>
      </span>
      <button
        type="button"
        className="ui-top__without"
        title={`Not ${by}: ${words}`}
        onClick={() => onFilter(by, value ?? "", true)}
      >
        <i className="p-icon--minus">
          Filter out {by} {words}
        </i>
      </button>
    </li>
  );
}

/** What was counted: without that a number may be taken for all there is. */
function countedWords(top: Top | undefined): string {
  if (top === undefined) return "Counting…";
  const { values, counted, counted_since: since } = top;
  if (counted === 0) return "No events.";
  const more = values > shownMax ? `${shownMax} of ${grouped(values)}. ` : "";
  const events = counted === 1 ? "event" : "events";
  return since === null
    ? `${more}${counted === 1 ? "The one event" : `All ${grouped(counted)} ${events}`} counted`
    : `${more}Newest ${grouped(counted)} ${events}, since ${shortTime(since)}`;
}

function failureWords(failure: Error): string {
  return refusalOf(failure) === undefined ? "Can't be counted now. Trying again." : "Not counted.";
}
