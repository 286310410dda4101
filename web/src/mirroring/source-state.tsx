import type { Source } from "./source.ts";

const states: Readonly<Record<Source["state"], readonly [icon: string, words: string]>> = {
  mirroring: ["success", "Mirroring"],
  importing: ["spinner u-animation--spin", "Importing"],
  failing: ["error", "Trouble"],
  set_back: ["error", "Set back"],
  disabled: ["pause", "Paused"],
  waiting: ["warning", "Waiting"],
};

/** What a source does now. */
export function SourceState({ state }: { readonly state: Source["state"] }) {
  const [icon, words] = states[state];
  return (
    <>
      <i className={`p-icon--${icon}`} aria-hidden="true" /> {words}
    </>
  );
}
