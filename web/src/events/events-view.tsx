import { useCallback, useId, useRef, useState, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { sessionQuery } from "../accounts/session.ts";
import { useAside } from "../page/use-aside.ts";
import { Page } from "../page/page.tsx";
import { leaveFor } from "../page/forms/leave-guard.ts";
import { usePreference } from "../page/preference.ts";
import { countWords, EventCount } from "./list/event-count.tsx";
import { EventList, useAnnouncedCount } from "./list/event-list.tsx";
import { EventPanel } from "./event/event-panel.tsx";
import { useEventStore } from "./list/use-event-store.ts";
import { linkOf, parseEventsSearch } from "./events-address.ts";
import { type AsideName, EventsAside } from "./events-aside.tsx";
import { EventsControls } from "./events-controls.tsx";
import { FilterBar } from "./filter/filter-bar.tsx";
import { type FilterKey, filterKeys } from "./filter/filter-keys.ts";
import { addTerm, type FilterError, type FilterTerm, fixedRange, printFilter } from "./filter/filter-language.ts";
import { FilterLine } from "./filter/filter-line.tsx";
import { Histogram, useHistogram } from "./histogram.tsx";
import { KeyboardHelp } from "./keyboard-help.tsx";
import { useCompletionSources } from "./filter/completion-sources.ts";
import { mend, quickFilters, useActions, useAppliedFilter, useListBehindEvent } from "./events-search.ts";
import { useLetters } from "./letters.ts";
import { TopLists } from "./top/top-lists.tsx";
import { useTopLists } from "./top/use-top-lists.ts";
import { ListBar } from "./list/list-bar.tsx";
import { focusList, toTop } from "./list/list-focus.ts";
import { FirstSteps } from "./list/first-steps.tsx";
import { NoEvents, seenPartOf } from "./list/no-events.tsx";
import { seenTo } from "./list/seen-to.ts";
import { useLiveList } from "./list/use-live-list.ts";
import { PrintedList } from "./print/printed-list.tsx";
import { RangeButton } from "./range/range-button.tsx";
import { announce } from "../shell/live-region.tsx";
import { refusalOf } from "./search/refusal.ts";
import { SoughtContext } from "./search/marked.tsx";
import { useSought } from "./search/use-sought.ts";
import { useColumns } from "./columns/use-columns.ts";
import { useOpenView } from "./views/view.ts";
import { AllEventsLink, SaveViewButton } from "./views/view-buttons.tsx";
import { visible } from "../page/text/visible.ts";
import { recordedValue } from "./filter/values/beginnings.ts";

interface EventsViewProps {
  readonly title: string;
  /** Terms that belong to the page and not to its filter, such as the node's of a machine page. */
  readonly fixed?: readonly FilterTerm[];
  /** What stands above the filter, such as tabs. */
  readonly above?: React.ReactNode;
  /** True where filters are kept under names. */
  readonly hasViews?: boolean;
}

const noTerms: readonly FilterTerm[] = [];

/** The log, filtered: histogram, list, and the event that is open. */
export function EventsView({ title, fixed = noTerms, above, hasViews: mayHaveViews = false }: EventsViewProps) {
  const search = parseEventsSearch(useSearch({ strict: false }));
  const [readings, setReadings] = useState(0);
  const { filter, error: addressError } = useAppliedFilter(search.q ?? "", fixed, readings);
  const [typedError, setTypedError] = useState<FilterError>();
  const order = search.order ?? "newest";
  const { store, wantNewest } = useEventStore(filter, order, search);
  const readAnew = (): void => {
    wantNewest();
    if (search.at !== undefined) actions.goTo(undefined);
    else setReadings((now) => now + 1);
  };
  useListBehindEvent();
  useAnnouncedCount(store);
  const shown = useSyncExternalStore(store.subscribe, store.shown);
  const unread = typedError ?? addressError;
  const refused = refusalOf(shown.error);
  const error = unread ?? refused;
  const [density, setDensity] = usePreference("density", ["comfortable", "compact"]);
  const aside = useAside<AsideName>();
  const [isKeyboard, setKeyboard] = useState(false);
  const [isAtTop, setAtTop] = useState(true);
  const input = useRef<HTMLInputElement>(null);
  const errorId = useId();
  const topId = useId();
  const [hasTopLists, toggleTopLists] = useTopLists();
  const { sources, hostnames } = useCompletionSources();
  const { data: user } = useQuery(sessionQuery);
  // Who has no account here has no views.
  const hasViews = mayHaveViews && user?.realm === null;
  const actions = useActions(filter.terms, hasViews, wantNewest);
  const view = useOpenView(search, hasViews);
  const [columns, chooseColumns] = useColumns(view);
  const { words, sought } = useSought(filter.terms);
  const { live, isLive, liveRefusal, toggleLive } = useLiveList({
    store,
    shown,
    filter,
    order,
    search,
    isAtTop,
    onNewest: readAnew,
    onToggle: actions.toggleLive,
  });
  const { data: counts, isStale, failure } = useHistogram(filter.query, isLive, readings);
  const toggleAside = (name: AsideName): void => (aside.shown === name ? aside.close() : aside.open(name));
  useLetters({
    "/": () => input.current?.focus(),
    l: () => (liveRefusal === undefined ? toggleLive() : announce(liveRefusal)),
    f: () => toggleAside("filters"),
    d: () => toggleAside("time"),
    t: toggleTopLists,
    "?": () => setKeyboard(true),
    // Within the list these keys are its own.
    j: focusList,
    k: focusList,
  });
  const seenPart = seenPartOf(user);
  const heading = view === undefined ? title : visible(view.name);
  const allTerms = [...fixed, ...filter.terms];
  const total = countWords(isStale ? undefined : counts, shown);
  /** What the page has given can't be asked for again. */
  const isFixed = useCallback((key: string) => fixed.some((term) => term.key === key), [fixed]);
  const onFilter = useCallback(
    (key: string, value: string, isExcluded = false): void => {
      if (!(key in filterKeys)) return;
      const name = key as FilterKey;
      actions.apply(addTerm(filter.terms, name, recordedValue(name, value), { isExcluded }));
    },
    [actions, filter],
  );
  /** What is in effect already is asked for once more, up to now. */
  const apply = (terms: readonly FilterTerm[]): void =>
    printFilter(terms) === (search.q ?? "") ? readAnew() : actions.apply(terms);
  /** For what goes from the page with the terms that it changes: the focus goes to where they are typed. */
  const applyAndFocus = (terms: readonly FilterTerm[]): void => {
    actions.apply(terms);
    input.current?.focus();
  };
  return (
    <SoughtContext value={sought}>
      <Page
        title={heading}
        isFixed
        count={<EventCount total={total} seenPart={seenPart} />}
        controls={
          <EventsControls
            isLive={isLive}
            liveRefusal={liveRefusal}
            query={filter.query}
            link={linkOf(printFilter(fixedRange(allTerms, filter.now, seenTo(store, filter.now))), search)}
            density={density}
            onLive={toggleLive}
            onFilters={() => aside.open("filters")}
            onColumns={() => aside.open("columns")}
            onPrint={() => aside.open("print")}
            onAlert={user?.is_superuser === true ? () => aside.open("alert") : undefined}
            onViews={hasViews ? () => aside.open("views") : undefined}
            onDensity={setDensity}
            onKeyboard={() => setKeyboard(true)}
            topLists={{ id: topId, isOpen: hasTopLists, onToggle: toggleTopLists }}
          />
        }
        aside={
          <EventsAside
            aside={aside}
            terms={filter.terms}
            fixed={fixed}
            shape={{ filter: search.q ?? "", columns, order }}
            onApply={apply}
            onColumns={chooseColumns}
            onOrder={actions.setOrder}
            onGo={actions.goTo}
            list={{ store, shown, total }}
          >
            {search.event !== undefined && (
              <EventPanel
                id={search.event}
                held={store.held(search.event)}
                beside={(id, by) => store.beside(id, by)}
                seenPart={seenPart}
                onClose={actions.close}
                onOpen={actions.open}
                onFilter={onFilter}
              />
            )}
          </EventsAside>
        }
      >
        {above}
        <div className="ui-events-head">
          <div className="ui-search-row">
            <FilterBar
              input={input}
              text={search.q ?? ""}
              sources={sources}
              onApply={apply}
              onError={setTypedError}
              errorId={error === undefined ? undefined : errorId}
            />
            <RangeButton terms={filter.terms} isOpen={aside.shown === "time"} onToggle={() => toggleAside("time")} />
          </div>
          <FilterLine
            terms={filter.terms}
            error={error}
            errorId={errorId}
            hostnames={hostnames}
            quick={quickFilters(isFixed("user") ? undefined : user?.username)}
            indexedTo={shown.indexedTo}
            before={view !== undefined && <AllEventsLink />}
            after={hasViews && view === undefined && <SaveViewButton onSave={() => aside.open("save-view")} />}
            onApply={applyAndFocus}
            onSuggestion={(wrong) => {
              const mended = mend(input.current?.value ?? "", wrong);
              if (mended.ok) return applyAndFocus(mended.terms);
              setTypedError(mended.error);
              input.current?.focus();
            }}
          />
          <Histogram counts={counts} failure={failure} isStale={isStale} onRange={actions.setRange} />
          {hasTopLists && (
            <TopLists
              id={topId}
              query={filter.query}
              isLive={isLive}
              readings={readings}
              isLeftOut={isFixed}
              isReady={shown.readAt !== undefined}
              onFilter={onFilter}
            />
          )}
        </div>
        <div className={`ui-events-body ${unread === undefined ? "" : "is-stale"}`}>
          <ListBar
            live={live}
            onShow={() => {
              live.show();
              toTop();
            }}
            isLive={isLive}
            liveRefusal={search.live === 1 ? liveRefusal : undefined}
            shown={shown}
            order={order}
            at={search.at}
            answered={unread === undefined ? undefined : printFilter(filter.terms)}
            onStop={() => store.stop()}
            onSearchOn={() => void store.readOn()}
            onUp={() => void store.readUp()}
            onNewest={readAnew}
          />
          <EventList
            key={readings}
            store={store}
            density={density}
            columns={columns}
            order={order}
            onOrder={actions.setOrder}
            selectedId={search.event}
            onOpen={(id) =>
              leaveFor(() => {
                // Or what was typed there would be asked about once more.
                flushSync(aside.close);
                actions.open(id);
              })
            }
            onTop={setAtTop}
            onFilter={onFilter}
            isRefused={refused !== undefined}
            waiting={words.length === 0 ? "Reading the events that match…" : `Searching for ${words.join(" ")}…`}
            below={
              filter.terms.length + fixed.length === 0 && user?.is_superuser === true && <FirstSteps store={store} />
            }
            isEmpty={
              <NoEvents
                terms={filter.terms}
                isOfOne={fixed.length > 0}
                seenPart={seenPart}
                otherNames={shown.otherNames}
                sources={sources}
                onApply={applyAndFocus}
              />
            }
          />
        </div>
        <PrintedList
          title={heading}
          store={store}
          filter={{ terms: allTerms, now: filter.now }}
          total={total}
          seenPart={seenPart}
          columns={columns}
          order={order}
        />
        {isKeyboard && <KeyboardHelp onClose={() => setKeyboard(false)} />}
      </Page>
    </SoughtContext>
  );
}
