import type { Destination } from "./destination.ts";

const states: Readonly<Record<Destination["state"], readonly [icon: string, words: string]>> = {
  delivering: ["success", "Delivering"],
  failing: ["warning", "Failing"],
  stalled: ["error", "Stalled"],
  paused: ["pause", "Paused"],
  waiting: ["warning", "Waiting"],
};

/** What a destination does now. */
export function DestinationState({ state }: { readonly state: Destination["state"] }) {
  const [icon, words] = states[state];
  return (
    <>
      <i className={`p-icon--${icon}`} aria-hidden="true" /> {words}
    </>
  );
}
