import { useEffect } from "react";

/**
 * Gives the focus back to what had it before a question, or to the next row where that has gone. It stands before the
 * question: by the effect of that the focus is gone.
 */
export function ReturnFocus() {
  useEffect(() => {
    const giveBack = keepFocus();
    // Once the question has gone from the page: while it is there, the focus is kept in it.
    return () => queueMicrotask(giveBack);
  }, []);
  return null;
}

/** Notes what has the focus. Gives what to call once that may have gone: it focuses it, or the next row, or the title. */
export function keepFocus(): () => void {
  const opener = document.activeElement;
  const row = opener?.closest("tr, li");
  const neighbours = [row?.nextElementSibling, row?.previousElementSibling];
  return () => {
    const rows = neighbours.filter((neighbour) => neighbour?.isConnected === true);
    const found = [opener, ...rows.map((neighbour) => neighbour?.querySelector("button"))].find(
      (element) => element instanceof HTMLElement && element.isConnected && element !== document.body,
    );
    const last = found ?? document.querySelector("h1");
    if (last instanceof HTMLElement) last.focus();
  };
}
