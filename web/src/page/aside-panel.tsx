import { type CSSProperties, type ReactNode, useEffect, useId, useLayoutEffect, useRef } from "react";
import { useMatches } from "./use-matches.ts";
import { useStandsAside } from "./standing-aside.ts";
import { ResizeHandle, useAsideWidth } from "./resize-handle.tsx";

/** Below this width it stands over the page and not beside it: see _page.scss. */
const coversPage = matchMedia("(max-width: 1036px)");

interface AsidePanelProps {
  readonly title: string;
  readonly controls?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What stands beside a page. Opening it puts the focus on its heading; Esc closes it; closing returns the focus if it was there. */
export function AsidePanel({ title, controls, onClose, children }: AsidePanelProps) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const covers = useMatches(coversPage);
  const [width, setWidth] = useAsideWidth();
  useEscape(onClose);
  useStandsAside();
  useEffect(() => {
    const opener = document.activeElement;
    heading.current?.focus();
    return () => {
      if (hasNoFocus() && opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  // What had the focus may have gone with what was shown before, such as the link that led here.
  useEffect(() => {
    if (hasNoFocus()) heading.current?.focus();
  }, [title]);
  // After the focus has moved: what can't be reached loses it. Before it returns: what can't be reached gets none.
  useLayoutEffect(() => {
    const others = besides(panel.current);
    return () => others.forEach((other) => other.removeAttribute("inert"));
  }, []);
  useEffect(() => {
    besides(panel.current).forEach((other) => other.toggleAttribute("inert", covers));
  }, [covers]);
  return (
    <div
      ref={panel}
      id={`${id}-panel`}
      className="l-aside is-pinned"
      style={width === undefined ? undefined : ({ "--ui-aside-width": `${width}px` } as CSSProperties)}
      aria-labelledby={id}
      {...(covers ? { role: "dialog", "aria-modal": true } : { role: "complementary" })}
    >
      {!covers && <ResizeHandle panel={panel} panelId={`${id}-panel`} width={width} onWidth={setWidth} />}
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

function hasNoFocus(): boolean {
  return document.activeElement === document.body;
}

/** What else is in the frame, but for the live region: that is still heard. */
function besides(panel: HTMLElement | null): readonly Element[] {
  const all = [...(panel?.parentElement?.children ?? [])];
  return all.filter((child) => child !== panel && !child.hasAttribute("aria-live"));
}

/** Esc closes it wherever the focus is, unless something else takes that key. */
function useEscape(onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || isTaken(event.target)) return;
      event.preventDefault();
      close.current();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

/** A question and the navigation close themselves; a search loses its text. */
function isTaken(target: EventTarget | null): boolean {
  if (document.querySelector(".p-modal") !== null) return true;
  if (target instanceof HTMLInputElement && target.type === "search") return target.value !== "";
  return target instanceof Element && target.closest(".l-navigation") !== null;
}
