import { type ReactNode, useEffect, useId, useLayoutEffect, useRef, useSyncExternalStore } from "react";

/** Below this width it stands over the page and not beside it: see _page.scss. */
const coversPage = matchMedia("(max-width: 1036px)");

function useCoversPage(): boolean {
  return useSyncExternalStore(
    (listener) => {
      coversPage.addEventListener("change", listener);
      return () => coversPage.removeEventListener("change", listener);
    },
    () => coversPage.matches,
  );
}

interface AsidePanelProps {
  readonly title: string;
  readonly controls?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What stands beside a page. Opening it puts the focus on its heading; Esc closes it; closing returns the focus. */
export function AsidePanel({ title, controls, onClose, children }: AsidePanelProps) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const covers = useCoversPage();
  useEffect(() => {
    const opener = document.activeElement;
    heading.current?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  // After the focus has moved: what can't be reached loses it. Before it returns: what can't be reached gets none.
  useLayoutEffect(() => {
    const page = document.getElementById("main-content");
    return () => page?.removeAttribute("inert");
  }, []);
  useEffect(() => {
    document.getElementById("main-content")?.toggleAttribute("inert", covers);
  }, [covers]);
  return (
    <div
      className="l-aside is-pinned"
      aria-labelledby={id}
      {...(covers ? { role: "dialog", "aria-modal": true } : { role: "complementary" })}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      <div className="ui-aside">
        <div className="ui-aside__header">
          <h2 id={id} ref={heading} tabIndex={-1} className="p-heading--5">
            {title}
          </h2>
          {controls}
          <button type="button" className="p-button--base has-icon" onClick={onClose}>
            <i className="p-icon--close">Close</i>
          </button>
        </div>
        {children}
      </div>
    </div>
  );
}
