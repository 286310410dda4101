import { Link } from "@tanstack/react-router";

export interface Tab {
  readonly to: string;
  readonly words: string;
  /** Of tabs at one address: what that is followed by, and whether this one is shown. */
  readonly search?: Readonly<Record<string, string>>;
  readonly isShown?: boolean;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
}

/** Pages about the same thing, each a link. */
export function Tabs({ label, tabs }: TabsProps) {
  return (
    <nav className="p-tabs ui-tabs" aria-label={label}>
      <ul className="p-tabs__list">
        {tabs.map(({ to, words, search, isShown }) => (
          <li key={words} className="p-tabs__item">
            <Link
              to={to}
              className="p-tabs__link"
              {...(search !== undefined && { search })}
              activeOptions={{ exact: true, includeSearch: search !== undefined }}
              {...(isShown === undefined
                ? { activeProps: { "aria-current": "page" } }
                : { "aria-current": isShown ? "page" : undefined })}
            >
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
