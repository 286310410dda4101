import { type RefObject, useState } from "react";
import { prefer, preferred } from "./preference.ts";

const preference = "aside-width";
/** As wide as it is by itself where there is room: see _page.scss. */
const usualPx = 536;
const minPx = 320;
const stepPx = 32;
/** What is left for the page. */
const pagePx = 480;

/** How wide somebody wants what stands beside a page; undefined for as wide as it is by itself. */
export function useAsideWidth() {
  const [width, setWidth] = useState(() => {
    const kept = Number(preferred(preference));
    return kept > 0 ? kept : undefined;
  });
  const choose = (wanted: number): void => {
    const chosen = Math.round(Math.min(Math.max(wanted, minPx), maxPx()));
    setWidth(chosen);
    prefer(preference, String(chosen));
  };
  return [width === undefined ? undefined : Math.min(width, maxPx()), choose] as const;
}

function maxPx(): number {
  return Math.max(minPx, innerWidth - pagePx);
}

interface ResizeHandleProps {
  /** What it makes wider. */
  readonly panel: RefObject<HTMLElement | null>;
  readonly panelId: string;
  readonly width: number | undefined;
  readonly onWidth: (width: number) => void;
}

/** Between a page and what stands beside it: drag it, or use the arrow keys. */
export function ResizeHandle({ panel, panelId, width, onWidth }: ResizeHandleProps) {
  const [isDragging, setDragging] = useState(false);
  const current = (): number => width ?? panel.current?.getBoundingClientRect().width ?? minPx;
  return (
    <div className="ui-resize">
      <div
        className={`ui-resize__handle ${isDragging ? "is-dragging" : ""}`}
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the panel"
        aria-controls={panelId}
        aria-valuemin={minPx}
        aria-valuemax={maxPx()}
        aria-valuenow={Math.round(width ?? usualPx)}
        tabIndex={0}
        onKeyDown={(event) => {
          const wider = { ArrowLeft: stepPx, ArrowRight: -stepPx, Home: -maxPx(), End: maxPx() }[event.key];
          if (wider === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
          event.preventDefault();
          onWidth(current() + wider);
        }}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragging(true);
        }}
        onPointerMove={(event) => isDragging && onWidth(innerWidth - event.clientX)}
        onPointerUp={() => setDragging(false)}
        onPointerCancel={() => setDragging(false)}
      />
    </div>
  );
}
