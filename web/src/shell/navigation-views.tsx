import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { searchOf, viewsQuery } from "../events/views/view.ts";
import { visible } from "../page/text/visible.ts";

/** More are in the panel of the events page: a navigation is no place to search. */
const shownMax = 8;

/** The saved views, one's own first. Below everything else, so that nothing moves when they come. */
export function NavigationViews() {
  const { data } = useQuery(viewsQuery);
  // As it stands in the address: the frame knows no types of what its pages take.
  const open = useSearch({ strict: false, select: (search: { readonly view?: unknown }) => Number(search.view) });
  const views = data?.items.toSorted((a, b) => Number(b.is_own) - Number(a.is_own)) ?? [];
  if (views.length === 0) return null;
  return (
    <>
      <h2 className="p-side-navigation__item p-muted-heading ui-navigation__heading">Views</h2>
      <ul className="p-side-navigation__list">
        {views.slice(0, shownMax).map((view) => (
          <li key={view.id} className="p-side-navigation__item">
            <Link
              to="/"
              search={searchOf(view)}
              className="p-side-navigation__link"
              activeOptions={{ includeSearch: true, exact: true }}
              {...(open === view.id && { "aria-current": "page" as const })}
            >
              <span className="p-side-navigation__label ui-navigation__view">
                {visible(view.name)}
                {!view.is_own && <span className="ui-navigation__owner"> by {visible(view.owner)}</span>}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {views.length > shownMax && (
        <p className="ui-navigation__more">{views.length - shownMax} more under Views, on the page Events</p>
      )}
    </>
  );
}
