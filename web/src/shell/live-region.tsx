import { useSyncExternalStore } from "react";
import { Listeners } from "../page/listeners.ts";

let spoken = "";
const listeners = new Listeners();

/** Says something to those who hear the page, without taking the focus away. */
export function announce(sentence: string): void {
  // The same words again are only heard if they differ.
  spoken = sentence === spoken ? `${sentence}\u00a0` : sentence;
  listeners.tell();
}

/** The page's one polite live region. */
export function LiveRegion() {
  const sentence = useSyncExternalStore(listeners.subscribe, () => spoken);
  return (
    <div className="u-off-screen" role="status" aria-live="polite">
      {sentence}
    </div>
  );
}
