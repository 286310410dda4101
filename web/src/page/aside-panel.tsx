import { type ReactNode, useEffect, useId, useRef } from "react";

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
  useEffect(() => {
    const opener = document.activeElement;
    heading.current?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <aside
      className="l-aside is-pinned"
      aria-labelledby={id}
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
    </aside>
  );
}
