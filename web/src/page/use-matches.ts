import { useSyncExternalStore } from "react";

/** Whether the window is so; what is drawn follows it. */
export function useMatches(query: MediaQueryList): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => query.matches,
  );
}
