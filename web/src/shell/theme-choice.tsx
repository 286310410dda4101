import { useEffect, useState } from "react";
import { chooseTheme, chosenTheme, followSystem, type Theme } from "./theme.ts";

const choices: readonly (readonly [Theme, string])[] = [
  ["light", "Light"],
  ["dark", "Dark"],
  ["system", "System"],
];

/** Three buttons, one of which is pressed. */
export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  useEffect(followSystem, []);
  return (
    <div className="ui-theme p-segmented-control is-dense is-fading-when-collapsed">
      <div className="p-segmented-control__list" role="group" aria-label="Theme">
        {choices.map(([value, label]) => (
          <button
            key={value}
            type="button"
            className="p-segmented-control__button"
            aria-pressed={theme === value}
            onClick={() => {
              chooseTheme(value);
              setTheme(value);
            }}
          >
            {label}
          </button>
        ))}
      </div>
    </div>
  );
}
