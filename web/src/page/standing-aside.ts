import { useLayoutEffect, useSyncExternalStore } from "react";
import { Listeners } from "./listeners.ts";

let standing = 0;
const listeners = new Listeners();

function change(by: 1 | -1): void {
  standing += by;
  listeners.tell();
}

/** Says that something stands beside the page, as long as it does. */
export function useStandsAside(): void {
  // Before anything is drawn: what makes room for it does so at once.
  useLayoutEffect(() => {
    change(1);
    return () => change(-1);
  }, []);
}

/** Whether something stands beside the page. */
export function useHasAside(): boolean {
  return useSyncExternalStore(listeners.subscribe, () => standing > 0);
}
