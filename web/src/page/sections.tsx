import { Link } from "@tanstack/react-router";

interface SectionsProps {
  readonly label: string;
  readonly links: readonly { readonly to: string; readonly words: string }[];
}

/** A second column of links, for pages that belong together. */
export function Sections({ label, links }: SectionsProps) {
  return (
    <div className="p-side-navigation">
      <nav aria-label={label}>
        <ul className="p-side-navigation__list">
          {links.map(({ to, words }) => (
            <li key={to} className="p-side-navigation__item">
              <Link to={to} className="p-side-navigation__link" activeProps={{ "aria-current": "page" }}>
                {words}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}
