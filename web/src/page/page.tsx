import { type ReactNode, useEffect, useRef } from "react";
import { useLocation } from "@tanstack/react-router";
import { FactorNotice } from "../accounts/second-factor/factor-notice.tsx";
import { LogNotice } from "../transparency/log-notice.tsx";
import { visited } from "./visited.ts";

interface PageProps {
  readonly title: string;
  /** Beside the title, such as how many there are. */
  readonly count?: ReactNode;
  readonly controls?: ReactNode;
  /** A second column of links, for pages that belong together. */
  readonly sections?: ReactNode;
  /** What stands beside the page: an AsidePanel. */
  readonly aside?: ReactNode;
  /** True where a part of the page scrolls, and not the page. */
  readonly isFixed?: boolean;
  readonly children: ReactNode;
}

/** One page: its title, what can be done there, what it shows. Coming to it puts the focus on its title. */
export function Page({ title, count, controls, sections, aside, isFixed = false, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${title} | Ironlog`;
  }, [title]);
  useEffect(() => {
    // After a reload the focus stays with the browser; only a change of pages is announced.
    if (!isFirst.current || visited.size > 0) heading.current?.focus({ preventScroll: true });
    isFirst.current = false;
    visited.add(pathname);
  }, [pathname]);
  const head = (
    <div className="ui-page__header">
      <h1 ref={heading} tabIndex={-1} className="p-heading--4">
        {title}
      </h1>
      {count}
      {controls !== undefined && <div className="ui-page__controls">{controls}</div>}
    </div>
  );
  const body = isFixed ? children : <div className="ui-page__body">{children}</div>;
  return (
    <>
      <main className="l-main" id="main-content">
        {sections === undefined ? (
          <div className="ui-page">
            <LogNotice />
            <FactorNotice />
            {head}
            {body}
          </div>
        ) : (
          <div className="ui-page ui-page--with-sections">
            <div className="ui-page__sections">{sections}</div>
            <div className="ui-page__column">
              <LogNotice />
              <FactorNotice />
              {head}
              {body}
            </div>
          </div>
        )}
      </main>
      {aside}
    </>
  );
}
