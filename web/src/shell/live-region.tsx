import { useSyncExternalStore } from "react";

let spoken = "";
const listeners = new Set<() => void>();

/** Says something to those who hear the page, without taking the focus away. */
export function announce(sentence: string): void {
  // The same words again are only heard if they differ.
  spoken = sentence === spoken ? `${sentence}\u00a0` : sentence;
  for (const listener of listeners) listener();
}

/** The page's one polite live region. */
export function LiveRegion() {
  const sentence = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => spoken,
  );
  return (
    <div className="u-off-screen" role="status" aria-live="polite">
      {sentence}
    </div>
  );
}
