import { useState } from "react";

/** What was chosen on this page, for browsers that keep nothing. */
const chosen = new Map<string, string>();

/** What somebody has chosen for this browser, as it is now; null for nothing. */
export function preferred(name: string): string | null {
  return chosen.get(name) ?? read(`ironlog.${name}`);
}

/** Keeps what somebody has chosen for this browser. */
export function prefer(name: string, choice: string): void {
  chosen.set(name, choice);
  try {
    localStorage.setItem(`ironlog.${name}`, choice);
  } catch {
    // Storage may be forbidden: then it holds for this page.
  }
}

/** Calls back, from now on, when something else is chosen in another tab of this browser. */
export function followPreference(name: string, listener: (choice: string | null) => void): void {
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== `ironlog.${name}`) return;
    chosen.delete(name);
    listener(newValue);
  });
}

/** What somebody has chosen for this browser, out of a few words. */
export function usePreference<Choice extends string>(
  name: string,
  choices: readonly [Choice, ...Choice[]],
): readonly [Choice, (choice: Choice) => void] {
  const [choice, setChoice] = useState<Choice>(() => choices.find((one) => one === preferred(name)) ?? choices[0]);
  const choose = (wanted: Choice): void => {
    setChoice(wanted);
    prefer(name, wanted);
  };
  return [choice, choose];
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
