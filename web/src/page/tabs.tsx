import { Link } from "@tanstack/react-router";

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly { readonly to: string; readonly words: string }[];
}

/** Pages about the same thing, each a link. */
export function Tabs({ label, tabs }: TabsProps) {
  return (
    <nav className="p-tabs ui-tabs" aria-label={label}>
      <ul className="p-tabs__list">
        {tabs.map(({ to, words }) => (
          <li key={to} className="p-tabs__item">
            <Link
              to={to}
              className="p-tabs__link"
              activeOptions={{ exact: true, includeSearch: false }}
              activeProps={{ "aria-current": "page" }}
            >
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
