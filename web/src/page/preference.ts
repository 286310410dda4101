import { useState } from "react";

/** What somebody has chosen for this browser, out of a few words. */
export function usePreference<Choice extends string>(
  name: string,
  choices: readonly [Choice, ...Choice[]],
): readonly [Choice, (choice: Choice) => void] {
  const key = `ironlog.${name}`;
  const [choice, setChoice] = useState<Choice>(() => choices.find((one) => one === read(key)) ?? choices[0]);
  const choose = (wanted: Choice): void => {
    setChoice(wanted);
    try {
      localStorage.setItem(key, wanted);
    } catch {
      // Storage may be forbidden: then it holds for this page.
    }
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
