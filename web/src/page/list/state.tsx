const icons = {
  good: "success",
  busy: "spinner u-animation--spin",
  caution: "warning",
  bad: "error",
  off: "pause",
} as const;

/** How it is with something, from which its icon follows, and in words. */
export type StateWords = readonly [how: keyof typeof icons, words: string];

/** What something does now. */
export function State({ state: [how, words] }: { readonly state: StateWords }) {
  return (
    <>
      <i className={`p-icon--${icons[how]}`} aria-hidden="true" /> {words}
    </>
  );
}

/** Of what is turned on or off. */
export function OnOff({ isOn }: { readonly isOn: boolean }) {
  return <State state={isOn ? ["good", "On"] : ["off", "Off"]} />;
}
